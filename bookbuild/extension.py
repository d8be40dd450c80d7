"""The Sphinx extension: keeps one language, and makes both editions share addresses.

The edition is Sphinx's own ``language``; nothing else selects it. Options that differ
between editions stand under ``bilingual_editions`` in ``_config.yml``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from bookbuild import (
    LANGUAGES,
    api,
    buttons,
    card,
    citations,
    citing,
    colophon_page,
    discovery,
    errata_page,
    first_use,
    folds,
    foreign,
    history,
    lexicon,
    mathjax,
    numbering,
    outputs,
    references,
    search,
    search_index,
    theme,
)
from bookbuild.addresses import addresses
from bookbuild.execute import cache_path, prepare_kernels
from bookbuild.exercises import page as exercise_page
from bookbuild.source import SourceError, keep_language

LOG = logging.getLogger(__name__)
HERE = Path(__file__).parent
NAMES = {"en": "English", "fr": "Français"}


def choose_edition(app: Sphinx, config: Config) -> None:
    """Apply the edition's options; point myst-nb to the outputs both editions share."""
    if config.language not in LANGUAGES:
        LOG.warning("language %r is not one of %r", config.language, LANGUAGES)
        return
    for key, value in config.bilingual_editions.get(config.language, {}).items():
        common = getattr(config, key, None)
        if isinstance(common, dict) and isinstance(value, dict):
            value = {**common, **value}
        setattr(config, key, value)
    root = Path(app.srcdir)
    prepare_kernels(root)
    config.nb_execution_cache_path = str(cache_path(root))


def translate_captions(app: Sphinx, config: Config) -> None:
    """Part captions of ``_toc.yml`` are written ``"English || Français"``."""
    site_map = getattr(config, "external_site_map", None)
    for document in site_map.values() if site_map else ():
        for tree in document.subtrees:
            if tree.caption and "||" in tree.caption:
                texts = [text.strip() for text in tree.caption.split("||")]
                tree.caption = texts[LANGUAGES.index(config.language)]


def keep_edition(app: Sphinx, docname: str, source: list[str]) -> None:
    """Blank the cells of the other language."""
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".md":
        shown = path.relative_to(app.srcdir)
        try:
            source[0] = keep_language(source[0], app.config.language, shown)
        except SourceError as error:
            LOG.warning(
                "%s. %s.",
                error.problem,
                error.remedy,
                location=(docname, error.line),
                type="bookbuild",
                subtype="source",
            )


class StableIds(SphinxTransform):
    """A section's id is its label, so that a link survives the change of language."""

    default_priority = 300  # after docutils' PropagateTargets (260)

    def apply(self, **kwargs) -> None:
        document = self.document
        explicit = {
            document.nameids[name]
            for name, is_explicit in document.nametypes.items()
            if is_explicit and document.nameids.get(name)
        }
        for section in document.findall(nodes.section):
            labels = [id_ for id_ in section["ids"] if id_ in explicit]
            if labels:
                section["ids"] = labels
            elif len(section) and isinstance(section[0], nodes.title):
                LOG.warning(
                    "the heading %r has no label: write (sec-name)= before it",
                    section[0].astext(),
                    location=section,
                    type="bookbuild",
                    subtype="label",
                )


def add_alternates(
    app: Sphinx, page: str, template: str, context: dict, doctree
) -> None:
    """Give each page its address in the other edition."""
    up = "../" * (page.count("/") + 1)
    context["editions"] = [
        {
            "lang": lang,
            "name": NAMES[lang],
            "current": lang == app.config.language,
            "href": f"{up}{lang}/{page}.html",
        }
        for lang in LANGUAGES
    ]


def add_notebook(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Give a page with code the address of its own notebook, in its own language."""
    if 'class="cell ' in context.get("body", ""):
        book = addresses(Path(app.srcdir))
        context["colab"] = book.colab(page, app.config.language)


def leave_out(app: Sphinx, page, template, context: dict, doctree) -> None:
    """Jupyter Book loads these on every page, which does without them.

    Thebe would fetch a kernel from elsewhere; folds need no script; the design
    components are for the pages that use one.
    """
    unused = ["thebe", "togglebutton", "togglehint", "window.mathjax"]
    if 'class="sd-' not in context.get("body", ""):
        unused += ["design-tabs", "sphinx-design"]
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context.get(kind, [])
            if not any(name in _asset(file) for name in unused)
        ]


def _asset(file) -> str:
    """A script's or a style sheet's address and attributes, in lower case."""
    return f"{file}{getattr(file, 'attributes', '')}".lower()


def add_own_files(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))
    config.html_favicon = str(HERE / "static" / "favicon.svg")


def own_version() -> int:
    """The pickled environment is stale whenever this package changes."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return int(digest.hexdigest()[:8], 16)


def setup(app: Sphinx) -> dict:
    app.add_config_value("bilingual_editions", {}, "env")
    app.connect("config-inited", choose_edition, priority=100)
    app.connect("config-inited", translate_captions, priority=950)
    app.connect("config-inited", add_own_files)
    app.connect("source-read", keep_edition)
    app.connect("html-page-context", add_alternates)
    app.connect("html-page-context", add_notebook)
    app.connect("html-page-context", leave_out, priority=990)
    app.add_transform(StableIds)
    app.add_js_file("edition.js")
    app.add_js_file("actions.js")
    app.add_css_file("edition.css")
    app.add_css_file("print.css", media="print")
    app.add_css_file("page-end.css")
    for part in (
        api,
        buttons,
        card,
        citations,
        history,  # before what says its dates
        citing,
        colophon_page,
        discovery,
        folds,
        foreign,
        first_use,
        errata_page,
        lexicon,
        mathjax,
        exercise_page,
        numbering,
        outputs,
        references,
        search,
        search_index,
        theme,
    ):
        part.setup(app)
    return {
        "version": "1",
        "env_version": own_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
