"""Places on the page what the notebooks hand over: figures, sliders and numbers.

``{plot} label`` is a numbered figure, ``{value}`key``` a number in the prose. Both read
the outputs that :mod:`ift6135_lib.publish` made, in the edition's language.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.utils import retrieve_glue_data
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from bookbuild import safe
from bookbuild.fonts import STYLE_SHEET, write_fonts
from bookbuild.pictures import picture
from bookbuild.published import check
from ift6135_lib.publish import MIME

STATIC = Path(__file__).with_name("static")
VALUE = re.compile(r"\{value\}`([^`]+)`")
logger = logging.getLogger(__name__)


def edition(env: BuildEnvironment) -> str:
    """The edition's language: "en" or "fr"."""
    return (env.config.language or "en").split("_")[0]


def retrieve(document: nodes.document, key: str) -> dict[str, Any] | None:
    """What the page's notebook handed over under a name, None if nothing fit to be."""
    try:
        content = retrieve_glue_data(document, key).data.get(MIME)
        if content is not None:
            check(content)
    except RetrievalError:
        return None
    except ValueError as error:
        warn(
            f"what a code cell made of {key!r} is refused: {error}", document, "unsafe"
        )
        return None
    return content


def warn(message: str, location, subtype: str) -> None:
    logger.warning(message, type="bookbuild", subtype=subtype, location=location)


class Plot(SphinxDirective):
    """A figure or slider that the notebook made, with its caption and number."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        label = self.arguments[0]
        content = retrieve(self.state.document, label)
        if content is None or content["kind"] not in ("figure", "slider"):
            self._refuse(label, content)
            return []
        figure = nodes.figure(ids=[label], names=[label], classes=["plot"])
        self.set_source_info(figure)
        alternative = self._alternative(label)
        drawn = content[edition(self.env)]
        figure += nodes.raw(
            "",
            picture(label, content["kind"], drawn, alternative, edition(self.env)),
            format="html",
            picture=label,
            svg=drawn["svg"],
            alt=alternative,
        )
        self._caption(figure, label, alternative)
        self.state.document.note_explicit_target(figure, figure)
        self.state.document.setdefault("bookbuild_placed", []).append(label)
        return [figure]

    def _refuse(self, label: str, content: dict | None) -> None:
        problem = (
            f"no code cell of this page made {label!r}: end one with "
            f'show(fig, "{label}")'
            if content is None
            else f"{label!r} is a {content['kind']}: quote it with {{value}}`{label}`"
        )
        warn(f"{{plot}} {label}: {problem}", self.get_location(), "plot")

    def _alternative(self, label: str) -> str:
        """The text for those who cannot see, its quoted numbers filled in."""
        text = " ".join(self.options.get("alt", "").split())
        if not text:
            warn(
                f"{{plot}} {label} has no :alt: text: say what is to be seen",
                self.get_location(),
                "alt",
            )

        def value(found: re.Match) -> str:
            said = retrieve(self.state.document, found[1])
            if said is None or said["kind"] != "value":
                warn(
                    f":alt: of {label} quotes the unknown value {found[1]!r}",
                    self.get_location(),
                    "value",
                )
                return found[1]
            return said[edition(self.env)]

        return VALUE.sub(value, text)

    def _caption(self, figure: nodes.figure, label: str, alternative: str) -> None:
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        if not parsed.children or not isinstance(parsed[0], nodes.paragraph):
            warn(f"{{plot}} {label} has no caption", self.get_location(), "plot")
            return
        first, *others = parsed.children
        caption = nodes.caption(first.rawsource, "", *first.children)
        caption.source, caption.line = first.source, first.line
        figure += caption
        if others:
            figure += nodes.legend("", *others)
        if alternative and alternative == " ".join(caption.astext().split()):
            warn(
                f":alt: of {label} repeats its caption: say what is to be seen instead",
                self.get_location(),
                "alt",
            )


class Value(SphinxRole):
    """A number that the notebook found, as the edition's language writes it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        key = self.text.strip()
        content = retrieve(self.inliner.document, key)
        if content is None:
            problem = f'no code cell of this page made it: call glue("{key}", number)'
        elif content["kind"] != "value":
            problem = f"it is a {content['kind']}: place it with {{plot}} {key}"
        else:
            text = content[edition(self.env)].replace(" ", "\u00a0")
            return [nodes.Text(text)], []
        warn(f"{{value}}`{key}`: {problem}", self.get_location(), "value")
        return [nodes.problematic(self.rawtext, key)], []


class Unplaced(SphinxTransform):
    """Warn of figures that a notebook made and the page never places."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        made = NbMetadataCollector.get_doc_data(self.env)[self.env.docname]
        placed = set(self.document.attributes.pop("bookbuild_placed", []))
        waiting = set(made.get("glue", [])) - placed
        if not waiting:
            return
        path = Path(
            self.env.mystnb_config.output_folder, f"{self.env.docname}.glue.json"
        )
        outputs = json.loads(path.read_text("utf8"))
        for label in sorted(waiting):
            content = outputs[label]["data"].get(MIME, {})
            if content.get("kind") in ("figure", "slider"):
                warn(
                    f"the page never places the {content['kind']} {label!r}: "
                    f"write a {{plot}} {label} where it belongs",
                    self._cell(label) or self.document,
                    "plot",
                )

    def _cell(self, label: str) -> nodes.Node | None:
        """The code cell that names the figure."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code" and label in cell.astext():
                return cell
        return None


class StillPictures(SphinxPostTransform):
    """Where there is no HTML, a picture is its default frame, as a file."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        if self.app.builder.format == "html":
            return
        folder = Path(self.app.doctreedir) / "pictures"
        folder.mkdir(exist_ok=True)
        for node in list(self.document.findall(nodes.raw)):
            if "picture" in node:
                path = str(folder / f"{node['picture']}.svg")
                Path(path).write_text(_sized(node["svg"]), "utf8")
                image = nodes.image(uri=path, alt=node["alt"])
                image["candidates"] = {"*": path, "image/svg+xml": path}
                self.env.images.add_file(self.env.docname, path)
                node.replace_self(image)


def _sized(svg: str) -> str:
    """An SVG file needs the size that a page gives."""
    width, height = re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups()
    return svg.replace("<svg", f'<svg width="{width}pt" height="{height}pt"', 1)


def _add_static(app: Sphinx) -> None:
    if app.builder.format == "html":
        fonts = Path(app.doctreedir) / "fonts"
        write_fonts(fonts)
        for folder in (str(STATIC), str(fonts)):
            if folder not in app.config.html_static_path:
                app.config.html_static_path.append(folder)
        app.add_css_file(STYLE_SHEET)
        app.add_css_file("figures.css")


def _add_sliders(app: Sphinx, page: str, template: str, context, doctree) -> None:
    """Only the pages that have a slider load its script."""
    if doctree is None:
        return
    pictures = doctree.findall(nodes.raw)
    if any("data-slider" in node.astext() for node in pictures if "picture" in node):
        app.add_css_file("explore.css")
        app.add_js_file("explore.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    safe.setup(app)
    app.add_directive("plot", Plot)
    app.add_role("value", Value())
    app.add_transform(Unplaced)
    app.add_post_transform(StillPictures)
    app.connect("builder-inited", _add_static)
    app.connect("html-page-context", _add_sliders)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
