"""Words of the other language, marked as such: {en}`loss` in a French text.

A screen reader then pronounces them, and a browser hyphenates them, as they are said.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from bookbuild import LANGUAGES


class Foreign(SphinxRole):
    """Text with the ``lang`` of the role's name, which docutils reads in its class."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        marked = nodes.inline(
            self.rawtext, self.text, classes=[f"language-{self.name}"]
        )
        return [marked], []


def setup(app: Sphinx) -> None:
    for lang in LANGUAGES:
        app.add_role(lang, Foreign())
