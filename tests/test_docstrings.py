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


def arguments(text: str) -> list[str]:
    """What the section of the arguments describes."""
    listed = sections(text).get("Args", "")
    return re.findall(r"^ {4}\*{0,2}(\w+): ", listed, re.MULTILINE)


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
    return text.startswith("See :class:")


def elsewhere(owner: str, text: str) -> str | None:
    """The docstring that a text names for its arguments, if it names one.

    A function such as ``resnet18`` makes a size of a class; ``from_timm`` takes what
    its sister method takes.
    """
    found = re.search(r"Arguments (?:of :class|as :meth):`(\w+)`", text)
    if found is None:
        return None
    sisters = PACKAGED.symbol(owner).node.body
    (named,) = {
        node
        for node in [*(each.node for each in CLASSES), *sisters]
        if getattr(node, "name", "") == found[1]
    }
    return said(named)


def is_equation(node: ast.FunctionDef) -> bool:
    """``update``: its symbols are those of its module, its docstring is the rule."""
    return node.name == "update"


def is_shaped(node: ast.FunctionDef) -> bool:
    """``forward`` whose annotations give the shapes of what it takes and returns."""
    given = [each.annotation for each in node.args.args[1:]]
    written = [ast.unparse(each) if each else "" for each in [*given, node.returns]]
    return (
        node.name == "forward"
        and all("Tensor" in each for each in written)
        and all("Tensor, " in each for each in (written[0], written[-1]))
    )


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
    if inherits(text) or is_equation(node) or is_shaped(node) or is_property(node):
        return
    found = sections(text)
    given = [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]
    given += filter(None, [node.args.vararg, node.args.kwarg])
    wanted = {each.arg for each in given} - {"self", "cls"}
    named = elsewhere(owner, text)
    if named is not None:
        wanted -= {node.args.kwarg and node.args.kwarg.arg}  # options of the class
        while not arguments(named):
            named = elsewhere(owner, named)
        assert wanted and wanted <= {*arguments(named)}
        return
    assert wanted == {*arguments(text)}
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
    assert inherits(text) or "Example:\n    >>> " in (
        elsewhere(symbol.path, text) or text
    )


@pytest.mark.parametrize("symbol", CLASSES, ids=lambda s: s.path)
def test_what_a_result_holds_is_described(symbol):
    source = PACKAGED.modules[symbol.module].path.read_text("utf8").split("\n")
    fields = [
        node
        for node in symbol.node.body
        if isinstance(node, ast.AnnAssign) and not node.target.id.startswith("_")
    ]
    listed = arguments(said(symbol.node))
    silent = [
        each.target.id
        for each in fields
        if "# " not in source[each.end_lineno - 1] and each.target.id not in listed
    ]
    assert silent == [], symbol.path
