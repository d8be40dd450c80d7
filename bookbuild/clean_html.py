"""HTML that a notebook displayed, without what could run, fetch or pass for the page.

nh3 (the Rust crate ammonia) parses and rewrites it from lists of what may stay: what
tables, their styles and progress bars need.
"""

from __future__ import annotations

import re

import nh3

from bookbuild.clean_svg import PICTURE, safe_css

ELEMENTS = set(
    "a abbr b bdi bdo blockquote br caption code col colgroup dd del details dfn div "
    "dl dt em h3 h4 h5 h6 hr i img ins kbd li mark meter ol p pre progress q s samp "
    "small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr"
    "".split()
)
ATTRIBUTES = {
    "*": {"class", "id", "style", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border"},
    "col": {"span"},
    "colgroup": {"span"},
    "td": {"colspan", "rowspan", "headers", "align", "valign"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr", "align", "valign"},
    "details": {"open"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "progress": {"value", "max"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
}
# the styles of a cell, none that takes an element out of its place
PROPERTIES = set(
    "background-color border border-bottom border-collapse border-color border-left "
    "border-radius border-right border-spacing border-style border-top border-width "
    "color display font-family font-size font-style font-variant font-weight height "
    "line-height margin margin-bottom margin-left margin-right margin-top max-width "
    "min-width overflow overflow-x overflow-wrap padding padding-bottom padding-left "
    "padding-right padding-top text-align text-decoration text-transform "
    "vertical-align white-space width word-break".split()
)
# pandas' names for the parts of a table; the page's own classes would act on it
CLASS = re.compile(
    r"dataframe|data|blank|index_name|pd-[tj]|level\d+|(row|col)(\d+|_heading|_trim)"
)
TABLE_ID = re.compile(r"T_\w+")  # pandas' too
LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.IGNORECASE | re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SELECTOR = re.compile(r"\s*(#T_\w+|\.dataframe)([\w\s.:#>()-]*)")


def clean_html(html: str) -> str:
    """What may stand on a page of what a cell displayed.

    Args:
        html: anything.

    Returns:
        Well-formed HTML, or nothing.

    Example:
        >>> clean_html('<b onclick="alert(1)">bold</b><script>alert(2)</script>')
        '<b>bold</b>'
    """
    sheets = [sheet for sheet in STYLE.findall(html) if _styles_a_table(sheet)]
    cleaned = nh3.clean(
        STYLE.sub("", html),
        tags=ELEMENTS,
        clean_content_tags={"script", "style", "title", "textarea", "noscript"},
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=PROPERTIES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    # a sheet that passed has no "<": it cannot end its element
    return "".join(f"<style>{sheet}</style>" for sheet in sheets) + cleaned


def _attribute(element: str, name: str, value: str) -> str | None:
    """An attribute's value, None to leave the attribute out."""
    if name == "class":
        return " ".join(filter(CLASS.fullmatch, value.split())) or None
    if name in ("id", "headers"):
        return value if TABLE_ID.fullmatch(value) else None
    if name == "style":
        return value if safe_css(value) else None
    if name == "src":  # a picture from elsewhere would tell who reads
        return value if PICTURE.fullmatch(value) else None
    if name == "href":
        return value if LINK.match(value) else None
    return value


def _styles_a_table(sheet: str) -> bool:
    """Whether a style sheet is only of pandas' tables, and only of their looks."""
    rules = RULE.findall(sheet)
    if not safe_css(sheet) or RULE.sub("", sheet).strip():
        return False
    selectors = [each for names, _ in rules for each in names.split(",")]
    names = [
        declaration.partition(":")[0].strip().lower()
        for _, declarations in rules
        for declaration in declarations.split(";")
        if declaration.strip()
    ]
    return all(map(SELECTOR.fullmatch, selectors)) and set(names) <= PROPERTIES
