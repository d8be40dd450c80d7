"""The reference: what is public, where it leads, and what the inventories hold."""

from __future__ import annotations

import importlib
import json
import re
from functools import cache
from types import SimpleNamespace

import pytest

from bookbuild import LANGUAGES, ROOT
from bookbuild.api import docstrings
from bookbuild.api.lessons import Page, lessons
from bookbuild.api.links import DOCUMENTATION, INVENTORIES, mapping, source_address
from bookbuild.api.signatures import fields, signature
from bookbuild.api.symbols import Package
from ift6135_lib.optim import Adam, Optimizer, plane, warm_up
from ift6135_lib.optim.tuning import RangeTest
from ift6135_lib.train import ema_
from tests.test_inventory import MODULES, public

INIT = """
from .inside import Shown
__all__ = ["Shown"]
"""
INSIDE = '''
from torch import Tensor as T
import numpy as np
from .other import Elsewhere
Alias = dict[str, float]
class Made:
    """."""
class Unused:
    """."""
class Shown:
    def method(self, x: Alias) -> Made: ...
def _private(): ...
'''


@pytest.fixture
def package(tmp_path) -> Package:
    folder = tmp_path / "ift6135_lib"
    folder.mkdir()
    (folder / "__init__.py").write_text(INIT)
    (folder / "inside.py").write_text(INSIDE)
    (folder / "other.py").write_text("class Elsewhere: ...\ndef _hidden(): ...\n")
    return Package(folder)


def test_a_symbol_is_called_by_what_exports_it(package):
    found = package.symbol("ift6135_lib.inside.Shown")
    assert (found.path, found.module) == ("ift6135_lib.Shown", "ift6135_lib.inside")
    assert package.symbol("ift6135_lib.inside.nothing") is None


def test_only_what_is_exported_or_named_by_it_is_described(package):
    described = package.described("ift6135_lib.inside", set())
    assert [symbol.name for symbol in described] == ["Alias", "Made", "Shown"]
    shown = package.described("ift6135_lib.inside", {"ift6135_lib.inside.Unused"})
    assert "Unused" in [symbol.name for symbol in shown]
    other = package.described("ift6135_lib.other", set())
    assert [symbol.name for symbol in other] == ["Elsewhere"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("T", "torch.Tensor"),
        ("np.random.Generator", "numpy.random.Generator"),
        ("Shown", "ift6135_lib.Shown"),
        ("Elsewhere", "ift6135_lib.other.Elsewhere"),
        ("float", "float"),
    ],
)
def test_a_name_is_what_its_module_imports(package, name, path):
    assert package.resolve(name, "ift6135_lib.inside") == path


def test_signatures_are_those_of_the_source():
    made, returned = signature("class", Adam)
    assert made.startswith("(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8,")
    assert returned is None
    assert "self" not in made
    assert signature("method", Adam.update)[0] == "(θ, g, m, v, *, t, η, β1, β2, ε)"
    assert signature("method", Optimizer.step)[0] == "(closure=None)"
    assert signature("function", ema_)[1] == "None"
    given, returned = signature("function", plane)
    assert 'centre: Float[Tensor, "d"]' in given and "radius: float = 1.0" in given
    assert returned == 'tuple[Float[Tensor, "n"], Float[Tensor, "n n"]]'
    assert signature("function", warm_up)[0].endswith("then: Schedule | None = None)")


def test_what_a_result_holds_is_read_in_its_source():
    assert fields(RangeTest) == [
        ("rates", "list[float]", "of each update"),
        ("losses", "list[float]", "of the batch, before the update"),
    ]
    assert fields(Adam) == []


def rewritten(text: str, lang: str, thing: type = int) -> list[str]:
    lines = text.split("\n")
    app = SimpleNamespace(config=SimpleNamespace(language=lang))
    docstrings.rewrite(app, "function", "name", thing, None, lines)
    return lines


def test_a_colon_in_what_is_returned_is_no_type():
    text = (
        "Does.\n\nReturns:\n    A verdict: true.\n\nSource:\n    arXiv:1:\n    eq. 2.\n"
    )
    assert ":returns: A verdict: true." in rewritten(text, "en")
    assert ":Source: arXiv:1: eq. 2." in rewritten(text, "fr")
    yields = "Does.\n\nYields:\n    One."
    assert rewritten(yields, "fr")[-2] == ":Produit: One."


def test_the_section_of_a_symbol_is_read_in_the_pages(tmp_path, package):
    path = tmp_path / "page.md"
    path.write_text(
        '+++ {"lang": "en"}\n\n(sec-a)=\n# A\n\n```{code-cell} ipython3\n'
        "from ift6135_lib import Shown as S\n```\n\n"
        '+++ {"lang": "en"}\n\n(sec-b)=\n## B\n\n(fig-c)=\n\n'
        "```{code-cell} ipython3\n:tags: [hide-input]\n\nshow_source(S.method)\n```\n"
    )
    page = Page(path, package)
    assert [(use.section, use.shown) for use in page.uses] == [
        ("sec-a", ()),
        ("sec-b", ("ift6135_lib.Shown",)),
    ]
    assert page.symbol("describe") is None


def test_every_optimizer_has_its_section():
    book = lessons(ROOT)
    for name in public("ift6135_lib.optim"):
        thing = getattr(importlib.import_module("ift6135_lib.optim"), name)
        if isinstance(thing, type) and name != "Optimizer":
            assert f"ift6135_lib.optim.{name}" in book.shown


def test_every_public_symbol_is_known_to_the_reference():
    package = lessons(ROOT).package
    for module in [*MODULES, "ift6135_lib"]:
        for name in public(module):
            assert package.symbol(f"{module}.{name}").path == f"{module}.{name}"


def test_a_source_is_its_lines_on_github():
    address = source_address("https://x/y", "main", "ift6135_lib.optim", "Adam.update")
    file, first, last = re.fullmatch(
        r"https://x/y/blob/main/(.+)#L(\d+)-L(\d+)", address
    ).groups()
    lines = (ROOT / file).read_text("utf8").split("\n")[int(first) - 1 : int(last)]
    assert "def update(θ, g, m, v" in "\n".join(lines)
    assert lines[-1] == "        return θ, m, v"
    for module, name in (
        ("plot", "PALETTE"),  # a constant
        ("conv", "MobileNetV2._act"),  # torch's
        ("conv", "WrongWeights.missing"),  # an instance's
    ):
        assert source_address("x", "main", f"ift6135_lib.{module}", name) is None


@cache
def inventory(name: str) -> dict[str, str]:
    lines = (INVENTORIES / f"{name}.inv").read_text("utf8").splitlines()
    assert lines[0] == "# Sphinx inventory version 1"
    return {line.split()[0]: line.split()[2] for line in lines[3:]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_inventories_are_files_of_the_repository(lang):
    used = mapping(lang)
    assert used.keys() == DOCUMENTATION.keys()
    for address, path in used.values():
        assert address.startswith("https://") and address.endswith("/")
        assert "://" not in path and path.startswith(str(ROOT))
    assert ("/fr/" in used["python"][0]) == (lang == "fr")


NAMES = [(library, name) for library in DOCUMENTATION for name in inventory(library)]


@pytest.mark.parametrize(("library", "name"), NAMES)
def test_what_an_inventory_names_exists(library, name):
    module, _, attribute = name.rpartition(".")
    owner = importlib.import_module(module or "builtins")
    assert name == "None" or hasattr(owner, attribute), f"{library} has no {name}"
    version = (INVENTORIES / f"{library}.inv").read_text("utf8").splitlines()[2]
    if library != "python":  # Debian's, and the oldest that the package takes
        installed = importlib.import_module(library).__version__
        assert installed.startswith(version.removeprefix("# Version: "))


@pytest.mark.parametrize("library", DOCUMENTATION)
def test_every_name_of_an_inventory_is_used(library):
    built = ROOT / "_build" / "html" / "en" / "back" / "api"
    assert built.exists(), "the book is not built: run `make book` first"
    html = "".join(path.read_text("utf8") for path in built.glob("*.html"))
    root = DOCUMENTATION[library]
    root = root if isinstance(root, str) else root["en"]
    unused = [
        name
        for name, page in inventory(library).items()
        if f'href="{root}{page}#{name}"' not in html
    ]
    assert unused == []


def test_symbols_are_among_the_published_addresses():
    published = (ROOT / "published_anchors.txt").read_text("utf8").splitlines()
    assert "back/api/optim.html#ift6135_lib.optim.Adam" in published
    for lang in LANGUAGES:
        path = ROOT / "_build" / "editions" / lang / "refs.json"
        assert path.exists(), "the book is not built: run `make book` first"
        assert "py:ift6135_lib.train.fit" in json.loads(path.read_text("utf8"))
