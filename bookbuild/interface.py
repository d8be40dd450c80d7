"""Mends the theme's pages: words it leaves in English, a script they can do without.

The theme's own French catalogues come first; the table covers the rest, in the rendered
pages. ``static/edition.js`` mends what scripts insert.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx

FRENCH = {
    '<span class="colon">:</span>': '<span class="colon">\u00a0:</span>',
    "© Copyright ": "© ",
    '<p class="admonition-title">Indication</p>': (
        '<p class="admonition-title">Indice</p>'
    ),
    'aria-label="Toggle hidden content"': 'aria-label="Afficher ou masquer"',
    'aria-label="Main"': 'aria-label="Navigation principale"',
    'aria-label="Page"': 'aria-label="Navigation dans la page"',
    'aria-label="Source repositories"': 'aria-label="Dépôt des sources"',
    'title="Suggest edit"': 'title="Proposer une modification"',
    'title="Toggle primary sidebar"': 'title="Afficher ou masquer la navigation"',
    'title="Toggle secondary sidebar"': 'title="Afficher ou masquer le sommaire"',
    'title="Source repositories"': 'title="Dépôt des sources"',
    'title="Ouvrez un problème"': 'title="Signaler un problème"',
    '<span class="btn__text-container">Repository</span>': (
        '<span class="btn__text-container">Dépôt</span>'
    ),
    '<span class="btn__text-container">Suggest edit</span>': (
        '<span class="btn__text-container">Proposer une modification</span>'
    ),
    '<span class="btn__text-container">Open issue</span>': (
        '<span class="btn__text-container">Signaler un problème</span>'
    ),
}


# the theme draws its icons twice: with a font, and with this script of 1.5 MB
ICON_SCRIPT = re.compile(r"\s*<script[^>]*/fontawesome\.js[^>]*></script>")


def translate(html: str) -> str:
    """The page with the remaining English of its interface in French."""
    for english, french in FRENCH.items():
        html = html.replace(english, french)
    return html


def mend(html: str, lang: str) -> str:
    """A rendered page, lighter, and wholly in its language."""
    html = ICON_SCRIPT.sub("", html)
    return translate(html) if lang == "fr" else html


def mend_pages(app: Sphinx) -> None:
    """Let every page pass through :func:`mend`."""
    if app.builder.format != "html":
        return
    templates, lang = app.builder.templates, app.config.language
    render = templates.render
    templates.render = lambda template, context: mend(render(template, context), lang)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", mend_pages)
