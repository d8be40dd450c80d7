"""The printed book's document: title page, contents, pages, and how they look."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, date, datetime
from html import escape
from os import environ
from pathlib import Path

import matplotlib

from bookbuild import ROOT
from bookbuild.addresses import Addresses
from bookbuild.mathjax import FONTS as LETTERS
from bookbuild.mathjax import SHEET
from bookbuild.printed.assemble import Assembled, Heading, headings
from bookbuild.printed.words import TITLE_PAGE, WORDS, written_date

STYLE = Path(__file__).with_name("book.css")
FONTS = {
    "STIXGeneral": ("Book", "normal", 400),
    "STIXGeneralItalic": ("Book", "italic", 400),
    "STIXGeneralBol": ("Book", "normal", 700),
    "STIXGeneralBolIta": ("Book", "italic", 700),
    "DejaVuSansMono": ("Code", "normal", 400),
    "DejaVuSansMono-Oblique": ("Code", "italic", 400),
    "DejaVuSansMono-Bold": ("Code", "normal", 700),
    "DejaVuSansMono-BoldOblique": ("Code", "italic", 700),
}
SHEETS = (
    "pygments.css",
    "print.css",
    "sphinx-design.min.css",
    "figure-fonts.css",
    "figures.css",
)
SOURCES = ("_toc.yml", "index.md", "chapters", "back", "references.bib", "ift6135_lib")


def last_change(root: Path = ROOT) -> date | None:
    """The day the sources were last changed, which any machine finds the same.

    ``SOURCE_DATE_EPOCH`` decides where it is set, else the history of the sources; None
    where there is no history.
    """
    if epoch := environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), tz=UTC).date()
    try:
        command = ["git", "log", "-1", "--format=%cs", "--", *SOURCES]
        said = subprocess.run(
            command, check=False, cwd=root, capture_output=True, text=True
        )
    except FileNotFoundError:
        return None
    return date.fromisoformat(said.stdout.strip()) if said.stdout.strip() else None


def document(
    book: Assembled,
    title: str,
    lang: str,
    at: Addresses,
    site: Path,
    fonts: Path,
    root: Path = ROOT,
) -> str:
    """The HTML to print.

    Args:
        book: the pages.
        title: the book's.
        lang: the edition's language.
        at: where the book is published.
        site: the built edition, for what its pages load.
        fonts: the letters of the formulas.
        root: the book's folder, for the date of its sources.
    """
    static = (site / "_static").as_uri()
    sheets = "".join(
        f'<link rel="stylesheet" href="{static}/{name}">\n'
        for name in SHEETS
        if (site / "_static" / name).exists()
    )
    style = _formulas(site, fonts) + _faces() + STYLE.read_text("utf8") + _running(book)
    sections = "\n".join(str(section) for section in book.sections)
    return f"""<!doctype html>
<html lang="{lang}" data-theme="light">
<head>
<meta charset="utf-8">
<title>{escape(title)}</title>
{sheets}<style>{style}</style>
</head>
<body>
{title_page(title, lang, at, last_change(root))}
{table_of_contents(book.headings, lang)}
<main>
{sections}
</main>
</body>
</html>
"""


def title_page(title: str, lang: str, at: Addresses, changed: date | None) -> str:
    """What the book is, whose, and of when."""
    words = WORDS[lang]
    version = f"{words['version']} {at.version}"
    if changed:
        version += f" · {words['changed']} {written_date(changed, lang)}"
    said = {
        "title": escape(title),
        "version": version,
        "address": f"{at.site}{lang}/",
        **{
            name: words[name]
            for name in ("subtitle", "credit", "licence", "site", "place")
        },
    }
    return TITLE_PAGE.substitute(said)


def table_of_contents(headings: list[Heading], lang: str) -> str:
    """The contents; the numbers of the pages come once they are known."""
    lines = [f'<nav id="contents">\n<h1>{WORDS[lang]["contents"]}</h1>']
    for heading in headings:
        if heading.part:
            lines.append(f'<p class="toc-part">{escape(heading.part)}</p>')
        lines.append(
            f'<p class="toc-{heading.level}"><a href="#{heading.id}">'
            f"<span>{escape(heading.title)}</span>"
            f'<span data-page-of="{heading.id}"></span></a></p>'
        )
    return "\n".join([*lines, "</nav>"])


def _formulas(site: Path, fonts: Path) -> str:
    """The formulas' style, with letters that can be embedded."""
    sheet = (site / "_static" / SHEET).read_text("utf8")
    return sheet.replace(f'"{LETTERS}/', f'"{fonts.as_uri()}/')


def _faces() -> str:
    """The book's letters, which every machine that builds it has with matplotlib."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-style: {style}; '
        f'font-weight: {weight}; src: url("{(folder / name).as_uri()}.ttf"); }}\n'
        for name, (family, style, weight) in FONTS.items()
    )


def _running(book: Assembled) -> str:
    """The head of each page: the chapter on the left, its section on the right."""
    rules, chapters = [], {}
    for number, section in enumerate(book.sections):
        own = headings(section)[0].title
        chapter = chapters.setdefault(section["data-chapter"], own)
        right = own if own != chapter else ""
        rules.append(f'[id="{section["id"]}"] {{ page: running-{number}; }}')
        rules.append(
            f"@page running-{number} {{ @top-left {{ content: {_string(chapter)}; }} "
            f"@top-right {{ content: {_string(right)}; }} }}"
        )
    return "\n".join(rules)


def _string(text: str) -> str:
    """A CSS string."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
