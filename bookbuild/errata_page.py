"""The page ``{errata}`` makes of the errata, and the links back from the chapters."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookbuild.errata import FILE, KINDS, Errata, ErrataError, Erratum, read

LOG = logging.getLogger(__name__)
NO_CHAPTER = {"en": "The documents themselves", "fr": "Les documents eux-mêmes"}
SAID = {"en": "The notes say", "fr": "Les notes disent"}
RIGHT = {"en": "Correction", "fr": "Correction"}
SOURCE = {"en": "Reference", "fr": "Référence"}
BOOK = {"en": "In this book", "fr": "Dans ce livre"}
TO_COME = {
    "en": "chapter {number}, {title} (not written yet)",
    "fr": "chapitre {number}, {title} (pas encore rédigé)",
}
LINKS = {
    "en": ("Erratum of the notes: ", "Errata of the notes: "),
    "fr": ("Erratum des notes\u00a0: ", "Errata des notes\u00a0: "),
}
AND = {"en": " and ", "fr": " et "}
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})")
# where in a cited work: the citation keeps it
PLACE = re.compile(r",\s*((?:§|ch\.|p\.|Fig\.).*)$")
OPENING = ("«\u00a0", "“")


class ErrataList(SphinxDirective):
    """Every erratum, by chapter of the book."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(FILE))
        try:
            errata = read(Path(self.env.srcdir))
        except ErrataError as error:
            for line in str(error).split("\n"):
                self._warn(line)
            return []
        self.lang = self.config.language
        groups = errata.by_chapter()
        contents = nodes.bullet_list(classes=["errata-contents"])
        sections = [contents]
        for chapter, entries in groups.items():
            title = _title(errata, chapter, self.lang)
            label = f"sec-errata-{chapter or 'documents'}"
            section = nodes.section("", nodes.title("", title), names=[label])
            section += [self._entry(entry, errata) for entry in entries]
            self.state.document.note_explicit_target(section)
            sections.append(section)
            link = nodes.reference("", title, internal=True, refid=label)
            count = nodes.inline("", f" {len(entries)}", classes=["errata-count"])
            contents += nodes.list_item("", nodes.paragraph("", "", link, count))
        return sections

    def _entry(self, entry: Erratum, errata: Errata) -> nodes.container:
        self.env.get_domain("std").note_hyperlink_target(
            entry.anchor, self.env.docname, entry.anchor, entry.id
        )
        link = nodes.reference("", entry.id, internal=True, refid=entry.anchor)
        link["classes"].append("erratum-id")
        where = self._inline(entry.where[self.lang], "erratum-where")
        facts = f"{', '.join(entry.documents)} · {KINDS[entry.kind][self.lang]}"
        head = nodes.paragraph("", "", link, nodes.Text(" "), where)
        head += [nodes.Text(" "), nodes.inline("", facts, classes=["erratum-facts"])]
        head["classes"].append("erratum-head")
        body = nodes.definition_list(classes=["erratum-body"])
        for name, text in (
            (SAID, entry.said[self.lang]),
            (RIGHT, entry.right[self.lang]),
            (SOURCE, self._source(entry)),
            (BOOK, self._book(entry, errata)),
        ):
            if text:
                term = nodes.term("", name[self.lang])
                # names and titles belong to no language of the book
                meaning = nodes.definition(classes=["citation"][: name is SOURCE])
                self._parse(text, meaning)
                self._mark_foreign(meaning, title=name is SOURCE)
                body += nodes.definition_list_item("", term, meaning)
        box = nodes.container("", head, body, classes=["erratum"])
        box["ids"].append(entry.anchor)
        return box

    def _parse(self, text: str, parent: nodes.Element) -> None:
        self.state.nested_parse(StringList(text.split("\n")), self.lineno, parent)

    def _inline(self, text: str, name: str) -> nodes.inline:
        made = nodes.inline("", "", classes=[name])
        parsed = nodes.Element()
        self._parse(text, parsed)
        made += parsed[0].children
        return made

    def _mark_foreign(self, text: nodes.Element, *, title: bool) -> None:
        """Say which words are of the other language: quoted ones, titles of works."""
        foreign = "fr" if self.lang == "en" else "en"
        for emphasis in text.findall(nodes.emphasis):
            siblings = emphasis.parent.children
            place = siblings.index(emphasis)
            before = siblings[place - 1].astext() if place else ""
            if before.endswith(OPENING):
                emphasis["classes"].append(f"language-{foreign}")
            elif title:
                emphasis["classes"].append("language-en")

    def _source(self, entry: Erratum) -> str:
        """The references; of those in the bibliography, the citation and the place."""
        known = self.env.get_domain("cite").bibdata.data.entries
        cited = []
        for key, text in zip_longest(entry.keys, entry.sources[: len(entry.keys)]):
            if key not in known:
                self._warn(f"{entry.id}: the bibliography has no key {key!r}")
                continue
            place = PLACE.search(text or "")
            cited.append(f"{{cite:t}}`{key}`" + (f", {place[1]}" if place else ""))
        others = [
            ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", text)
            for text in entry.sources[len(entry.keys) :]
        ]
        return "; ".join([*cited, *others]).replace(" & ", AND[self.lang])

    def _book(self, entry: Erratum, errata: Errata) -> str:
        """Where the book has it right, or which chapter will."""
        if entry.label:
            return f"{{ref}}`{entry.label}`"
        if not entry.chapter:
            return ""
        return TO_COME[self.lang].format(
            number=int(entry.chapter[:2]),
            title=errata.chapters[entry.chapter][self.lang],
        )

    def _warn(self, problem: str) -> None:
        LOG.warning(problem, location=self.get_location(), type="bookbuild")


def _title(errata: Errata, chapter: str, lang: str) -> str:
    """The heading of a chapter's entries."""
    if not chapter:
        return NO_CHAPTER[lang]
    return f"{int(chapter[:2])}. {errata.chapters[chapter][lang]}"


class LinkBack(SphinxTransform):
    """Below the title of a section that has it right, the errata it answers."""

    default_priority = 310  # after the labels have become ids

    def apply(self, **kwargs) -> None:
        if not self.env.docname.startswith("chapters/"):
            return
        self.env.note_dependency(str(FILE))
        try:
            errata = read(Path(self.env.srcdir))
        except ErrataError:
            return  # the page itself says what is wrong
        answered: dict[str, list[Erratum]] = {}
        for entry in errata.entries:
            answered.setdefault(entry.label, []).append(entry)
        for section in list(self.document.findall(nodes.section)):
            entries = [e for id_ in section["ids"] for e in answered.get(id_, ())]
            if entries:
                section.insert(1, self._line(entries))

    def _line(self, entries: list[Erratum]) -> nodes.sidebar:
        one, several = LINKS[self.config.language]
        line = nodes.paragraph("", several if len(entries) > 1 else one)
        for place, entry in enumerate(entries):
            line += [nodes.Text(", ")] if place else []
            link = addnodes.pending_xref(
                "",
                nodes.inline("", entry.id),
                refdomain="std",
                reftype="ref",
                reftarget=entry.anchor,
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
            line += link
        return nodes.sidebar("", line, classes=["margin", "errata-links"])


def check_labels(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of an erratum whose section the book does not have."""
    labels = env.get_domain("std").labels
    try:
        entries = read(Path(app.srcdir)).entries
    except ErrataError:
        return
    for entry in entries:
        if entry.label and entry.label not in labels:
            problem = f"{FILE}: {entry.id}: no section has the label {entry.label!r}"
            LOG.warning(problem, type="bookbuild", subtype="errata")


def setup(app: Sphinx) -> None:
    app.add_directive("errata", ErrataList)
    app.add_transform(LinkBack)
    app.connect("env-check-consistency", check_labels)
    app.add_css_file("errata.css")
