"""What the reference says of each public symbol: its arguments, results, errors."""

from __future__ import annotations

import ast
import re

import pytest

from bookbuild import ROOT
from bookbuild.api.symbols import PACKAGE, Package
from tests.test_inventory import MODULES, public

PACKAGED = Package(ROOT / PACKAGE)
SYMBOLS = [
    PACKAGED.symbol(f"{module}.{name}")
    for module in [*MODULES, "ift6135_lib"]
    for name in public(module)
]
FUNCTIONS = [each for each in SYMBOLS if each.kind == "function"]
CLASSES = [each for each in SYMBOLS if each.kind == "class"]
METHODS = [
    (each.path, node)
    for each in CLASSES
    for node in each.node.body
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
]
DESCRIBED = [(f.path, f.node) for f in FUNCTIONS] + METHODS
SECTION = re.compile(r"^(\w+):\n((?: {4}.*\n?|\n)*)", re.MULTILINE)


def said(node: ast.AST) -> str:
    return ast.get_docstring(node) or ""


def sections(text: str) -> dict[str, str]:
    return dict(SECTION.findall(text))


def names(items) -> list[str]:
    return [f"{item[0]}.{item[1].name}" for item in items]


def own(node: ast.FunctionDef) -> list[ast.AST]:
    """What a function holds, without the functions defined in it."""
    found, waiting = [], list(node.body)
    while waiting:
        each = waiting.pop()
        found.append(each)
        if not isinstance(each, ast.FunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(each)
    return found


def inherits(text: str) -> bool:
    """Whether another docstring says the rest: that of a base class, of a sister
    method, or of the class of which a function such as ``resnet18`` makes a size."""
    elsewhere = ("See :class:", "Arguments of :class:", "Arguments as :meth:")
    return any(words in text for words in elsewhere)


def is_equation(node: ast.FunctionDef) -> bool:
    """``update`` has the symbols of its module, and its docstring is the rule; so
    ``forward``, whose annotations give the shapes."""
    every = [each for each in node.args.args if each.arg != "self"]
    shaped = node.returns and all(each.annotation for each in every)
    return node.name == "update" or (node.name == "forward" and bool(shaped))


def is_property(node: ast.FunctionDef) -> bool:
    return any(getattr(each, "id", "") == "property" for each in node.decorator_list)


@pytest.mark.parametrize("symbol", SYMBOLS, ids=[each.path for each in SYMBOLS])
def test_the_first_line_says_what_it_is(symbol):
    text = PACKAGED.modules[symbol.module].said(symbol.name)
    first = text.split("\n")[0]
    assert len(first.split()) >= 4 and first.endswith("."), first


@pytest.mark.parametrize(("owner", "node"), DESCRIBED, ids=names(DESCRIBED))
def test_arguments_results_and_errors_are_described(owner, node):
    text = said(node)
    if inherits(text) or is_equation(node) or is_property(node):
        return
    found = sections(text)
    given = [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]
    given += filter(None, [node.args.vararg, node.args.kwarg])
    wanted = {each.arg for each in given} - {"self", "cls"}
    described = re.findall(r"^ {4}\*{0,2}(\w+): ", found.get("Args", ""), re.MULTILINE)
    assert wanted == {*described}
    # reStructuredText reads a lone letter and its point as the start of a list
    assert not re.search(r"^ {4}\w+: \w\.$", found.get("Args", ""), re.MULTILINE)
    returned = [n.value for n in own(node) if isinstance(n, ast.Return) and n.value]
    if returned:
        assert "Returns" in found or "Yields" in found
    raised = {
        n.exc.func.id
        for n in own(node)
        if isinstance(n, ast.Raise) and isinstance(n.exc, ast.Call)
    }
    told = {*re.findall(r"^ {4}(\w+): ", found.get("Raises", ""), re.MULTILINE)}
    assert raised <= told


@pytest.mark.parametrize("symbol", [*FUNCTIONS, *CLASSES], ids=lambda s: s.path)
def test_an_example_shows_its_use(symbol):
    text = said(symbol.node)
    assert inherits(text) or "Example:\n    >>> " in text


@pytest.mark.parametrize("symbol", CLASSES, ids=lambda s: s.path)
def test_what_a_result_holds_is_described(symbol):
    source = PACKAGED.modules[symbol.module].path.read_text("utf8").split("\n")
    fields = [
        node
        for node in symbol.node.body
        if isinstance(node, ast.AnnAssign) and not node.target.id.startswith("_")
    ]
    arguments = sections(said(symbol.node)).get("Args", "")
    silent = [
        each.target.id
        for each in fields
        if "# " not in source[each.end_lineno - 1]
        and f"    {each.target.id}: " not in arguments
    ]
    assert silent == [], symbol.path
