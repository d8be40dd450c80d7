"""MathJax is served from the book itself, out of a pinned package."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.fileutil import copy_asset

SCRIPT = "tex-chtml.js"
# the script, what it loads on demand, and its fonts
PARTS = (
    SCRIPT,
    "input/tex/extensions",
    "output/chtml/fonts/woff-v2",
    "a11y",
    "ui/safe.js",
)
# formulas that a cell displays have no links to scripts, no styles, no pictures
SAFE = "ui/safe"
FOLDER = "mathjax"


def use_own_copy(app: Sphinx, config: Config) -> None:
    config.mathjax_path = f"{FOLDER}/{SCRIPT}"
    config.mathjax3_config = {"loader": {"load": [SAFE]}}


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put the parts under ``_static/mathjax``, unless all are there."""
    target = Path(app.outdir) / "_static" / FOLDER
    if error or app.builder.format != "html":
        return
    if all((target / part).exists() for part in PARTS):
        return
    with as_file(files("mathjax") / "static" / "mathjax" / "es5") as source:
        for part in PARTS:
            where = (target / part).parent if "." in part else target / part
            copy_asset(str(source / part), str(where))
        copy_asset(str(source.parent / "LICENSE"), str(target))


def setup(app: Sphinx) -> None:
    app.connect("config-inited", use_own_copy)
    app.connect("build-finished", copy)
