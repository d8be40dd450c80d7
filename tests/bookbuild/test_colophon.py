"""The colophon: what its data file must say, and what the packages say themselves."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont

from bookbuild import ROOT
from bookbuild.colophon import FILE, ColophonError, licence_text, read
from bookbuild.mathjax import components

GOOD = """\
[[site]]
name = "Sphinx"
address = "https://www.sphinx-doc.org"
what = { en = "the index", fr = "l’index" }
files = ["basic.css", "images/*"]
package = "Sphinx"
licence = "BSD-2-Clause"
"""
BROUGHT = (
    GOOD
    + """
stated_in = "sphinx/search/non-minified-js/french-stemmer.js"
"""
)


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / FILE).parent.mkdir(exist_ok=True)
    (tmp_path / FILE).write_text(text, "utf8")
    return tmp_path


def problem(tmp_path: Path, text: str) -> str:
    with pytest.raises(ColophonError) as raised:
        read(write(tmp_path, text))
    return str(raised.value)


def test_a_package_says_its_version_and_its_licence(tmp_path):
    (work,) = read(write(tmp_path, GOOD))["site"]
    assert (work.version, work.licence) == (version("Sphinx"), "BSD-2-Clause")
    assert "Redistribution and use" in licence_text(work)
    named = GOOD.replace('"Sphinx"\nlic', '"myst-nb"\nlic').replace(
        'licence = "BSD-2-Clause"\n', ""
    )
    assert read(write(tmp_path, named))["site"][0].licence == "BSD-3-Clause"


def test_what_a_package_brings_has_its_own_version(tmp_path):
    (work,) = read(write(tmp_path, BROUGHT))["site"]
    assert work.version == "2.1.0" != version("Sphinx")
    assert licence_text(work) == ""


def test_a_work_has_the_files_of_its_patterns(tmp_path):
    (work,) = read(write(tmp_path, GOOD))["site"]
    for name in ("basic.css", "other.css", "images/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = {path.relative_to(tmp_path).as_posix() for path in work.found(tmp_path)}
    assert found == {"basic.css", "images/a.png"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[site]]", "[[page]]", "unknown table 'page'"),
        ("address =", "link =", "Sphinx: 'address' is missing"),
        ("licence =", "license =", "Sphinx: unknown field 'license'"),
        (', fr = "l’index"', "", "Sphinx: 'what' has nothing in 'fr'"),
        ('licence = "BSD-2-Clause"\n', "", "its package names no licence"),
        ('package = "Sphinx"', 'package = "myst-nb"', "repeats its package's, BSD-3"),
        ('package = "Sphinx"', 'package = "sfinx"', "no package 'sfinx' is installed"),
        ('package = "Sphinx"\n', "", "needs a version and a licence"),
    ],
)
def test_a_mistake_is_named(tmp_path, old, new, said):
    assert old in GOOD
    assert said in problem(tmp_path, GOOD.replace(old, new, 1))


def test_a_file_without_a_version_is_noticed(tmp_path):
    assert "says no version" in problem(tmp_path, BROUGHT.replace("french-", "no-"))
    alone = BROUGHT.replace('licence = "BSD-2-Clause"\n', "")
    assert "its package's is not its own" in problem(tmp_path, alone)


def test_a_book_without_a_colophon(tmp_path):
    assert not any(read(tmp_path).values())


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("DejaVu Sans", Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf")),
        (
            "MathJax TeX",
            components() / "output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff",
        ),
    ],
)
def test_the_fonts_are_of_the_version_that_they_say(name, path):
    (work,) = [work for work in read(ROOT)["site"] if work.name == name]
    assert TTFont(path)["name"].getDebugName(5) == f"Version {work.version}"


@pytest.mark.parametrize("table", ["data", "addresses"])
def test_what_the_repository_carries_is_listed(table):
    folder, pattern = {
        "data": ("ift6135_lib/datasets", "*.[!m]*"),
        "addresses": ("bookbuild/inventories", "*.inv"),
    }[table]
    works = read(ROOT)[table]
    listed = set().union(*(work.found(ROOT) for work in works))
    assert listed == {*(ROOT / folder).glob(pattern)}
    assert all(work.found(ROOT) for work in works)
