"""Chooses exercises, and makes the source of the notebook that students receive.

What is withheld never comes here: a source notebook holds statements, starters and
visible tests. A test cell is what nbgrader grades; its score is found elsewhere, on
hidden inputs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from bookbuild import ROOT, opening, references
from bookbuild.addresses import addresses
from bookbuild.exercises.model import Exercise
from bookbuild.exercises.quantities import amount, count
from bookbuild.exercises.reference import PRELUDE
from bookbuild.inline import Edition
from bookbuild.markdown import plain
from bookbuild.notebooks import docname, executed, values
from bookbuild.source import tokens
from grading.words import WORDS

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


class AssignmentError(ValueError):
    """What was asked cannot be assigned; the message says what can."""


@dataclass(frozen=True)
class Assignment:
    """Exercises of one chapter that are handed out and graded together."""

    chapter: str
    exercises: tuple[Exercise, ...]

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)

    @property
    def minutes(self) -> int:
        return sum(exercise.minutes for exercise in self.exercises)


def choose(
    exercises: list[Exercise], chapter: str, ids: list[str] | None = None
) -> Assignment:
    """The exercises of a chapter, or those that are named, in the chapter's order.

    Raises:
        AssignmentError: no such chapter or exercise; the message lists what there is.
    """
    own = [exercise for exercise in exercises if exercise.chapter == chapter]
    if not own:
        known = sorted({exercise.chapter for exercise in exercises})
        raise AssignmentError(
            f"no chapter {chapter!r} with exercises. There are: {', '.join(known)}"
        )
    known = [exercise.id for exercise in own]
    if unknown := sorted(set(ids or ()) - set(known)):
        raise AssignmentError(
            f"chapter {chapter!r} has no exercise {', '.join(map(repr, unknown))}. "
            f"It has: {', '.join(known)}"
        )
    chosen = own if not ids else [each for each in own if each.id in ids]
    return Assignment(chapter, tuple(chosen))


def notebook(assignment: Assignment, lang: str, root: Path = ROOT) -> NotebookNode:
    """The source that nbgrader turns into the student's notebook.

    Raises:
        NotRun: a section was not run since it changed.
        FileNotFoundError: the edition is not built.
    """
    refs, published = references.read(lang, root), addresses(root)
    url = f"{published.site}{lang}/"
    setup = opening.install(lang, published)
    cells = [
        new_markdown_cell(_header(assignment, lang, refs, url)),
        new_code_cell(f"{setup}\n\n{PRELUDE.strip()}"),
    ]
    for exercise in assignment.exercises:
        name = docname(exercise.path, root)
        quoted = values(executed(exercise.path, root), lang)
        edition = Edition(lang, name, exercise.path, url, refs, quoted)
        cells += _cells(exercise, edition)
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03d}"
    made = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "colab": {"name": f"{assignment.chapter}.ipynb", "provenance": []},
            "ift6135": {"assignment": assignment.chapter, "lang": lang},
        },
    )
    nbformat.validate(made)
    return made


def _header(assignment: Assignment, lang: str, refs: dict, url: str) -> str:
    words = WORDS[lang]
    chapter = f"doc:chapters/{assignment.chapter}/index"
    page = refs.get(chapter, {"href": "index.html", "text": assignment.chapter})
    total = amount(assignment.points, lang)
    lines = [
        f"# {words['assignment']} [{page['text']}]({url}{page['href']})",
        "",
        words["instructions"].format(points=total, minutes=assignment.minutes),
        "",
    ]
    for exercise in assignment.exercises:
        called = refs[exercise.label]["text"]
        title = exercise.statements[lang].title
        lines.append(f"- {called} ({title}), {count('points', exercise.points, lang)}")
    return "\n".join(lines)


def _cells(exercise: Exercise, edition: Edition) -> list[NotebookNode]:
    statement = exercise.statements[edition.lang]
    entry = edition.entry(exercise.label, statement.line)
    worth = count("points", exercise.points, edition.lang)
    minutes = count("minutes", exercise.minutes, edition.lang)
    link = f"[{entry['text']}]({edition.url}{entry['href']})"
    title = f"## {link} ({statement.title})\n\n*{worth}, {minutes}*"
    body = plain(without_hints(statement.body), statement.line, edition)
    starter, tests = exercise.parts["starter"].code, exercise.parts["tests"].code
    return [
        new_markdown_cell(f"{title}\n\n{body}"),
        new_code_cell(
            with_invitation(starter, WORDS[edition.lang]["your code"]),
            metadata={"nbgrader": graded(exercise.id, solution=True)},
        ),
        new_code_cell(
            tests,
            metadata={
                "nbgrader": graded(
                    f"{exercise.id}-tests",
                    grade=True,
                    locked=True,
                    points=exercise.points,
                )
            },
        ),
        new_code_cell(f'check("{exercise.id}", {exercise.function})'),
    ]


def graded(grade_id: str, **roles) -> dict:
    """nbgrader's metadata of a cell."""
    common = {"grade": False, "solution": False, "locked": False, "task": False}
    own = {"grade_id": grade_id, "schema_version": 3, "cell_type": "code"}
    return common | own | roles


def with_invitation(starter: str, words: str) -> str:
    """The starter with a comment where the student writes."""
    return re.sub(r"^( *)raise Unanswered", rf"\1# {words}\n\g<0>", starter, flags=re.M)


def without_hints(body: str) -> str:
    """A statement without its folded hints, which stay on the page."""
    lines = body.split("\n")
    for token in reversed(tokens(body)):
        if token.type in ("fence", "colon_fence") and token.info.startswith("{hint}"):
            first, last = token.map
            lines[first:last] = [""] * (last - first)
    return "\n".join(lines).rstrip("\n")
