"""Links out of the reference: the source on GitHub, and the libraries' own pages.

The inventories are files of the repository, so that building asks nothing of the
network; ``bookbuild/inventories/README.md`` says what is in them.
"""

from __future__ import annotations

import inspect
import sys
from functools import reduce
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuild import ROOT

INVENTORIES = Path(__file__).resolve().parent.parent / "inventories"
DOCUMENTATION = {
    "python": {
        "en": "https://docs.python.org/3/",
        "fr": "https://docs.python.org/fr/3/",
    },
    "numpy": "https://numpy.org/doc/stable/",
    "matplotlib": "https://matplotlib.org/stable/",
    "torch": "https://docs.pytorch.org/docs/stable/",
    "jaxtyping": "https://docs.kidger.site/jaxtyping/",
}


def mapping(lang: str) -> dict[str, tuple[str, str]]:
    """Each library's documentation in the edition's language, and its inventory."""
    return {
        name: (
            address if isinstance(address, str) else address[lang],
            str(INVENTORIES / f"{name}.inv"),
        )
        for name, address in DOCUMENTATION.items()
    }


def source_address(repository: str, branch: str, module: str, name: str) -> str | None:
    """The lines of GitHub that define what a module offers under a name.

    Args:
        repository: its address.
        branch: the branch to show.
        module: a module's dotted name.
        name: in it, such as "Adam.update".
    """
    try:
        thing = reduce(getattr, name.split("."), sys.modules[module])
    except AttributeError:  # an instance's
        return None
    if isinstance(thing, property):
        thing = thing.fget
    try:
        lines, first = inspect.getsourcelines(inspect.unwrap(thing))
        path = Path(inspect.getsourcefile(inspect.unwrap(thing)))
    except TypeError:  # a constant
        return None
    if not path.resolve().is_relative_to(ROOT / "ift6135_lib"):  # a library's
        return None
    file = path.resolve().relative_to(ROOT).as_posix()
    return f"{repository}/blob/{branch}/{file}#L{first}-L{first + len(lines) - 1}"


def configure(app: Sphinx, config: Config) -> None:
    config.intersphinx_mapping = mapping(config.language)
    config.intersphinx_disabled_reftypes = ["std:*"]
    theme = config.html_theme_options
    repository = theme.get("repository_url", "").rstrip("/")
    branch = theme.get("repository_branch", "main")

    def resolve(domain: str, info: dict) -> str | None:
        if domain != "py" or info["module"] not in sys.modules:
            return None
        return source_address(repository, branch, info["module"], info["fullname"])

    config.linkcode_resolve = resolve


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure, priority=110)
