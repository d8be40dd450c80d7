"""Every page works from the keyboard, and at 320 px, as when enlarged four times."""

import pytest
from playwright.sync_api import TimeoutError

from bookbuild import LANGUAGES

from .conftest import CHAPTER_PAGES, DESKTOP, PAGES, PHONE, url

# Where Tab stops, whether that shows, and what hides it. An outline, a shadow, a border
# or a background must differ from what the same element has without focus.
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  window.stops = window.stops || [];
  const turn = window.stops.indexOf(e);
  if (turn >= 0) return { turn };  // at a player's next button, or round again
  window.stops.push(e);
  e.scrollIntoViewIfNeeded?.();
  const look = (each) => {
    const s = getComputedStyle(each);
    const outline = s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0
      ? "none" : s.outline;
    return [outline, s.boxShadow, s.borderColor, s.backgroundColor].join("|");
  };
  for (const each of document.getAnimations()) each.finish?.();
  const own = e.getBoundingClientRect();
  const box = own.width * own.height ? own
    : e.firstElementChild.getBoundingClientRect();
  const focused = look(e);
  e.blur();
  for (const each of document.getAnimations()) each.finish?.();
  const plain = look(e);
  e.focus({ preventScroll: true, focusVisible: true });
  for (const each of document.getAnimations()) each.finish?.();
  const again = look(e);
  const header = document.querySelector(".bd-header-article");
  const within = header && !header.contains(e) && document.querySelector("main")
    && document.querySelector("main").contains(e);
  const bar = header ? header.getBoundingClientRect().bottom : 0;
  return { html: e.outerHTML.slice(0, 160), turn,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    hidden: Boolean(within) && box.bottom <= bar,
    visible: focused !== plain || again !== plain };
}"""
LIMIT = 600
NARROW = {"width": 320, "height": 640}
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important;
    letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""


FITS = "width => document.documentElement.scrollWidth <= width"


def stops(tab) -> list[dict]:
    """Where Tab goes, from the top of the page until it leaves it or comes back."""
    found = []
    for _ in range(LIMIT):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(STOP)
        if stop is None or 0 <= stop["turn"] < len(found) - 1:
            return found
        if stop["turn"] < 0:
            found.append(stop)
    raise AssertionError(f"Tab still moves after {LIMIT} stops: {found[-1]['html']}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_tab_goes_through_the_page(visit, address, lang, page):
    tab = visit(url(address, lang, page))
    found = stops(tab)
    assert "#main-content" in found[0]["html"], f"not the skip link: {found[0]['html']}"
    assert not [stop["html"] for stop in found if not stop["visible"]], "focus unseen"
    assert not [stop["html"] for stop in found if stop["hidden"]], "under the header"
    assert not [stop["html"] for stop in found if not stop["seen"]], "out of sight"
    reachable = tab.evaluate(
        """() => {
        const seen = (e) => e.checkVisibility({ visibilityProperty: true })
          && !e.closest("[inert], dialog:not([open])");
        const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
        return [...document.querySelectorAll(all)]
          .filter((e) => seen(e) && e.tabIndex >= 0 && !e.disabled
            && !window.stops.includes(e)).map((e) => e.outerHTML.slice(0, 160));
        }"""
    )
    assert not reachable, "Tab passes over"
    assert not tab.locator(
        "[tabindex]:not([tabindex='0']):not([tabindex='-1'])"
    ).count()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_reflow(visit, address, lang, page):
    """On a desktop, a phone, at 1280 px enlarged to 400 %, all folds open.

    Then with text spaced out as WCAG 1.4.12 has it.
    """
    tab = visit(url(address, lang, page), viewport=NARROW)
    for spaced in (False, True):
        if spaced:
            tab.evaluate(SPACED)
        for viewport in (NARROW, PHONE, DESKTOP):
            tab.set_viewport_size(viewport)
            for folds in ("false", "true"):
                tab.evaluate(
                    "for (const each of document.querySelectorAll('details'))"
                    f"  each.open = {folds}"
                )
                try:  # the formulas take a moment to find their place
                    tab.wait_for_function(FITS, arg=viewport["width"], timeout=2000)
                except TimeoutError:
                    width = tab.evaluate("document.documentElement.scrollWidth")
                    pytest.fail(f"{width} px in {viewport}: {spaced=}, {folds=}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fold_opens_and_closes(visit, address, lang):
    page = next(page for page in CHAPTER_PAGES if page.endswith("momentum"))
    tab = visit(url(address, lang, page))
    fold = tab.locator("main details").first
    for key in ("Enter", "Space"):
        before = fold.evaluate("e => e.open")
        fold.locator("summary").first.press(key)
        assert fold.evaluate("e => e.open") != before, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_drawer_of_a_phone_opens_and_closes(visit, address, lang):
    tab = visit(url(address, lang, CHAPTER_PAGES[1]), viewport=PHONE)
    button = tab.locator("button.primary-toggle").first
    button.press("Enter")
    drawer = tab.locator("dialog#pst-primary-sidebar-modal")
    assert drawer.evaluate("e => e.open")
    assert drawer.evaluate("e => e.contains(document.activeElement)")
    tab.keyboard.press("Escape")
    tab.wait_for_function("e => !e.open", arg=drawer.element_handle())
    assert button.evaluate("e => e === document.activeElement")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_play_button_plays_and_stops(visit, address, lang):
    page = next(page for page in CHAPTER_PAGES if page.endswith("in-practice"))
    tab = visit(url(address, lang, page))
    button = tab.locator(".slider-play").first
    idle = button.get_attribute("aria-label")
    button.press("Enter")
    assert button.get_attribute("aria-label") != idle
    button.press("Space")
    assert button.get_attribute("aria-label") == idle


def test_nothing_moves_for_those_who_ask(visit, address):
    """Neither scrolling nor a transition; sliders move only when told to."""
    tab = visit(url(address, "en", CHAPTER_PAGES[1]), reduced_motion="reduce")
    slow = tab.evaluate(
        """() => [...document.querySelectorAll("*")].filter((e) => {
        const s = getComputedStyle(e);
        const long = (times) => times.split(",").some((t) => parseFloat(t) > 0.01);
        return s.scrollBehavior === "smooth" || long(s.transitionDuration)
          || (s.animationName !== "none" && long(s.animationDuration));
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert not slow
