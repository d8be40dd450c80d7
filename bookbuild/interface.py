"""The words that the theme leaves in English in a French page.

The theme's own French catalogues come first; the tables cover the rest.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

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
# what scripts say
SCRIPTS = {
    "copybutton.js": {
        "'Copier dans le presse-papier'": "'Copier dans le presse-papiers'",
        "'Copié !'": "'Copié!'",
    },
}


def translate(html: str) -> str:
    """The page with the remaining English of its interface in French."""
    for english, french in FRENCH.items():
        html = html.replace(english, french)
    return html


def translate_scripts(app: Sphinx, error: Exception | None) -> None:
    """Mend what the scripts of a French edition say."""
    if error or app.builder.format != "html" or app.config.language != "fr":
        return
    for name, table in SCRIPTS.items():
        path = Path(app.outdir) / "_static" / name
        text = path.read_text("utf8") if path.is_file() else ""
        for before, french in table.items():
            text = text.replace(before, french)
        if text:
            path.write_text(text, "utf8")
