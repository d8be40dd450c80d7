"""The prose that stands in strings: of catalogues, tables, templates and programs."""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from bookbuild.blanked import ADDRESS, PLACES, Page, Prose

CATALOGUE = re.compile(r'^"(?P<en>(?:\\.|[^"\\])*)" = "(?P<fr>(?:\\.|[^"\\])*)"', re.M)
MARKUP = re.compile(r'<[^<>]*>|[\w-]+="|"$|&\w+;')
WHAT = re.compile(r'^what = \{ en = "(?P<en>[^"\n]*)", fr = "(?P<fr>[^"\n]*)" \}', re.M)
TABLE = re.compile(r"^\[\w+\.(en|fr)\]$(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
LITERAL = re.compile(
    r"'''(.*?)'''|\"\"\"(.*?)\"\"\"|\"((?:\\.|[^\"\\\n])*)\"", re.DOTALL
)
TEMPLATE = re.compile(r"'(?P<fr>[^'\n]*)' if language == 'fr' else '(?P<en>[^'\n]*)'")


def catalogue(text: str, path: Path) -> Iterator[Prose]:
    """Labels of figures, errata, colophon: strings in both languages."""
    for lang in ("en", "fr"):
        page = Page(text)
        for found in CATALOGUE.finditer(text):
            page.show(*found.span(lang))
            page.hide_all(PLACES, *found.span(lang))
        tables = [found for found in TABLE.finditer(text) if found[1] == lang]
        for table in tables:
            for found in LITERAL.finditer(text, *table.span(2)):
                page.show(*found.span(found.lastindex))
                page.hide_markup(*found.span(found.lastindex))
        for found in WHAT.finditer(text):
            page.show(*found.span(lang))
        yield page.prose(path, lang, markdown=bool(tables))


def lexicon(text: str, path: Path) -> Iterator[Prose]:
    english, french = Page(text), Page(text)
    start = text.index("\n") + 1
    for line in text[start:].split("\n"):
        for page, field in zip((english, french), *csv.reader([line]), strict=False):
            last = page is french
            at = (line.rindex if last else line.index)(field)
            page.show(start + at, start + at + len(field))
        start += len(line) + 1
    yield english.prose(path, "en")
    yield french.prose(path, "fr")


def template(text: str, path: Path) -> Iterator[Prose]:
    for lang in ("en", "fr"):
        page = Page(text)
        for found in TEMPLATE.finditer(text):
            page.show(*found.span(lang))
        yield page.prose(path, lang)


def python(text: str, path: Path) -> Iterator[Prose]:
    """The strings under the keys "en" and "fr", and the table FRENCH."""
    if not re.search(r'"fr"|FRENCH', text):
        return
    tree = ast.parse(text)
    for lang in ("en", "fr"):
        page = Page(text)
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


def _strings(page: Page, node: ast.expr) -> None:
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
