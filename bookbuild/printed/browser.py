"""Prints a document with Chromium: formulas named and whole, pages numbered."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from bookbuild.environment import EnvironmentProblem

WIDTH = 700  # CSS pixels, more than the 6.4 inches that book.css gives a page
HEIGHT = 854
FLAGS = [
    "--font-render-hinting=none",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]
PATIENCE = 600_000  # ms; a busy machine lays a hundred pages out in minutes
ROUNDS = 4  # of printing, until the numbers of the pages no longer move pages

# A PDF has no MathML: what it said becomes the formula's alternative text.
NAME = """async () => {
  for (const formula of document.querySelectorAll("mjx-container")) {
    const written = formula.querySelector("mjx-assistive-mml");
    const said = written.textContent.replace(/\\s+/g, " ").trim();
    formula.setAttribute("aria-label", said);
    formula.setAttribute("role", "img");
    written.remove();
    formula.querySelector("mjx-math").removeAttribute("aria-hidden");
  }
  await document.fonts.ready;
}"""
# MathJax draws a tall bar as a glyph five hundred times as high, and shows part of it.
# No reader of PDFs draws such a glyph: it is made as high as its bar, for book.css.
STRETCH = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  for (const bar of document.querySelectorAll("mjx-stretchy-v > mjx-ext")) {
    const style = getComputedStyle(bar.firstElementChild, "::before");
    pen.font = `100px ${style.fontFamily}`;
    const ink = pen.measureText(style.content.slice(1, -1));
    const [above, below] = [ink.actualBoundingBoxAscent, ink.actualBoundingBoxDescent];
    const em = parseFloat(style.fontSize);
    bar.style.setProperty("--above", `${above / 100}em`);
    bar.style.setProperty("--below", `${below / 100}em`);
    const height = bar.clientHeight + 0.08 * em;  // over its neighbours' edges
    bar.style.setProperty("--times", height / (em * (above + below) / 100));
  }
}"""
# A formula wider than its place is made smaller: on paper nobody can scroll.
FIT = """() => {
  const wide = [];
  for (const formula of document.querySelectorAll("mjx-container")) {
    const body = formula.querySelector("mjx-math");
    const block = formula.parentElement.closest("div, p, li, td, th, dd, aside");
    const room = formula.hasAttribute("display")
      ? formula.clientWidth : block.clientWidth;
    const width = body ? body.getBoundingClientRect().width : 0;
    if (room && width > room) {
      formula.style.fontSize = `${Math.floor(100 * room / width) - 1}%`;
      wide.push([formula.getAttribute("aria-label"), room / width]);
    }
  }
  return wide;
}"""
# Keep the divisions of words that are at the end of a line: a search in the PDF would
# not find a word with the others in it.
TRIM = """() => {
  const range = document.createRange();
  const top = (text, at) => {
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return [...range.getClientRects()].at(-1)?.top ?? 0;  // the first is the hyphen's
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const kept = [];
  for (let text; (text = walker.nextNode());) {
    const said = text.data;
    if (!said.includes("\\u00ad")) continue;
    kept.push([text, [...said].filter((letter, at) =>
      letter !== "\\u00ad" || top(text, at - 1) < top(text, at + 1) - 2).join("")]);
  }
  for (const [text, said] of kept) text.data = said;
}"""
NUMBER = """pages => {
  for (const place of document.querySelectorAll("[data-page-of]"))
    place.textContent = pages[place.dataset.pageOf] ?? "";
}"""


class PrintError(RuntimeError):
    """The browser did not print the book as it should."""


def launch(playwright, program: str) -> Browser:
    """Start the browser.

    Raises:
        EnvironmentProblem: it does not start.
    """
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, *(["--no-sandbox"] if as_root else [])]
    try:
        return playwright.chromium.launch(executable_path=program, args=flags)
    except Exception as problem:
        first = str(problem).split("\n")[0]
        raise EnvironmentProblem(
            f"{program} does not start ({first}). Set CHROMIUM to the path of a "
            "Chromium or Chrome that does"
        ) from problem


def print_document(path: Path, program: str, say: Callable[[str], None]) -> bytes:
    """The PDF of an HTML document, with the numbers of its pages filled in.

    Args:
        path: the document.
        program: the browser.
        say: told how far it is.

    Raises:
        EnvironmentProblem: the browser does not start.
        PrintError: the document has a mistake, or its pages do not settle.
    """
    with sync_playwright() as playwright:
        browser = launch(playwright, program)
        try:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT},
                color_scheme="light",
                offline=True,
            )
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("requestfailed", lambda request: errors.append(request.url))
            page.goto(path.as_uri())
            page.emulate_media(media="print")
            page.evaluate(NAME)
            page.evaluate(STRETCH)
            for label, ratio in page.evaluate(FIT):
                if ratio < 0.6:
                    say(f"a formula is printed at {ratio:.0%}: {label}")
            page.evaluate(TRIM)
            if errors:
                raise PrintError(f"the document does not load: {errors}")
            return _settle(page, say)
        finally:
            browser.close()


def _settle(page: Page, say: Callable[[str], None]) -> bytes:
    """Print, read where each place went, fill in the numbers; until they hold."""
    before: dict[str, int] = {}
    for _ in range(ROUNDS):
        say("printing" if not before else "printing with page numbers")
        printed = page.pdf(
            prefer_css_page_size=True, print_background=True, tagged=True
        )
        pages = page_numbers(PdfReader(io.BytesIO(printed)))
        if pages == before:
            return printed
        page.evaluate(NUMBER, pages)
        before = pages
    raise PrintError(f"after {ROUNDS} printings the numbers of the pages still change")


def page_numbers(reader: PdfReader) -> dict[str, int]:
    """The page of each place that a link leads to, from 1."""
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }
