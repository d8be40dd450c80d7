"""How pages are found: their addresses, a map of the site, a page for the lost.

Each page says where it is published, where its other language is, and what a card that
shares it shows. The site's root has ``sitemap.xml`` and ``404.html``.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from xml.etree import ElementTree as ET

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import Addresses, addresses
from bookbuild.policy import protect

LOCALES = {"en": "en_CA", "fr": "fr_CA"}
SUMMARY = 200  # characters
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
NOT_FOUND = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>404 · IFT6135</title>
<style>
body { font: 1.125rem/1.6 system-ui, sans-serif; margin: 15vh auto; max-width: 34rem;
  padding: 0 1rem; }
html { background: Canvas; color: CanvasText; color-scheme: light dark; }
h1 { font-size: 1.5rem; }
a { display: inline-block; padding: 0.4rem 0; }
</style>
</head>
<body>
<main>
<section lang="fr">
<h1>Cette page n’existe pas</h1>
<p>Elle a changé de place, ou son adresse a une coquille. Repartez du début, puis
cherchez.</p>
<p><a href="${site}fr/index.html">Apprentissage de représentations</a></p>
</section>
<section lang="en">
<h1>This page does not exist</h1>
<p>It has moved, or its address has a typo. Start again from the beginning, then search.
</p>
<p><a href="${site}en/index.html">Representation Learning</a></p>
</section>
</main>
</body>
</html>
""")


def set_address(app: Sphinx, config: Config) -> None:
    """Sphinx writes each page's canonical address from the edition's."""
    if config.language in LANGUAGES:
        published = addresses(Path(app.srcdir))
        config.html_baseurl = f"{published.site}{config.language}/"


def describe(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Where the other language is, and what a card that shares the page shows."""
    if page not in app.env.found_docs:
        return
    published, lang = addresses(Path(app.srcdir)), app.config.language
    places = {each: published.page(page, each) for each in LANGUAGES}
    tags = [
        f'<link rel="alternate" hreflang="{each}" href="{place}" />'
        for each, place in places.items()
    ]
    summary = first_paragraph(doctree)
    properties = {
        "og:type": "article",
        "og:title": app.env.titles[page].astext(),
        "og:site_name": app.config.html_title,
        "og:url": places[lang],
        "og:description": summary,
        "og:locale": LOCALES[lang],
    }
    tags += [
        f'<meta property="{name}" content="{escape(value)}" />'
        for name, value in properties.items()
    ]
    if summary:
        tags.append(f'<meta name="description" content="{escape(summary)}" />')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags) + "\n"


def first_paragraph(doctree: nodes.document | None) -> str:
    """The beginning of a page's first paragraph, cut at a word."""
    if doctree is None:
        return ""
    for section in doctree.findall(nodes.section):
        for child in section.children:
            if isinstance(child, nodes.paragraph):
                text = child.astext().replace("\n", " ").strip()
                if len(text) <= SUMMARY:
                    return text
                return text[:SUMMARY].rsplit(" ", 1)[0] + "…"
    return ""


def sitemap(pages: list[str], published: Addresses) -> str:
    """Every page in each language, with its other languages.

    Args:
        pages: their Sphinx names.
        published: where the book is.
    """
    ET.register_namespace("", SITEMAP)
    ET.register_namespace("xhtml", XHTML)
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    for page in pages:
        for lang in LANGUAGES:
            url = ET.SubElement(root, f"{{{SITEMAP}}}url")
            location = ET.SubElement(url, f"{{{SITEMAP}}}loc")
            location.text = published.page(page, lang)
            for other in LANGUAGES:
                ET.SubElement(
                    url,
                    f"{{{XHTML}}}link",
                    rel="alternate",
                    hreflang=other,
                    href=published.page(page, other),
                )
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def write_root_pages(site: Path, pages: list[str], root: Path = ROOT) -> None:
    """Write ``sitemap.xml`` and ``404.html`` at the root of the site."""
    published = addresses(root)
    (site / "sitemap.xml").write_text(sitemap(pages, published), "utf8")
    lost = protect(NOT_FOUND.substitute(site=published.site))
    (site / "404.html").write_text(lost, "utf8")


def setup(app: Sphinx) -> None:
    """Connect to the configuration and to each page."""
    app.connect("config-inited", set_address)
    app.connect("html-page-context", describe)
