"""The search index: its entries are the book's sections, exercises and terms.

Sphinx indexes pages, and fetches each page that it shows: a browser refuses to from the
disk. Here each entry has its own address, number and text, all in ``searchindex.js``,
which the search page alone loads; ``static/search-page.js`` shows them.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

from docutils import nodes
from docutils.utils import new_document
from pylatexenc.latex2text import LatexNodes2Text
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.search import IndexBuilder, _JavaScriptIndex
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

FORMULAS = LatexNodes2Text(math_mode="text")
SKIPPED = (nodes.comment, nodes.raw, nodes.math_block, nodes.target)
# comments and character strings are in English in both editions
SILENT = re.compile(
    r'#[^\n]*|""".*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL
)
# layout.html loads them on every page, for a search while typing that the book has not
SCRIPTS = re.compile(
    r"\s*<script[^>]*/?(?:searchtools|language_data|searchindex)\.js[^>]*></script>"
)


@dataclass(frozen=True)
class Entry:
    """What a search finds."""

    anchor: str  # empty for the page itself
    kind: str  # section, exercise or term
    number: str  # as the page shows it, or empty
    title: str
    text: str
    code: str  # the lines that name something, without what they say


def entries(page: str, doctree: nodes.document, env: BuildEnvironment) -> list[Entry]:
    """What can be found on a page, in its order."""
    numbers = env.toc_secnumbers.get(page, {})
    found = []
    for node in doctree.findall(nodes.Element):
        if not node.get("ids"):
            continue
        anchor = node["ids"][0]
        if isinstance(node, nodes.section) and isinstance(node[0], nodes.title):
            top = isinstance(node.parent, nodes.document)
            number = numbers.get("" if top else f"#{anchor}") or ()
            found.append(
                Entry(
                    anchor="" if top else anchor,
                    kind="section",
                    number=".".join(map(str, number)),
                    title=plain(node[0]),
                    text=text(node.children[1:]),
                    code=code(node.children[1:]),
                )
            )
        elif is_exercise_node(node):
            found.append(_exercise(page, node, env))
        elif isinstance(node, nodes.row) and anchor.startswith("term-"):
            term, other, *_ = (plain(cell) for cell in node.children)
            found.append(Entry(anchor, "term", "", term, other, ""))
    return found


def _exercise(page: str, node: nodes.Element, env: BuildEnvironment) -> Entry:
    numbers = env.toc_fignumbers.get(page, {}).get("exercise", {})
    number = ".".join(map(str, numbers.get(node["ids"][0], ())))
    title = plain(node[0]).strip()
    return Entry(
        anchor=node["ids"][0],
        kind="exercise",
        number=env.config.numfig_format["exercise"] % number if number else "",
        title=title[1:-1] if title.startswith("(") else title,
        text=text(node.children[1:]),
        code=code(node.children[1:]),
    )


def text(parts: Iterable[nodes.Node]) -> str:
    """The prose of a section, without that of the entries that it contains."""
    elements = (node for node, is_code in _elements(parts) if not is_code)
    return " ".join(" ".join(map(plain, elements)).split())


def code(parts: Iterable[nodes.Node]) -> str:
    """The names in the code cells of a section, line by line, each line once."""
    lines: dict[str, None] = {}
    for node, is_code in _elements(parts):
        if is_code:
            for line in SILENT.sub('""', node.astext()).splitlines():
                if names(line):
                    lines[line.strip()] = None
    return "\n".join(lines)


def names(code: str) -> list[str]:
    return [
        name for name in re.findall(r"[^\W\d]\w+", code) if not keyword.iskeyword(name)
    ]


def _elements(
    parts: Iterable[nodes.Node], in_cell: bool = False
) -> Iterator[tuple[nodes.TextElement, bool]]:
    """Elements that have text, and whether they are the code of a cell."""
    for node in parts:
        if (
            isinstance(node, SKIPPED)
            or is_exercise_node(node)
            or is_solution_node(node)
        ):
            continue
        if isinstance(node, nodes.section) and isinstance(node[0], nodes.title):
            continue
        if isinstance(node, nodes.row) and node.get("ids"):
            continue
        kind = node.get("nb_element") if isinstance(node, nodes.Element) else None
        if kind == "cell_code_output":
            continue
        if isinstance(node, nodes.TextElement):
            yield node, in_cell
        else:
            yield from _elements(node.children, in_cell or kind == "cell_code_source")


def plain(node: nodes.Node) -> str:
    """The text of an element, its formulas in Unicode."""
    if isinstance(node, nodes.math):
        return " ".join(FORMULAS.latex_to_text(node.astext()).split())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(plain(child) for child in node.children)


class SectionIndex(IndexBuilder):
    """Sphinx's index, fed with sections instead of pages."""

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self._entries: dict[str, dict] = {}

    def feed(
        self, docname: str, filename: str, title: str, doctree: nodes.document
    ) -> None:
        """Index a page's entries, each under ``page#anchor``."""
        for entry in entries(docname, doctree, self.env):
            name = f"{docname}#{entry.anchor}" if entry.anchor else docname
            section = new_document(name)
            section += nodes.section(
                "",
                nodes.title("", entry.title),
                nodes.paragraph("", entry.text),
                nodes.paragraph("", " ".join(names(entry.code))),
            )
            super().feed(name, filename, entry.title, section)
            shown = {key: value for key, value in asdict(entry).items() if value}
            self._entries[name] = shown

    def prune(self, docnames: Iterable[str]) -> None:
        """Forget the entries of all other pages."""
        pages = {*docnames}
        kept = [name for name in self._entries if name.split("#")[0] in pages]
        super().prune(kept)
        self._entries = {name: self._entries[name] for name in kept}
        self._index_entries.clear()

    def freeze(self) -> dict[str, Any]:
        """What the browser reads; ``entries`` is in the order of ``docnames``."""
        frozen = super().freeze()
        frozen["entries"] = [self._entries[name] for name in frozen["docnames"]]
        return frozen

    def load(self, stream: IO, format: Any) -> None:
        """Take back the entries of the pages that have not changed."""
        super().load(stream, format)
        stream.seek(0)
        frozen = format.load(stream)
        self._entries = dict(zip(frozen["docnames"], frozen["entries"], strict=True))


class Compact(_JavaScriptIndex):
    """Sphinx's file, without spaces, and with accents as they are."""

    def dumps(self, data: Any) -> str:
        """The script that gives the index to the search page."""
        text = json.dumps(
            data, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return self.PREFIX + text + self.SUFFIX


class Builder(StandaloneHTMLBuilder):
    """Sphinx's pages, with the index of this book."""

    indexer_format = Compact()

    def load_indexer(self, docnames: Iterable[str]) -> None:
        """Put the index of sections in the place of Sphinx's."""
        config = self.config
        self.indexer = SectionIndex(
            self.env,
            config.html_search_language or config.language,
            config.html_search_options,
            config.html_search_scorer,
        )
        super().load_indexer(docnames)


def without_index(html: str) -> str:
    """A page other than the search page, without the index and its scripts."""
    return html if 'id="search-results"' in html else SCRIPTS.sub("", html)


def setup(app: Sphinx) -> None:
    """Replace the builder."""
    app.add_builder(Builder, override=True)
