"""The glossary page: ``{lexicon}`` makes its table from ``back/lexicon.csv``.

A row has the term in both languages and the section where the edition first uses it
(see :mod:`bookbuild.first_use`). ``static/lexicon.js`` sorts and filters the table.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from bookbuild.check import sources
from bookbuild.terms import FILE, Term, read_terms

PAGE = "back/glossary"
USES = "terms"  # of a page's metadata: each term's first section
HEADERS = {
    "en": ("English", "French", "First use"),
    "fr": ("Français", "Anglais", "Première mention"),
}
FILTER = {"en": "Filter the terms", "fr": "Filtrer les termes"}
EXAMPLE = {"en": "for example: gradient", "fr": "par exemple\u00a0: gradient"}
COUNT = {"en": "{} terms.", "fr": "{} termes."}
# in its place from the start; the theme hides the class where no script runs
CONTROLS = """\
<div class="lexicon-controls pst-js-only">
<label for="lexicon-filter">{label}</label>
<input type="search" id="lexicon-filter" autocomplete="off" spellcheck="false"
 placeholder="{example}">
<p class="lexicon-status" role="status">{count}</p>
</div>
"""
CHAPTER = {"en": "Chapter", "fr": "Chapitre"}


def sort_key(term: str) -> str:
    """Letters alone count in the alphabetical order, as in ``static/lexicon.js``."""
    plain = unicodedata.normalize("NFD", term.lower())
    return "".join(c for c in plain if c.isalnum())


class Lexicon(SphinxDirective):
    """A table of the edition's terms with those of the other language."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(FILE))
        lang = self.config.language
        terms = read_terms(Path(self.env.srcdir))
        terms.sort(key=lambda term: sort_key(term.said(lang)))
        group = nodes.tgroup(cols=3)
        group += [nodes.colspec(colwidth=width) for width in (2, 2, 1)]
        head = nodes.row()
        for title in HEADERS[lang]:
            head += nodes.entry("", nodes.paragraph(text=title))
        body = nodes.tbody("", *(self._row(term, lang) for term in terms))
        group += [nodes.thead("", head), body]
        controls = CONTROLS.format(
            label=FILTER[lang],
            example=EXAMPLE[lang],
            count=COUNT[lang].format(len(terms)),
        )
        return [
            nodes.raw("", controls, format="html"),
            nodes.table("", group, classes=["lexicon"]),
        ]

    def _row(self, term: Term, lang: str) -> nodes.row:
        other = "fr" if lang == "en" else "en"
        labels = self.env.get_domain("std")
        place = (self.env.docname, term.anchor)
        labels.anonlabels[term.anchor] = place
        labels.labels[term.anchor] = (*place, term.said(lang))
        foreign = self._entry(term.said(other))
        foreign["classes"].append(f"language-{other}")  # docutils' way to say lang
        first_use = nodes.entry(term=term.anchor)
        return nodes.row(
            "", self._entry(term.said(lang)), foreign, first_use, ids=[term.anchor]
        )

    def _entry(self, text: str) -> nodes.entry:
        entry = nodes.entry()
        self.state.nested_parse(StringList([text], self.env.docname), 0, entry)
        return entry


class FirstUses(SphinxPostTransform):
    """Says in each row where the edition first uses the term."""

    default_priority = 10

    def run(self, **kwargs: Any) -> None:
        if self.env.docname != PAGE:
            return
        found = first_uses(self.env)
        for entry in self.document.findall(nodes.entry):
            if entry.get("term") in found:
                page, section = found[entry["term"]]
                entry += nodes.paragraph("", "", self._link(page, section))

    def _link(self, page: str, section: str) -> nodes.reference:
        anchors = self.env.toc_secnumbers.get(page, {})
        number = anchors.get(f"#{section}") or anchors.get("") or ()
        kind = CHAPTER[self.config.language] if len(number) == 1 else "Section"
        title = section_title(self.env, page, section)
        text = f"{kind} {'.'.join(map(str, number))}" if number else title
        uri = f"{self.app.builder.get_relative_uri(PAGE, page)}#{section}"
        return nodes.reference("", text, internal=True, refuri=uri, reftitle=title)


def first_uses(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Each term's first page and section, in the reader's order.

    Args:
        env: with every page read.
    """
    root = Path(env.srcdir)
    found: dict[str, tuple[str, str]] = {}
    for path in sources(root):
        page = path.relative_to(root).with_suffix("").as_posix()
        for anchor, section in env.metadata[page].get(USES, {}).items():
            found.setdefault(anchor, (page, section))
    return found


def section_title(env: BuildEnvironment, page: str, section: str) -> str:
    """What a section is called, or its page."""
    for entry in env.tocs[page].findall(nodes.reference):
        if entry["anchorname"] == f"#{section}":
            return entry.astext()
    return env.titles[page].astext()


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Any page may change where a term is first used."""
    return [PAGE] if PAGE in env.found_docs else []


def add_script(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Only the glossary sorts and filters."""
    if page == PAGE:
        app.add_js_file("lexicon.js", loading_method="defer")
        app.add_css_file("lexicon.css")


def setup(app: Sphinx) -> None:
    """Register the directive and what completes its table."""
    app.add_directive("lexicon", Lexicon)
    app.add_post_transform(FirstUses)
    app.connect("env-updated", write_again)
    app.connect("html-page-context", add_script)
