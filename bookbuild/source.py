"""The bilingual source: one MyST notebook whose Markdown cells each have a language.

A language cell opens with ``+++ {"lang": "en"}`` and ends at the next ``+++`` or code
cell; English and French cells come in pairs, English first. Code cells are written
once and belong to both editions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from bookbuild import LANGUAGES

EXTENSIONS = {"amsmath", "colon_fence", "deflist", "dollarmath"}
CODE_CELLS = ("{code-cell}", "{raw-cell}")


class SourceError(ValueError):
    """A mistake in a source file: where it is, what it is, and what to do."""

    def __init__(self, path: Path | str, line: int, problem: str, remedy: str):
        self.path, self.line = Path(path), line
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{path}:{line}: {problem}. {remedy}.")


@dataclass(frozen=True)
class Cell:
    """Lines ``[start, end)`` of the source, counted from 0, as one cell."""

    kind: str  # "markdown" or "code"
    lang: str | None  # None: both languages
    start: int
    end: int
    text: str
    metadata: dict = field(default_factory=dict)


@cache
def _parser():
    config = MdParserConfig(enable_extensions=EXTENSIONS)
    return create_md_parser(config, RendererHTML)


def tokens(text: str) -> list[Token]:
    """The block tokens of MyST Markdown."""
    return _parser().parse(text + "\n")


def walk(text: str, line: int = 0) -> Iterator[tuple[Token, int]]:
    """Every token with its line, directives' contents and inline roles included."""
    here = line
    for token in tokens(text):
        if token.map:
            here = line + token.map[0]
        yield token, here
        for child in token.children or ():
            yield child, here
        if token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            yield from walk(token.content, here + 1)


def cells(text: str, path: Path | str = "<text>") -> list[Cell]:
    """Split a source into cells.

    Raises:
        SourceError: metadata that are not JSON, or a language that is not known.
    """
    lines = text.split("\n")
    found: list[Cell] = []
    start, lang, metadata, depth = 0, None, {}, 0

    def close(end: int) -> None:
        body = "\n".join(lines[start:end])
        if body.strip():
            found.append(Cell("markdown", lang, start, end, body, metadata))

    for token in tokens(text):
        depth += token.nesting
        if depth or not token.map:
            continue
        first, last = token.map
        if token.type == "myst_block_break":
            close(first)
            metadata = _metadata(token.content, path, first + 1)
            lang = metadata.get("lang")
            start = first
        elif token.type == "fence" and token.info.startswith(CODE_CELLS):
            close(first)
            body = "\n".join(lines[first:last])
            found.append(Cell("code", None, first, last, body))
            start, lang, metadata = last, None, {}
    close(len(lines))
    return found


def _metadata(content: str, path: Path | str, line: int) -> dict:
    try:
        metadata = json.loads(content) if content.strip() else {}
    except json.JSONDecodeError as error:
        raise SourceError(
            path,
            line,
            f"the metadata of this cell are not JSON ({error.msg})",
            'Write for example +++ {"lang": "en"}',
        ) from None
    if not isinstance(metadata, dict):
        raise SourceError(
            path,
            line,
            f"the metadata of this cell are {content.strip()!r}, not a JSON object",
            'Write for example +++ {"lang": "en"}',
        )
    if "lang" in metadata and metadata["lang"] not in LANGUAGES:
        raise SourceError(
            path,
            line,
            f"unknown language {metadata['lang']!r}",
            "Use one of " + ", ".join(repr(known) for known in LANGUAGES),
        )
    return metadata


def is_bilingual(text: str) -> bool:
    """Whether the source has language cells at all."""
    return any(cell.lang for cell in cells(text))


def keep_language(text: str, lang: str, path: Path | str = "<text>") -> str:
    """The edition's source: the other language's lines are blanked, not deleted.

    Line numbers in warnings therefore stay those of the file.
    """
    lines = text.split("\n")
    for cell in cells(text, path):
        if cell.lang not in (None, lang):
            lines[cell.start : cell.end] = [""] * (cell.end - cell.start)
    return "\n".join(lines)
