"""What the reader reads in a source, by language, at the place where it stands.

A source becomes one text per language, as :mod:`bookbuild.blanked` says: Markdown is
read here, and the strings of other files in :mod:`bookbuild.strings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it.token import Token

from bookbuild import ROOT, strings
from bookbuild.blanked import BLANK, PLACES, Page, Prose
from bookbuild.check import FENCES, KEYED, sources
from bookbuild.source import Cell, cells, tokens

CODE = set("api code code-block code-cell colophon lexicon math raw raw-cell".split())
READ_OPTIONS = {"alt", "caption"}
OPTION = re.compile(r"\s*:([\w-]+):(?=\s|$)")
HINT = re.compile(
    r'^\s+(en|fr): (.*?)(?=^\s+(?:en|fr): |""")', re.MULTILINE | re.DOTALL
)


def files(root: Path = ROOT) -> list[Path]:
    """Every file that holds prose for readers."""
    code = [
        *sorted((root / "bookbuild").rglob("*.py")),
        *sorted((root / "grading").rglob("*.py")),
        *sorted((root / "ift6135_lib").rglob("*.py")),
    ]
    return [
        *sources(root),
        *(root / name for name in ("README.md", "CONTRIBUTING.md")),
        *sorted((root / "ift6135_lib" / "labels").glob("*.toml")),
        *sorted((root / "back").glob("*.csv")),
        *sorted((root / "back").glob("*.toml")),
        *sorted((root / "bookbuild" / "templates").glob("*.html")),
        *code,
    ]


def read(path: Path) -> list[Prose]:
    """What is written in each language in a file."""
    text = path.read_text("utf8")
    return [*READERS[path.suffix](text, path)]


def _markdown_file(text: str, path: Path) -> Iterator[Prose]:
    found = cells(text, path)
    for lang in ("en", "fr", None):
        page = Page(text)
        mine = [cell for cell in found if cell.lang == lang and cell.kind != "code"]
        for cell in mine:
            _markdown(page, cell.text, cell.start)
        if lang:
            for cell in found:
                if cell.kind == "code":
                    _hints(page, cell, lang)
        yield page.prose(path, lang, markdown=True)


def _markdown(page: Page, text: str, line: int) -> None:
    for token in tokens(text):
        if not token.map:
            continue
        first, last = (line + each for each in token.map)
        if token.type in ("inline", "tr_open"):
            span = page.lines(first, last)
            page.show(*span)
            page.hide_markup(*span)
        elif token.type in FENCES and token.info.startswith("{"):
            _directive(page, token, first)


def _directive(page: Page, token: Token, first: int) -> None:
    name, _, argument = token.info[1:].partition("}")
    if name in CODE:
        return
    start, end = page.lines(first, first + 1)
    if argument.strip() and name not in KEYED:
        start = page.text.index(argument.strip(), start, end)
        page.show(start, start + len(argument.strip()))
        page.hide_markup(start, end)
    _markdown(page, token.content, first + 1)
    for number in range(first + 1, first + 1 + token.content.count("\n")):
        start, end = page.lines(number, number + 1)
        option = OPTION.match(page.text, start, end)
        if not option:
            # an option goes on over indented lines
            if number == first + 1 or not page.text[start].isspace():
                return
            continue
        page.hide(start, option.end(), BLANK)
        if option[1] in READ_OPTIONS:
            page.show(option.end(), end)
            page.hide_markup(option.end(), end)
        else:
            page.hide(start, end, BLANK)


def _hints(page: Page, cell: Cell, lang: str) -> None:
    """What check() says of a mistake: a docstring of an exercise."""
    start, end = page.lines(cell.start, cell.end)
    for found in HINT.finditer(page.text, start, end):
        if found[1] == lang:
            page.show(*found.span(2))
            page.hide_all(PLACES, *found.span(2))


READERS = {
    ".md": _markdown_file,
    ".toml": strings.catalogue,
    ".csv": strings.lexicon,
    ".html": strings.template,
    ".py": strings.python,
}
