"""A page that a reader prints: all it says, whole, and nothing of the screen's."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup

from bookbuild import LANGUAGES
from tests.letters import Letter, letters, squashed, text_of

from .conftest import DESKTOP, url

PAGES = [
    "chapters/04-optimization/momentum",
    "chapters/04-optimization/in-practice",
    "back/glossary",
    "back/api/data",
]
PLACES = [(lang, page) for lang in LANGUAGES for page in PAGES]
INCH = 72  # points
WIDTH, HEIGHT, MARGIN = 8.5 * INCH, 11 * INCH, 0.75 * INCH
TOLERANCE = 2
# what the theme puts around the text, on the screen or on paper
AROUND = """() => [...document.querySelectorAll(
  "a, button, label, summary, h1, h2, h3, p, .nav-link")]
  .filter((each) => !each.closest("article, template"))
  .map((each) => each.textContent)"""
HANDS = """() => [...document.querySelectorAll(
  "button, input, select, summary .fold-chevron, .headerlink, .viewcode-link")]
  .filter((each) => each.checkVisibility() && each.getClientRects().length)
  .map((each) => each.outerHTML)"""


class Printed(NamedTuple):
    """A page on paper, and what it was made of."""

    article: BeautifulSoup  # before any script ran
    letters: list[Letter]
    text: str
    around: list[str]
    hands: list[str]


@pytest.fixture(scope="module", params=PLACES, ids="-".join)
def printed(request, chromium, site, tmp_path_factory) -> Printed:
    lang, page = request.param
    path = tmp_path_factory.mktemp("printed") / "page.pdf"
    tab = chromium.new_page(viewport=DESKTOP)
    tab.goto(url(site, lang, page))
    around = tab.evaluate(AROUND)
    tab.pdf(path=path, format="Letter")
    tab.emulate_media(media="print")
    hands = tab.evaluate(HANDS)
    tab.close()
    html = (site / lang / f"{page}.html").read_text("utf8")
    article = BeautifulSoup(html, "html.parser").select_one("article.bd-article")
    return Printed(article, list(letters(path)), text_of(path), around, hands)


def test_no_letter_is_outside_the_margins(printed):
    assert len(printed.letters) > 1000
    low, high = MARGIN - TOLERANCE, MARGIN + TOLERANCE
    assert [
        each
        for each in printed.letters
        if each.left < low
        or each.right > WIDTH - low
        or each.bottom < low
        or each.top > HEIGHT - low
    ] == []
    assert min(each.left for each in printed.letters) < high


def test_it_opens_with_its_title(printed):
    title = printed.article.h1.get_text().removesuffix("#")
    assert printed.text.startswith(squashed(title))


def test_nothing_around_the_text_is_printed(printed):
    said = squashed(printed.article.get_text())
    around = {squashed(each) for each in printed.around}
    around = {each for each in around if len(each) > 6 and each not in said}
    assert len(around) > 10
    assert {each for each in around if each in printed.text} == set()
    assert printed.hands == []


def test_each_line_of_code_is_whole(printed):
    lines = {
        squashed(line)
        for block in printed.article.find_all("pre")
        for line in block.get_text().split("\n")
    }
    assert {line for line in lines if line not in printed.text} == set()


def test_what_is_folded_is_printed(printed):
    folded = {
        squashed(each.get_text())
        for each in printed.article.select("details.admonition p")
        if not each.select("mjx-container, code, .collapsed, .expanded")
    }
    assert {each for each in folded if each not in printed.text} == set()


def test_a_slider_shows_its_first_position(printed):
    for slider in printed.article.select("[data-slider]"):
        figure = slider.find_parent("figure")
        said = [
            *figure.select(".slider-sentence"),
            *slider.select("svg text"),
        ]
        wanted = {squashed(each.get_text()) for each in said}
        assert len(wanted) > 3
        assert {each for each in wanted if each not in printed.text} == set()


def test_each_equation_has_its_number_once_at_the_right(printed):
    found = printed.article.select(".eqno")
    numbers = [each.get_text().removesuffix("#") for each in found]
    edge = WIDTH - MARGIN - 45
    at_right = "".join(each.letter for each in printed.letters if each.left > edge)
    assert [number for number in numbers if at_right.count(number) != 1] == []


def test_the_glossary_s_columns_are_named_on_each_page(printed):
    table = printed.article.select_one("table.lexicon")
    if table is None:
        return
    head = squashed(table.thead.get_text())
    pages = {each.page for each in printed.letters}
    assert printed.text.count(head) == len(pages) > 5
