"""SVG that cannot run, fetch or restyle anything: what is not on the lists is left out.

The same lists judge the pictures that a cell displays, which become files, and those
that the companion package hands over, which are part of the page.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
NAMESPACE = f"{{{SVG}}}"
XLINK = "http://www.w3.org/1999/xlink"
ELEMENTS = set(
    "svg g path use text tspan defs clipPath mask marker pattern symbol rect circle "
    "ellipse line polyline polygon image title desc linearGradient radialGradient stop"
    "".split()
)
TEXT_ONLY = {"title", "desc", "style"}
ATTRIBUTES = set(
    "id lang role aria-label aria-hidden viewBox version width height x y x1 x2 y1 y2 "
    "cx cy r rx ry fx fy dx dy d points transform preserveAspectRatio data-s offset "
    "fill fill-opacity fill-rule clip-path clip-rule clipPathUnits mask maskUnits "
    "opacity color stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin "
    "stroke-dasharray stroke-dashoffset stroke-miterlimit stop-color stop-opacity "
    "gradientUnits gradientTransform spreadMethod patternUnits patternTransform "
    "patternContentUnits markerWidth markerHeight markerUnits refX refY orient "
    "marker-start marker-mid marker-end font-family font-size font-style font-weight "
    "font-variant font-stretch letter-spacing word-spacing text-anchor textLength "
    "lengthAdjust rotate dominant-baseline baseline-shift text-decoration direction "
    "writing-mode visibility display overflow image-rendering shape-rendering "
    "text-rendering vector-effect paint-order".split()
)
# what may stand in a file only: on a page they would meet the page's own styles
IN_A_FILE = {"class", "style"}
LINKS = {"href", f"{{{XLINK}}}href"}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
OWN_PLACE = re.compile(r"#[\w.:-]+")
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
# of CSS only what neither fetches, nor hides text, nor ends its element
FUNCTION = re.compile(r"([\w-]*)\(\s*([^)]*)")
DRAWN = set(
    "rgb rgba hsl hsla calc translate translatex translatey scale rotate matrix skewx "
    "skewy".split()
)
DECLARATION = re.compile(r"<\?xml[^>?]*\?>\s*")


def safe_css(text: str) -> bool:
    """Whether declarations or rules of CSS can only change how something looks.

    Args:
        text: the value of a ``style`` attribute, or a style sheet.

    Example:
        >>> safe_css("fill: rgb(1, 2, 3)"), safe_css("fill: url(https://e.org/x)")
        (True, False)
    """
    if re.search(r"[\\<@]|/\*|javascript:|\bexpression\b", text, re.IGNORECASE):
        return False
    return all(
        name.lower() in DRAWN
        or (name.lower() == "url" and OWN_PLACE.fullmatch(inside.strip("\"' ")))
        for name, inside in FUNCTION.findall(text)
    )


def safe_attribute(name: str, value: str, *, styled: bool = False) -> bool:
    """Whether an SVG attribute only draws.

    Args:
        name: as ElementTree has it, with its namespace in braces.
        value: the attribute's.
        styled: as in :func:`clean_svg`.

    Example:
        >>> safe_attribute("href", "#fig-a"), safe_attribute("onload", "alert(1)")
        (True, False)
    """
    if name in LINKS:
        return bool(OWN_PLACE.fullmatch(value) or PICTURE.fullmatch(value))
    if name not in (ATTRIBUTES | IN_A_FILE if styled else ATTRIBUTES):
        return name == SPACE
    return name == "aria-label" or safe_css(value)


def clean_svg(text: str, *, styled: bool = False) -> str:
    """A picture without what is not drawing; the text itself where nothing was amiss.

    Args:
        text: an SVG document.
        styled: whether style sheets and classes may stay: in a file of its own they
            meet nothing else.

    Returns:
        The document, without comments and declarations.

    Raises:
        ValueError: it is no SVG, or it declares entities.

    Example:
        >>> clean_svg('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>')
        '<svg xmlns="http://www.w3.org/2000/svg" />'
    """
    if "<!ENTITY" in text:
        raise ValueError("this SVG declares entities; it must have none")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise ValueError(f"this SVG is not well-formed: {error}") from None
    if root.tag != f"{NAMESPACE}svg":
        raise ValueError(f"its first element is {root.tag!r}; it must be SVG's <svg>")
    amiss = _filter(root, styled)
    said = DECLARATION.sub("", text, count=1) if styled else text
    if not amiss and "<!" not in said and "<?" not in said:
        return text
    # Without a prefix: an HTML page knows the elements of SVG by their bare names
    for element in root.iter():
        element.tag = element.tag.removeprefix(NAMESPACE)
    root.set("xmlns", SVG)
    return ET.tostring(root, encoding="unicode")


def is_clean(fragment: str) -> bool:
    """Whether a part of a picture would pass as it stands.

    Args:
        fragment: what may stand inside an ``<svg>``.

    Example:
        >>> is_clean('<g><path d="M0 0"/></g>'), is_clean("<script/>")
        (True, False)
    """
    document = f'<svg xmlns="{SVG}">{fragment}</svg>'
    try:
        return clean_svg(document) == document
    except ValueError:
        return False


def _filter(element: ET.Element, styled: bool) -> bool:
    """Leave out what is not allowed; whether there was anything."""
    amiss = False
    for name, value in list(element.attrib.items()):
        if not safe_attribute(name, value, styled=styled):
            del element.attrib[name]
            amiss = True
    only_text = element.tag.removeprefix(NAMESPACE) in TEXT_ONLY
    for child in list(element):
        if only_text or not _draws(child, styled):
            _remove(element, child)
            amiss = True
        else:
            amiss |= _filter(child, styled)
    return amiss


def _draws(element: ET.Element, styled: bool) -> bool:
    tag = element.tag.removeprefix(NAMESPACE)
    if not element.tag.startswith(NAMESPACE):
        return False
    return tag in ELEMENTS or (
        styled and tag == "style" and safe_css(element.text or "")
    )


def _remove(element: ET.Element, child: ET.Element) -> None:
    """Remove a child, not the text that follows it."""
    place = list(element).index(child)
    if child.tail and place:
        before = element[place - 1]
        before.tail = (before.tail or "") + child.tail
    elif child.tail:
        element.text = (element.text or "") + child.tail
    element.remove(child)
