"""Pages are found where they are published: canonical addresses, a map, a lost page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import addresses
from tests.site.conftest import PAGES

PUBLISHED = addresses(ROOT)


class Head(HTMLParser):
    """The links and the properties of a page's head."""

    def __init__(self, html: str):
        super().__init__()
        self.links: list[dict] = []
        self.meta: dict[str, str] = {}
        self.feed(html.split("</head>")[0])

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "link":
            self.links.append(found)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.meta[name] = found.get("content", "")

    def to(self, rel: str) -> list[dict]:
        return [link for link in self.links if link.get("rel") == rel]


def head(site, lang, page) -> Head:
    return Head((site / lang / f"{page}.html").read_text("utf8"))


def local(site, url: str):
    """The file that is published at an address."""
    assert url.startswith(PUBLISHED.site), url
    return site / url.removeprefix(PUBLISHED.site)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_says_where_it_is_and_where_its_pair_is(site, lang):
    for page in PAGES:
        found = head(site, lang, page)
        (canonical,) = found.to("canonical")
        assert canonical["href"] == PUBLISHED.page(page, lang)
        alternates = {link["hreflang"]: link["href"] for link in found.to("alternate")}
        assert alternates == {each: PUBLISHED.page(page, each) for each in LANGUAGES}
        for url in (canonical["href"], *alternates.values()):
            assert local(site, url).exists(), url


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_has_a_card_in_its_language(site, lang):
    seen = set()
    for page in PAGES:
        meta = head(site, lang, page).meta
        assert meta["og:url"] == PUBLISHED.page(page, lang)
        assert meta["og:locale"].startswith(lang)
        assert meta["og:title"] and meta["og:title"] not in seen
        seen.add(meta["og:title"])
        assert len(meta["og:description"]) <= 201
        assert meta.get("description", "") == meta["og:description"]


def test_the_map_has_every_page_once(site):
    root = ET.parse(site / "sitemap.xml").getroot()
    spaces = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    places = [each.text for each in root.findall("s:url/s:loc", spaces)]
    assert sorted(places) == sorted(
        PUBLISHED.page(page, lang) for page in PAGES for lang in LANGUAGES
    )
    for place in places:
        assert local(site, place).exists()
    for url in root.findall("s:url", spaces):
        others = {link.get("hreflang") for link in url.findall("x:link", spaces)}
        assert others == set(LANGUAGES)


def test_the_lost_are_sent_home_in_both_languages(site, visit):
    page = visit((site / "404.html").as_uri())
    for lang in LANGUAGES:
        section = page.locator(f"section[lang={lang}]")
        href = section.locator("a").get_attribute("href")
        assert href == f"{PUBLISHED.site}{lang}/index.html"
        assert local(site, href).exists()
    assert "noindex" in page.locator("meta[name=robots]").get_attribute("content")
    assert re.search("404", page.title())
