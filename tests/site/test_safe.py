"""What is published holds no key, and does not say where or by whom it was made."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePath

import pytest

from bookbuild import ROOT
from bookbuild.exercises.leaks import texts
from bookbuild.notebooks import export
from bookbuild.offline import pack
from bookbuild.private_words import patterns, search

# other people's files, the same for everyone: fonts, icons, scripts of packages
BINARY = {".woff", ".woff2", ".ttf", ".eot", ".png", ".ico", ".gif", ".jpg", ".webp"}
THIRD_PARTY = {
    "mathjax",
    "vendor",
    "locales",
    "styles",
    "scripts",
    "webpack-macros.html",
}


def ours(path: PurePath) -> bool:
    return path.suffix not in BINARY and not (
        "_static" in path.parts and THIRD_PARTY & set(path.parts)
    )


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and ours(path)]


def found(paths: list[Path]) -> list[tuple[str, str, str]]:
    """The file, what it holds, and the words."""
    wanted = patterns()
    return [
        (name, *hit)
        for path in paths
        for name, text in texts(str(path), path.read_bytes())
        if ours(PurePath(name.partition("!")[2] or name))  # of an archive, its members
        for hit in sorted(search(text, wanted))
    ]


def test_the_site_holds_nothing_private(site):
    published = files(site)
    kinds = {path.suffix for path in published}
    assert {".html", ".js", ".md", ".inv", ".xml"} <= kinds
    assert any("_sources" in path.parts for path in published)
    assert found(published) == []


def test_the_zips_hold_nothing_private(site):
    assert found(list(pack())) == []


def test_the_notebooks_and_the_wheel_hold_nothing_private():
    folder = ROOT / "_build" / "notebooks"
    written = export() if not folder.exists() else files(folder)
    assert {".ipynb", ".whl"} <= {path.suffix for path in written}
    assert found(written) == []


@pytest.mark.parametrize(
    "text",
    [
        "ghp_" + "a1B2" * 9,
        "-----BEGIN OPENSSH PRIVATE " + "KEY-----",
        "AKIA" + "ABCD" * 4,
        "sk-ant-" + "a1" * 20,
        "https://ada:secret@example.org/x",
        'File "/home/ada/book/x.py"',
        "/Users/ada/book",
        "see /root/.cache",
        "/tmp/ipykernel_12/3.py",
        "/opt/x/lib/python3.11/site-packages/torch",
        r"C:\Users\ada",
        "C:\\\\Users\\\\ada",
        "file:///srv/book",
        f"{ROOT}/index.md",
        f"{Path.home()}/notes",
    ],
)
def test_each_kind_is_found_wherever_it_hides(tmp_path, text):
    """In a page, in a notebook's JSON, inside a wheel or an edition's zip."""
    page = tmp_path / "page.html"
    page.write_text(f"<p>{text}</p>", "utf8")
    notebook = tmp_path / "page.ipynb"
    notebook.write_text(json.dumps({"cells": [{"source": [text]}]}), "utf8")
    wheel, edition = tmp_path / "x-1.whl", tmp_path / "ift6135-en.zip"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("x/y.py", f"# {text}\n")
    with zipfile.ZipFile(edition, "w") as archive:
        archive.writestr("ift6135-en/y.html", f"<p>{text}</p>")
    for path in (page, notebook, wheel, edition):
        assert found([path]), path.name
    assert found(files(tmp_path))


def test_ordinary_words_are_not_private():
    text = (
        "the root of f, a/tmp, /rooted, https://example.org:80/x, home/away, "
        "a user's test, tmp/x, sk-learn, the host"
    )
    assert search(text, patterns()) == set()
