"""Grades a folder of submissions: sandbox, comparison outside it, nbgrader's books.

Each submission's result is a file of its own, written at once when it is complete: a
run that was stopped takes up where it was, and a student's second submission replaces
the first.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from bookbuild.exercises.reference import PRELUDE
from grading import sandbox
from grading.books import enter, table
from grading.course import Course
from grading.rebuild import rebuild
from grading.score import Hidden, Mark, fingerprint, mark
from grading.submissions import Submission


def run_all(
    course: Course,
    submissions: list[Submission],
    cases: list[Hidden],
    *,
    limits: sandbox.Limits | None = None,
    jobs: int | None = None,
) -> int:
    """Run and mark what has no result yet, a submission a core at a time.

    Returns:
        How many submissions were run.
    """
    limits = limits or sandbox.Limits()
    course.results.mkdir(parents=True, exist_ok=True)
    releases, waiting = course.releases(), []
    for submission in submissions:
        book = rebuild(submission, releases)
        key = _key(submission, book, cases, limits)
        path = course.result(submission.student)
        if not path.exists() or json.loads(path.read_text("utf8"))["key"] != key:
            waiting.append((submission, book, key))
    bar = tqdm(total=len(waiting), desc="sandbox", unit="submission")
    with bar, ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        pending = {
            pool.submit(_result, *each, cases, limits): each[0] for each in waiting
        }
        for future in as_completed(pending):
            submission = pending[future]
            _write(course.result(submission.student), future.result())
            bar.set_postfix_str(submission.student)
            bar.update()
    return len(waiting)


def _key(
    submission: Submission, book: NotebookNode, cases: list[Hidden], limits: object
) -> str:
    cells = [(cell.cell_type, cell.source) for cell in book.cells]
    said = [cells, submission.remarks, str(submission.file.name)]
    text = json.dumps(said) + fingerprint(cases, limits)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, result: dict) -> None:
    """All of the file, or nothing of it."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(result, ensure_ascii=False), "utf8")
    partial.replace(path)


def _result(
    submission: Submission,
    book: NotebookNode,
    key: str,
    cases: list[Hidden],
    limits: sandbox.Limits,
) -> dict:
    """Run one submission and mark its exercises."""
    outcomes: dict[str, sandbox.Outcome] = {}
    if submission.notebook is not None:
        code = [cell for cell in book.cells if cell.cell_type == "code"]
        jobs = [sandbox.Code(cell.id, cell.source) for cell in code]
        jobs += [
            sandbox.Calls(each.exercise.id, each.exercise.function, each.inputs)
            for each in cases
        ]
        done = sandbox.run(jobs, limits, prelude=PRELUDE)
        outcomes = {outcome.id: outcome for outcome in done}
    marks = {each.exercise.id: _mark(each, outcomes) for each in cases}
    return {
        "key": key,
        "student": submission.student,
        "file": submission.file.name,
        "lang": book.metadata["ift6135"]["lang"],
        "readable": submission.notebook is not None,
        "remarks": submission.remarks + _incidents(book, outcomes),
        "exercises": {id_: found.as_dict() for id_, found in marks.items()},
        "source": nbformat.writes(book),
        "cells": {
            cell.id: _shown(outcomes[cell.id])
            for cell in book.cells
            if cell.id in outcomes
        },
    }


def _mark(cases: Hidden, outcomes: dict[str, sandbox.Outcome]) -> Mark:
    exercise = cases.exercise
    if exercise.id not in outcomes:
        return Mark(0.0, exercise.points, 0, len(cases.inputs), "no value")
    outcome = outcomes[exercise.id]
    return mark(cases, outcome.status, outcome.calls)


def _incidents(book: NotebookNode, outcomes: dict) -> list[tuple[str, dict]]:
    """What the sandbox had to stop, in the words' keys."""
    found = []
    for number, cell in enumerate(book.cells, start=1):
        outcome = outcomes.get(cell.id)
        if outcome and outcome.status not in ("ok", "error"):
            found.append((f"cell {outcome.status}", {"number": number}))
    return found


def _shown(outcome: sandbox.Outcome) -> dict:
    return {
        "status": outcome.status,
        "text": outcome.text,
        "error": outcome.error,
        "pictures": [base64.b64encode(each).decode() for each in outcome.pictures],
    }


def grade(
    course: Course,
    submissions: list[Submission],
    cases: list[Hidden],
    *,
    lang: str = "en",
    limits: sandbox.Limits | None = None,
    jobs: int | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Everything: run, mark, enter, tabulate.

    Returns:
        The table of grades.

    Raises:
        NoSandbox: nothing here can contain the code of students.
        NbgraderError: nbgrader refused.
    """
    sandbox.available()
    ran = run_all(course, submissions, cases, limits=limits, jobs=jobs)
    say(f"sandbox: {ran} run, {len(submissions) - ran} kept")
    enter(course, submissions)
    return table(course, lang)
