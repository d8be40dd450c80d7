"""What is seen is also said: drawings, formulas, foreign words, titles."""

import html
import re

import pytest

from bookbuild import LANGUAGES
from bookbuild.terms import read_terms
from ift6135_lib.plot import STYLE

from .conftest import PAGES, url

FOREIGN = {"en": {"fr", "de"}, "fr": {"en", "de"}}
WORDS = {  # of which a sentence of the language has at least one
    "en": {"the", "a", "an", "of", "in", "to", "and", "with", "is", "are", "on"},
    "fr": {"le", "la", "les", "un", "une", "des", "de", "du", "et", "avec", "est"},
}
PICTURES = "main :is(figure svg, img, [role=img])"
RATIO = """(colours) => {
  const paint = document.createElement("canvas").getContext("2d");
  const light = (colour) => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  };
  const [a, b] = colours.map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
INKS = """(theme) => {
  document.documentElement.dataset.theme = theme;
  for (const each of document.getAnimations()) each.cancel();
  const contrast = RATIO;
  const page = getComputedStyle(document.body).backgroundColor;
  const found = [];
  for (const text of document.querySelectorAll(".picture svg text")) {
    const s = getComputedStyle(text);
    const value = contrast([s.fill, page]);
    if (value < 4.5) found.push(
      `${text.textContent.trim()}: ${s.fill} on ${page}, ${value.toFixed(2)} < 4.5`);
  }
  return found;
}""".replace("RATIO", RATIO)

# a mark shows by its stroke or by its fill, each over the page's colour; the grid, in
# the page's own ink and hardly there, decorates
STROKES = """([theme, grid]) => {
  document.documentElement.dataset.theme = theme;
  for (const each of document.getAnimations()) each.cancel();
  const contrast = RATIO;
  const page = getComputedStyle(document.body).backgroundColor;
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = (colour, opacity) => {
    const [back, front] = [parts(page), parts(colour)];
    const alpha = opacity * (front[3] ?? 1);
    const mixed = [0, 1, 2].map((k) => front[k] * alpha + back[k] * (1 - alpha));
    return `rgb(${mixed.map(Math.round).join(" ")})`;
  };
  const opacity = (e) => {
    let whole = 1;
    for (; e.tagName !== "svg"; e = e.parentElement) {
      whole *= getComputedStyle(e).opacity;
    }
    return whole;
  };
  const wrong = {};
  let seen = 0;
  const drawn = ".picture svg :is(path, use, line, polyline, polygon, circle, rect)";
  for (const e of document.querySelectorAll(drawn)) {
    if (e.closest("defs, clipPath")) continue;
    const s = getComputedStyle(e);
    const ink = getComputedStyle(e.closest(".picture")).color;
    if (s.stroke === ink && Number(s.strokeOpacity) === grid) continue;
    const inks = [[s.stroke, s.strokeOpacity], [s.fill, s.fillOpacity]]
      .filter(([colour]) => colour.startsWith("rgb"))
      .map(([colour, alpha]) => over(colour, alpha * opacity(e)));
    if (!inks.length) continue;
    seen += 1;
    const best = Math.max(...inks.map((ink) => contrast([ink, page])));
    if (best < 3) wrong[`${inks.join(", ")} on ${page}: ${best.toFixed(2)} < 3`] =
      e.closest("figure")?.id;
  }
  return [seen, wrong];
}""".replace("RATIO", RATIO)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pictures_are_described(look, lang, page):
    tab = look(lang, page)
    seen = {}
    for picture in tab.query_selector_all(PICTURES):
        said = picture.evaluate(
            "(e) => e.getAttribute('alt') ?? e.getAttribute('aria-label')"
        )
        where = picture.evaluate("e => e.closest('figure')?.id || e.outerHTML")[:99]
        caption = picture.evaluate(
            "e => e.closest('figure')?.querySelector('figcaption')?.innerText || ''"
        )
        assert said and len(words(said)) >= 6, f"{where}: too short: {said!r}"
        assert not re.search(r"\.(svg|png|jpe?g|gif)\b", said), f"{where}: a file name"
        assert words(said) != words(caption), f"{where}: repeats its caption"
        assert WORDS[lang] & set(words(said)), f"{where}: not in {lang}: {said!r}"
        assert said not in seen, f"{where}: the same text as {seen[said]}"
        seen[said] = where


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_formulas_are_said(look, lang, page):
    """Hidden as drawn, there as MathML, a stop of Tab only where it overflows."""
    wrong = look(lang, page).evaluate(
        """() => [...document.querySelectorAll("mjx-container")].filter((e) =>
        e.querySelectorAll(":scope > mjx-math[aria-hidden=true]").length !== 1
        || !e.querySelector("mjx-assistive-mml > math *")
        || e.querySelector("[tabindex]")
        || (e.tabIndex >= 0 && e.scrollWidth <= e.clientWidth)
        ).map((e) => e.textContent.slice(0, 80))"""
    )
    assert not wrong


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_of_drawings_stands_out(look, lang, page):
    for theme in ("dark", "light"):
        found = look(lang, page).evaluate(INKS, theme)
        assert not found, theme + "\n".join(found)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_of_drawings_stand_out(visit, address, page, theme):
    """WCAG 1.4.11, in one edition: both have the same lines."""
    tab = visit(url(address, "en", page), color_scheme=theme)
    seen, wrong = tab.evaluate(STROKES, [theme, STYLE["grid.alpha"]])
    assert not wrong
    assert seen > 20 or not tab.query_selector(".picture svg")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_foreign_terms_say_their_language(site, lang):
    page = (site / lang / "back" / "glossary.html").read_text("utf8")
    other = "fr" if lang == "en" else "en"
    marked = len(re.findall(rf'<td[^>]*lang="{other}"', page))
    assert marked >= len(read_terms(site.parents[1]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_foreign_titles_say_their_language(site, lang):
    page = (site / lang / "back" / "bibliography.html").read_text("utf8")
    titles = {
        html.unescape(re.sub("<.*?>", "", text)): spoken
        for spoken, text in re.findall(r'<span lang="(\w+)">(.*?)</span>', page)
    }
    assert set(titles.values()) == FOREIGN[lang]
    german = next(title for title in titles if title.startswith("Evolutionsstrategie"))
    assert titles[german] == "de"
    english = [title for title in titles if title.startswith("Dissecting Adam")]
    assert bool(english) == (lang == "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_are_distinct(site, lang):
    pages = [*PAGES, "search", "genindex"]
    read_page = [(site / lang / f"{page}.html").read_text("utf8") for page in pages]
    titles = [
        re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1].strip()
        for text in read_page
    ]
    assert all(titles) and len(set(titles)) == len(pages)
