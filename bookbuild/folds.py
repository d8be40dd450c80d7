"""Folded boxes (hints, visible tests, solutions) are ``<details>``: no script folds.

An admonition of class ``dropdown`` is closed from the first paint on, opens by click or
keyboard, and for a link or a search of the browser that leads into it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

CLASS = "dropdown"
CHEVRON = '<span class="fold-chevron" aria-hidden="true"></span>'
HINT = {"en": "Hint", "fr": "Indice"}  # Sphinx says « Indication »


class fold(nodes.General, nodes.Element):
    """The box."""


class fold_title(nodes.Part, nodes.TextElement):
    """What stays in sight."""


class Fold(SphinxPostTransform):
    """Turns each admonition of class ``dropdown`` into a fold."""

    default_priority = 25  # after sphinx-exercise has written its titles
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for box in list(self.document.findall(nodes.Admonition)):
            if is_exercise_node(box) or is_solution_node(box):
                self._unwrap(box)
            if CLASS in box["classes"]:
                self._fold(box)

    def _fold(self, box: nodes.Element) -> None:
        kind = [] if type(box) is nodes.admonition else [box.tagname]
        classes = [each for each in (*kind, *box["classes"]) if each != CLASS]
        if box.children and isinstance(box[0], nodes.title):
            title, content = fold_title("", "", *box[0].children), box.children[1:]
        else:
            lang = self.config.language
            label = HINT[lang] if kind == ["hint"] else admonitionlabels[kind[0]]
            title, content = fold_title("", str(label)), box.children
        names = dict.fromkeys(each for each in classes if each != "solution_node")
        folded = fold("", title, *content, ids=box["ids"], classes=[*names])
        box.parent.replace(box, folded)

    def _unwrap(self, box: nodes.Element) -> None:
        """Sphinx-exercise puts the content in a section whose id is not unique."""
        for section in [each for each in box if isinstance(each, nodes.section)]:
            if section["ids"] and section["ids"][0].endswith("-content"):
                at = box.index(section)
                box[at : at + 1] = section.children  # without its ids


def visit_fold(self: HTML5Translator, node: fold) -> None:
    self.body.append(self.starttag(node, "details", CLASS="admonition"))


def depart_fold(self: HTML5Translator, node: fold) -> None:
    self.body.append("</details>\n")


def visit_title(self: HTML5Translator, node: fold_title) -> None:
    self.body.append(self.starttag(node, "summary", "", CLASS="admonition-title"))


def depart_title(self: HTML5Translator, node: fold_title) -> None:
    self.body.append(
        '<span class="fold-chevron" aria-hidden="true"></span></summary>\n'
    )


def setup(app: Sphinx) -> None:
    """Add the nodes and the transform."""
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_node(fold_title, html=(visit_title, depart_title))
    app.add_post_transform(Fold)
    app.add_css_file("folds.css")
