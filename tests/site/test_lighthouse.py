"""Lighthouse finds nothing to mend, but for speed, which is printed."""

import pytest

from bookbuild import LANGUAGES
from bookbuild.lighthouse import CATEGORIES, PAGES, audit, faults, scores, served


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_lighthouse(site, lang, page):
    with served(site) as address:
        report = audit(f"{address}/{lang}/{page}.html")
    found = scores(report)
    print(f"{lang}/{page}: {found}")
    assert faults(report) == []
    assert [found[name] for name in CATEGORIES[1:]] == [100, 100, 100]


def test_a_fault_would_be_found(tmp_path):
    """The negative control: a page without title, language and description."""
    (tmp_path / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><img src=a.png><p>x</p>"
    )
    with served(tmp_path) as address:
        report = audit(f"{address}/index.html")
    found = scores(report)
    assert found["accessibility"] < 90 and found["seo"] < 90
    said = "\n".join(faults(report))
    assert "[alt]" in said and "<title>" in said
