"""What the reader reads in a source, by language, at the place where it stands.

A source becomes one text per language, of the same length: what is not prose of that
language is blanked, what stands for a word inside a sentence (a formula, some code, a
citation) becomes :data:`OBJECT`. A position in it is a position in the file.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markdown_it.token import Token

from bookbuild import ROOT
from bookbuild.check import FENCES, KEYED, sources
from bookbuild.inline import SYNTAX, TITLED
from bookbuild.source import Cell, cells, tokens

OBJECT = "\ufffc"
BLANK = "\0"
NO_BREAK = "\u00a0"
# directives that hold no Markdown
CODE = set("api code code-block code-cell colophon lexicon math raw raw-cell".split())
READ_OPTIONS = {"alt", "caption"}
TITLED_ROLES = {"doc", "numref", "ref", "term"}
OPTION = re.compile(r"\s*:([\w-]+):(?=\s|$)")
ADDRESS = re.compile(r"https?://[^\s)>\]]+|<[^<>\n]*>|[\w.+-]+@[\w.-]+\.\w+")
HINT = re.compile(
    r'^\s+(en|fr): (.*?)(?=^\s+(?:en|fr): |""")', re.MULTILINE | re.DOTALL
)
CATALOGUE = re.compile(r'^"(?P<en>(?:\\.|[^"\\])*)" = "(?P<fr>(?:\\.|[^"\\])*)"', re.M)
ESCAPE = r"\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|.)"
PLACES = re.compile(rf"\{{[^{{}}\n]*\}}|{ESCAPE}|\$[^$\n]*\$|`[^`\n]+`")
MARKUP = re.compile(r'<[^<>]*>|[\w-]+="|"$|&\w+;')
WHAT = re.compile(r'^what = \{ en = "(?P<en>[^"\n]*)", fr = "(?P<fr>[^"\n]*)" \}', re.M)
TABLE = re.compile(r"^\[\w+\.(en|fr)\]$(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
LITERAL = re.compile(
    r"'''(.*?)'''|\"\"\"(.*?)\"\"\"|\"((?:\\.|[^\"\\\n])*)\"", re.DOTALL
)
TEMPLATE = re.compile(r"'(?P<fr>[^'\n]*)' if language == 'fr' else '(?P<en>[^'\n]*)'")


class Prose(NamedTuple):
    """What is written in one language in a file."""

    path: Path
    lang: str | None  # None: either language
    text: str
    markdown: bool

    def line(self, position: int) -> int:
        """The line of a position, from 1."""
        return self.text.count("\n", 0, position) + 1


class _Page:
    """A file of which, at first, nothing is prose."""

    def __init__(self, text: str):
        self.text = text
        self.shown = list(re.sub(r"[^\n]", BLANK, text))
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.starts.append(len(text))

    def show(self, start: int, end: int) -> None:
        self.shown[start:end] = self.text[start:end]

    def hide(self, start: int, end: int, mark: str = OBJECT) -> None:
        for at in range(start, end):
            if self.shown[at] not in "\n" + BLANK:
                self.shown[at] = mark

    def hide_all(self, pattern: re.Pattern, start: int, end: int) -> None:
        for found in pattern.finditer(self.text, start, end):
            no_break = found[0] in (r"\u00a0", r"\xa0")
            self.hide(*found.span(), NO_BREAK if no_break else OBJECT)

    def lines(self, first: int, last: int) -> tuple[int, int]:
        """The positions of lines [first, last), counted from 0."""
        end = len(self.starts) - 1
        return self.starts[min(first, end)], self.starts[min(last, end)]

    def prose(self, path: Path, lang: str | None, *, markdown: bool = False) -> Prose:
        return Prose(path, lang, "".join(self.shown), markdown)


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
        page = _Page(text)
        mine = [cell for cell in found if cell.lang == lang and cell.kind != "code"]
        for cell in mine:
            _markdown(page, cell.text, cell.start)
        if lang:
            for cell in found:
                if cell.kind == "code":
                    _hints(page, cell, lang)
        yield page.prose(path, lang, markdown=True)


def _markdown(page: _Page, text: str, line: int) -> None:
    for token in tokens(text):
        if not token.map:
            continue
        first, last = (line + each for each in token.map)
        if token.type in ("inline", "tr_open"):
            span = page.lines(first, last)
            page.show(*span)
            _inline(page, *span)
        elif token.type in FENCES and token.info.startswith("{"):
            _directive(page, token, first)


def _directive(page: _Page, token: Token, first: int) -> None:
    name, _, argument = token.info[1:].partition("}")
    if name in CODE:
        return
    start, end = page.lines(first, first + 1)
    if argument.strip() and name not in KEYED:
        start = page.text.index(argument.strip(), start, end)
        page.show(start, start + len(argument.strip()))
        _inline(page, start, end)
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
            _inline(page, option.end(), end)
        else:
            page.hide(start, end, BLANK)


def _inline(page: _Page, start: int, end: int) -> None:
    for found in SYNTAX.finditer(page.text, start, end):
        title = found["role"] in TITLED_ROLES and TITLED.fullmatch(found["body"])
        if title:
            at = found.start("body")
            page.hide(found.start(), at + title.start("text"))
            page.hide(at + title.end("text"), found.end())
        elif found["target"]:
            page.hide(found.start() + 1, found.end())
        elif found[0][0] != "\\" or found[0][1].isalpha():
            page.hide(*found.span())
    page.hide_all(ADDRESS, start, end)


def _hints(page: _Page, cell: Cell, lang: str) -> None:
    """What check() says of a mistake: a docstring of an exercise."""
    start, end = page.lines(cell.start, cell.end)
    for found in HINT.finditer(page.text, start, end):
        if found[1] == lang:
            page.show(*found.span(2))
            page.hide_all(PLACES, *found.span(2))


def _catalogue(text: str, path: Path) -> Iterator[Prose]:
    """Labels of figures, errata, colophon: strings in both languages."""
    for lang in ("en", "fr"):
        page = _Page(text)
        for found in CATALOGUE.finditer(text):
            page.show(*found.span(lang))
            page.hide_all(PLACES, *found.span(lang))
        tables = [found for found in TABLE.finditer(text) if found[1] == lang]
        for table in tables:
            for found in LITERAL.finditer(text, *table.span(2)):
                page.show(*found.span(found.lastindex))
                _inline(page, *found.span(found.lastindex))
        for found in WHAT.finditer(text):
            page.show(*found.span(lang))
        yield page.prose(path, lang, markdown=bool(tables))


def _lexicon(text: str, path: Path) -> Iterator[Prose]:
    english, french = _Page(text), _Page(text)
    start = text.index("\n") + 1
    for line in text[start:].split("\n"):
        for page, field in zip((english, french), *csv.reader([line]), strict=False):
            last = page is french
            at = (line.rindex if last else line.index)(field)
            page.show(start + at, start + at + len(field))
        start += len(line) + 1
    yield english.prose(path, "en")
    yield french.prose(path, "fr")


def _template(text: str, path: Path) -> Iterator[Prose]:
    for lang in ("en", "fr"):
        page = _Page(text)
        for found in TEMPLATE.finditer(text):
            page.show(*found.span(lang))
        yield page.prose(path, lang)


def _python(text: str, path: Path) -> Iterator[Prose]:
    """The strings under the keys "en" and "fr", and the table FRENCH."""
    if not re.search(r'"fr"|FRENCH', text):
        return
    tree = ast.parse(text)
    for lang in ("en", "fr"):
        page = _Page(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == lang:
                        _strings(page, value)
            elif (
                lang == "fr"
                and isinstance(node, ast.Assign)
                and getattr(node.targets[0], "id", "") == "FRENCH"
            ):
                _strings(page, node.value)
        yield page.prose(path, lang)


def _strings(page: _Page, node: ast.expr) -> None:
    if isinstance(node, ast.Dict):
        for value in node.values:
            _strings(page, value)
    elif isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
        offset, column = page.starts[node.lineno - 1], node.col_offset
        encoded = page.text[offset:].encode()
        start = offset + len(encoded[:column].decode())
        code = "(" + ast.get_source_segment(page.text, node) + ")"
        lines = [0, *(found.end() for found in re.finditer("\n", code))]
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            kind = tokenize.tok_name[token.type]
            if kind not in ("STRING", "FSTRING_MIDDLE"):
                continue
            here = start - 1 + lines[token.start[0] - 1] + token.start[1]
            body = (0, len(token.string))
            if kind == "STRING":
                body = re.fullmatch(
                    r"\w*(\"\"\"|'''|\"|')(.*)\1", token.string, re.DOTALL
                ).span(2)
            page.show(here + body[0], here + body[1])
            page.hide_all(PLACES, here + body[0], here + body[1])
            page.hide_all(ADDRESS, here + body[0], here + body[1])
            page.hide_all(MARKUP, here + body[0], here + body[1])


READERS = {
    ".md": _markdown_file,
    ".toml": _catalogue,
    ".csv": _lexicon,
    ".html": _template,
    ".py": _python,
}
