"""Lighthouse finds nothing to mend; `make lighthouse` prints the speed too."""

import pytest

from bookbuild import LANGUAGES
from bookbuild.lighthouse import PAGES, STEADY, audit, faults, scores, served


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_lighthouse(site, lang, page):
    with served(site) as address:
        report = audit(f"{address}/{lang}/{page}.html", STEADY)
    assert faults(report) == []
    assert scores(report) == dict.fromkeys(STEADY, 100)


def test_a_fault_would_be_found(tmp_path):
    """The negative control: a page without title, language and description."""
    (tmp_path / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><img src=a.png><p>x</p>"
    )
    with served(tmp_path) as address:
        report = audit(f"{address}/index.html", STEADY)
    found = scores(report)
    assert found["accessibility"] < 90 and found["seo"] < 90
    said = "\n".join(faults(report))
    assert "[alt]" in said and "<title>" in said
