"""The search finds what a reader types, in each language, served or from the disk."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

import pytest

from bookbuild import LANGUAGES
from bookbuild.search import English, French, fold

from .conftest import CHAPTER_PAGES, PHONE, url

LANGUAGE = {"en": English({}), "fr": French({})}
CHAPTER = "chapters/04-optimization"
# what a reader types, and a result that must be among the first ones
QUERIES = {
    "en": [
        ("saddle points", f"{CHAPTER}/landscape#sec-"),
        ("networks", f"{CHAPTER}/landscape#sec-"),
        ("Network", f"{CHAPTER}/landscape#sec-"),
        ("Adam", f"{CHAPTER}/adam#sec-adam"),
        ("AdamW.update", f"{CHAPTER}/adam#sec-adamw"),
        ("adamw", f"{CHAPTER}/adam#sec-adamw"),
        ("corrections", f"{CHAPTER}/adam#sec-bias-correction"),
        ("nesterov's", f"{CHAPTER}/momentum#sec-"),
        ("Nesterov’s momentum", f"{CHAPTER}/momentum"),
        ("mini-batches", f"{CHAPTER}/gradient-descent#sec-"),
        ("learning-rate schedule", f"{CHAPTER}/in-practice#"),
        ("generalisation", "back/glossary#term-generalization"),
        ("corrected_moments", f"{CHAPTER}/adam#ex-adam-moments"),
        ("first moments exercise", f"{CHAPTER}/adam#"),
        ("dropout", "back/glossary#term-dropout"),
        ("Rosenbrock", f"{CHAPTER}/landscape#sec-"),
    ],
    "fr": [
        ("reseaux", f"{CHAPTER}/landscape#sec-"),
        ("réseaux", f"{CHAPTER}/landscape#sec-"),
        ("RÉSEAU", f"{CHAPTER}/landscape#sec-"),
        ("generalisation", "back/glossary#term-"),
        ("généralisation", "back/glossary#term-"),
        ("l’optimiseur", f"{CHAPTER}/in-practice#sec-"),
        ("l'optimiseur", f"{CHAPTER}/in-practice#sec-"),
        ("optimiseur", f"{CHAPTER}/in-practice#sec-"),
        ("Adam", f"{CHAPTER}/adam#sec-adam"),
        ("AdamW.update", f"{CHAPTER}/adam#sec-adamw"),
        ("moments corriges", f"{CHAPTER}/adam#ex-adam-moments"),
        ("decroissance des poids", f"{CHAPTER}/adam#sec-adamw"),
        ("points-selles", f"{CHAPTER}/landscape#sec-"),
        ("descente de gradient", f"{CHAPTER}/gradient-descent"),
        ("abandon", "back/glossary#term-dropout"),
        ("taux d'apprentissage", f"{CHAPTER}/in-practice#sec-"),
        ("vallée de Rosenbrock", f"{CHAPTER}/landscape#sec-"),
    ],
}
FIRST = 6
LESSONS = {  # the same in both languages
    "convolution": "chapters/07-convnets/convolution",
    "temperature": "chapters/09-transformers/gpt#sec-softmax-temperature",
    "BERT": "chapters/09-transformers/bert",
}


def index(site, lang: str) -> dict:
    script = (site / lang / "searchindex.js").read_text("utf8")
    return json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))


def search(tab, query: str) -> list[str]:
    """The results of a query, from the site's root."""
    tab.evaluate("query => Search.query(query)", query)
    links = tab.locator("#search-results a").evaluate_all(
        "links => links.map((link) => link.href)"
    )
    return [re.sub(r"^.*/(?:en|fr)/(.*)\.html", r"\1", link) for link in links]


@pytest.fixture(params=["http", "file"])
def base(request, address, site):
    return address if request.param == "http" else site


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lesson_comes_before_what_mentions_its_subject(visit, address, lang):
    """One of its title's words counts for more than the same word among others."""
    tab = visit(url(address, lang, "search"))
    first = {query: search(tab, query)[0] for query in LESSONS}
    assert first == LESSONS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_queries_find_their_sections(visit, base, lang):
    tab = visit(url(base, lang, "search"))
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    missing = {}
    for query, expected in QUERIES[lang]:
        found = search(tab, query)[:FIRST]
        if not any(result.startswith(expected) for result in found):
            missing[query] = found
    assert missing == {}
    asked = [each for each in asked if not each.endswith("/favicon.svg")]
    assert asked == [], "a search needs nothing more than the page"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_result_has_its_place(visit, site, lang):
    """Each entry's address exists: the page, and on it the anchor."""
    for name in index(site, lang)["docnames"]:
        page, _, anchor = name.partition("#")
        html = (site / lang / f"{page}.html").read_text("utf8")
        assert not anchor or f'id="{anchor}"' in html, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_results_show_number_title_and_words(visit, base, lang):
    tab = visit(f"{url(base, lang, 'search')}?q=correction")
    first = tab.locator("#search-results li").first
    assert first.locator(".number").inner_text() == "4.5.2"
    assert first.locator("a mark").first.inner_text().lower() == "correction"
    assert first.locator(".where").inner_text().startswith("4.5 Adam")
    assert first.locator(".context mark").count() > 0
    first.locator("a").click()
    tab.wait_for_url(re.compile(r"/adam\.html#sec-bias-correction$"))
    top = tab.evaluate(
        "document.getElementById('sec-bias-correction').getBoundingClientRect().top"
    )
    assert -50 < top < 400


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_come_first(visit, address, lang):
    tab = visit(url(address, lang, "search"))
    search(tab, "Adam")
    titled = tab.locator("#search-results li").evaluate_all(
        "items => items.map((item) => item.querySelector('a mark') !== null)"
    )
    assert {*titled} == {True, False}
    assert titled == sorted(titled, reverse=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reader_is_told(visit, base, lang):
    """The count is announced; nothing found, or nothing asked, comes with advice."""
    tab = visit(url(base, lang, "search"))
    status, advice = tab.locator("#search-status"), tab.locator("#search-advice")
    assert status.get_attribute("aria-live") == "polite"
    asked = status.inner_text()
    assert asked.endswith("?") and advice.is_visible()
    assert tab.evaluate("document.activeElement.name") == "q"
    count = len(search(tab, "AMSGrad"))
    assert count and status.inner_text().startswith(f"{count} ")
    assert not advice.is_visible()
    assert search(tab, "xyzzy") == []
    assert "xyzzy" in status.inner_text() and advice.is_visible()
    assert search(tab, {"en": "the", "fr": "le"}[lang]) == []
    some = search(tab, "Nesterov xyzzy")
    assert any("momentum" in result for result in some)
    assert str(len(some)) in status.inner_text()


def test_a_long_list_is_shown_by_parts(visit, address):
    tab = visit(f"{url(address, 'en', 'search')}?q=gradient")
    count = int(tab.locator("#search-status").inner_text().split()[0])
    assert count > 20 and tab.locator("#search-results li").count() == 20
    tab.locator("#search-more").focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#search-results li").count() == min(40, count)
    focused = tab.evaluate("document.activeElement.closest('li') !== null")
    assert focused, "the keyboard goes on from the first of the new results"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_any_page_with_the_keyboard(visit, base, lang):
    tab = visit(url(base, lang, CHAPTER_PAGES[1]))
    tab.keyboard.press("Control+k")
    tab.keyboard.type("AMSGrad")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(rf"/{lang}/search\.html\?q=AMSGrad$"))
    tab.wait_for_selector("#search-results li")
    first = tab.locator("#search-results a").first
    assert first.get_attribute("href").endswith("adam.html#sec-amsgrad")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_phone(visit, address, lang):
    tab = visit(
        f"{url(address, lang, 'search')}?q=gradient",
        viewport=PHONE,
        color_scheme="dark",
    )
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_only_the_search_page_loads_the_index(site):
    loads = re.compile(r"<script[^>]*(?:searchindex|searchtools|language_data)\.js")
    for lang in LANGUAGES:
        for path in (site / lang).rglob("*.html"):
            expected = 3 if path.name == "search.html" else 0
            assert len(loads.findall(path.read_text("utf8"))) == expected, path


def words(site, lang: str) -> Iterator[str]:
    """Every word that the book's entries show."""
    for entry in index(site, lang)["entries"]:
        yield from re.findall(r"[^\W_]+", f"{entry['title']} {entry.get('text', '')}")


STEMS = """words => {
  const stemmer = new Stemmer();
  return words.map((word) => [fold(word), stemmer.stemWord(word)]);
}"""
LOST = """words => {
  const { terms, titleterms } = Search._index;
  return words.filter((word) => {
    const [, wanted] = Search._parseQuery(word);
    return [...wanted].some(
      (term) => !Object.hasOwn(terms, term) && !Object.hasOwn(titleterms, term)
    );
  });
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_browser_and_the_index_agree_on_every_word(visit, address, site, lang):
    """The same folding and stems on both sides; each word finds itself, unaccented."""
    said = sorted({*words(site, lang), "Cœur", "naïveté", "L’Hôpital", "ΑΔΑΜ", "ﬁn"})
    assert len(said) > 1500
    tab = visit(url(address, lang, "search"))
    stems = tab.evaluate(STEMS, said)
    ours = [[fold(word), LANGUAGE[lang].stem(word)] for word in said]
    differ = [
        pair for pair in zip(said, stems, ours, strict=True) if pair[1] != pair[2]
    ]
    assert differ == [], "the browser has another Snowball: see pyproject.toml"
    book = sorted({*words(site, lang)})
    assert tab.evaluate(LOST, book) == []
    assert tab.evaluate(LOST, [fold(word) for word in book]) == []


SPLITS = [
    "l’optimiseur d'Adam, jusqu’à l'œil",
    "Newton’s method doesn't, it's",
    "taux-d’apprentissage mini‑lots weight_decay AdamW.update",
    "le pas de la descente, même été",
    "  «\u00a0cœur\u00a0» — naïf! cafe\u0301",
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_browser_splits_as_the_index_does(visit, address, lang):
    """But for compounds, which the index also has in one word."""
    tab = visit(url(address, lang, "search"))
    for text in SPLITS:
        ours = [word for word in LANGUAGE[lang].words(text) if word in text_words(text)]
        assert tab.evaluate("text => splitQuery(text)", text) == ours


def text_words(text: str) -> set[str]:
    return {*re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))}


def test_words_that_every_object_has(visit, address):
    tab = visit(url(address, "en", "search"))
    for query in ("constructor", "hasOwnProperty", "__proto__", "toString"):
        search(tab, query)
        assert query in tab.locator("#search-status").inner_text()
