"""What the button of each page's issues writes: which page, in the page's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from sphinx.application import Sphinx

from bookbuild import LANGUAGES
from bookbuild.addresses import addresses
from bookbuild.search_index import plain

LABEL = "source-issues-button"
BODY = {
    "en": "Page: {url}\n\nWhat is wrong, and what you expected:\n",
    "fr": "Page\u00a0: {url}\n\nCe qui ne va pas, et ce que vous attendiez\u00a0:\n",
}
MADE = {
    "genindex": {"en": "Index", "fr": "Index"},
    "search": {"en": "Search", "fr": "Recherche"},
}


def each(buttons: list[dict]) -> Iterator[dict]:
    """The buttons, those of the groups included."""
    for button in buttons:
        yield button
        yield from each(button.get("buttons", []))


def name_page(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Begin an issue with the page's title and address."""
    lang = app.config.language
    if lang not in LANGUAGES:
        return
    url = addresses(Path(app.srcdir)).page(page, lang)
    number = app.env.toc_secnumbers.get(page, {}).get("") or ()
    # the index and the search have no source, hence no title but this
    known = app.env.titles.get(page)
    name = plain(known) if known else MADE.get(page, {}).get(lang, page)
    title = " ".join(filter(None, [".".join(map(str, number)), name]))
    asked = urlencode({"title": title, "body": BODY[lang].format(url=url)})
    for button in each(context.get("header_buttons", [])):
        if button.get("label") == LABEL:
            button["url"] = f"{button['url'].split('?')[0]}?{asked}"


def setup(app: Sphinx) -> None:
    """Connect to each page, after the theme's own buttons (501)."""
    app.connect("html-page-context", name_page, priority=600)
