"""The glossary page: ``{lexicon}`` makes its table from ``back/lexicon.csv``."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FILE = Path("back") / "lexicon.csv"
HEADERS = {"en": ("English", "French"), "fr": ("Français", "Anglais")}


def read(root: Path) -> list[tuple[str, str]]:
    """The pairs (English, French), as the lexicon gives them."""
    with (root / FILE).open(encoding="utf8", newline="") as file:
        return [(row["english"], row["french"]) for row in csv.DictReader(file)]


def sort_key(term: str) -> str:
    """Accents, case and emphasis do not count in the alphabetical order."""
    plain = unicodedata.normalize("NFD", term.lower())
    return "".join(c for c in plain if c.isalnum() or c == " ").strip()


def slug(english: str) -> str:
    """The term's anchor, the same in both editions."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", english.lower()).strip("-")


class Lexicon(SphinxDirective):
    """A table of the edition's terms with those of the other language."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(FILE))
        lang = self.config.language
        other = "fr" if lang == "en" else "en"
        pairs = read(Path(self.env.srcdir))
        rows = [((e, f) if lang == "en" else (f, e), slug(e)) for e, f in pairs]
        rows.sort(key=lambda row: sort_key(row[0][0]))
        group = nodes.tgroup(cols=2)
        group += [nodes.colspec(colwidth=1), nodes.colspec(colwidth=1)]
        head = nodes.row()
        for title in HEADERS[lang]:
            head += nodes.entry("", nodes.paragraph(text=title))
        body = nodes.tbody()
        for (term, translation), anchor in rows:
            row = nodes.row(ids=[anchor])
            row += self._entry(term, anchor, None)
            row += self._entry(translation, None, other)
            body += row
        group += [nodes.thead("", head), body]
        return [nodes.table("", group, classes=["lexicon"])]

    def _entry(self, text: str, anchor: str | None, lang: str | None) -> nodes.entry:
        entry = nodes.entry()
        self.state.nested_parse(StringList([text], self.env.docname), 0, entry)
        if anchor:
            entry["ids"].append(anchor)
        if lang:
            entry["classes"].append(f"language-{lang}")
        return entry


def setup(app: Sphinx) -> None:
    app.add_directive("lexicon", Lexicon)
