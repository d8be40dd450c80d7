"""The steps that nbgrader does, in the environment that has it.

``python -m grading.gradebook COURSE`` reads one request as JSON on its standard input
and answers with one line of JSON for each thing done. No code of a student runs here:
the sandbox has run it, and :class:`Replay` puts the scores where nbgrader reads them.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from nbformat.v4 import new_output
from nbgrader import preprocessors
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets import Unicode
from traitlets.config import Config

from grading.feedback import TEMPLATES, Explanation

RELEASE = [
    preprocessors.LockCells,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.SaveCells,
]


class Replay(preprocessors.NbGraderPreprocessor):
    """Gives each graded cell the score that was found outside the sandbox."""

    results = Unicode(help="the folder of the results").tag(config=True)

    def preprocess(self, nb, resources):
        path = Path(self.results, f"{resources['nbgrader']['student']}.json")
        exercises = json.loads(path.read_text("utf8"))["exercises"]
        for cell in nb.cells:
            own = cell.metadata.get("nbgrader", {})
            if not own.get("grade"):
                continue
            score = exercises[own["grade_id"].removesuffix("-tests")]["score"]
            cell.execution_count = 1
            said = {"text/plain": repr(float(score))}
            cell.outputs = [new_output("execute_result", said, execution_count=1)]
        return nb, resources


class NotDone(RuntimeError):
    """nbgrader refused; the message is its own."""


def course(folder: Path, assignment: str, lang: str | None = None) -> NbGraderAPI:
    """nbgrader on a folder.

    Args:
        folder: of the course: sources, submissions, gradebook.
        assignment: its name.
        lang: of the release; None where it does not matter. Only the English release
            is written into the gradebook: the graded cells are the same in both.
    """
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}"
    config.NbGrader.logfile = ""
    if lang:
        config.CourseDirectory.source_directory = f"source_{lang}"
        config.CourseDirectory.release_directory = f"release_{lang}"
    if lang == "fr":
        config.CourseDirectory.db_url = f"sqlite:///{folder / 'french.db'}"
    config.GenerateAssignment.preprocessors = RELEASE
    config.Autograde.autograde_preprocessors = [
        Replay,
        preprocessors.SaveAutoGrades,
        preprocessors.AssignLatePenalties,
        preprocessors.CheckCellMetadata,
    ]
    config.GenerateFeedback.preprocessors = [preprocessors.GetGrades, Explanation]
    config.Replay.results = config.Explanation.results = str(folder / "results")
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    config.HTMLExporter.template_name = "feedback"
    made = CourseDirectory(config=config)
    made.log.setLevel(logging.ERROR)
    return NbGraderAPI(made, config=config)


def _do(what: str, result: dict) -> None:
    if not result["success"]:
        raise NotDone(f"{what}: {result.get('log')}\n{result.get('error')}")


def release(folder: Path, assignment: str, languages: list[str]) -> Iterator[dict]:
    """nbgrader's student version of the source notebook of each language."""
    for lang in languages:
        api = course(folder, assignment, lang)
        _do(f"release in {lang!r}", api.generate_assignment(assignment))
        yield {"released": lang}


def grade(folder: Path, assignment: str, students: list[str]) -> Iterator[dict]:
    """Write the scores into the gradebook, and each student's feedback."""
    api = course(folder, assignment)
    for student in students:
        _do(f"autograde {student}", api.autograde(assignment, student))
        _do(f"feedback {student}", api.generate_feedback(assignment, student))
        yield {"graded": student}


def feedback(folder: Path, assignment: str, students: list[str]) -> Iterator[dict]:
    """Write again the feedback of students whose grade or comments were changed."""
    api = course(folder, assignment)
    for student in students:
        _do(f"feedback {student}", api.generate_feedback(assignment, student))
        yield {"explained": student}


def scores(folder: Path, assignment: str) -> Iterator[dict]:
    """What the gradebook says of each submission, an instructor's changes included."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            grades = [grade for book in submission.notebooks for grade in book.grades]
            comments = [each for book in submission.notebooks for each in book.comments]
            yield {
                "student": submission.student.id,
                "score": submission.score,
                "max_score": submission.max_score,
                "by_hand": any(each.manual_score is not None for each in grades)
                or any(each.manual_comment for each in comments),
                "exercises": {
                    each.name.removesuffix("-tests"): {
                        "score": each.score,
                        "automatic": each.auto_score,
                    }
                    for each in grades
                },
            }


STEPS = {each.__name__: each for each in (release, grade, feedback, scores)}


def main() -> int:
    """Do what the request on the standard input says."""
    request = json.load(sys.stdin)
    # nbgrader calls `alembic` through PATH
    here = os.path.dirname(sys.executable)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])
    warnings.simplefilter("ignore")  # nbgrader's own use of its database
    step = STEPS[request.pop("step")]
    try:
        for answer in step(Path(request.pop("folder")), **request):
            print(json.dumps(answer), flush=True)
    except NotDone as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
