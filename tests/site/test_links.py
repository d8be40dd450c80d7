"""Every link of the site and of its notebooks leads somewhere."""

from __future__ import annotations

import shutil

import pytest

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import addresses
from bookbuild.links import Site
from bookbuild.notebooks import docname, export_section, sections
from bookbuild.references import read

HOME = addresses(ROOT).site
REPOSITORY = "https://github.com/fwilhelmy/IFT6135-RepresentationLearning-CourseNotes"


@pytest.fixture(scope="module")
def whole(site) -> Site:
    return Site(site)


def test_every_link_leads_somewhere(whole):
    pages = {link.file for link in whole.links}
    assert {"index.html", "404.html", "sitemap.xml", "fr/search.html"} < pages
    assert any(page.endswith(".css") for page in pages)
    assert whole.broken() == []


def test_every_link_of_the_notebooks_leads_somewhere(whole):
    book = Site(whole.folder)
    book.links.clear()
    for lang in LANGUAGES:
        refs = read(lang)
        for path in sections():
            made = export_section(path, lang, refs, addresses(ROOT))
            for number, cell in enumerate(made.cells):
                if cell.cell_type == "markdown":
                    name = f"{lang}/{docname(path, ROOT)}.ipynb, cell {number}"
                    book.add_markdown(name, cell.source)
    for kind in ("#sec-", "#equation-", "#fig-"):
        assert any(kind in link.url for link in book.links)
    assert book.broken() == []


@pytest.fixture(scope="module")
def corner(site, tmp_path_factory):
    """A site of two small pages, each with what the others lead to."""
    folder = tmp_path_factory.mktemp("site")
    for lang in LANGUAGES:
        (folder / lang / "_static").mkdir(parents=True)
        (folder / lang / "index.html").write_text('<p id="here">x</p>', "utf8")
        shutil.copy(site / lang / "_static" / "favicon.svg", folder / lang / "_static")
    return folder


@pytest.mark.parametrize(
    "html",
    [
        '<a href="other.html">',
        '<a href="#there">',
        '<a href="../fr/index.html#there">',
        '<a href="../de/index.html">',
        '<a href="/en/index.html">',
        '<a href="">',
        '<img src="_images/none.png">',
        '<img srcset="_static/favicon.svg 1x, _images/none.png 2x">',
        '<link rel="stylesheet" href="_static/none.css?digest=1">',
        '<script src="_static/none.js"></script>',
        '<svg><use xlink:href="#glyph"/></svg>',
        '<svg><g clip-path="url(#clip)"></g></svg>',
        "<style>body { background: url(none.png) }</style>",
        f'<a href="{HOME}en/none.html">',
        f'<a href="{HOME}en/index.html#there">',
        f'<a href="{HOME}notebooks/en/04-optimization/none.ipynb">',
        f'<a href="{REPOSITORY}/edit/main/chapters/none.md">',
    ],
)
def test_a_link_that_leads_nowhere_is_found(corner, html):
    page = corner / "en" / "page.html"
    page.write_text(f"<p>one\n{html}</p>", "utf8")
    (found,) = Site(corner).broken()
    assert found.startswith("en/page.html:2: ")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="index.html#here">',
        '<a href="../fr/index.html?q=1#here">',
        '<a href="../fr/">',
        '<a href="#">',
        '<i id="é"></i><a href="#%C3%A9">',
        '<img src="data:image/png;base64,AAAA">',
        '<a href="mailto:a@example.org">',
        f'<a href="{HOME}en/index.html#here">',
        f'<a href="{REPOSITORY}/blob/main/README.md#two-commands">',
        '<a href="https://example.org/none">',
    ],
)
def test_a_link_that_leads_somewhere_is_not(corner, html):
    (corner / "en" / "page.html").write_text(html, "utf8")
    assert Site(corner).broken() == []


def test_style_sheets_and_the_map_are_read(corner):
    (corner / "en" / "page.html").write_text("", "utf8")
    sheet, plan = corner / "en" / "_static" / "a.css", corner / "sitemap.xml"
    sheet.write_text("/* url(a.png) */\np { background: url('none.png') }")
    plan.write_text(f"<urlset><url><loc>{HOME}en/none.html</loc></url></urlset>")
    try:
        found = Site(corner).broken()
    finally:
        sheet.unlink()
        plan.unlink()
    assert [each.split(": ")[0] for each in found] == [
        "en/_static/a.css:2",
        "sitemap.xml:1",
    ]


def test_addresses_elsewhere_are_listed_once(whole):
    listed = whole.external()
    assert "https://arxiv.org/abs/1412.6980" in listed
    assert not [url for url in listed if url.startswith((HOME, f"{REPOSITORY}/"))]
    assert {"en", "fr"} == {
        link.file[:2] for link in listed["https://arxiv.org/abs/1412.6980"]
    }
