"""A chapter's number is its folder's, whatever chapters the book already has.

Its sections count from 1; the headings of its index have no number.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles as Collector

FOLDER = re.compile(r"^(chapters/(\d+)-[^/]+)/")
Number = tuple[int, ...]


def chapter_number(docname: str) -> int | None:
    """4 for ``chapters/04-optimization/adam``; None outside the chapters."""
    found = FOLDER.match(docname)
    return int(found[2]) if found else None


def own_number(docname: str, number: Number, headings: int) -> Number | None:
    """The number a section should have.

    Args:
        docname: its page.
        number: the number Sphinx gave: chapter, section, …
        headings: how many headings of the chapter's index Sphinx has counted.
    """
    chapter = chapter_number(docname)
    if docname.endswith("/index"):
        return (chapter,) if len(number) == 1 else None
    return (chapter, number[1] - headings, *number[2:])


def renumber(env: BuildEnvironment) -> None:
    """Number the chapters' sections as :func:`own_number` says."""
    headings = {
        docname: sum(len(number or ()) == 2 for number in numbers.values())
        for docname, numbers in env.toc_secnumbers.items()
    }
    for docname, numbers in env.toc_secnumbers.items():
        found = FOLDER.match(docname)
        if not found:
            continue
        counted = headings.get(f"{found[1]}/index", 0)
        for anchor, number in numbers.items():
            if number:
                numbers[anchor] = own_number(docname, number, counted)
        named = [("", env.titles[docname])]
        for node in env.tocs[docname].findall(nodes.reference):
            named.append((node["anchorname"], node))
        for anchor, node in named:
            if numbers.get(anchor):
                node["secnumber"] = list(numbers[anchor])
            else:
                node.attributes.pop("secnumber", None)


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
