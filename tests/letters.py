"""What a PDF says, and where each of its letters stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pypdfium2.raw import FPDFText_GetUnicode


class Letter(NamedTuple):
    """A visible letter, in points from the page's lower left corner."""

    page: int  # from 1
    letter: str
    left: float
    bottom: float
    right: float
    top: float


def letters(path: Path) -> Iterator[Letter]:
    """The visible letters of a PDF, page after page."""
    for number, page in enumerate(pypdfium2.PdfDocument(path), start=1):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            letter = chr(FPDFText_GetUnicode(text, index))
            if letter.strip():
                yield Letter(number, letter, *text.get_charbox(index))


def squashed(text: str) -> str:
    """Without white space nor the marks of divided words."""
    return re.sub(r"[\s\u00ad]+", "", text)


def text_of(path: Path) -> str:
    """All that a PDF says, squashed."""
    pages = pypdfium2.PdfDocument(path)
    return squashed("".join(page.get_textpage().get_text_bounded() for page in pages))
