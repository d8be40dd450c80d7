"""Signatures as the source writes them: ``lr=1e-3``, ``Float[Tensor, "n d"]``."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap

DATACLASS_OR_TUPLE = re.compile(r"^@dataclass|\(NamedTuple\)", re.MULTILINE)


def definition(thing: object) -> tuple[ast.ClassDef | ast.FunctionDef, str]:
    """The syntax tree of a class or a function, and the source it was read in."""
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(thing)))
    return ast.parse(source).body[0], source


def written(node: ast.expr, source: str) -> str:
    """An expression on one line, its numbers as they are written.

    jaxtyping's ``" d"`` has its space only for linters: it reads ``"d"``.
    """
    text = " ".join(ast.get_source_segment(source, node).split())
    return re.sub(r"\[(\w+), \" ", r'[\1, "', text)


def parameters(function: ast.FunctionDef, source: str, *, bound: bool) -> str:
    """The parameters in brackets.

    Args:
        function: the definition.
        source: what it was read in.
        bound: whether to leave out the first one, ``self``.
    """
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + given.defaults
    shown = [
        _parameter(*each, source) for each in zip(positional, defaults, strict=True)
    ]
    if given.posonlyargs:
        shown.insert(len(given.posonlyargs), "/")
    if given.vararg:
        shown.append(f"*{_parameter(given.vararg, None, source)}")
    elif given.kwonlyargs:
        shown.append("*")
    named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    shown += [_parameter(*each, source) for each in named]
    if given.kwarg:
        shown.append(f"**{_parameter(given.kwarg, None, source)}")
    return f"({', '.join(shown[bound:])})"


def _parameter(argument: ast.arg, default: ast.expr | None, source: str) -> str:
    equals = "="
    text = argument.arg
    if argument.annotation:
        text, equals = f"{text}: {written(argument.annotation, source)}", " = "
    return text if default is None else text + equals + written(default, source)


def signature(what: str, thing: object) -> tuple[str, str | None]:
    """The parameters and what is returned, for autodoc.

    Args:
        what: "class", "exception", "function", "method"…
        thing: the object itself.
    """
    node, source = definition(thing)
    if isinstance(node, ast.ClassDef):
        made = [n for n in node.body if getattr(n, "name", "") == "__init__"]
        return (parameters(made[0], source, bound=True) if made else "", None)
    static = any(getattr(d, "id", "") == "staticmethod" for d in node.decorator_list)
    bound = what == "method" and not static
    returned = written(node.returns, source) if node.returns else None
    return parameters(node, source, bound=bound), returned


def fields(thing: type) -> list[tuple[str, str, str]]:
    """Name, type and comment of what a dataclass or a named tuple holds."""
    node, source = definition(thing)
    if not DATACLASS_OR_TUPLE.search(source):
        return []
    lines = source.split("\n")
    return [
        (
            each.target.id,
            written(each.annotation, source),
            lines[each.end_lineno - 1].partition("  # ")[2],
        )
        for each in node.body
        if isinstance(each, ast.AnnAssign)
    ]
