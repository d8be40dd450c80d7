"""All the pictures of a slider as one SVG and what changes in it.

The frames are walked together. Where an attribute, a text or the list of children
differs, the element is marked ``data-s`` and the differing values become a *slot*:
``[mark, attribute, values, index of each frame's value]``; the attribute ``""``
stands for the children, ``"#"`` for the text, and an index list of 0 means that every
frame has a value of its own.
"""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Sequence

from ift6135_lib.svg import markup

Change = tuple[tuple[ET.Element, ...], str, list[str]]
CHILDREN, TEXT = "", "#"
SLOT = 100  # characters, about, that a slot costs besides its values
MAX_FRAMES = 300
MAX_BYTES = 300_000
DEFLATE_ABOVE = 32_000


def slots(frames: Sequence[ET.Element], start: int) -> list[list]:
    """Mark what changes in the starting frame.

    Args:
        frames: one ``<svg>`` element for each position, cleaned with one label. The
            starting frame receives the marks and all the frames' definitions.
        start: the number of the starting frame.

    Returns:
        The slots, in the document's order.

    Example:
        >>> one, two = (ET.fromstring(f'<svg><g x="{x}"/></svg>') for x in "12")
        >>> slots([one, two], 0)
        [[0, 'x', ['1', '2'], 0]]
    """
    _share_definitions(frames)
    found: list[list] = []
    marks: dict[ET.Element, int] = {}
    for elements, name, values in _changes(tuple(frames)):
        mark = marks.setdefault(elements[start], len(marks))
        found.append([mark, name, *_unique(values)])
        if name not in (CHILDREN, TEXT):
            elements[start].set(name, values[start])
    for element, mark in marks.items():
        element.set("data-s", str(mark))
    return found


def _share_definitions(frames: Sequence[ET.Element]) -> None:
    """Give every frame the definitions of all: an id names a content."""
    everything = {}
    for frame in frames:
        for definitions in frame.findall("defs"):
            everything.update({each.get("id"): each for each in definitions})
            frame.remove(definitions)
    if everything:
        shared = ET.Element("defs")
        shared.extend(everything[name] for name in sorted(everything))
        for frame in frames:
            frame.insert(0, shared)


def _changes(elements: tuple[ET.Element, ...]) -> list[Change]:
    """What differs between the frames of an element, and inside it."""
    found = []
    for name in sorted(set().union(*(each.attrib for each in elements))):
        values = [each.get(name, "") for each in elements]
        if len(set(values)) > 1:
            found.append((elements, name, values))
    if len({tuple(child.tag for child in each) for each in elements}) > 1:
        return found + _children_changes(elements)
    values = [each.text or "" for each in elements]
    if len(set(values)) > 1:
        found.append((elements, TEXT, values))
    for children in zip(*elements, strict=True):
        found += _changes(children)
    return found


def _children_changes(elements: tuple[ET.Element, ...]) -> list[Change]:
    """Where frames have other children: all anew or gaps filled, the shorter."""
    anew = [(elements, CHILDREN, [_inside(each) for each in elements])]
    if not all(
        len(each) and {child.tag for child in each} == {"g"} for each in elements
    ):
        return anew
    gaps = [max(map(len, elements)) - len(each) for each in elements]
    filled = [
        [*each, *(ET.Element("g") for _ in range(gap))]
        for each, gap in zip(elements, gaps, strict=True)
    ]
    piecewise = [
        change for column in zip(*filled, strict=True) for change in _changes(column)
    ]
    if _weight(piecewise) > _weight(anew):
        return anew
    for each, children in zip(elements, filled, strict=True):
        each[:] = children
    return piecewise


def _weight(changes: list[Change]) -> int:
    return sum(SLOT + sum(map(len, set(values))) for _, _, values in changes)


def _inside(element: ET.Element) -> str:
    children = (ET.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + "".join(children)


def _unique(values: list[str]) -> tuple[list[str], list[int] | int]:
    unique = list(dict.fromkeys(values))
    if len(unique) == len(values):
        return unique, 0
    position = {value: number for number, value in enumerate(unique)}
    return unique, [position[value] for value in values]


def pack(content: object) -> tuple[str, str]:
    """JSON as short text, deflated when it is long.

    Args:
        content: anything JSON can hold.

    Returns:
        The text and its encoding, "json" or "deflate" (zlib's format, in base64).

    Example:
        >>> pack([1, 2])
        ('[1,2]', 'json')
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) <= DEFLATE_ABOVE:
        return text, "json"
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode(), "deflate"


def unpack(text: str, encoding: str) -> object:
    """What :func:`pack` packed.

    Args:
        text: packed text.
        encoding: "json" or "deflate".

    Returns:
        The content.

    Example:
        >>> unpack(*pack({"a": 1}))
        {'a': 1}
    """
    if encoding == "deflate":
        text = zlib.decompress(base64.b64decode(text)).decode()
    return json.loads(text)


def check_count(label: str, number: int) -> None:
    """Refuse a slider with more positions than a page can carry.

    Args:
        label: the figure's label.
        number: how many pictures its controls make.

    Raises:
        ValueError: more than 300.

    Example:
        >>> check_count("fig-a", 300)
    """
    if number > MAX_FRAMES:
        raise ValueError(
            f"explore({label!r}) makes {number} pictures, the product of its controls' "
            f"positions; it must be at most {MAX_FRAMES}: take coarser steps, a "
            "narrower range or fewer controls"
        )


def check_size(label: str, *texts: str) -> None:
    """Refuse a figure too heavy for a page.

    Args:
        label: the figure's label.
        texts: what the page would hold.

    Raises:
        ValueError: together more than 300 kB.

    Example:
        >>> check_size("fig-a", "<svg/>")
    """
    size = sum(len(text.encode()) for text in texts)
    if size > MAX_BYTES:
        raise ValueError(
            f"{label!r} weighs {size // 1000} kB; it must be at most "
            f"{MAX_BYTES // 1000}: draw fewer points, take fewer positions, or pass "
            "rasterized=True to crowded scatters and meshes"
        )


def compose(frames: Sequence[ET.Element], sentences: Sequence[str], start: int) -> dict:
    """The slider's picture and what its script needs to change it.

    Args:
        frames: one ``<svg>`` element for each position.
        sentences: what each shows, or nothing.
        start: the number of the starting frame.

    Returns:
        ``svg``, ``payload`` (packed slots and sentences), ``encoding`` and the
        starting ``sentence``.

    Example:
        >>> frames = [ET.fromstring(f'<svg><g x="{x}"/></svg>') for x in "12"]
        >>> compose(frames, [], 0)["payload"]
        '{"slots":[[0,"x",["1","2"],0]],"sentences":[]}'
    """
    changes = slots(frames, start)
    content = {"slots": changes, "sentences": list(sentences)}
    payload, encoding = pack(content)
    return {
        "svg": markup(frames[start]),
        "payload": payload,
        "encoding": encoding,
        "sentence": sentences[start] if sentences else "",
    }
