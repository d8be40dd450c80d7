"""A chapter's number is its folder's, whatever chapters the book already has."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles as Collector

FOLDER = re.compile(r"^chapters/(\d+)-")


def chapter_number(docname: str) -> int | None:
    """4 for ``chapters/04-optimization/adam``; None outside the chapters."""
    found = FOLDER.match(docname)
    return int(found[1]) if found else None


def renumber(env: BuildEnvironment) -> None:
    """Put the chapter's own number first in every section number."""
    for docname, numbers in env.toc_secnumbers.items():
        chapter = chapter_number(docname)
        if chapter is None:
            continue
        for anchor, number in numbers.items():
            if number:
                numbers[anchor] = (chapter, *number[1:])
        numbered = [*env.tocs[docname].findall(nodes.reference), env.titles[docname]]
        for node in numbered:
            if node.get("secnumber"):
                node["secnumber"] = [chapter, *node["secnumber"][1:]]


def install(app: Sphinx) -> None:
    """Wrap the collector that numbers sections, once all extensions are set up."""
    assign = Collector.assign_section_numbers

    def assign_section_numbers(self, env: BuildEnvironment) -> list[str]:
        before = env.toc_secnumbers
        assign(self, env)
        renumber(env)
        now = env.toc_secnumbers
        return [docname for docname in now if now[docname] != before.get(docname)]

    Collector.assign_section_numbers = assign_section_numbers


def setup(app: Sphinx) -> None:
    app.connect("env-before-read-docs", lambda app, env, names: install(app))
