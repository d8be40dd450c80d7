"""Sets a student's answers back into the notebook that was handed out.

Their code cells are kept, in their order; the set-up, the statements and the tests are
those of the release: deleted tests, edited points and lost metadata change nothing.
"""

from __future__ import annotations

import ast
import copy
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from bookbuild import LANGUAGES
from grading.submissions import Submission


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
