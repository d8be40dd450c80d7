"""The reference of ``ift6135_lib`` in the book: made from its docstrings.

``{api} optim.adam optim.adamw`` on a page describes what these modules offer. What is
public, where it is imported from, which section shows it and where each name of a
signature leads: all of it is read in the sources.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config

OPTIONS = {
    "add_module_names": False,
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "maximum_signature_line_length": 60,
    "napoleon_numpy_docstring": False,
    "python_use_unqualified_type_names": True,
    "toc_object_entries_show_parents": "hide",
}


def configure(app: Sphinx, config: Config) -> None:
    for name, value in OPTIONS.items():
        setattr(config, name, value)


def setup(app: Sphinx) -> None:
    from bookbuild.api import docstrings, links, page

    for extension in ("autodoc", "napoleon", "linkcode"):
        app.setup_extension(f"sphinx.ext.{extension}")
    app.connect("config-inited", configure, priority=110)
    for part in (docstrings, links, page):
        part.setup(app)
