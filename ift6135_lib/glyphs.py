"""Text of a formula as a page shows it: letters as text, rare symbols as outlines.

A page carries the letters of DejaVu Sans only. Accents, which a browser would place by
rules of its own, and symbols of other fonts (calligraphic letters, roots, large sums)
become paths.
"""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from functools import cache

from matplotlib import ft2font
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path

if hasattr(ft2font, "LoadFlags"):
    NO_HINTING = ft2font.LoadFlags.NO_HINTING
else:  # matplotlib < 3.10
    NO_HINTING = ft2font.LOAD_NO_HINTING
UNITS = 100  # points at which outlines are read, finely enough
COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}


def join(group: ET.Element, text: ET.Element) -> None:
    """Join a formula's glyphs, which come one per element, in reading order.

    Args:
        group: the element that holds the text, where outlines go.
        text: a ``<text>`` of one ``<tspan>`` per glyph.

    Example:
        >>> group = ET.fromstring(
        ...     "<g><text><tspan x='0' y='1'>l</tspan><tspan x='3' y='1'>r</tspan>"
        ...     "</text></g>"
        ... )
        >>> join(group, group[0])
        >>> ET.tostring(group)
        b'<g><text><tspan x="0 3" y="1">lr</tspan></text></g>'
    """
    glyphs = sorted(text, key=lambda glyph: float(glyph.get("x", "0")))
    for glyph in list(text):
        text.remove(glyph)
    for glyph in glyphs:
        last = text[-1] if len(text) else None
        letter = (glyph.text or "").replace("\u00a0", " ")
        if glyph.get("font-family") or any(map(unicodedata.combining, letter)):
            group.append(outline(glyph))
        elif last is not None and _alike(last, glyph):
            last.text += letter
            last.set("x", f"{last.get('x')} {glyph.get('x')}")
        else:
            glyph.text = letter
            text.append(glyph)
    if not len(text):
        group.remove(text)


def _alike(one: ET.Element, other: ET.Element) -> bool:
    return {**one.attrib, "x": ""} == {**other.attrib, "x": ""}


def outline(glyph: ET.Element) -> ET.Element:
    """A glyph as a path at the same place.

    Args:
        glyph: a ``<tspan>`` with its font, size and place.

    Returns:
        A ``<path>``.

    Example:
        >>> outline(ET.fromstring("<tspan font-size='10' x='1'>l</tspan>")).tag
        'path'
    """
    drawn = _outline(
        glyph.text,
        glyph.get("font-family", "DejaVu Sans").strip("'"),
        glyph.get("font-style", "normal"),
        glyph.get("font-weight", "400"),
        float(glyph.get("font-size")),
    )
    attributes = {name: glyph.get(name) for name in ("fill", "opacity")}
    kept = {name: value for name, value in attributes.items() if value}
    place = f"translate({glyph.get('x', '0')} {glyph.get('y', '0')})"
    return ET.Element("path", {"d": drawn, "transform": place, **kept})


@cache
def _outline(letter: str, family: str, style: str, weight: str, size: float) -> str:
    """The glyph alone: a text layout would give a lone accent a dotted circle."""
    font = get_font(
        findfont(FontProperties(family=family, style=style, weight=int(weight)))
    )
    font.set_size(UNITS, 72)
    font.load_char(ord(letter), flags=NO_HINTING)
    vertices, codes = font.get_path()
    path = Path(vertices * (size / UNITS), codes)
    parts = []
    for points, command in path.iter_segments(simplify=False):
        if command == Path.CLOSEPOLY:
            parts.append("z")
            continue
        parts.append(COMMANDS[command] + " ".join(_short(points)))
    return "".join(parts)


def _short(points) -> list[str]:
    """Coordinates as SVG writes them: y downwards, two decimals."""
    numbers = [-value if number % 2 else value for number, value in enumerate(points)]
    texts = (f"{value:.2f}".rstrip("0").rstrip(".") for value in numbers)
    return ["0" if text == "-0" else text for text in texts]
