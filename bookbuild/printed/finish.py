"""What the browser's PDF lacks: its bookmarks, its title, the dates of its sources."""

from __future__ import annotations

import hashlib
import io
from datetime import date

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    Fit,
    NameObject,
    TextStringObject,
)

from bookbuild.printed.assemble import Heading
from bookbuild.printed.browser import PrintError
from bookbuild.printed.words import WORDS

PDF_LANGUAGES = {"en": "en-CA", "fr": "fr-CA"}


def finish(
    printed: bytes, headings: list[Heading], title: str, lang: str, changed: date | None
) -> bytes:
    """The finished PDF.

    Args:
        printed: the browser's.
        headings: the bookmarks to be.
        title: the book's.
        lang: the edition's language.
        changed: the day the sources were last changed.

    Raises:
        PrintError: a heading is nowhere in the PDF.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    _bookmarks(writer, headings)
    day = f"D:{changed:%Y%m%d}000000Z" if changed else ""
    words = WORDS[lang]
    writer.metadata = {
        "/Title": title,
        "/Subject": words["subject"],
        "/Author": words["credit"],
        "/Creator": "IFT6135",
        "/Producer": "Chromium, pypdf",
        **({"/CreationDate": day, "/ModDate": day} if day else {}),
    }
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(PDF_LANGUAGES[lang])
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    return _written(writer)


def _bookmarks(writer: PdfWriter, headings: list[Heading]) -> None:
    """Parts, chapters, sections and their parts, each leading to its place."""
    places = writer.named_destinations
    above: list[tuple[int, object]] = []
    for heading in headings:
        place = places.get(heading.id) or places.get(f"/{heading.id}")
        if place is None:
            raise PrintError(f"the heading {heading.title!r} is nowhere in the PDF")
        number = writer.get_destination_page_number(place)
        if heading.part:
            above = [
                (0, writer.add_outline_item(title=heading.part, page_number=number))
            ]
        above = [(level, item) for level, item in above if level < heading.level]
        parent = above[-1][1] if above else None
        fit = Fit.xyz(left=0, top=place.top)
        item = writer.add_outline_item(
            title=heading.title,
            page_number=number,
            parent=parent,
            fit=fit,
            is_open=False,
        )
        above.append((heading.level, item))


def _written(writer: PdfWriter) -> bytes:
    """The bytes, named by their content and not by the moment."""
    writer.compress_identical_objects()
    writer.pdf_header = "%PDF-1.7"
    unnamed = io.BytesIO()
    writer.write(unnamed)
    name = ByteStringObject(hashlib.md5(unnamed.getvalue()).digest())
    writer._ID = ArrayObject([name, name])
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
