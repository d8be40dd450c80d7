"""Axe finds nothing to mend, in any page, theme and width, its folds open."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bookbuild import LANGUAGES

from .conftest import CHAPTER_PAGES, DESKTOP, PAGES, PHONE

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
TAGS = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
# what a theme changes: in dark, asked of a sample, since two texts that look
# alike on like grounds have the same contrast
OF_COLOUR = ["color-contrast", "link-in-text-block"]
RUN = """async ([sampled, rules, tags]) => {
  for (const each of document.getAnimations()) each.cancel();
  const grounds = new Map([[null, ""]]);
  const ground = (e) => {
    if (!grounds.has(e)) {
      const s = getComputedStyle(e), behind = ground(e.parentElement);
      const plain = s.backgroundColor === "rgba(0, 0, 0, 0)" && s.opacity === "1"
        && s.backgroundImage === "none" && s.position === "static";
      grounds.set(e, plain ? behind : behind + [s.backgroundColor, s.backgroundImage,
        s.opacity, s.position].join());
    }
    return grounds.get(e);
  };
  const look = (e) => {
    const s = getComputedStyle(e);
    return [s.color, s.fill, s.fontSize, s.fontWeight, s.textShadow,
      s.textDecorationLine, e.closest("svg") !== null, ground(e)].join("|");
  };
  const texts = [...document.body.querySelectorAll("*")].filter((e) =>
    e.checkVisibility({ visibilityProperty: true }) && [...e.childNodes].some(
      (each) => each.nodeType === Node.TEXT_NODE && each.data.trim()));
  // of one letter, or half hidden, axe says nothing: the three longest of each look
  const alike = [...Map.groupBy(texts, look).values()].flatMap((each) => each
    .sort((a, b) => b.textContent.length - a.textContent.length).slice(0, 3));
  const { violations } = await axe.run(sampled ? alike : document,
    { runOnly: sampled ? rules : tags, resultTypes: ["violations"], preload: false });
  return violations.flatMap(({ id, impact, helpUrl, nodes }) => nodes.map((node) =>
    `${id} (${impact}): ${node.target.join(" ")}\\n    ${node.html.slice(0, 200)}\\n` +
    `    ${node.failureSummary.replaceAll("\\n", "\\n    ")}\\n    ${helpUrl}`));
}"""
EVERY_PAGE = [
    f"{lang}/{page}.html"
    for lang in LANGUAGES
    for page in [*PAGES, "search", "genindex"]
] + ["index.html", "404.html"]


@pytest.fixture
def tab(chromium: Browser):
    context = chromium.new_context(viewport=DESKTOP)
    # the front door opens by itself: here it stays shut
    context.route("**/choose-edition.js", lambda route: route.fulfill(body=""))
    yield context.new_page()
    context.close()


def open_folds(tab: Page) -> None:
    """Open every fold, as a reader would; what overflows becomes a stop of Tab."""
    tab.evaluate(
        "for (const each of document.querySelectorAll('details')) each.open = true"
    )
    tab.wait_for_timeout(400)  # the theme waits 300 ms for the last change of size


def violations(tab: Page) -> list[str]:
    """What axe finds at two widths, in two themes."""
    found = []
    for viewport in (DESKTOP, PHONE):
        tab.set_viewport_size(viewport)
        tab.wait_for_timeout(400)
        for theme in ("light", "dark"):
            tab.emulate_media(color_scheme=theme)
            tab.evaluate(
                "name => { document.documentElement.dataset.theme = name }", theme
            )
            where = f"{viewport['width']} px, {theme}"
            said = tab.evaluate(RUN, [theme == "dark", OF_COLOUR, TAGS])
            found += [f"{where}: {each}" for each in said]
    return found


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_axe_finds_nothing(tab, address, page):
    tab.goto(f"{address}/{page}")
    open_folds(tab)
    tab.evaluate(AXE.read_text("utf8"))
    found = violations(tab)
    assert not found, f"{page}:\n" + "\n".join(found)


@pytest.mark.parametrize("sampled", [False, True], ids=["all", "sample"])
@pytest.mark.parametrize(
    "fault", ["e.style.color = '#888'", "e.closest('pre').style.background = '#555'"]
)
def test_a_pale_word_of_code_is_found(tab, address, fault, sampled):
    """The negative control: among thousands of words that look alike."""
    found = with_fault(tab, address, fault, sampled)
    assert [each for each in found if each.startswith("color-contrast (")], found


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("e.innerHTML += '<img src=x>'", "image-alt"),
        ("e.innerHTML += '<a href=x></a>'", "link-name"),
    ],
)
def test_a_fault_of_another_kind_is_found(tab, address, fault, rule):
    found = with_fault(tab, address, fault, sampled=False)
    assert [each for each in found if each.startswith(f"{rule} (")], found


def with_fault(tab: Page, address: str, fault: str, sampled: bool) -> list[str]:
    """What axe says of a page, once a word of its code has a fault."""
    tab.goto(f"{address}/en/{CHAPTER_PAGES[1]}.html")
    open_folds(tab)
    tab.evaluate(AXE.read_text("utf8"))
    third = "document.querySelectorAll('main div.highlight pre')[2]"
    tab.evaluate(f"() => {{ const e = {third}.querySelector('span.nf'); {fault}; }}")
    return tab.evaluate(RUN, [sampled, OF_COLOUR, TAGS])
