"""Which section of the book shows which symbol, read in the pages' code cells."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from bookbuild.api.symbols import PACKAGE, Package
from bookbuild.check import sources
from bookbuild.source import Cell, cells

SECTION = re.compile(r"^\((sec-[\w-]+)\)=\n#", re.MULTILINE)
SHOWN = re.compile(r"\bshow_source\(([\w.]+)\)")
SEE = re.compile(r"^See: (.+)", re.MULTILINE)
PAGE = re.compile(r"[\w-]+\.md")


@dataclass(frozen=True)
class Use:
    """A code cell, its section, and what of the package it names."""

    section: str
    shown: tuple[str, ...]
    named: tuple[str, ...]


class Page:
    """What the code cells of a page take from the package."""

    def __init__(self, path: Path, package: Package):
        self.path, self.package = path, package

    @cached_property
    def uses(self) -> list[Use]:
        found, section, imports = [], "", self.imports
        for cell in self._cells:
            if cell.kind == "markdown":
                section = [section, *SECTION.findall(cell.text)][-1]
                continue
            tree = _parsed(cell)
            named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
            paths = [imports[name] for name in sorted(named & {*imports})]
            shown = filter(None, map(self.symbol, SHOWN.findall(cell.text)))
            found.append(Use(section, tuple(shown), tuple(paths)))
        return found

    @cached_property
    def _cells(self) -> list[Cell]:
        return cells(self.path.read_text("utf8"), self.path)

    @cached_property
    def imports(self) -> dict[str, str]:
        """The paths of the package's symbols, by the names the page gives them."""
        trees = [_parsed(cell) for cell in self._cells if cell.kind == "code"]
        found = {}
        for node in (node for tree in trees for node in ast.walk(tree)):
            if isinstance(node, ast.ImportFrom):
                for each in node.names:
                    symbol = self.package.symbol(f"{node.module}.{each.name}")
                    if symbol:
                        found[each.asname or each.name] = symbol.path
        return found

    def symbol(self, expression: str) -> str | None:
        """The path of ``Adam`` in ``Adam.update``; None if it is not the package's."""
        return self.imports.get(expression.partition(".")[0])


def _parsed(cell: Cell) -> ast.Module:
    """The code of a cell; none of it where it is no Python, such as a command."""
    lines = cell.text.split("\n")[1:]
    code = "\n".join(line for line in lines if not line.startswith(("```", ":", "%")))
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module([], [])


class Lessons:
    """Where the book teaches each symbol."""

    def __init__(self, root: Path, package: Package):
        self.root, self.package = root, package
        self.pages = {path: Page(path, package) for path in sources(root)}

    @cached_property
    def shown(self) -> dict[str, str]:
        """The section that shows the source of each symbol first."""
        found: dict[str, str] = {}
        for page in self.pages.values():
            for use in page.uses:
                for path in use.shown:
                    found.setdefault(path, use.section)
        return found

    def section(self, path: str) -> str | None:
        """The label of the section that teaches a symbol.

        It is where its source is shown; else where it is first used on the page that
        its module's ``See:`` names; else where it is first used at all.
        """
        if path in self.shown:
            return self.shown[path]
        module = self.package.modules[self.package.symbol(path).module]
        see = SEE.search(ast.get_docstring(module.tree) or "")
        named = PAGE.findall(see[1]) if see else []
        pages = list(self.pages.values())
        for page in [p for p in pages if p.path.name in named] + pages:
            for use in page.uses:
                if path in use.named and use.section:
                    return use.section
        return None


@cache
def lessons(root: Path) -> Lessons:
    """What a book teaches of the package that stands beside it."""
    return Lessons(root, Package(root / PACKAGE))
