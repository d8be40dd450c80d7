"""Where the submissions, the results and the gradebook of a chapter are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from bookbuild import LANGUAGES, ROOT
from grading.assignment import Assignment

# for nbgrader's own tools; without this repository on the path they cannot autograde,
# which would run the code of students where it can harm
CONFIG = """\
c = get_config()  # noqa: F821
c.CourseDirectory.source_directory = "source_en"
c.CourseDirectory.release_directory = "release_en"
c.Autograde.autograde_preprocessors = [
    "grading.gradebook.Replay",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


def course_folder(chapter: str, root: Path = ROOT) -> Path:
    """Where a chapter's submissions and grades are kept."""
    return root / "_build" / "grading" / chapter


@dataclass(frozen=True)
class Course:
    """The folder of an assignment, and what nbgrader needs to work in it."""

    folder: Path
    assignment: Assignment
    grader: Path  # the Python that has nbgrader

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def result(self, student: str) -> Path:
        return self.results / f"{student}.json"

    def releases(self) -> dict[str, NotebookNode]:
        name = self.assignment.chapter
        return {
            lang: nbformat.read(
                self.folder / f"release_{lang}" / name / f"{name}.ipynb", 4
            )
            for lang in LANGUAGES
        }
