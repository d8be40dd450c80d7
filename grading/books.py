"""Has nbgrader enter the scores in its gradebook; tells what the gradebook says."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from tqdm import tqdm

from grading.course import Course
from grading.release import NbgraderError, nbgrader
from grading.submissions import Submission
from grading.words import explain

COLUMNS = ("student", "file", "language", "score", "max_score")


def enter(course: Course, submissions: list[Submission]) -> None:
    """Have nbgrader write the scores into its gradebook, and the feedback."""
    name, waiting = course.assignment.chapter, []
    for submission in submissions:
        student, done = submission.student, course.folder / "entered"
        result = json.loads(course.result(student).read_text("utf8"))
        stamp = done / student
        if stamp.exists() and stamp.read_text() == result["key"]:
            continue
        folder = course.folder / "submitted" / student / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(result["source"], "utf8")
        times = submission.file.parent / "timestamp.txt"
        if times.is_file() and not times.is_symlink():
            shutil.copy(times, folder)
        waiting.append(student)
    bar = tqdm(total=len(waiting), desc="nbgrader", unit="submission")

    def entered(answer: dict) -> None:
        student = answer["graded"]
        done = course.folder / "entered" / student
        done.parent.mkdir(exist_ok=True)
        done.write_text(json.loads(course.result(student).read_text("utf8"))["key"])
        bar.update()

    with bar:
        if waiting:
            request = {"step": "grade", "assignment": name, "students": waiting}
            nbgrader(course.grader, course.folder, request, each=entered)


def table(course: Course, lang: str = "en") -> Path:
    """Write ``grades.csv``: a row a student, the gradebook's scores, and why.

    Where an instructor changed a grade or wrote a comment, the feedback says so too.
    """
    request = {"step": "scores", "assignment": course.assignment.chapter}
    rows = nbgrader(course.grader, course.folder, request)
    changed = [row["student"] for row in rows if row["by_hand"]]
    if changed:
        again = {"step": "feedback", "assignment": course.assignment.chapter}
        nbgrader(course.grader, course.folder, again | {"students": changed})
    ids = [exercise.id for exercise in course.assignment.exercises]
    path = course.folder / "grades.csv"
    with path.with_suffix(".partial").open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, *ids, "remarks"])
        for row in sorted(rows, key=lambda row: row["student"]):
            result = json.loads(course.result(row["student"]).read_text("utf8"))
            _agree(row, result)
            writer.writerow(
                [
                    row["student"],
                    result["file"],
                    result["lang"],
                    f"{row['score']:g}",
                    f"{row['max_score']:g}",
                    *(f"{row['exercises'][id_]['score']:g}" for id_ in ids),
                    " ".join(explain(result, lang)),
                ]
            )
    path.with_suffix(".partial").replace(path)
    return path


def _agree(row: dict, result: dict) -> None:
    """The gradebook must hold what was found: a lost score would be full marks."""
    for id_, found in result["exercises"].items():
        entered = row["exercises"][id_]["automatic"]
        if entered != found["score"]:
            raise NbgraderError(
                f"the gradebook gives {row['student']} {entered} for {id_}, not "
                f"{found['score']}: remove {row['student']}'s file from entered/ and "
                "grade again"
            )
