"""The glossary's table, and the links between it and the chapters."""

from __future__ import annotations

import functools
import re

import pytest
from bs4 import BeautifulSoup

from bookbuild import LANGUAGES
from tests.site.conftest import CHAPTER_PAGES, DESKTOP, PHONE, url

PAGE = "back/glossary"
MOST = 25  # links to terms on a page
OTHER = {"en": "fr", "fr": "en"}
FIRST = "rows => rows.filter(r => !r.hidden).map(r => r.cells[{}].textContent.trim())"
SORTED = """([lang, texts]) => {
  const order = new Intl.Collator(lang, {
    sensitivity: "base", ignorePunctuation: true, numeric: true });
  return texts.every((t, i) => !i || order.compare(texts[i - 1], t) <= 0);
}"""


def column(tab, number: int) -> list[str]:
    rows = "table.lexicon tbody tr"
    return tab.eval_on_selector_all(rows, FIRST.format(number))


@functools.cache
def parse(site, lang: str, page: str) -> BeautifulSoup:
    return BeautifulSoup(
        (site / lang / f"{page}.html").read_text("utf8"), "html.parser"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_is_sorted_by_the_keyboard(visit, address, lang):
    tab = visit(url(address, lang, PAGE))
    headings = tab.locator("table.lexicon thead th")
    assert headings.nth(0).get_attribute("aria-sort") == "ascending"
    assert tab.evaluate(SORTED, [lang, column(tab, 0)])
    everything = set(column(tab, 0))
    button = headings.nth(1).get_by_role("button")
    button.focus()
    tab.keyboard.press("Enter")
    assert headings.nth(1).get_attribute("aria-sort") == "ascending"
    assert headings.nth(0).get_attribute("aria-sort") is None
    assert tab.evaluate(SORTED, [lang, column(tab, 1)])
    status = tab.get_by_role("status")
    name = button.inner_text().strip()
    assert name in status.inner_text() and "A" in status.inner_text()
    tab.keyboard.press("Space")
    assert headings.nth(1).get_attribute("aria-sort") == "descending"
    assert tab.evaluate(SORTED, [lang, column(tab, 1)[::-1]])
    assert set(column(tab, 0)) == everything
    assert button.evaluate("b => b === document.activeElement")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_filters_whatever_its_accents(visit, address, lang, viewport):
    tab = visit(url(address, lang, PAGE), viewport=viewport)
    field, status = tab.get_by_role("searchbox").last, tab.get_by_role("status")
    everything = len(column(tab, 0))
    native = 0 if lang == "fr" else 1  # the French column
    field.fill("REGLE derivation")
    (found,) = column(tab, native)
    assert found.startswith("règle de dérivation")
    assert status.inner_text().startswith("1 ")
    field.fill("zzz")
    assert column(tab, 0) == []
    assert re.search("No|Aucun", status.inner_text())
    field.fill("")
    assert len(column(tab, 0)) == everything
    assert str(everything) in status.inner_text()
    for control in tab.locator(".lexicon-sort, .lexicon-controls input").all():
        assert control.bounding_box()["height"] >= 44
    width = "document.documentElement.scrollWidth"
    assert tab.evaluate(width) <= viewport["width"]


def test_a_link_to_a_hidden_term_shows_it(visit, address):
    tab = visit(url(address, "en", PAGE))
    tab.get_by_role("searchbox").last.fill("zzz")
    tab.evaluate("location.hash = 'term-batch'")
    tab.wait_for_function("!document.getElementById('term-batch').hidden")
    assert tab.evaluate(SORTED, ["fr", column(tab, 0)])
    assert tab.locator("#term-batch").is_visible()


def test_without_script_it_is_a_plain_table(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(url(address, "fr", PAGE))
    assert tab.locator("table.lexicon tbody tr").count() > 200
    assert tab.evaluate(SORTED, ["fr", column(tab, 0)])
    assert tab.locator("#term-batch").is_visible()
    assert not tab.locator(".lexicon-controls").is_visible()
    assert tab.locator(".lexicon-sort").count() == 0
    context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_row_says_its_languages_and_its_address(site, lang):
    table = parse(site, lang, PAGE).select_one("table.lexicon")
    assert not table.select("button, [aria-sort], [hidden]")
    other = parse(site, OTHER[lang], PAGE)
    for row in table.select("tbody tr"):
        assert row["id"].startswith("term-") and other.find(id=row["id"])
        own, foreign, _ = row.select("td")
        assert foreign["lang"] == OTHER[lang] and not own.get("lang")
        assert own.get_text(strip=True) and foreign.get_text(strip=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_links_and_rows_lead_to_each_other(site, lang):
    glossary = parse(site, lang, PAGE)
    first: dict[str, tuple[str, str]] = {}
    for page in CHAPTER_PAGES:
        seen = set()
        for link in parse(site, lang, page).select("a.term-link"):
            target, _, anchor = link["href"].partition("#")
            assert target.endswith(f"{PAGE}.html") and glossary.find(id=anchor)
            assert link["title"].startswith("French" if lang == "en" else "En anglais")
            assert anchor not in seen, f"{page} links {anchor} twice"
            seen.add(anchor)
            first.setdefault(anchor, (page, link.find_parent("section")["id"]))
        assert 1 <= len(seen) <= MOST, page
    assert len(first) >= 20
    for anchor, (page, section) in first.items():
        use = glossary.find(id=anchor).select("td")[2].a
        assert use["href"] == f"../{page}.html#{section}"
        assert re.search(r"(Section|Chapter|Chapitre) \d", use.get_text())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_link_stands_where_it_would_disturb(site, lang):
    elsewhere = (
        "h1, h2, h3, h4, a a, code, pre, .math, figcaption, caption, table, nav, "
        ".exercise, .solution, .cell, .dropdown, aside.margin, .citation, figure"
    )
    for page in CHAPTER_PAGES:
        for place in parse(site, lang, page).select(elsewhere):
            assert not place.select(".term-link"), f"{page}: {place.name}"


def test_a_link_is_known_without_its_colour(visit, address):
    for scheme in ("light", "dark"):
        tab = visit(url(address, "en", CHAPTER_PAGES[1]), color_scheme=scheme)
        found = tab.locator("a.term-link").first.evaluate(
            "a => [getComputedStyle(a).textDecorationLine,"
            "getComputedStyle(a).textDecorationStyle, getComputedStyle(a).color ==="
            "getComputedStyle(a.parentElement).color]"
        )
        assert found == ["underline", "dotted", True]
