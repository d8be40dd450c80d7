"""Has nbgrader release an assignment, and puts the student notebooks in their place."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat

from bookbuild import LANGUAGES, ROOT
from grading.assignment import Assignment, notebook
from grading.course import CONFIG, course_folder


class AlreadyGraded(RuntimeError):
    """The gradebook has grades for other exercises; the message says what to do."""


def worth(assignment: Assignment) -> dict[str, float]:
    """The points of each graded cell of an assignment."""
    return {f"{each.id}-tests": each.points for each in assignment.exercises}


def released(course: Path, chapter: str) -> dict[str, float] | None:
    """The points of each graded cell that was handed out; None if nothing was."""
    notebook = course / f"release_{LANGUAGES[0]}" / chapter / f"{chapter}.ipynb"
    if not notebook.exists() or not (course / "gradebook.db").exists():
        return None
    cells = json.loads(notebook.read_text("utf8"))["cells"]
    graded = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return {own["grade_id"]: own["points"] for own in graded if own.get("grade")}


def release(
    assignment: Assignment,
    grader: Path,
    root: Path = ROOT,
    course: Path | None = None,
) -> dict[str, Path]:
    """nbgrader's student notebooks, and its gradebook, in a course folder.

    Args:
        assignment: what to hand out.
        grader: the Python of the environment that has nbgrader.
        root: of the book.
        course: folder of the course; by default the one that grades this chapter.

    Returns:
        The notebook of each language.

    Raises:
        AlreadyGraded: the gradebook has grades for other exercises or other points.
    """
    course = course or course_folder(assignment.chapter, root)
    before = released(course, assignment.chapter)
    if before not in (None, worth(assignment)) and any(course.glob("entered/*")):
        raise AlreadyGraded(
            f"{course} has grades for other exercises, or other points. Hand out and "
            "grade the same ones, or move that folder away: it keeps its grades"
        )
    written = {}
    for lang in LANGUAGES:
        source = course / f"source_{lang}" / assignment.chapter
        shutil.rmtree(source.parent, ignore_errors=True)
        source.mkdir(parents=True)
        name = f"{assignment.chapter}.ipynb"
        nbformat.write(notebook(assignment, lang, root), source / name)
        written[lang] = course / f"release_{lang}" / assignment.chapter / name
    (course / "nbgrader_config.py").write_text(CONFIG, "utf8")
    request = {"step": "release", "assignment": assignment.chapter}
    nbgrader(grader, course, request | {"languages": LANGUAGES})
    return written


class NbgraderError(RuntimeError):
    """nbgrader refused; the message is its own."""


def nbgrader(
    python: Path,
    course: Path,
    request: dict,
    each: Callable[[dict], None] | None = None,
) -> list[dict]:
    """Have one step done in the environment of nbgrader; what it answers.

    Args:
        python: of that environment.
        course: folder of the course.
        request: the step and what it needs.
        each: called with every answer as it comes.

    Raises:
        NbgraderError: the step failed.
    """
    command = [str(python), "-m", "grading.gradebook"]
    answers = []
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        process.stdin.write(json.dumps({"folder": str(course)} | request))
        process.stdin.close()
        for line in process.stdout:
            answers.append(json.loads(line))
            if each:
                each(answers[-1])
        if process.wait():
            said.seek(0)
            raise NbgraderError(f"nbgrader: {said.read().strip()}")
    return answers


def publish(
    assignment: Assignment, released: dict[str, Path], languages, root: Path = ROOT
) -> list[Path]:
    """Copy the student notebooks where they are handed out from, each with its zip."""
    folder = root / "_build" / "assignments" / assignment.chapter
    shutil.rmtree(folder, ignore_errors=True)
    written = []
    for lang in languages:
        target = folder / lang / f"{assignment.chapter}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(released[lang].read_text("utf8"), "utf8")
        packed = folder / f"{assignment.chapter}-{lang}.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            entry = zipfile.ZipInfo(f"{assignment.chapter}/{target.name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, target.read_bytes())
        written += [target, packed]
    listing = [{"id": each.id, "points": each.points} for each in assignment.exercises]
    (folder / "assignment.json").write_text(json.dumps(listing, indent=1) + "\n")
    return written
