"""Collects what students handed in, whatever it is.

A file is never executed nor shown as it came: only the kind, the text and the grade_id
of its cells are read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

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
