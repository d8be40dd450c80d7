"""Axe finds nothing to mend, in any page, theme and width, its folds open."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bookbuild import LANGUAGES

from .conftest import DESKTOP, PAGES, PHONE

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
TAGS = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that a theme changes
RUN = """async (runOnly) => {
  for (const each of document.getAnimations()) each.cancel();
  const options = { runOnly, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(document, options);
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
            rules = {"type": "tag", "values": TAGS}
            if theme == "dark":
                rules = {"type": "rule", "values": OF_COLOUR}
            where = f"{viewport['width']} px, {theme}"
            found += [f"{where}: {each}" for each in tab.evaluate(RUN, rules)]
    return found


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_axe_finds_nothing(tab, address, page):
    tab.goto(f"{address}/{page}")
    open_folds(tab)
    tab.evaluate(AXE.read_text("utf8"))
    found = violations(tab)
    assert not found, f"{page}:\n" + "\n".join(found)
