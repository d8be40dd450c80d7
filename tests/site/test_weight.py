"""What a page costs: bytes, requests that hold up the paint, and movement after it."""

import gzip
import re

import pytest

from bookbuild import LANGUAGES

from .conftest import CHAPTER_PAGES, DESKTOP, PAGES, PHONE, url

KILOBYTE = 1_000
BARE, WHOLE = 600 * KILOBYTE, 1_500 * KILOBYTE  # compressed, without and with figures
PACKED = {".woff", ".woff2", ".png"}
FIGURES = re.compile(r'<div class="picture">.*?</figure>', re.DOTALL)
# the letters of figures, read only where a figure is
LETTERS = "DejaVuSans"
PLACES = """() => [...document.querySelectorAll(
  "article section[id], article figure, article .cell, article h2, article tr"
)].map((each) => {
  const box = each.getBoundingClientRect();
  return [each.id, Math.round(box.top), Math.round(box.height)];
})"""
LATE = re.compile(r"\.(js|woff2?)(\?|$)")


def compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_weight_and_blocking(look, site, lang, page):
    resources = look(lang, page).evaluate(
        """performance.getEntriesByType("resource").map((each) => [
          each.name, each.renderBlockingStatus, each.initiatorType])"""
    )
    blocking = [name for name, state, _ in resources if state == "blocking"]
    assert all(re.search(r"\.css(\?|$)", name) for name in blocking), blocking
    html = (site / lang / f"{page}.html").read_text("utf8")
    bare = compressed(FIGURES.sub("", html).encode())
    whole = compressed(html.encode())
    for name in {name for name, *_ in resources}:
        path = site / re.sub(r"^https?://[^/]+/|[?#].*$", "", name)
        body = path.read_bytes()
        weight = len(body) if path.suffix in PACKED else compressed(body)
        whole += weight
        bare += 0 if LETTERS in path.name or "_images" in path.parts else weight
    print(f"{lang}/{page}: {bare / 1000:.0f} kB, {whole / 1000:.0f} kB with figures")
    assert bare <= BARE
    assert whole <= WHOLE


@pytest.mark.parametrize("page", [*CHAPTER_PAGES, "back/glossary"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_moves_when_scripts_and_letters_arrive(chromium, address, lang, page):
    """Each element stands where it stood before any script or font had come."""
    places = []
    for late in (LATE, re.compile("no such file")):
        context = chromium.new_context(viewport=DESKTOP)
        tab = context.new_page()
        tab.route(late, lambda route: route.abort())
        tab.goto(url(address, lang, page), wait_until="networkidle")
        places.append([])
        for viewport in (DESKTOP, PHONE):
            tab.set_viewport_size(viewport)
            tab.wait_for_timeout(100)
            places[-1] += tab.evaluate(PLACES)
        context.close()
    before, after = places
    assert len(before) == len(after) > 2
    moved = [pair for pair in zip(*places, strict=True) if pair[0] != pair[1]]
    assert not moved, moved[:3]


def test_a_page_that_moves_would_be_seen(chromium, address):
    """The negative control: a script that adds a line above a figure."""
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto(url(address, "en", "index"))
    before = tab.evaluate(PLACES)
    tab.evaluate(
        """() => {
          const late = document.createElement("div");
          late.style.height = "20px";
          document.querySelector("article").prepend(late);
        }"""
    )
    assert tab.evaluate(PLACES) != before
    context.close()
