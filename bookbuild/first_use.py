"""Links the first use of a lexicon's term, on each page of a chapter, to its entry.

Only in prose: not where a link would disturb (headings, captions, tables, margin notes,
exercises, what is folded) or cannot be (links, code, formulas, citations).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

from bookbuild.lexicon import PAGE, USES
from bookbuild.terms import FILE, LINKS, Matcher, Term, read_terms

CLASS = "term-link"
OTHER = {"en": "French: {}", "fr": "En anglais\u00a0: {}"}
NOT_PROSE = (
    nodes.title,
    nodes.reference,
    nodes.target,
    nodes.FixedTextElement,
    nodes.literal,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.figure,
    nodes.caption,
    nodes.table,
    nodes.sidebar,
    nodes.footnote,
    nodes.citation,
    nodes.citation_reference,
    nodes.comment,
    addnodes.pending_xref,
    addnodes.toctree,
)


@lru_cache
def matcher(path: Path, changed: float, lang: str) -> Matcher:
    """A lexicon's patterns, as long as its file does not change."""
    return Matcher(read_terms(path), lang)


def is_prose(node: nodes.Node) -> bool:
    """Whether a term may be linked inside this node.

    Args:
        node: of a page as it was read, references not yet resolved.
    """
    if isinstance(node, NOT_PROSE) or is_exercise_node(node) or is_solution_node(node):
        return False
    if not isinstance(node, nodes.Element):
        return True
    return "dropdown" not in node["classes"] and "nb_element" not in node


class LinkFirstUses(SphinxTransform):
    """Makes the first use of each term a link, and notes the section it is in."""

    default_priority = (
        870  # after the ids, the exercises' boxes and the quotation marks
    )

    def apply(self, **kwargs: Any) -> None:
        root = Path(self.env.srcdir)
        path = root / FILE
        if not self.env.docname.startswith("chapters/") or not path.exists():
            return
        self.env.note_dependency(str(FILE))
        self.lang = self.config.language
        self.matcher = matcher(root, path.stat().st_mtime, self.lang)
        self.uses: dict[str, str] = {}
        self._walk(self.document, "")
        self.env.metadata[self.env.docname][USES] = self.uses

    def _walk(self, node: nodes.Element, section: str) -> None:
        for child in list(node.children):
            if isinstance(child, nodes.Text):
                self._link(child, section)
            elif is_prose(child):
                inside = isinstance(child, nodes.section) and child["ids"]
                self._walk(child, child["ids"][0] if inside else section)

    def _link(self, text: nodes.Text, section: str) -> None:
        made: list[nodes.Node] = []
        end = 0
        for start, stop, term in self.matcher.find(text):
            if self.lang not in LINKS[term.link]:
                continue
            # two links side by side would look like one
            apart = not made or re.search(r"\w", text[end:start])
            if term.anchor in self.uses or not apart:
                continue
            self.uses[term.anchor] = section
            made += [
                nodes.Text(text[end:start]),
                self._reference(text, start, stop, term),
            ]
            end = stop
        if made:
            made.append(nodes.Text(text[end:]))
            text.parent.replace(text, [node for node in made if node.astext()])

    def _reference(
        self, text: str, start: int, stop: int, term: Term
    ) -> nodes.reference:
        other = term.short("fr" if self.lang == "en" else "en")
        return nodes.reference(
            "",
            text[start:stop],
            internal=True,
            refuri="",
            reftitle=OTHER[self.lang].format(other),
            classes=[CLASS],
            term=term.anchor,
        )


class ResolveTerms(SphinxPostTransform):
    """Gives the links their address, which depends on what is built."""

    default_priority = 10

    def run(self, **kwargs: Any) -> None:
        for link in list(self.document.findall(nodes.reference)):
            if "term" not in link:
                continue
            if PAGE in self.env.found_docs:
                uri = self.app.builder.get_relative_uri(self.env.docname, PAGE)
                link["refuri"] = f"{uri}#{link['term']}"
            else:
                link.replace_self(link.children)


def setup(app: Sphinx) -> None:
    """Register both transforms."""
    app.add_transform(LinkFirstUses)
    app.add_post_transform(ResolveTerms)
