"""The zips: whole editions, the same each time, with links that lead somewhere."""

import zipfile

import pytest

from bookbuild import LANGUAGES
from bookbuild.offline import NotBuilt, content, pack

SITE = "https://example.github.io/book/"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "_config.yml").write_text(
        "repository: {url: 'https://github.com/example/book', branch: main}\n"
    )
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1"\n')
    for lang, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        folder = tmp_path / "_build" / "html" / lang
        (folder / "part").mkdir(parents=True)
        (folder / "index.html").write_text("<p>é</p>")
        (folder / "part" / "a.html").write_text(
            f'<a class="edition-switch" href="../../{other}/part/a.html">x</a>'
            '<a href="../../b.html">y</a>'
        )
        (folder / "a.bin").write_bytes(bytes(range(256)))
    return tmp_path


def test_each_edition_is_one_folder_in_one_zip(root):
    zips = list(pack(root))
    assert [path.name for path in zips] == ["ift6135-en.zip", "ift6135-fr.zip"]
    with zipfile.ZipFile(zips[0]) as packed:
        assert packed.namelist() == [
            "ift6135-en/a.bin",
            "ift6135-en/index.html",
            "ift6135-en/part/a.html",
        ]
        assert packed.read("ift6135-en/a.bin") == bytes(range(256))
        page = packed.read("ift6135-en/part/a.html").decode()
    assert f'href="{SITE}fr/part/a.html"' in page
    assert 'href="../../b.html"' in page


def test_the_same_site_makes_the_same_zips(root):
    first = [path.read_bytes() for path in pack(root)]
    for path in (root / "_build" / "html").rglob("*"):
        path.touch()
    assert [path.read_bytes() for path in pack(root)] == first


def test_an_edition_that_is_not_built_is_said(root):
    (root / "_build" / "html" / "fr" / "index.html").unlink()
    with pytest.raises(NotBuilt, match=r"_build/html/fr holds no book.*make book"):
        list(pack(root))


def test_only_pages_are_changed(tmp_path):
    path = tmp_path / "a.js"
    path.write_text('class="edition-switch" href="../fr/a.html"')
    assert content(path, SITE) == path.read_bytes()
