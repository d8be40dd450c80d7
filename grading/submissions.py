"""Collects what students handed in, and sets each answer back into the release.

A submission is never executed nor shown as it came: its code cells are placed into the
notebook that was handed out, so that deleted tests, edited points and lost metadata
change nothing.
"""

from __future__ import annotations

import ast
import copy
import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from bookbuild import LANGUAGES

LARGEST = 20_000_000  # bytes of a file
CELLS, LENGTH = 500, 200_000  # of a notebook, and characters of one
SAFE = re.compile(r"[^A-Za-z0-9._@-]+")


@dataclass
class Submission:
    """One student's work: a notebook, or what is wrong with the file."""

    student: str
    file: Path
    notebook: NotebookNode | None
    remarks: list[tuple[str, dict]] = field(default_factory=list)

    def remark(self, code: str, **details) -> None:
        """Say something that the table of grades and the feedback will repeat."""
        self.remarks.append((code, details))


class NoSubmissions(ValueError):
    """There is nothing to grade; the message says what is accepted."""


def collect(folder: Path, assignment: str) -> list[Submission]:
    """The submissions of a folder: one file a student, or nbgrader's layout.

    Args:
        folder: of ``student.ipynb`` files, or of ``student/assignment/any.ipynb``.
        assignment: the name of the assignment.

    Raises:
        NoSubmissions: the folder is absent or empty.
    """
    if not folder.is_dir():
        raise NoSubmissions(f"{folder} is not a folder of submissions")
    entries = [entry for entry in sorted(folder.iterdir()) if entry.name[0] not in "._"]
    found: dict[str, list[Path]] = {}
    for entry in entries:
        files = [entry] if not entry.is_dir() else _files(entry, assignment)
        name = entry.stem if entry.suffix and not entry.is_dir() else entry.name
        found.setdefault(identifier(name), []).extend(files or [entry])
    if not found:
        raise NoSubmissions(
            f"{folder} is empty: put one notebook a student in it (student.ipynb), or "
            f"nbgrader's layout (student/{assignment}/{assignment}.ipynb)"
        )
    return [_submission(student, files) for student, files in found.items()]


def identifier(name: str) -> str:
    """A student's name as nbgrader and file systems take it.

    >>> identifier("Élodie Tremblay (1)")
    'Elodie_Tremblay_1'
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return SAFE.sub("_", letters).strip("_") or "unnamed"


def _files(folder: Path, assignment: str) -> list[Path]:
    """A student's files, those of the assignment first."""
    own = folder / assignment
    inside = own if own.is_dir() and not own.is_symlink() else folder
    files = [path for path in sorted(inside.rglob("*")) if path.is_file()]
    return [path for path in files if path.name != "timestamp.txt"]


def _submission(student: str, files: list[Path]) -> Submission:
    files = sorted(files, key=lambda path: (path.suffix != ".ipynb", str(path)))
    submission = Submission(student, files[0], None)
    if len(files) > 1:
        submission.remark("several files", name=files[0].name, number=len(files))
    path = files[0]
    if path.is_symlink() or not path.is_file():
        submission.remark("no file")
    elif path.stat().st_size > LARGEST:
        submission.remark("too large", megabytes=path.stat().st_size // 1_000_000)
    elif path.stat().st_size == 0:
        submission.remark("empty file")
    else:
        submission.notebook = _read(path, submission)
    return submission


def _read(path: Path, submission: Submission) -> NotebookNode | None:
    try:
        text = path.read_text("utf8")
        data = json.loads(text)
        if data.get("nbformat", 4) < 4:
            data = nbformat.reads(text, as_version=4)
        cells = [_plain_cell(cell) for cell in data["cells"][:CELLS]]
    except Exception as error:  # whatever a file can hold
        submission.remark("not a notebook", error=type(error).__name__)
        return None
    if not cells:
        submission.remark("no cells")
        return None
    if len(data["cells"]) > CELLS:
        submission.remark("many cells", number=len(data["cells"]), kept=CELLS)
    metadata = data.get("metadata")
    own = metadata.get("ift6135") if isinstance(metadata, dict) else None
    lang = own.get("lang") if isinstance(own, dict) else None
    return nbformat.v4.new_notebook(cells=cells, metadata={"lang": lang})


def _plain_cell(cell: dict) -> NotebookNode:
    """The cell's kind, text and grade_id; nothing else of it is used."""
    source = cell.get("source", "")
    text = "".join(source) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    graded = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = graded.get("grade_id") if isinstance(graded, dict) else None
    if not isinstance(grade_id, str):
        grade_id = None
    if cell.get("cell_type") == "code":
        made = nbformat.v4.new_code_cell(text[:LENGTH])
    else:
        made = nbformat.v4.new_markdown_cell(text[:LENGTH])
    made.metadata = NotebookNode({"grade_id": grade_id})
    return made


def language(submission: Submission, releases: dict[str, NotebookNode]) -> str:
    """The language of a submission: what it says, or the statements that it has."""
    if submission.notebook is None:
        return LANGUAGES[0]
    said = submission.notebook.metadata.get("lang")
    if said in LANGUAGES:
        return said
    texts = {cell.source for cell in submission.notebook.cells}
    shared = {
        lang: len(texts & {cell.source for cell in release.cells})
        for lang, release in releases.items()
    }
    return max(LANGUAGES, key=lambda lang: shared.get(lang, 0))


@dataclass(frozen=True)
class Question:
    """What the release has of one exercise."""

    id: str
    function: str
    statement: NotebookNode
    starter: NotebookNode
    tests: NotebookNode


def questions(release: NotebookNode) -> list[Question]:
    """The exercises of a student notebook."""
    found = []
    for number, cell in enumerate(release.cells):
        own = cell.metadata.get("nbgrader", {})
        if own.get("solution"):
            (function,) = defined(cell.source)
            before, after = release.cells[number - 1], release.cells[number + 1]
            found.append(Question(own["grade_id"], function, before, cell, after))
    return found


def defined(source: str) -> set[str]:
    """The names of the functions that a cell defines, even if its syntax is wrong."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(re.findall(r"^(?:async +)?def +(\w+)", source, re.MULTILINE))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = {node.name for node in tree.body if isinstance(node, kinds)}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if hasattr(target, "id")}
    return names


def rebuild(submission: Submission, releases: dict[str, NotebookNode]) -> NotebookNode:
    """The release with the student's cells in it.

    Every code cell of the student is kept, in the student's order; the set-up, the
    statements and the tests are those of the release.
    """
    lang = language(submission, releases)
    release = copy.deepcopy(releases[lang])
    asked = questions(release)
    given = submission.notebook.cells if submission.notebook else []
    chosen = _answers(given, asked, submission)
    text = {cell.source for each in releases.values() for cell in each.cells}
    code = _locked_code(release)
    locked = {f"{question.id}-tests" for question in asked}
    cells = release.cells[:2]  # what it is, and the set-up

    def ours(cell: NotebookNode) -> bool:
        known = code if cell.cell_type == "code" else text
        return cell.source in known or not cell.source.strip()

    for number, cell in enumerate(given):
        if number in chosen:
            question = chosen[number]
            answer = copy.deepcopy(question.starter)
            answer.source = cell.source
            cells += [question.statement, answer, question.tests]
        elif cell.metadata.grade_id not in locked and not ours(cell):
            kept = copy.deepcopy(cell)
            kept.metadata = NotebookNode({"student": True})
            cells.append(kept)
    for question in asked:
        if question not in chosen.values():
            cells += [question.statement, question.starter, question.tests]
    _remark_tests(given, asked, submission)
    release.cells = cells
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03d}"
    release.metadata["ift6135"]["lang"] = lang
    return release


def _locked_code(release: NotebookNode) -> set[str]:
    """Code of the release that is not the student's to change: set-up and tests."""
    locked = [c for c in release.cells if c.metadata.get("nbgrader", {}).get("locked")]
    return {release.cells[1].source, *(cell.source for cell in locked)}


def _answers(
    given: list[NotebookNode], asked: list[Question], submission: Submission
) -> dict[int, Question]:
    """Which cell answers which question: by its grade_id, else by what it defines."""
    code = [
        (number, cell.metadata.grade_id, defined(cell.source))
        for number, cell in enumerate(given)
        if cell.cell_type == "code"
    ]
    chosen: dict[int, Question] = {}
    for question in asked:
        marked = [n for n, grade_id, _ in code if grade_id == question.id]
        named = [n for n, _, names in code if question.function in names]
        both = [n for n in named if n in marked]
        candidates = [n for n in both or named or marked if n not in chosen]
        if not candidates and submission.notebook:
            submission.remark("no answer cell", id=question.id)
        if not candidates:
            continue
        if named and not both:
            submission.remark("found by name", id=question.id)
        chosen[candidates[-1]] = question
    return chosen


def _remark_tests(
    given: list[NotebookNode], asked: list[Question], submission: Submission
) -> None:
    if submission.notebook is None:
        return
    by_id = {cell.metadata.grade_id: cell.source for cell in given}
    sources = {cell.source.strip() for cell in given}
    for question in asked:
        source = by_id.get(f"{question.id}-tests")
        wanted = question.tests.source.strip()
        if wanted in sources:
            continue
        code = "tests deleted" if source is None else "tests edited"
        submission.remark(code, id=question.id)
