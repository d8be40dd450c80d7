"""The errata's page, and the links between it and the chapters."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from bookbuild import LANGUAGES, ROOT
from bookbuild.errata import read

from .conftest import PHONE, url

PAGE = "back/errata"


class Parts(HTMLParser):
    """Ids, links, and the box of the errata that each link stands in."""

    def __init__(self, html: str):
        super().__init__()
        self.ids, self.links, self.texts = [], {}, {}
        self.box, self.depth = "", 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"])
        classes = (found.get("class") or "").split()
        if tag == "aside" and "errata-links" in classes:
            self.box, self.depth = "back", 0
        elif tag == "div" and "erratum" in classes:
            self.box, self.depth = found["id"], 0
        if self.box and tag in ("div", "aside"):
            self.depth += 1
        if self.box and tag == "a":
            self.links.setdefault(self.box, []).append(found["href"])

    def handle_endtag(self, tag):
        if self.box and tag in ("div", "aside"):
            self.depth -= 1
            if not self.depth:
                self.box = ""

    def handle_data(self, data):
        if self.box:
            self.texts[self.box] = self.texts.get(self.box, "") + data


def parts(site: Path, lang: str, page: str = PAGE) -> Parts:
    return Parts((site / lang / f"{page}.html").read_text("utf8"))


def target(site: Path, lang: str, page: str, href: str) -> tuple[Path, str]:
    name, _, anchor = href.partition("#")
    here = site / lang / f"{page}.html"
    return ((here.parent / name).resolve() if name else here), anchor


@pytest.fixture(scope="module")
def errata():
    return read(ROOT)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_entry_for_each_erratum(site, errata, lang):
    found = parts(site, lang)
    shown = [id_ for id_ in found.ids if id_.startswith("erratum-")]
    assert sorted(shown) == [entry.anchor for entry in errata.entries]
    headings = {f"sec-errata-{c or 'documents'}" for c in errata.by_chapter()}
    assert headings <= {*found.ids}
    for entry in errata.entries:
        text = found.texts[entry.anchor]
        assert entry.id in text and ", ".join(entry.documents) in text
        assert "\\" not in text and "$" not in text, entry.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_of_an_entry_leads_somewhere(site, errata, lang):
    found = parts(site, lang)
    for entry in errata.entries:
        inside = [h for h in found.links[entry.anchor] if not h.startswith("https://")]
        for href in inside:
            path, anchor = target(site, lang, PAGE, href)
            html = path.read_text("utf8")
            assert f'id="{anchor}"' in html, f"{entry.id}: {href}"
        if entry.label:
            assert any(h.endswith(f"#{entry.label}") for h in inside), entry.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_section_links_to_what_it_answers(site, errata, lang):
    back = set()
    for path in sorted((site / lang / "chapters").rglob("*.html")):
        page = path.relative_to(site / lang).with_suffix("").as_posix()
        for href in parts(site, lang, page).links.get("back", ()):
            aim, anchor = target(site, lang, page, href)
            assert aim == (site / lang / f"{PAGE}.html").resolve()
            back.add(anchor)
    wanted = {entry.anchor for entry in errata.entries if entry.label}
    assert back == wanted and wanted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_fits_a_phone(visit, address, lang):
    tab = visit(url(address, lang, PAGE), viewport=PHONE)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = tab.evaluate(
        """() => [...document.querySelectorAll(".erratum")].filter((box) =>
          box.scrollWidth > box.clientWidth).map((box) => box.id)"""
    )
    assert wide == []
    levels = tab.evaluate(
        """() => [...document.querySelectorAll("main h1, main h2, main h3, main h4")]
        .map((heading) => Number(heading.tagName[1]))"""
    )
    jumps = pairwise(levels)
    assert levels[0] == 1 and all(b <= a + 1 for a, b in jumps)
