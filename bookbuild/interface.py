"""Words of the interface that the theme and its extensions leave in English.

Their own French catalogues come first; this table mends what these do not cover, in the
rendered pages. ``static/edition.js`` mends what scripts insert.
"""

from __future__ import annotations

from sphinx.application import Sphinx

FRENCH = {
    "© Copyright ": "© ",
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


def translate(html: str) -> str:
    """The page with the remaining English of its interface in French."""
    for english, french in FRENCH.items():
        html = html.replace(english, french)
    return html


def translate_pages(app: Sphinx) -> None:
    """Let every page of the French edition pass through :func:`translate`."""
    if app.config.language != "fr" or app.builder.format != "html":
        return
    templates = app.builder.templates
    render = templates.render
    templates.render = lambda template, context: translate(render(template, context))


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", translate_pages)
