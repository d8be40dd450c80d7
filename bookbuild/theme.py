"""Mends the pages as the theme renders them: no script waits, none is of no use.

What is mended is markup of the theme and of Jupyter Book that no option changes; the
tests of the site fail where a new version of theirs writes it otherwise.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from sphinx.application import Sphinx

from bookbuild.accessibility import accessible
from bookbuild.interface import translate, translate_scripts
from bookbuild.policy import protect
from bookbuild.search_index import without_index

UNUSED = (
    # the icons, drawn a second time with a script of 1.5 MB
    re.compile(r"<script[^>]*/fontawesome\.js[^>]*></script>"),
    # thebe's settings, in pages with code
    re.compile(r'<script type="text/x-thebe-config">.*?</script>', re.DOTALL),
    re.compile(r"<script>kernelName = [^<]*</script>"),
    # answers to questions that no script of the book asks
    re.compile(
        r"<script>DOCUMENTATION_OPTIONS\.(pagename|search_as_you_type) = [^<]*</script>"
    ),
    re.compile(r'<link rel="preload" as="script"[^>]*>'),
)
# myst-nb puts paragraphs in a fold's title, where HTML permits none
FOLD_TITLE = re.compile(
    r'<p (class="(?:collapsed|expanded) admonition-title")>(.*?)</p>'
)
# known before the first paint: else code would change its letters after it
THEME = {
    ' data-theme="auto">': ' data-theme="light">',
    'localStorage.getItem("theme") || "auto"': (
        'localStorage.getItem("theme") ||\n      '
        '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
    ),
}
SCRIPT = re.compile(r"<script (?=[^>]*\bsrc=)(?![^>]*\bdefer\b)")
HANDLER = re.compile(r'(<button\s+)onclick="(\w+\.)?(\w+)\(\)"')
PLURAL = re.compile(r"Documentation\.addTranslations\((\{.*\})\);", re.DOTALL)


def mend(html: str, lang: str) -> str:
    """A rendered page, or a part of one; a whole page receives its policy.

    Scripts run in their order once the page is read; ``actions.js`` does what handlers
    written in the HTML did.
    """
    for unused in UNUSED:
        html = unused.sub("", html)
    html = without_index(html)
    html = FOLD_TITLE.sub(r"<span \1>\2</span>", html)
    for undecided, decided in THEME.items():
        html = html.replace(undecided, decided)
    html = SCRIPT.sub("<script defer ", html)
    html = HANDLER.sub(r'\1data-action="\3"', html)
    html = accessible(html, lang)
    html = translate(html) if lang == "fr" else html
    return protect(html) if "</html>" in html else html


def mend_pages(app: Sphinx) -> None:
    """Let every page pass through :func:`mend`."""
    if app.builder.format != "html":
        return
    templates, lang = app.builder.templates, app.config.language
    render = templates.render
    templates.render = lambda template, context: mend(render(template, context), lang)


def write_plural_as_code(app: Sphinx, error: Exception | None) -> None:
    """Sphinx evaluates the plural's rule from a string, which the policy refuses."""
    path = Path(app.outdir) / "_static" / "translations.js"
    if error or not path.is_file():
        return
    found = PLURAL.fullmatch(path.read_text("utf8").strip())
    if found:
        catalogue = json.loads(found[1])
        rule = catalogue.pop("plural_expr")
        path.write_text(
            f"const catalogue = {json.dumps(catalogue, ensure_ascii=False)};\n"
            "Object.assign(Documentation.TRANSLATIONS, catalogue.messages);\n"
            "Documentation.LOCALE = catalogue.locale;\n"
            f"Documentation.PLURAL_EXPR = (n) => Number({rule});\n",
            "utf8",
        )


def setup(app: Sphinx) -> None:
    """Connect to the rendering of pages and to the end of the build."""
    app.connect("builder-inited", mend_pages)
    app.connect("build-finished", write_plural_as_code)
    app.connect("build-finished", translate_scripts)
