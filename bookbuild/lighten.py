"""Makes a published edition light: what its pages show, and no file that none uses.

The theme brings 2,000 icons in three fonts; the book shows some twenty. MathJax's style
sheet describes 2,000 characters; the book's formulas are made of a few hundred.
"""

from __future__ import annotations

import re
from pathlib import Path

from fontTools import subset

SHEET = Path("_static") / "styles" / "pydata-sphinx-theme.css"
FORMULAS = Path("_static") / "mathjax" / "mathjax.css"
# maps, templates and catalogues of the theme's own making, fonts that no browser takes
# any more, the icons a second time, and the parts that no page asks for
UNUSED = (
    "*.map",
    "*macros.html",
    "*.ttf",
    "fontawesome.js",
    "sphinx-thebe.*",
    "togglebutton.*",
    "play-solid.svg",
    "logo_*",
    "locales",
    ".buildinfo*",
)
NAME = re.compile(r"\bfa-([a-z0-9]+(?:-[a-z0-9]+)*)")
RULE = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\?(.+?)"\}')
TRUETYPE = re.compile(r',url\([^)]*\.ttf\) format\("truetype"\)')
ESCAPED = re.compile(r"\\([ef][0-9a-f]{3})\b")
LETTER = re.compile(r"\bmjx-c([0-9A-F]+)\b")
# a whole rule: what may stand before the letter, and a brace in its content
LETTER_RULE = re.compile(
    r'^[^{}\n]*mjx-c\.mjx-c([0-9A-F]+)[^{}]*\{(?:"(?:\\.|[^"\\])*"|[^"}])*\}\s*',
    re.MULTILINE,
)
PRIVATE = range(0xE000, 0xF900)  # where icons stand in Unicode


def lighten(site: Path) -> None:
    """Cut the icons and the formulas' styles of an edition down to what it shows.

    Args:
        site: the edition's folder, as it is published; changed in place.

    Raises:
        FileNotFoundError: the theme's style sheet is not where it was.
    """
    sheet = site / SHEET
    style = TRUETYPE.sub("", sheet.read_text("utf8"))
    pages = [path.read_text("utf8") for path in site.rglob("*.html")]
    scripts = [path.read_text("utf8") for path in site.rglob("_static/**/*.js")]
    used = {name for text in (*pages, *scripts) for name in NAME.findall(text)}
    shown: set[int] = set()

    def keep(rule: re.Match) -> str:
        names = re.findall(r"\.fa-([\w-]+):before", rule[1])
        if not used.intersection(names):
            return ""
        shown.update(_icons(rule[0]))
        return rule[0]

    letters = {code for page in pages for code in LETTER.findall(page)}
    formulas = LETTER_RULE.sub(
        lambda rule: rule[0] if rule[1] in letters else "",
        (site / FORMULAS).read_text("utf8"),
    )
    (site / FORMULAS).write_text(formulas, "utf8")
    style = RULE.sub(keep, style)
    others = [path for path in site.rglob("_static/**/*.css") if path != sheet]
    for text in (RULE.sub("", style), *(path.read_text("utf8") for path in others)):
        shown |= _icons(text)
    sheet.write_text(style, "utf8")
    for font in (site / "_static" / "vendor" / "fontawesome").rglob("*.woff2"):
        _cut(font, shown)


def _icons(style: str) -> set[int]:
    """The icons that rules name, written as they are or escaped."""
    written = {ord(letter) for letter in style if ord(letter) in PRIVATE}
    return written | {int(code, 16) for code in ESCAPED.findall(style)}


def _cut(path: Path, characters: set[int]) -> None:
    options = subset.Options(
        flavor="woff2", hinting=False, ignore_missing_unicodes=True
    )
    font = subset.load_font(str(path), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, str(path), options)
