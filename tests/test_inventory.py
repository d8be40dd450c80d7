"""Nothing is public without a test and a page; labels speak the lexicon's French."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from bookbuild import ROOT
from bookbuild.terms import read_terms
from ift6135_lib.catalogue import catalogue

MODULES = [
    "ift6135_lib.conv",
    "ift6135_lib.corpus",
    "ift6135_lib.data",
    "ift6135_lib.device",
    "ift6135_lib.interact",
    "ift6135_lib.language",
    "ift6135_lib.optim",
    "ift6135_lib.plot",
    "ift6135_lib.sound",
    "ift6135_lib.toys",
    "ift6135_lib.train",
    "ift6135_lib.transformer",
]
CODE = re.compile(r"^`{3}\{code-cell\}.*?^`{3}$|`[^`\n]+`", re.M | re.S)
STRING = re.compile(r'f?"[^"\n]*"')
# what later chapters use first
NOT_YET_ON_A_PAGE = {
    "Text",
    "checkerboard",
    "eight_gaussians",
    "ema_",
    "mnist1d",
    "pinwheel",
    "rings",
    "stratified_splits",
}


def public(name: str) -> list[str]:
    module = importlib.import_module(name)
    if hasattr(module, "__all__"):
        return sorted(module.__all__)
    tree = ast.parse(Path(module.__file__).read_text("utf8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    defined = [node.name for node in tree.body if isinstance(node, kinds)]
    return [name for name in defined if not name.startswith("_")]


def text_of(folder: str, pattern: str) -> str:
    paths = sorted((ROOT / folder).rglob(pattern))
    return "\n".join(path.read_text("utf8") for path in paths)


@cache
def code_of_the_pages() -> str:
    """The code cells, and the names that the text writes as code."""
    return "\n".join(
        STRING.sub("", code)
        for page in sorted((ROOT / "chapters").rglob("*.md"))
        for code in CODE.findall(page.read_text("utf8"))
    )


# what the others take, return, raise or are made of
PARTS = {
    "ConvGradients",
    "History",
    "LayerNorm2d",
    "LayerRow",
    "LeNet",
    "Maximised",
    "Optimizer",
    "PALETTE",
    "Pair",
    "Part",
    "ReceptiveField",
    "Row",
    "SEBasicBlock",
    "SEBottleneck",
    "Size",
    "Splits",
    "Window",
    "WrongWeights",
    "translate",
}
SYMBOLS = [(module, name) for module in MODULES for name in public(module)]
WHOLE = [(module, name) for module, name in SYMBOLS if name not in PARTS]
# of these the tests read the fields, and need no name
HELD = {"ConvGradients", "History", "Maximised", "Pair", "Part", "Size", "Splits"}
NAMED = [(module, name) for module, name in SYMBOLS if name not in HELD]


@pytest.mark.parametrize(("module", "name"), NAMED)
def test_every_public_symbol_is_tested(module, name):
    lists = r"^(NOT_YET_ON_A_PAGE|PARTS) = \{.*?^\}"
    tests = re.sub(lists, "", text_of("tests", "*.py"), flags=re.S | re.M)
    assert re.search(rf"\b{name}\b", tests), f"{module}.{name} has no test"


@pytest.mark.parametrize(("module", "name"), WHOLE)
def test_every_public_symbol_is_on_a_page(module, name):
    used = re.search(rf"(?<![\w-]){name}(?![\w-])", code_of_the_pages())
    if name in NOT_YET_ON_A_PAGE:
        assert not used, f"{name} is on a page now: take it off the list"
    else:
        assert used, f"no page uses {module}.{name}"


@pytest.mark.parametrize(("module", "name"), SYMBOLS)
def test_every_public_symbol_has_a_docstring(module, name):
    thing = getattr(importlib.import_module(module), name)
    assert thing.__doc__ and len(thing.__doc__.split()) >= 3


def test_labels_use_the_terms_of_the_lexicon():
    def words(text: str) -> set[str]:
        return set(re.findall(r"[\w’'-]+", text.lower()))

    lexicon = {term.english: words(term.french) for term in read_terms(ROOT)}
    wrong = {
        english: french
        for english, french in catalogue().items()
        if english in lexicon and not words(french) <= lexicon[english]
    }
    assert len(set(lexicon) & set(catalogue())) >= 8
    assert wrong == {}
