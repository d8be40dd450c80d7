"""One setting, the repository, gives every address of the published book."""

import pytest

from bookbuild import ROOT
from bookbuild.addresses import Addresses, addresses


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://github.com/Ada/notes", "https://ada.github.io/notes/"),
        ("https://github.com/ada/notes.git", "https://ada.github.io/notes/"),
        ("https://github.com/ada/ada.github.io/", "https://ada.github.io/"),
    ],
)
def test_addresses_derive_from_the_repository(tmp_path, url, site):
    (tmp_path / "_config.yml").write_text(f"repository:\n  url: {url}\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2"\n')
    found = addresses(tmp_path)
    assert found.site == site
    assert found.wheel == f"{site}notebooks/ift6135_lib-1.2-py3-none-any.whl"
    assert found.page("a/b", "fr") == f"{site}fr/a/b.html"


def test_a_notebook_s_address_in_colab():
    assert Addresses("ada", "notes", "1").colab("chapters/04-a/adam", "fr") == (
        "https://colab.research.google.com/github/ada/notes/blob/gh-pages/notebooks/"
        "fr/04-a/adam.ipynb"
    )


def test_a_repository_elsewhere_is_refused(tmp_path):
    (tmp_path / "_config.yml").write_text("repository:\n  url: https://x.org/a/b\n")
    with pytest.raises(ValueError, match=r"x\.org"):
        addresses(tmp_path)


def test_the_book_has_addresses():
    found = addresses(ROOT)
    assert found.site.startswith("https://") and found.site.endswith("/")
    assert found.repository in found.colab("chapters/04-optimization/adam", "en")
