"""The words that the theme leaves in English in a French page.

The theme's own French catalogues come first; the table covers the rest.
"""

from __future__ import annotations

FRENCH = {
    '<span class="colon">:</span>': '<span class="colon">\u00a0:</span>',
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
