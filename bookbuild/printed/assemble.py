"""One HTML document of all the pages of an edition, for the browser to print.

Every id is made the page's own, every link between pages becomes one inside the
document, and what only a screen can use is left out.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup, Tag

from bookbuild.addresses import Addresses
from bookbuild.printed.answers import FOLD, gather
from bookbuild.printed.contents import Entry
from bookbuild.printed.words import WORDS

# what a page has for its readers' hands, not for their eyes
HANDS = (
    "script, button, input, audio, .headerlink, .slider-controls, .toctree-wrapper, "
    "summary, nav, noscript"
)
REFERENCES = ("aria-labelledby", "aria-describedby", "for")
IN_DRAWING = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
DEEPEST = 6  # of HTML's headings


class DanglingLink(ValueError):
    """A link of the book leads nowhere in the book."""


@dataclass(frozen=True)
class Heading:
    """A heading of the printed book, for its contents and its bookmarks."""

    level: int  # 1 for a chapter
    title: str
    id: str
    part: str = ""  # the part that opens here


@dataclass
class Assembled:
    """The pages in one, and the headings among them."""

    sections: list[Tag] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)


def assemble(entries: list[Entry], site: Path, lang: str, at: Addresses) -> Assembled:
    """Put the pages of an edition one after the other.

    Args:
        entries: the pages, in order.
        site: the built edition.
        lang: its language.
        at: where the book is published.

    Raises:
        DanglingLink: a link between two pages has no target.
        FileNotFoundError: a page is not built.
    """
    book = Assembled()
    soups: dict[str, BeautifulSoup] = {}
    for entry in entries:
        path = site / f"{entry.docname}.html"
        soups[entry.docname] = BeautifulSoup(path.read_text("utf8"), "html.parser")
    articles = {entry.docname: _article(soups[entry.docname]) for entry in entries}
    known = {
        name: {each["id"] for each in article.find_all(id=True)}
        for name, article in articles.items()
    }
    for entry in entries:
        article = articles[entry.docname]
        _point_to_site(article, at.page(entry.docname, lang), lang)
        _join(article, entry, known, at, lang)
    part = ""
    for number, entry in enumerate(entries):
        article = articles[entry.docname]
        _sink_headings(article, entry.depth - 1)
        opens = entry.part if entry.part != part else ""
        part = entry.part
        book.sections.append(_section(article, entry, opens))
        following = entries[number + 1].chapter if number + 1 < len(entries) else None
        if following != entry.chapter:
            _add_answers(book, entry, lang)
    for section in book.sections:
        book.headings += headings(section)
    return book


def headings(section: Tag) -> list[Heading]:
    """The headings of a page of the book, down to those of its parts."""
    found = []
    for title in section.find_all(re.compile("^h[1-4]$")):
        owner = title.find_parent(id=True)
        level = int(title.name[1])
        if title.find_parent(class_="admonition") or level > _depth(section) + 1:
            continue
        opens = section.get("data-part", "") if not found else ""
        found.append(Heading(level, plain(title), owner["id"], opens))
    return found


def plain(title: Tag) -> str:
    """A heading's words on one line."""
    return " ".join(title.get_text().split())


def _depth(section: Tag) -> int:
    return int(section["data-depth"])


def _article(page: BeautifulSoup) -> Tag:
    """What a page says, without what only a screen can use."""
    article = page.select_one("article.bd-article")
    for picture in article.select("[data-slider]"):
        picture["class"] = "picture was-slider"
        del picture["data-slider"]
    for title in article.select("details.admonition > summary.admonition-title"):
        title.select_one(".fold-chevron").decompose()
        title.name = "p"
        title.parent["class"].append(FOLD)
    for each in article.select(HANDS):
        if not each.decomposed:
            each.decompose()
    for folded in article.find_all("details"):
        folded.name = "div"
    seen: set[str] = set()
    for each in article.find_all(id=True):
        if each["id"] in seen:  # what the theme names twice can be reached once
            del each["id"]
        else:
            seen.add(each["id"])
    return article


def _point_to_site(article: Tag, page: str, lang: str) -> None:
    """Say below a slider's figure where it moves."""
    for picture in article.select(".was-slider"):
        figure = picture.find_parent("figure")
        if figure is None:
            continue
        address = f"{page}#{figure['id']}"
        shown = address.removeprefix("https://").replace("/", "/<wbr>")
        line = (
            f'<p class="interactive">{WORDS[lang]["interactive"]}'
            f'<a class="external" href="{address}">{shown}</a></p>'
        )
        figure.append(BeautifulSoup(line, "html.parser"))


def _join(
    article: Tag, entry: Entry, known: dict[str, set[str]], at: Addresses, lang: str
) -> None:
    """Make the ids of a page its own, and its links lead into the document."""

    def own(id_: str) -> str:
        return f"{entry.key}.{id_}"

    for each in article.find_all(True):
        if "id" in each.attrs:
            each["id"] = own(each["id"])
        for name in REFERENCES:
            if name in each.attrs:
                each[name] = " ".join(own(id_) for id_ in each[name].split())
        for name, value in each.attrs.items():
            if isinstance(value, str) and "url(" in value:
                each[name] = IN_DRAWING.sub(
                    lambda found: f"url(#{own(found[1])})", value
                )
        for name in ("href", "xlink:href"):
            if name in each.attrs:
                if each.name == "a":
                    each[name] = _target(each[name], entry, known, at, lang)
                elif each[name].startswith("#"):
                    each[name] = "#" + own(each[name][1:])


def _target(
    href: str, entry: Entry, known: dict[str, set[str]], at: Addresses, lang: str
) -> str:
    """Where a link leads once the pages are one."""
    if re.match(r"[a-z][a-z0-9+.-]*:|//", href):
        return href
    path, fragment = urldefrag(href)
    folder = posixpath.dirname(entry.docname)
    place = posixpath.normpath(posixpath.join(folder, unquote(path)))
    docname = place.removesuffix(".html") if path else entry.docname
    if docname not in known:  # the search, a download, the other edition
        return f"{at.site}{posixpath.normpath(f'{lang}/{place}')}" + (
            f"#{fragment}" if fragment else ""
        )
    key = docname.replace("/", "-")
    if not fragment:
        return f"#{key}"
    if unquote(fragment) not in known[docname]:
        raise DanglingLink(
            f"{entry.docname} links to {href}, and {docname} has no place named "
            f"{unquote(fragment)!r}"
        )
    return f"#{key}.{unquote(fragment)}"


def _sink_headings(article: Tag, by: int) -> None:
    """The title of a section stands below that of its chapter."""
    for title in article.find_all(re.compile("^h[1-6]$")):
        title.name = f"h{min(int(title.name[1]) + by, DEEPEST)}"


def _section(article: Tag, entry: Entry, opens: str) -> Tag:
    article.name = "section"
    article.attrs = {
        "class": ["page", f"depth-{entry.depth}"],
        "id": entry.key,
        "data-depth": str(entry.depth),
        "data-chapter": entry.chapter,
    }
    if opens:
        article["data-part"] = opens
        part = BeautifulSoup(f'<p class="part">{escape(opens)}</p>', "html.parser")
        article.insert(0, part)
    return article


def _add_answers(book: Assembled, entry: Entry, lang: str) -> None:
    """Put what a chapter folds away at its end."""
    chapter = [
        section for section in book.sections if section["data-chapter"] == entry.chapter
    ]
    key = f"{entry.chapter.replace('/', '-')}.answers"
    answers = gather(chapter, key, lang)
    if answers is not None:
        answers["data-chapter"] = entry.chapter
        book.sections.append(answers)
