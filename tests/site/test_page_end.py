"""Each page says when it last changed; each section, how it is cited."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from pybtex.database import parse_string

from bookbuild import LANGUAGES, ROOT
from bookbuild.history import changes, written

from .conftest import CHAPTER_PAGES, PAGES, url
from .test_discovery import PUBLISHED, head

TITLE = {"en": "Cite this page", "fr": "Citer cette page"}
BOOK = {"en": "Representation Learning", "fr": "Apprentissage de représentations"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_section_is_cited_in_its_language(site, lang):
    keys = set()
    for page in CHAPTER_PAGES:
        html = (site / lang / f"{page}.html").read_text("utf8")
        (fold,) = re.findall(r'<details class="cite-page.*?</details>', html, re.DOTALL)
        assert TITLE[lang] in fold and "<details open" not in fold
        bibtex = unescape(
            re.sub(r"<[^>]+>", "", re.search(r"<pre>.*?</pre>", fold, re.DOTALL)[0])
        )
        ((key, entry),) = parse_string(bibtex, "bibtex").entries.items()
        keys.add(key)
        assert entry.fields["url"] == PUBLISHED.page(page, lang)
        assert entry.fields["howpublished"].startswith(BOOK[lang])
        assert "Wilhelmy" in entry.fields["note"]
        heading = re.search(r"<h1>([^\n]*?)<a class", html)[1]
        number = re.search(r'section-number">([\d.]+)\. ', heading)[1]
        assert entry.fields["howpublished"].endswith(f" {number}")
        title = unescape(re.sub(r"<span.*?</span>|</?em>", "", heading))
        title = " ".join(title.split())  # pybtex reads any space as a plain one
        assert entry.fields["title"] == f"{{{title}}}"
    assert len(keys) == len(CHAPTER_PAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_entry_is_copied_with_the_keyboard(chromium, address, lang):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(url(address, lang, CHAPTER_PAGES[1]))
    tab.locator(".cite-page summary").press("Enter")
    tab.locator(".cite-page .copybtn").press("Enter")
    tab.wait_for_timeout(200)
    copied = tab.evaluate("navigator.clipboard.readText()")
    context.close()
    assert len(parse_string(copied, "bibtex").entries) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_say_when_they_last_changed(site, lang):
    """As git says, in the page, in its head and in the map; or nowhere."""
    days = changes(ROOT)
    root = ET.parse(site / "sitemap.xml").getroot()
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    mapped = {
        place.findtext("s:loc", namespaces=space): place.findtext(
            "s:lastmod", namespaces=space
        )
        for place in root.findall("s:url", space)
    }
    for page in PAGES:
        html = (site / lang / f"{page}.html").read_text("utf8")
        shown = re.findall(r'<time datetime="([\d-]+)">(.*?)</time>', html)
        modified = head(site, lang, page).meta.get("article:modified_time")
        day = days.get(page)
        if day is None:
            assert shown == [] and modified is None
            assert mapped[PUBLISHED.page(page, lang)] is None
        else:
            assert shown == [(day.isoformat(), written(day, lang))]
            assert modified == mapped[PUBLISHED.page(page, lang)] == day.isoformat()
