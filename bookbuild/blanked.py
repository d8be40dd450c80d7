"""What stands for prose in a file, and where: the rest is blanked.

The text of a language has the length of the file, so that a position in it is one in
the file. What is not prose is :data:`BLANK`; what stands for a word in a sentence (a
formula, some code, a citation) is :data:`OBJECT`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from bookbuild.inline import SYNTAX, TITLED

OBJECT = "\ufffc"
BLANK = "\0"
NO_BREAK = "\u00a0"
TITLED_ROLES = {"doc", "numref", "ref", "term"}
ADDRESS = re.compile(r"https?://[^\s)>\]]+|<[^<>\n]*>|[\w.+-]+@[\w.-]+\.\w+")
ESCAPE = r"\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|.)"
PLACES = re.compile(rf"\{{[^{{}}\n]*\}}|{ESCAPE}|\$[^$\n]*\$|`[^`\n]+`")


class Prose(NamedTuple):
    """What is written in one language in a file."""

    path: Path
    lang: str | None  # None: either language
    text: str
    markdown: bool

    def line(self, position: int) -> int:
        """The line of a position, from 1."""
        return self.text.count("\n", 0, position) + 1


class Page:
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

    def hide_markup(self, start: int, end: int) -> None:
        """Hide the Markdown between two positions, but not its words."""
        for found in SYNTAX.finditer(self.text, start, end):
            title = found["role"] in TITLED_ROLES and TITLED.fullmatch(found["body"])
            if title:
                at = found.start("body")
                self.hide(found.start(), at + title.start("text"))
                self.hide(at + title.end("text"), found.end())
            elif found["target"]:
                self.hide(found.start() + 1, found.end())
            elif found[0][0] != "\\" or found[0][1].isalpha():
                self.hide(*found.span())
        self.hide_all(ADDRESS, start, end)
