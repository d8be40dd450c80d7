"""The reference's pages: whole, linked both ways, in their language, on any screen."""

from __future__ import annotations

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup, Tag

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import addresses
from bookbuild.api.lessons import lessons
from bookbuild.api.links import mapping
from tests.test_inventory import MODULES, public

from .conftest import PAGES, PHONE, SITE, url

API_PAGES = [page for page in PAGES if page.startswith("back/api")]
COLUMN = {"en": ":", "fr": "\u00a0:"}
FIELDS = {
    "en": {
        "Parameters",
        "Returns",
        "Raises",
        "Yields",
        "Source",
        "Checked against",
        "Fields",
    },
    "fr": {
        "Paramètres",
        "Renvoie",
        "Lève",
        "Produit",
        "Source",
        "Comparé à",
        "Champs",
    },
}


@cache
def soup(lang: str, page: str) -> Tag:
    html = (SITE / lang / f"{page}.html").read_text("utf8")
    return BeautifulSoup(html, "html.parser").find("article").extract()


def _language(element: Tag) -> str | None:
    """What an element, or one around it in the article, says of its language."""
    around = [element, *element.parents]
    return next((each["lang"] for each in around if each.get("lang")), None)


def entries(lang: str) -> dict[str, tuple[str, Tag]]:
    """Page and description of each symbol."""
    return {
        name["id"]: (page, name.find_parent("dl"))
        for page in API_PAGES
        for name in soup(lang, page).select("dl.py > dt[id]")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_symbol_has_an_entry_and_nothing_private_has(site, lang):
    wanted = {f"{m}.{name}" for m in [*MODULES, "ift6135_lib"] for name in public(m)}
    found = entries(lang)
    assert len(wanted) > 60
    assert wanted - found.keys() == set()
    assert [name for name in found if re.search(r"\._", name)] == []


def test_both_editions_describe_the_same(site):
    assert [*entries("en")] == [*entries("fr")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_but_an_alias_says_something(site, lang):
    texts = [entry.get_text() for _, entry in entries(lang).values()]
    assert not any(
        "Alias for field" in text or "See Optimizer" in text for text in texts
    )
    silent = [
        name
        for name, (_, entry) in entries(lang).items()
        if entry.get("class")[1] in ("class", "function", "method", "exception")
        and not entry.find("dd").get_text(strip=True)
    ]
    assert silent == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_section_shows_and_its_entry_lead_to_each_other(site, lang):
    book, described = lessons(ROOT), entries(lang)
    assert len(book.shown) >= 15
    where = {
        label: path.relative_to(ROOT).with_suffix("").as_posix()
        for path, page in book.pages.items()
        for label in (use.section for use in page.uses)
    }
    for name, label in book.shown.items():
        page, entry = described[name]
        link = entry.select_one(".api-section a")
        assert link["href"].endswith(f"{where[label]}.html#{label}"), name
        assert re.match(r"\d+(\.\d+)+, \w", link.get_text()), link
        back = soup(lang, where[label]).select(".api-link a")
        targets = [each["href"] for each in back]
        assert any(target.endswith(f"{page}.html#{name}") for target in targets), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_leads_somewhere(site, lang):
    roots = [root for root, _ in mapping(lang).values()]
    published = addresses(ROOT)
    source = f"https://github.com/{published.owner}/{published.repository}/blob/"
    count = 0
    for page in API_PAGES:
        here = SITE / lang / f"{page}.html"
        for link in soup(lang, page).select("a[href]"):
            target, _, anchor = link["href"].partition("#")
            if "://" in target:
                assert target.startswith((source, *roots)), target
                count += 1
                continue
            path = (here.parent / target).resolve() if target else here
            assert path.exists(), f"{page}: {link['href']}"
            if anchor:
                html = path.read_text("utf8")
                assert f'id="{anchor}"' in html, f"{page}: {link['href']}"
    assert count > 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fields_are_in_the_language_and_descriptions_say_theirs(site, lang):
    names = set()
    for page in API_PAGES:
        article = soup(lang, page)
        for field in article.select("dl.field-list > dt"):
            text = field.get_text()
            assert text.endswith(COLUMN[lang]), text
            names.add(text.removesuffix(COLUMN[lang]))
        said = article.select("dl.py dd > p:not(.api-section):not(.rubric)")
        said += article.select("dl.py dl.field-list > dd")
        assert said or page == "back/api"
        said += article.select("dl.py > dt[id]")
        assert lang == "en" or not [each for each in said if "«" in each.get_text()]
        marked = [each for each in said if _language(each) == "en"]
        assert marked == (said if lang == "fr" else []), page
    assert names <= FIELDS[lang] and len(names) >= 6


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signatures_fit_a_phone(visit, address, lang, scheme):
    tab = visit(url(address, lang, API_PAGES[0]), viewport=PHONE, color_scheme=scheme)
    for page in [*API_PAGES, "genindex"]:
        tab.goto(url(address, lang, page))
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_index_lists_the_symbols(site):
    for lang in LANGUAGES:
        html = (SITE / lang / "genindex.html").read_text("utf8")
        assert 'back/api/optim.html#ift6135_lib.optim.Adam"' in html
