"""Inventories: a whole one, as documentations publish it, is cut to what is linked."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from bookbuild.api.inventories import load, main, regenerate
from bookbuild.api.links import DOCUMENTATION, INVENTORIES


def whole(path: Path, project: str, version: str, lines: list[str]) -> Path:
    """An objects.inv: version 2 of the format, compressed."""
    head = (
        "# Sphinx inventory version 2\n"
        f"# Project: {project}\n# Version: {version}\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    body = "".join(f"{line}\n" for line in lines)
    path.write_bytes(head.encode() + zlib.compress(body.encode()))
    return path


@pytest.mark.parametrize("library", DOCUMENTATION)
def test_each_inventory_is_what_its_whole_one_gives(tmp_path, library):
    committed = INVENTORIES / f"{library}.inv"
    held = load(committed)
    lines = [
        f"{name} py:{kind} 1 {page}#$ -"
        for name, (kind, page) in reversed(held.places.items())
    ]
    lines += [
        "some.Stranger py:class 1 strangers.html#$ -",
        "some-label std:label -1 page.html#$ A label",
        f"{next(iter(held.places))} std:term 1 glossary.html#$ -",
    ]
    source = whole(tmp_path / "objects.inv", held.project, held.version, lines)
    path = tmp_path / committed.name
    path.write_bytes(committed.read_bytes())
    assert regenerate(path, source, set()) == set()
    assert path.read_text("utf8") == committed.read_text("utf8")


def test_a_new_version_moves_pages_and_adds_names(tmp_path):
    path = tmp_path / "made.inv"
    path.write_text(
        "# Sphinx inventory version 1\n# Project: Made\n# Version: 1.0\n"
        "made.Kept class old.html\nmade.Moved class old.html\n"
    )
    source = whole(
        tmp_path / "objects.inv",
        "Made",
        "2.0",
        [
            "made.new py:function 1 new.html#$ -",
            "made.Moved py:class 1 new.html#$ -",
            "made.Moved py:method 1 other.html#$ -",
        ],
    )
    assert regenerate(path, source, {"made.new"}) == {"made.Kept"}
    assert path.read_text() == (
        "# Sphinx inventory version 1\n# Project: Made\n# Version: 2.0\n"
        "made.Kept class old.html\nmade.Moved class new.html\n"
        "made.new function new.html\n"
    )


def test_a_name_that_it_lacks_is_refused(tmp_path):
    path = tmp_path / "made.inv"
    text = "# Sphinx inventory version 1\n# Project: Made\n# Version: 1.0\n"
    path.write_text(text)
    source = whole(tmp_path / "objects.inv", "Made", "2.0", [])
    with pytest.raises(ValueError, match=r"has no made\.nothing"):
        regenerate(path, source, {"made.nothing"})
    assert path.read_text() == text


def test_without_arguments_it_says_how(capsys):
    assert main([]) == 2
    assert "objects.inv" in capsys.readouterr().err
