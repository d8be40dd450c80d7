"""What ``ift6135_lib`` offers, read in its sources without importing them.

A symbol is called by the shortest path that exports it: ``Adam``, defined in
``ift6135_lib.optim.adam`` and listed in the ``__all__`` of ``ift6135_lib.optim``, is
``ift6135_lib.optim.Adam``.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGE = "ift6135_lib"
RAISED = re.compile(r"^ {4}([A-Z]\w+): ", re.MULTILINE)
Definition = ast.ClassDef | ast.FunctionDef | ast.Assign


@dataclass(frozen=True)
class Symbol:
    """Something that a module defines."""

    module: str  # where it is defined
    name: str
    node: Definition
    path: str  # the name by which to import it

    @property
    def kind(self) -> str:
        """One of "class", "function", "alias" (of a type), "variable" and "data"."""
        if isinstance(self.node, ast.ClassDef):
            return "class"
        if isinstance(self.node, ast.FunctionDef):
            return "function"
        value = self.node.value
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "TypeVar":
            return "variable"
        return "data" if self.name.isupper() else "alias"


class Module:
    """One file of the package."""

    def __init__(self, name: str, path: Path):
        self.name, self.path = name, path
        self.tree = ast.parse(path.read_text("utf8"))
        self.is_package = path.name == "__init__.py"

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """The classes, functions and constants of its top level, in their order."""
        found: dict[str, Definition] = {}
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = node
        return found

    def said(self, name: str) -> str:
        """The docstring of a definition; a constant's is the text below it."""
        node = self.definitions[name]
        if not isinstance(node, ast.Assign):
            return ast.get_docstring(node) or ""
        following = self.tree.body[self.tree.body.index(node) + 1 :]
        below = following[0] if following else None
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            return inspect.cleandoc(below.value.value)
        return ""

    @cached_property
    def exported(self) -> list[str] | None:
        """Its ``__all__``, None without one."""
        node = self.definitions.get("__all__")
        return None if node is None else ast.literal_eval(node.value)

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for, as a dotted path."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    whole = each.asname or each.name.partition(".")[0]
                    found[whole] = each.name if each.asname else whole
            elif isinstance(node, ast.ImportFrom):
                for each in node.names:
                    origin = f"{self._origin(node)}.{each.name}"
                    found[each.asname or each.name] = origin
        return found

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        parts = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*parts, *filter(None, [node.module])])


class Package:
    """All of its modules."""

    def __init__(self, folder: Path):
        self.modules: dict[str, Module] = {}
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self.modules[name] = Module(name, path)

    @cached_property
    def _exporters(self) -> dict[str, str]:
        """The shortest path in an ``__all__`` of what is defined elsewhere."""
        found: dict[str, str] = {}
        for name in sorted(self.modules, key=lambda name: name.count(".")):
            module = self.modules[name]
            for symbol in module.exported or ():
                origin = self._follow(f"{name}.{symbol}")
                found.setdefault(origin, f"{name}.{symbol}")
        return found

    @cached_property
    def _exporting(self) -> set[str]:
        """The modules of which another one exports something."""
        return {
            origin.rpartition(".")[0]
            for origin, path in self._exporters.items()
            if path != origin
        }

    def _follow(self, path: str) -> str:
        """Where what a dotted path names is defined."""
        module, _, name = path.rpartition(".")
        while module in self.modules and name not in self.modules[module].definitions:
            origin = self.modules[module].imports.get(name)
            if origin is None:
                break
            path = origin
            module, _, name = path.rpartition(".")
        return path

    def symbol(self, path: str) -> Symbol | None:
        """What a dotted path names, None if the package does not define it."""
        origin = self._follow(path)
        module, _, name = origin.rpartition(".")
        definitions = self.modules[module].definitions if module in self.modules else {}
        if name not in definitions:
            return None
        public = self._exporters.get(origin, origin)
        return Symbol(module, name, definitions[name], public)

    def resolve(self, name: str, module: str) -> str:
        """The public path of a name as a module's source writes it.

        ``Tensor`` is ``torch.Tensor`` where the module imports it from torch; what the
        module neither imports nor defines stays as it is.
        """
        known, (head, _, rest) = self.modules[module], name.partition(".")
        if head in known.definitions:
            path = f"{module}.{name}"
        elif head in known.imports:
            path = ".".join(filter(None, [known.imports[head], rest]))
        elif hasattr(builtins, head):
            return name
        else:
            path = self._only(name) or name
        found = self.symbol(path)
        return found.path if found else path

    def _only(self, name: str) -> str | None:
        """The one class of that name in the package, as docstrings write it."""
        found = [
            f"{path}.{name}"
            for path, module in self.modules.items()
            if isinstance(module.definitions.get(name), ast.ClassDef)
        ]
        return found[0] if len(found) == 1 else None

    def public(self, module: str) -> list[Symbol]:
        """What a module lets others import: what is exported, else all it defines."""
        known = self.modules[module]
        names = [
            name
            for name, node in known.definitions.items()
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
            or known.exported
            or f"{module}.{name}" in self._exporters
        ]
        symbols = [self.symbol(f"{module}.{name}") for name in names]
        if module in self._exporting or known.exported is not None:
            origins = self._exporters
            return [s for s in symbols if f"{s.module}.{s.name}" in origins]
        return [symbol for symbol in symbols if not symbol.name.startswith("_")]

    def described(self, module: str, shown: set[str]) -> list[Symbol]:
        """What the reference describes of a module, in the order of its source.

        Args:
            module: its dotted name.
            shown: paths of what the chapters show the source of.
        """
        known = self.modules[module]
        every = {name: self.symbol(f"{module}.{name}") for name in known.definitions}
        chosen = {symbol.name for symbol in self.public(module)}
        chosen |= {name for name, symbol in every.items() if symbol.path in shown}
        waiting = list(chosen)
        while waiting:  # the types that the signatures and the docstrings name
            for name in names(every[waiting.pop()].node):
                described = name in every and every[name].kind in ("class", "alias")
                if described and name not in chosen:
                    chosen.add(name)
                    waiting.append(name)
        return [symbol for name, symbol in every.items() if name in chosen]


def names(node: Definition) -> Iterator[str]:
    """The types that a definition names: annotations, bases, exceptions it raises."""
    if isinstance(node, ast.Assign):
        yield from (n.id for n in ast.walk(node.value) if isinstance(n, ast.Name))
        return
    yield from RAISED.findall(ast.get_docstring(node) or "")
    for inner in [node] if isinstance(node, ast.FunctionDef) else node.body:
        annotations = []
        if isinstance(inner, ast.FunctionDef):
            arguments = [a for a in ast.walk(inner.args) if isinstance(a, ast.arg)]
            annotations = [inner.returns, *(a.annotation for a in arguments)]
        elif isinstance(inner, ast.AnnAssign):
            annotations = [inner.annotation]
        for annotation in filter(None, annotations):
            for each in ast.walk(annotation):
                if isinstance(each, ast.Name):
                    yield each.id
    if isinstance(node, ast.ClassDef):
        for base in node.bases:
            yield from (n.id for n in ast.walk(base) if isinstance(n, ast.Name))
