"""``{api}``: the reference of some modules, and its links to and from the sections."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from bookbuild.api import docstrings
from bookbuild.api.lessons import SHOWN, Lessons, lessons
from bookbuild.api.symbols import PACKAGE, Package, Symbol

TAUGHT = {"en": "Taught in section ", "fr": "Expliqué à la section "}
USED = {"en": "First used in section ", "fr": "Utilisé d’abord à la section "}
TITLED = "{number}, {name}"
API = {"en": "API: ", "fr": "API\u00a0: "}
DIRECTIVES = {"class": "autoclass", "function": "autofunction", "data": "autodata"}


class Api(SphinxDirective):
    """Everything public of the modules, in the order of their sources."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        taught = lessons(root)
        package = taught.package
        for path in taught.pages:
            self.env.note_dependency(str(path))
        described = []
        for name in self.arguments[0].split():
            module = f"{PACKAGE}.{name}"
            if module not in package.modules:
                raise self.error(f"{{api}}: {PACKAGE} has no module {name!r}")
            self.env.note_dependency(str(package.modules[module].path))
            described += package.described(module, set(taught.shown))
        return [node for symbol in described for node in self._entry(symbol, taught)]

    def _entry(self, symbol: Symbol, taught: Lessons) -> list[nodes.Node]:
        holder = nodes.Element()
        module = taught.package.modules[symbol.module]
        lines = _directive(symbol, module.said(symbol.name))
        text = ["```{eval-rst}", *lines, "```"]
        self.state.nested_parse(StringList(text, self.env.docname), 0, holder)
        entry = next(iter(holder.findall(addnodes.desc)))
        content = entry[-1]
        if symbol.kind == "alias":
            _equate(entry[0])
        if self.config.language != "en":
            docstrings.mark_language(holder)
        label = taught.section(symbol.path)
        if label:
            said = TAUGHT if symbol.path in taught.shown else USED
            content.insert(0, self._section(label, said[self.config.language]))
        for xref in list(holder.findall(addnodes.pending_xref)):
            if xref.get("refdomain") == "py":
                _qualify(xref, symbol, taught.package)
        return holder.children

    def _section(self, label: str, words: str) -> nodes.paragraph:
        shown = nodes.inline("", TITLED, classes=["std"])
        link = _reference(shown, "std", "numref", label, self.env.docname)
        before = nodes.Text(words)
        return nodes.paragraph("", "", before, link, classes=["api-section"])


def _directive(symbol: Symbol, said: str) -> list[str]:
    """What describes a symbol, in reStructuredText; autodoc reads no alias's text."""
    if symbol.kind == "alias":
        module, _, name = symbol.path.rpartition(".")
        return [
            f".. py:currentmodule:: {module}",
            "",
            f".. py:data:: {name}",
            f"   :type: {ast.unparse(symbol.node.value)}",
            "",
            *(f"   {line}" for line in said.split("\n")),
            "",
        ]
    lines = [f".. {DIRECTIVES[symbol.kind]}:: {symbol.path}"]
    if symbol.kind == "class":
        lines.append("   :members:")
    return [*lines, ""]


def _equate(line: addnodes.desc_signature) -> None:
    """Write ``Schedule = Callable[…]``: the directive of a constant wrote ``:``."""
    colon = next(iter(line.findall(addnodes.desc_sig_punctuation)))
    space = addnodes.desc_sig_space()
    colon.replace_self([space, addnodes.desc_sig_punctuation("", "=")])


def _qualify(xref: addnodes.pending_xref, symbol: Symbol, package: Package) -> None:
    """Name what a reference leads to as the symbol's own source understands it."""
    target = xref["reftarget"]
    resolved = package.resolve(target, symbol.module)
    found = package.symbol(resolved)
    if found and found.kind == "variable":  # a type variable stands for itself
        xref.replace_self(nodes.Text(target))
    if resolved != target:
        xref["reftarget"] = resolved
        xref["py:module"] = xref["py:class"] = None
        xref["reftype"] = "obj"


class LinkSources(SphinxTransform):
    """Where a section shows a symbol's source, a link to its entry."""

    default_priority = 500

    def apply(self, **kwargs) -> None:
        path = Path(self.env.doc2path(self.env.docname))
        cells = [
            (cell, SHOWN.findall(cell.astext()))
            for cell in self.document.findall(nodes.container)
            if cell.get("nb_element") == "cell_code"
        ]
        if not any(shown for _, shown in cells):
            return
        page = lessons(Path(self.env.srcdir)).pages[path]
        for cell, shown in cells:
            paths = filter(None, map(page.symbol, shown))
            links = [self._link(path) for path in dict.fromkeys(paths)]
            if links:
                place = cell.parent.index(cell) + 1
                cell.parent.insert(place, self._paragraph(links))

    def _paragraph(self, links: list[nodes.Node]) -> nodes.paragraph:
        made = nodes.paragraph(classes=["api-link"])
        made += nodes.Text(API[self.config.language])
        for number, link in enumerate(links):
            if number:
                made += nodes.Text(", ")
            made += link
        return made

    def _link(self, path: str) -> addnodes.pending_xref:
        shown = nodes.literal("", path, classes=["xref", "py", "py-obj"])
        return _reference(shown, "py", "obj", path, self.env.docname)


def _reference(
    shown: nodes.Node, domain: str, role: str, target: str, page: str
) -> addnodes.pending_xref:
    """A reference that stops the build when it leads nowhere."""
    return addnodes.pending_xref(
        "",
        shown,
        refdomain=domain,
        reftype=role,
        reftarget=target,
        refexplicit=True,
        refwarn=True,
        refdoc=page,
    )


def setup(app: Sphinx) -> None:
    app.add_directive("api", Api)
    app.add_transform(LinkSources)
