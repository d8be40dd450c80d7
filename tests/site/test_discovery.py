"""Pages are found where they are published: canonical addresses, a map, a lost page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_has_an_image_of_the_edition(site, lang):
    for page in PAGES:
        meta = head(site, lang, page).meta
        image = local(site, meta["og:image"])
        assert f"/{lang}/" in meta["og:image"]
        assert meta["twitter:card"] == "summary_large_image"
        assert meta["og:site_name"] in meta["og:image:alt"]
    with Image.open(image) as card:
        assert card.format == "PNG"
        size = int(meta["og:image:width"]), int(meta["og:image:height"])
        assert card.size == size == (1200, 630)
        assert len(card.convert("RGB").getcolors(2**16)) > 8, "something is drawn"
    assert image.stat().st_size <= 60_000


def test_the_cards_are_not_the_same(site):
    cards = [(site / lang / "_static" / "card.png").read_bytes() for lang in LANGUAGES]
    assert cards[0] != cards[1]


@pytest.fixture
def published(site, chromium):
    """Opens the lost page as GitHub Pages serves it, for any address of the site."""
    contexts = []

    def serve(route):
        path = site / route.request.url.split("?")[0].removeprefix(PUBLISHED.site)
        found = path.is_file()
        path = path if found else site / "404.html"
        route.fulfill(status=200 if found else 404, path=path)

    def visit(place: str, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        context.route(f"{PUBLISHED.site}**", serve)
        tab = context.new_page()
        tab.goto(PUBLISHED.site + place)
        return tab

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("place", ["lost", "fr/chapters/04-optimization/lost.html"])
@pytest.mark.parametrize(("lang", "query"), [("en", "momentum"), ("fr", "inertie")])
def test_the_lost_find_the_search_and_the_way_home(published, place, lang, query):
    page = published(place, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    section = page.locator(f"section[lang={lang}]")
    section.locator("input").fill(query)
    section.locator("input").press("Enter")
    page.wait_for_selector("#search-results li")
    assert page.url == f"{PUBLISHED.site}{lang}/search.html?q={query}"
    page.go_back()
    page.locator(f"section[lang={lang}] a").click()
    page.wait_for_url(f"{PUBLISHED.site}{lang}/index.html")
    assert page.evaluate("document.documentElement.lang") == lang


def test_the_lost_page_is_dark_where_the_reader_wants_it(site, visit):
    ink = []
    for scheme in ("light", "dark"):
        page = visit((site / "404.html").as_uri(), color_scheme=scheme)
        style = "getComputedStyle(document.documentElement)"
        ink.append(
            [page.evaluate(f"{style}.{name}") for name in ("color", "backgroundColor")]
        )
    assert ink[0][0] != ink[1][0] and ink[0][1] != ink[1][1]


def test_the_lost_are_sent_home_in_both_languages(site, visit):
    page = visit((site / "404.html").as_uri())
    for lang in LANGUAGES:
        section = page.locator(f"section[lang={lang}]")
        href = section.locator("a").get_attribute("href")
        assert href == f"{PUBLISHED.site}{lang}/index.html"
        assert local(site, href).exists()
    assert "noindex" in page.locator("meta[name=robots]").get_attribute("content")
    assert re.search("404", page.title())
