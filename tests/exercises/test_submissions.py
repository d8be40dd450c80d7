"""What students hand in is read whatever it is, and set back into the release."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.assignment import graded
from grading.rebuild import defined, questions, rebuild
from grading.submissions import LARGEST, NoSubmissions, collect, identifier
from grading.words import remarks

NAME = "04-optimization"


def released(lang: str):
    words = {"en": "Write it", "fr": "Écrivez-la"}[lang]
    cells = [
        new_markdown_cell(f"# {lang}"),
        new_code_cell(f"lang = {lang!r}"),
    ]
    for id_ in ("one", "two"):
        points = {"grade": True, "locked": True, "points": 2}
        cells += [
            new_markdown_cell(f"## {id_}: {words}"),
            new_code_cell(
                f"def {id_}(x):\n    raise Unanswered('{id_}')",
                metadata={"nbgrader": graded(id_, solution=True)},
            ),
            new_code_cell(
                f"assert {id_}(1) == 1",
                metadata={"nbgrader": graded(f"{id_}-tests", **points)},
            ),
            new_code_cell(f'check("{id_}", {id_})'),
        ]
    metadata = {"ift6135": {"assignment": NAME, "lang": lang}}
    return new_notebook(cells=cells, metadata=metadata)


RELEASES = {lang: released(lang) for lang in ("en", "fr")}


def handed_in(folder, *, lang="fr", name="ana.ipynb", edit=lambda book: None):
    book = nbformat.from_dict(RELEASES[lang])
    book = nbformat.reads(nbformat.writes(book), 4)
    for id_, cell in zip(("one", "two"), (book.cells[3], book.cells[7]), strict=True):
        cell.source = f"def {id_}(x):\n    return x"
    edit(book)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(nbformat.writes(book), "utf8")
    (submission,) = collect(folder, NAME)
    return submission, rebuild(submission, RELEASES)


def sources(book):
    return [cell.source for cell in book.cells]


def test_the_release_has_its_questions():
    found = questions(RELEASES["en"])
    assert [(each.id, each.function) for each in found] == [
        ("one", "one"),
        ("two", "two"),
    ]
    assert found[0].tests.source == "assert one(1) == 1"


def test_answers_are_set_into_the_release(tmp_path):
    submission, book = handed_in(tmp_path / "in")
    assert submission.remarks == []
    assert book.metadata.ift6135.lang == "fr"
    assert sources(book)[:5] == [
        "# fr",
        "lang = 'fr'",
        "## one: Écrivez-la",
        "def one(x):\n    return x",
        "assert one(1) == 1",
    ]
    for cell in book.cells:
        own = cell.metadata.get("nbgrader", {})
        if own.get("grade"):
            assert own["points"] == 2 and own["locked"]


def test_tests_and_points_come_back(tmp_path):
    def edit(book):
        book.cells[4].source = "pass"
        book.cells[4].metadata.nbgrader.points = 1000
        del book.cells[8]

    submission, book = handed_in(tmp_path / "in", edit=edit)
    assert "assert one(1) == 1" in sources(book)
    assert "assert two(1) == 1" in sources(book)
    assert "pass" not in sources(book)
    said = " ".join(remarks({"remarks": submission.remarks}, "en"))
    assert said == (
        "The tests of one were changed: put back. The tests of two were missing: "
        "put back."
    )


def test_lost_metadata_are_found_by_name(tmp_path):
    def edit(book):
        for cell in book.cells:
            cell.metadata = {}
        book.metadata = {}

    submission, book = handed_in(tmp_path / "in", edit=edit)
    assert book.metadata.ift6135.lang == "fr"  # from the statements
    answers = [c for c in book.cells if c.metadata.get("nbgrader", {}).get("solution")]
    assert [cell.source.split("(")[0] for cell in answers] == ["def one", "def two"]
    assert {code for code, _ in submission.remarks} == {"found by name"}


def test_helpers_keep_their_place_and_statements_are_ours(tmp_path):
    def edit(book):
        book.cells[2].source = "## I changed the question"
        book.cells.insert(3, new_code_cell("def helper(x):\n    return x"))
        book.cells.append(new_code_cell("def one(x):\n    return -x"))

    _, book = handed_in(tmp_path / "in", edit=edit)
    text = sources(book)
    assert text.index("def helper(x):\n    return x") < text.index(
        "def one(x):\n    return x"
    )
    assert "## one: Écrivez-la" in text
    assert text[-1] == "def one(x):\n    return -x"  # kept: it would run last
    noted = [c for c in book.cells if c.source == "## I changed the question"]
    assert noted[0].metadata.student  # shown as text


FILES = {
    "empty.ipynb": (b"", "empty file"),
    "picture.ipynb": (b"\x89PNG\r\n", "not a notebook"),
    "cut.ipynb": (b'{"cells": [{"cell_type": "co', "not a notebook"),
    "list.ipynb": (b"[1, 2]", "not a notebook"),
    "number.ipynb": (b"3", "not a notebook"),
    "deep.ipynb": (b"[" * 100_000, "not a notebook"),
    "nothing.ipynb": (
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
        "no cells",
    ),
    "essay.docx": (b"PK\x03\x04", "not a notebook"),
    "notes.txt": (b"my answer is 4", "not a notebook"),
}


@pytest.mark.parametrize("name", FILES)
def test_any_file_is_a_row(tmp_path, name):
    data, code = FILES[name]
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (submission,) = collect(tmp_path, NAME)
    assert submission.notebook is None
    assert submission.student == name.partition(".")[0]
    assert [found for found, _ in submission.remarks] == [code]
    book = rebuild(submission, RELEASES)
    assert sources(book).count("assert one(1) == 1") == 1
    assert remarks({"remarks": submission.remarks}, "fr")


def test_cells_that_are_no_cells(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["def one(x):\n", "    return x"]},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": [1]}},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {"a": 1}}}},
        {"cell_type": "markdown", "source": "hello", "metadata": None},
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "odd.ipynb").write_text(json.dumps(book))
    (submission,) = collect(tmp_path, NAME)
    assert "def one(x):\n    return x" in sources(rebuild(submission, RELEASES))


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(LARGEST + 1)
    (submission,) = collect(tmp_path, NAME)
    assert submission.remarks == [("too large", {"megabytes": 20})]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("hidden")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "eve.ipynb").symlink_to(tmp_path / "secret.txt")
    (submission,) = collect(folder, NAME)
    assert submission.notebook is None
    assert submission.remarks == [("no file", {})]


def test_the_layout_of_nbgrader(tmp_path):
    for student in ("ana", "bo"):
        own = tmp_path / student / NAME
        own.mkdir(parents=True)
        (own / "renamed.ipynb").write_text(nbformat.writes(RELEASES["en"]))
        (own / "timestamp.txt").write_text("2027-02-01 12:00:00 UTC")
    (tmp_path / "empty-handed").mkdir()
    found = collect(tmp_path, NAME)
    assert [each.student for each in found] == ["ana", "bo", "empty-handed"]
    assert found[0].notebook and found[2].remarks == [("no file", {})]


def test_several_files_of_one_student(tmp_path):
    (tmp_path / "ana.ipynb").write_text(nbformat.writes(RELEASES["en"]))
    (tmp_path / "ana.pdf").write_text("x")
    (submission,) = collect(tmp_path, NAME)
    assert submission.notebook
    assert submission.remarks[0][0] == "several files"


def test_nothing_to_grade(tmp_path):
    with pytest.raises(NoSubmissions, match="one notebook a student"):
        collect(tmp_path, NAME)
    with pytest.raises(NoSubmissions, match="not a folder"):
        collect(tmp_path / "absent", NAME)


def test_names_are_safe():
    assert identifier("../../etc/passwd") == "etc_passwd" or "/" not in identifier(
        "../../etc/passwd"
    )
    assert identifier("Zoë [1]*") == "Zoe_1"
    assert identifier("學生") == "unnamed"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    return x", {"f"}),
        ("f = lambda x: x", {"f"}),
        ("async def f(x): ...", {"f"}),
        ("def f(x:\n    oops", {"f"}),
        ("class A:\n    def f(self): ...", set()),
        ("x" * 10 + "(" * 5000, set()),
    ],
)
def test_what_a_cell_defines(source, names):
    assert defined(source) == names
