"""What a page costs: bytes, requests that hold up the paint, and movement after it."""

import gzip
import re

import pytest

from bookbuild import LANGUAGES

from .conftest import DESKTOP, PAGES, PHONE, url

KILOBYTE = 1_000
BARE, WHOLE = 600 * KILOBYTE, 1_500 * KILOBYTE  # compressed, without and with figures
SLIDER = 300 * KILOBYTE
PACKED = {".woff", ".woff2", ".png"}
FIGURES = re.compile(r'<div class="picture">.*?</figure>', re.DOTALL)
SLIDERS = re.compile(r"<div[^>]* data-slider=.*?</script>", re.DOTALL)
# the letters of figures, read only where a figure is
LETTERS = "DejaVuSans"
# once the page is read: while it is, a table may widen with the rows that arrive
SHIFTS = """new PerformanceObserver((list) => {
  const read = () => performance.getEntriesByType("navigation")[0].domInteractive;
  for (const shift of list.getEntries())
    if (!shift.hadRecentInput && read() && shift.startTime > read())
      window.shifted = (window.shifted || 0) + shift.value;
}).observe({type: "layout-shift", buffered: true})"""
STILL = 0.001  # what Lighthouse prints as 0


def compressed(body: bytes) -> int:
    return len(gzip.compress(body, 6))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_weight_blocking_and_shift(visit, address, site, lang, page):
    """One visit answers the three: the page, scrolled to its end."""
    for viewport in (DESKTOP, PHONE):
        tab = visit(url(address, lang, page), viewport=viewport, init=SHIFTS)
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("window.shifted || 0") < STILL
    resources = tab.evaluate(
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_slider_is_light(site, lang):
    sizes = [
        len(slider.encode())
        for page in PAGES
        for slider in SLIDERS.findall((site / lang / f"{page}.html").read_text("utf8"))
    ]
    assert len(sizes) >= 4
    assert max(sizes) <= SLIDER


def test_a_page_that_moves_would_be_seen(visit, address):
    """The negative control of the shift."""
    tab = visit(url(address, "en", "index"), init=SHIFTS)
    tab.evaluate(
        """() => {
          const late = document.createElement("div");
          late.style.height = "200px";
          document.querySelector("article").prepend(late);
        }"""
    )
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.shifted") > STILL
