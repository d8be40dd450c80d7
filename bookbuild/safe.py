"""What notebooks print and display cannot act on the page.

Every output of a cell reaches the page through one object of myst-nb's, its renderer of
elements; this one cleans HTML and SVG, shows Markdown's HTML as text, and leaves out
scripts and widgets, which need a kernel anyway. MathJax's own ``ui/safe`` (see
:mod:`bookbuild.mathjax`) does the same for formulas.
"""

from __future__ import annotations

import dataclasses
import re
import sysconfig
from pathlib import Path

import myst_nb.sphinx_
from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, strip_ansi
from sphinx import addnodes
from sphinx.application import Sphinx

from bookbuild import ROOT
from bookbuild.clean_html import clean_html
from bookbuild.clean_svg import clean_svg

WEB = re.compile(r"(https?|mailto):", re.IGNORECASE)
LIBRARIES = Path(sysconfig.get_paths()["purelib"])
STANDARD = Path(sysconfig.get_paths()["stdlib"])


class SafeRenderer(NbElementRenderer):
    """myst-nb's renderer of outputs, for outputs that nobody has read."""

    def render_text_html(self, data: MimeData) -> list[nodes.Element]:
        """Clean it; without anything left, the output's plain text is shown."""
        cleaned = clean_html(data.string)
        if not cleaned.strip():
            return []
        return super().render_text_html(dataclasses.replace(data, content=cleaned))

    def render_image(self, data: MimeData) -> list[nodes.Element]:
        """Clean a picture that is code; leave out a PDF, which may hold scripts."""
        if data.mime_type == "application/pdf":
            return []
        if data.mime_type == "image/svg+xml":
            try:
                content = clean_svg(data.string, styled=True)
            except ValueError as error:
                self.logger.warning(
                    f"this picture is left out: {error}", line=data.line
                )
                return []
            data = dataclasses.replace(data, content=content)
        return super().render_image(data)

    def render_javascript(self, data: MimeData) -> list[nodes.Element]:
        """Leave it out."""
        return []

    def render_widget_view(self, data: MimeData) -> list[nodes.Element]:
        """Leave it out: without a kernel it moves nothing."""
        return []

    def render_nb_finalise(self, metadata: dict) -> None:
        """Load neither the widgets' state nor their scripts, which are elsewhere."""

    def _render_markdown_base(
        self, data: MimeData, *, fmt: str, inline: bool
    ) -> list[nodes.Element]:
        """Plain Markdown only: MyST's directives can read any file."""
        made = super()._render_markdown_base(data, fmt="commonmark", inline=inline)
        holder = nodes.Element("", *made)
        for node in list(holder.findall()):
            if isinstance(node, nodes.raw):
                text = nodes.literal("", node.astext())
                within = inline or isinstance(node.parent, nodes.TextElement)
                node.replace_self(text if within else nodes.paragraph("", "", text))
            elif _leads_elsewhere(node):
                node.replace_self(
                    nodes.inline("", node.astext() or node.get("alt", ""))
                )
        return holder.children

    def render_error(self, output, cell_metadata, cell_index, source_line):
        """A traceback whose paths are those of the repository."""
        roots = (Path(self.renderer.sphinx_env.srcdir), ROOT)
        said = shorten(strip_ansi("\n".join(output["traceback"])), *roots)
        output = {**output, "traceback": [said]}
        return super().render_error(output, cell_metadata, cell_index, source_line)


def _leads_elsewhere(node: nodes.Node) -> bool:
    """A link that is none of the Web, or a picture that is a file or far away."""
    if isinstance(node, nodes.image):
        return not node["uri"].startswith("data:image/")
    if isinstance(node, addnodes.pending_xref | addnodes.download_reference):
        return True
    return isinstance(node, nodes.reference) and not WEB.match(node.get("refuri", ""))


def shorten(text: str, *roots: Path) -> str:
    """Paths as any reader may know them: from the repository or from a package.

    Args:
        text: a traceback.
        roots: the folders of the repository.

    Example:
        >>> shorten("File /srv/book/ift6135_lib/train.py:3", Path("/srv/book"))
        'File ift6135_lib/train.py:3'
    """
    home = Path.home()
    folders = {str(each) for each in (LIBRARIES, STANDARD, *roots, home)}
    # IPython writes ~ for the home folder
    folders |= {
        f"~/{Path(each).relative_to(home)}"
        for each in folders
        if Path(each).is_relative_to(home) and Path(each) != home
    }
    for folder in sorted(folders, key=len, reverse=True):
        text = text.replace(f"{folder}/", "")
    return text


def setup(app: Sphinx) -> None:
    """Give myst-nb this renderer."""
    # it looks one up among the installed packages, and this is none
    myst_nb.sphinx_.load_renderer = lambda name: SafeRenderer
