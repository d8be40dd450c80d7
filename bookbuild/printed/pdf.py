"""A PDF of an edition, from the pages that ``make book`` built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import addresses
from bookbuild.editions import site
from bookbuild.printed.assemble import assemble
from bookbuild.printed.browser import print_document
from bookbuild.printed.contents import contents
from bookbuild.printed.document import document, last_change
from bookbuild.printed.finish import finish
from bookbuild.printed.hyphens import divide
from bookbuild.printed.letters import write_math_fonts

MATH_FONTS = "_static/mathjax/woff-v2"


def target(lang: str, root: Path = ROOT) -> Path:
    """Where the PDF of an edition is written."""
    return root / "_build" / "pdf" / f"ift6135-{lang}.pdf"


def title(lang: str, root: Path = ROOT) -> str:
    """The book's title, in the edition's language."""
    config = yaml.safe_load((root / "_config.yml").read_text("utf8"))
    return config["sphinx"]["config"]["bilingual_editions"][lang]["html_title"]


def make(
    lang: str,
    browser: str,
    *,
    root: Path = ROOT,
    edition: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Write the PDF of an edition.

    Args:
        lang: its language.
        browser: the Chromium or Chrome that prints.
        root: the book's folder.
        edition: the built edition, where it is not that of ``root``.
        say: told how far it is.

    Raises:
        FileNotFoundError: the edition is not built.
        DanglingLink: a link inside the book leads nowhere.
        PrintError: the browser did not print it.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"the editions are {LANGUAGES}, not {lang!r}")
    edition, path = edition or site(root) / lang, target(lang, root)
    entries, at = contents(lang, root), addresses(root)
    say(f"{len(entries)} pages of the site")
    book = assemble(entries, edition, lang, at)
    for section in book.sections:
        divide(section, lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    source = path.with_suffix(".html")
    name = title(lang, root)
    fonts = write_math_fonts(edition / MATH_FONTS, path.parent / "fonts")
    html = document(book, name, lang, at, edition, fonts, root)
    source.write_text(html, "utf8")
    printed = print_document(source, browser, say)
    path.write_bytes(finish(printed, book.headings, name, lang, last_change(root)))
    return path
