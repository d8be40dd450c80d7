"""The whole cycle on the chapter: hand out, collect from thirty, grade, feed back.

Real notebooks of the built book, the real nbgrader, the real sandbox. Twelve students
are hostile. Every grade is exact.
"""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

from bookbuild import ROOT
from bookbuild.environment import ensure_bubblewrap, ensure_grading
from bookbuild.execute import sockets
from bookbuild.exercises.reference import namespace
from bookbuild.exercises.verify import exercises
from grading.assignment import choose
from grading.books import enter, table
from grading.course import Course
from grading.grade import grade, run_all
from grading.release import AlreadyGraded, release
from grading.sandbox import Limits
from grading.score import hidden
from grading.submissions import collect
from ift6135_lib.exercises.attempt import attempt
from ift6135_lib.exercises.compare import difference
from ift6135_lib.exercises.values import decode
from tests.exercises.classroom import CLASS, PRIVATE, answers, make

CHAPTER = "04-optimization"
LIMITS = Limits(cell_seconds=5, total_seconds=60)


def wrong_score(cases, code: str) -> float:
    """What the mistake deserves, found without a sandbox."""
    exercise = cases.exercise
    names: dict = {}
    exec("import math, torch\nimport numpy as np", names)
    names |= namespace()
    exec(code, names)
    right = 0
    for given, value in zip(cases.inputs, cases.expected, strict=True):
        tried = attempt(names[exercise.function], [decode(each) for each in given])
        if tried.error is None and not tried.changed:
            right += not difference(value, tried.value, tolerance=exercise.tolerance)
    return round(exercise.points * right / len(cases.inputs), 2)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    assert ensure_bubblewrap()
    grader = ensure_grading()
    folder = tmp_path_factory.mktemp("course")
    assignment = choose(exercises()[0], CHAPTER)
    release(assignment, grader, course=folder)
    return Course(folder, assignment, grader)


@pytest.fixture(scope="module")
def cases(course):
    return [hidden(each, PRIVATE) for each in course.assignment.exercises]


@pytest.fixture(scope="module")
def graded(course, cases, tmp_path_factory):
    """The class's grades by student, as the table and nbgrader's gradebook say."""
    codes = {each.id: answers(each) for each in course.assignment.exercises}
    right = {id_: code for id_, (code, _) in codes.items()}
    wrong = {id_: code for id_, (_, code) in codes.items()}
    folder = tmp_path_factory.mktemp("submissions") / "received"
    students = make(folder, course.releases(), right, wrong)
    path = grade(course, collect(folder, CHAPTER), cases, limits=LIMITS)
    with path.open(encoding="utf8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return folder, students, wrong, rows


def test_thirty_of_which_twelve_hostile():
    assert len(CLASS.students) == 30
    assert sum(student.hostile for student in CLASS.students) == 12


def test_every_grade_is_exact(graded, course, cases):
    _, students, wrong, rows = graded
    assert set(rows) == set(students)
    mistaken = {c.exercise.id: wrong_score(c, wrong[c.exercise.id]) for c in cases}
    for name, student in students.items():
        row = rows[name]
        for exercise in course.assignment.exercises:
            deserved = exercise.points
            if student.nothing or exercise.id in student.lost:
                deserved = 0.0
            elif student.mistaken:
                deserved = mistaken[exercise.id]
            assert float(row[exercise.id]) == deserved, (name, exercise.id, row)
        parts = [float(row[each.id]) for each in course.assignment.exercises]
        assert float(row["score"]) == pytest.approx(sum(parts)), name
        assert float(row["max_score"]) == course.assignment.points


def test_every_row_says_why(graded):
    _, students, _, rows = graded
    for name, student in students.items():
        said = rows[name]["remarks"]
        for words in student.says:
            assert words in said, (name, said)
        whole = not (student.lost or student.nothing or student.mistaken)
        if whole and not student.hostile and not student.says:
            assert said == "", name
        if not whole:
            assert said, name


def test_the_mistakes_lose_points(graded, cases):
    """The table is exact for wrong answers too: no mistake has full marks."""
    _, _, wrong, _ = graded
    for each in cases:
        assert wrong_score(each, wrong[each.exercise.id]) < each.exercise.points


def feedback(course, student: str) -> str:
    path = course.folder / "feedback" / student / CHAPTER / f"{CHAPTER}.html"
    return path.read_text("utf8")


def test_each_student_has_feedback_in_their_language(graded, course):
    _, students, _, _ = graded
    for name, student in students.items():
        page = feedback(course, name)
        lang = student.lang if not student.nothing or name == "fresh" else "en"
        assert f'<html lang="{lang}">' in page, name
        title = {"en": "<h1>Feedback</h1>", "fr": "<h1>Rétroaction</h1>"}[lang]
        assert title in page
    assert "entrées cachées" in feedback(course, "benoit")
    assert "hidden inputs right" in feedback(course, "ada")


def test_feedback_says_which_mistake(graded, course):
    exercise = course.assignment.exercises[0]
    page = html.unescape(feedback(course, "all-mistaken"))
    result = json.loads(course.result("all-mistaken").read_text("utf8"))
    hint = result["exercises"][exercise.id]["hint"]["en"]
    assert hint in page


def test_feedback_shows_nothing_hidden(graded, course, cases):
    _, students, _, _ = graded
    numbers = set()
    for each in cases:
        numbers |= set(re.findall(r"\d\.\d{12,}", json.dumps(each.inputs)))
    assert len(numbers) > 100
    for name in students:
        page = feedback(course, name)
        assert not numbers & set(re.findall(r"\d\.\d{12,}", page)), name


def test_what_a_student_wrote_is_not_run_by_the_browser(graded, course):
    page = feedback(course, "with-helpers-and-notes")
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page and "http-equiv" not in page
    assert "src=" not in page.replace("data:image/png;base64", "")


def test_a_second_run_keeps_everything(graded, course, cases):
    folder, *_ = graded
    before = (course.folder / "grades.csv").read_text("utf8")
    submissions = collect(folder, CHAPTER)
    assert run_all(course, submissions, cases, limits=LIMITS) == 0
    enter(course, submissions)
    assert table(course).read_text("utf8") == before


def test_a_killed_run_takes_up_where_it_was(graded, course, cases):
    folder, _, _, rows = graded
    lost = ("ada", "benoit")
    for name in lost:  # as if the run had been killed before them
        course.result(name).unlink()
        (course.folder / "entered" / name).unlink()
    half = course.folder / "autograded" / "ada" / CHAPTER
    for path in half.rglob("*.ipynb"):  # and nbgrader in the middle of one
        path.chmod(0o644)
        path.write_text("{")
    submissions = collect(folder, CHAPTER)
    assert run_all(course, submissions, cases, limits=LIMITS) == len(lost)
    enter(course, submissions)
    with table(course).open(encoding="utf8", newline="") as file:
        again = {row["student"]: row for row in csv.DictReader(file)}
    assert again == rows


BY_HAND = """
import sys
from nbgrader.api import Gradebook
with Gradebook(f"sqlite:///{sys.argv[1]}/gradebook.db") as book:
    where = (sys.argv[2], sys.argv[2], "tests-edited")
    book.find_grade("momentum-step-tests", *where).manual_score = 1.5
    book.find_comment("momentum-step", *where).manual_comment = "Vu <b>ensemble</b>."
    book.db.commit()
"""


def test_a_grade_changed_by_hand_is_kept_and_explained(graded, course, cases):
    folder, _, _, rows = graded
    arguments = [str(course.grader), "-c", BY_HAND, str(course.folder), CHAPTER]
    subprocess.run(arguments, check=True)
    submissions = collect(folder, CHAPTER)
    assert run_all(course, submissions, cases, limits=LIMITS) == 0
    enter(course, submissions)
    with table(course).open(encoding="utf8", newline="") as file:
        again = {row["student"]: row for row in csv.DictReader(file)}
    assert float(again["tests-edited"]["momentum-step"]) == 1.5
    page = feedback(course, "tests-edited")
    assert "1.5 / 2" in page and "Vu &lt;b&gt;ensemble&lt;/b&gt;." in page
    assert again["ada"] == rows["ada"]


def test_grades_are_not_mixed_with_those_of_other_exercises(graded, course):
    before = {lang: nbformat.writes(book) for lang, book in course.releases().items()}
    other = choose(exercises()[0], CHAPTER, ["momentum-step", "cosine-rate"])
    with pytest.raises(AlreadyGraded, match="move that folder away"):
        release(other, course.grader, course=course.folder)
    after = {lang: nbformat.writes(book) for lang, book in course.releases().items()}
    assert after == before
    release(course.assignment, course.grader, course=course.folder)  # the same: fine


def test_a_new_version_replaces_the_first(graded, course, cases, tmp_path):
    folder, _, _, rows = graded
    received = tmp_path / "received"
    received.mkdir()
    shutil.copy(folder / "ada.ipynb", received / "fresh.ipynb")
    submissions = collect(received, CHAPTER)
    assert run_all(course, submissions, cases, limits=LIMITS) == 1
    enter(course, submissions)
    with table(course).open(encoding="utf8", newline="") as file:
        again = {row["student"]: row for row in csv.DictReader(file)}
    assert again["fresh"]["score"] == rows["ada"]["score"]


def test_the_release_is_the_same_in_both_languages(course):
    def locked(book: nbformat.NotebookNode) -> list[tuple]:
        return [
            (cell.source, cell.metadata.nbgrader.checksum)
            for cell in book.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        ]

    english, french = course.releases().values()
    assert locked(english) == locked(french) != []
    assert english.cells[0].source != french.cells[0].source


def test_points_add_up(course):
    book = course.releases()["en"]
    points = [
        cell.metadata.nbgrader.points
        for cell in book.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert sum(points) == course.assignment.points
    assert f"{course.assignment.points:g} points" in book.cells[0].source


def test_the_release_holds_nothing_else(course):
    for lang, book in course.releases().items():
        kinds = [cell.cell_type for cell in book.cells]
        each = ["markdown", "code", "code", "code"]
        assert kinds == ["markdown", "code"] + each * len(course.assignment.exercises)
        text = nbformat.writes(book)
        assert "mistake_" not in text and "{hint}" not in text
        assert {"en": "Your code here", "fr": "Votre code ici"}[lang] in text
        assert not any(cell.get("outputs") for cell in book.cells)


def test_the_sandbox_is_named_where_it_is_absent(course, cases, monkeypatch, tmp_path):
    from grading import sandbox

    def absent():
        raise sandbox.NoSandbox("no bubblewrap here")

    monkeypatch.setattr(sandbox, "available", absent)
    Path(tmp_path / "x.ipynb").write_text("{}")
    with pytest.raises(sandbox.NoSandbox):
        grade(course, collect(tmp_path, CHAPTER), cases)


def run_live(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Run a student's notebook as Jupyter does, errors included."""
    with mock.patch.dict(os.environ, {"PYTHONPATH": str(ROOT)}):
        kernel = Config(KernelManager=sockets())
        client = NotebookClient(book, timeout=60, allow_errors=True, config=kernel)
        return client.execute()


def said(cell: nbformat.NotebookNode) -> str:
    """What a cell shows: results and errors as text."""
    texts = []
    for output in cell.outputs:
        texts.append(output.get("data", {}).get("text/plain", ""))
        texts.append(output.get("text", ""))
        texts += output.get("traceback", [])
    return "\n".join(filter(None, texts))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_fresh_notebook_says_what_is_asked(course, lang):
    book = run_live(course.releases()[lang])
    asked = {"en": "yours to write", "fr": "à vous d’écrire"}[lang]
    for exercise in course.assignment.exercises:
        tests, checked = (
            next(c for c in book.cells if c.source == source)
            for source in (
                exercise.parts["tests"].code,
                f'check("{exercise.id}", {exercise.function})',
            )
        )
        for cell in (tests, checked):
            text = said(cell)
            assert exercise.statements[lang].title in text, text
            assert asked in text, text
            assert "Traceback" not in text and len(text.split("\n")) < 4, text


def test_an_answered_notebook_passes(course):
    book = course.releases()["fr"]
    for exercise in course.assignment.exercises:
        for cell in book.cells:
            own = cell.metadata.get("nbgrader", {})
            if own.get("grade_id") == exercise.id:
                cell.source = answers(exercise)[0]
    book = run_live(book)
    assert not any(
        output.output_type == "error"
        for cell in book.cells
        for output in cell.get("outputs", [])
    )
    verdicts = [said(cell) for cell in book.cells if cell.source.startswith("check(")]
    assert len(verdicts) == len(course.assignment.exercises)
    assert all(verdict.startswith("✓") for verdict in verdicts), verdicts
