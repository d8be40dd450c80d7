"""SVG that a page can inherit: its text stays text, its black is the page's ink.

It carries no style of its own, only presentation attributes, which a content security
policy allows, and its ids start with the figure's label.
"""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

from PIL import Image

from ift6135_lib.glyphs import join

DECIMALS = 2
FONT = "DejaVu Sans"
GEOMETRY = {"d", "x", "y", "width", "height", "points", "x1", "x2", "y1", "y2"}
REAL = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
LANG = "lang-"  # starts the id of a group whose words are of a language
REFERENCE = re.compile(r"url\(#([^)]+)\)")


def clean(text: str, label: str) -> ET.Element:
    """An SVG document made fit for a page.

    Args:
        text: the document as matplotlib writes it.
        label: the figure's label, with which every id starts.

    Returns:
        The ``<svg>`` element, its definitions gathered in its first child.

    Example:
        >>> clean('<svg viewBox="0 0 9 9"/>', "fig-a").get("viewBox")
        '0 0 9 9'
    """
    root = ET.fromstring(text)
    used = set(REFERENCE.findall(text)) | set(re.findall(r'href="#([^"]+)"', text))
    definitions: dict[str, ET.Element] = {}
    _clean_element(root, used, f"{label}-", definitions)
    viewbox = root.get("viewBox", "")
    root.attrib = {
        "viewBox": viewbox,
        "fill": "currentColor",
        "stroke-linejoin": "round",
        "font-family": f"'{FONT}', sans-serif",
    }
    shared = ET.Element("defs")
    shared.extend(definitions[name] for name in sorted(definitions))
    root.insert(0, shared)
    return root


def _clean_element(element, used, prefix, definitions) -> None:
    element.tag = element.tag.rpartition("}")[2]
    _clean_attributes(element, used, prefix)
    for name in ("text", "tail"):
        value = getattr(element, name)
        if value is not None and not value.strip(" \n"):
            setattr(element, name, None)
    for child in list(element):
        tag = child.tag.rpartition("}")[2]
        if tag in ("metadata", "style"):
            element.remove(child)
            continue
        _clean_element(child, used, prefix, definitions)
        if tag == "defs":
            element.remove(child)
            definitions.update({kept.get("id"): kept for kept in child})
    definitions.pop(None, None)  # the emptied <style> has no id
    for text in [child for child in element if child.tag == "text" and len(child)]:
        join(element, text)


def _clean_attributes(element, used, prefix) -> None:
    kept = {}
    for name, value in element.attrib.items():
        name = name.rpartition("}")[2]
        if name == "style":
            kept.update(_presentation(value))
        elif name == "id":
            if value in used:
                kept["id"] = prefix + value
            elif value.startswith(LANG):
                kept["lang"] = value.removeprefix(LANG)
        elif name == "href" and value.startswith("#"):
            kept["href"] = f"#{prefix}{value[1:]}"
        elif name == "href":
            kept["href"] = compact_image(value)
        elif name == "transform":
            if value := re.sub(r"rotate\(-?0[ )][^)]*\)?", "", value).strip():
                kept["transform"] = _shorten(value, 4)
        elif name in GEOMETRY:
            kept[name] = _geometry(value)
        else:
            kept[name] = value
    for name, value in kept.items():
        if "url(#" in value:
            kept[name] = REFERENCE.sub(rf"url(#{prefix}\1)", value)
    element.attrib = kept


def _presentation(style: str) -> dict[str, str]:
    """CSS declarations as attributes; black becomes the page's text colour."""
    found = {}
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font-family" and value.startswith((FONT, f"'{FONT}'")):
            continue  # the root's
        if name in ("fill", "stroke") and value == "#000000":
            value = "currentColor"
        found[name] = _shorten(value, 3).removesuffix("px")
    return found


def _shorten(text: str, decimals: int = DECIMALS) -> str:
    def number(found: re.Match) -> str:
        short = f"{float(found[0]):.{decimals}f}".rstrip("0").rstrip(".")
        return "0" if short in ("-0", "") else short

    return REAL.sub(number, text)


def _geometry(value: str) -> str:
    short = _shorten(re.sub(r"\s+", " ", value).strip())
    return re.sub(r" ?([A-Za-z]) ?", r"\1", short)


def compact_image(uri: str) -> str:
    """Re-encode an embedded PNG as greys, a palette or RGB where nothing is lost.

    Args:
        uri: a ``data:image/png;base64`` address.

    Returns:
        The shortest address of the same pixels.

    Example:
        >>> compact_image("picture.png")
        'picture.png'
    """
    head, _, data = uri.partition(",")
    if head != "data:image/png;base64":
        return uri
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    if image.mode == "RGBA" and image.getextrema()[3][0] == 255:
        image = image.convert("RGB")
    candidates = [image]
    if image.mode == "RGB":
        red, green, blue = (band.tobytes() for band in image.split())
        if red == green == blue:
            candidates.append(image.getchannel(0))
        if image.getcolors(256):
            palette = image.convert("P", palette=Image.Palette.ADAPTIVE, colors=256)
            if palette.convert("RGB").tobytes() == image.tobytes():
                candidates.append(palette)
    encoded = [uri]
    for candidate in candidates:
        buffer = io.BytesIO()
        candidate.save(buffer, "PNG", optimize=True)
        encoded.append(f"{head},{base64.b64encode(buffer.getvalue()).decode()}")
    return min(encoded, key=len)


def markup(root: ET.Element) -> str:
    """The element as text to put into an HTML page.

    Args:
        root: an element from :func:`clean`.

    Returns:
        The ``<svg>`` element's text.

    Example:
        >>> markup(ET.Element("svg"))
        '<svg xmlns="http://www.w3.org/2000/svg" />'
    """
    text = ET.tostring(root, encoding="unicode")
    return text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
