"""The colophon's page: everything of someone else that is published is on it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from bookbuild import LANGUAGES, ROOT
from bookbuild.card import CARD
from bookbuild.colophon import TEXTS, Work, read
from bookbuild.fonts import STYLE_SHEET

from .conftest import PHONE, url

PAGE = "back/colophon"
OWN = {CARD, STYLE_SHEET, TEXTS} | {
    path.name for path in (ROOT / "bookbuild" / "static").iterdir()
}
WORKS = read(ROOT)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_published_file_of_someone_else_is_listed(site, lang):
    static = site / lang / "_static"
    listed = set().union(*(work.found(static) for work in WORKS["site"]))
    published = {path for path in static.rglob("*") if path.is_file()}
    own = {path for path in published if path.parent == static and path.name in OWN}
    strangers = published - listed - own
    assert {path.relative_to(static).as_posix() for path in strangers} == set()
    assert not listed & own
    assert len(listed) > 50


@pytest.mark.parametrize("work", WORKS["site"], ids=lambda work: work.name)
def test_what_is_listed_is_published(site, work: Work):
    for pattern in work.files:
        assert any([*(site / lang / "_static").glob(pattern)] for lang in LANGUAGES), (
            f"{pattern} is nowhere"
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_of_each_its_version_and_its_licence(site, lang):
    html = (site / lang / f"{PAGE}.html").read_text("utf8")
    rows = BeautifulSoup(html, "html.parser").select("table.colophon tbody tr")
    shown = [[cell.get_text().strip() for cell in row.select("td")] for row in rows]
    public = {"en": "public domain", "fr": "domaine public"}[lang]
    assert shown == [
        [
            work.name,
            work.what[lang],
            work.version or "—",
            work.licence.replace(" AND ", ", ") or public,
        ]
        for table in WORKS.values()
        for work in table
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_licences_of_the_packages_are_published(visit, address, site, lang):
    tab = visit(url(address, lang, PAGE), viewport=PHONE)
    for table in tab.locator("table.colophon").all():
        box = table.bounding_box()
        assert box["x"] + box["width"] <= PHONE["width"]
    link = tab.locator(f"article a[href$='{TEXTS}']").get_attribute("href")
    text = ((site / lang / PAGE).parent / link).read_text("utf8")
    packages = [work for work in WORKS["site"] if work.package]
    assert len(packages) > 5
    for work in packages:
        assert f"{work.name} {work.version}\n\n" in text
    assert text.count("AS IS") >= len(packages)  # each licence, or two of them


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_leads_to_it(site, lang):
    html = (site / lang / "index.html").read_text("utf8")
    article = BeautifulSoup(html, "html.parser").find("article")
    assert article.select(f'a[href="{PAGE}.html#sec-colophon"]')
