"""Reads what a notebook hands to the page, and plays a slider's script in Python."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from ift6135_lib.frames import unpack
from ift6135_lib.publish import MIME, PREFIX

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def published(monkeypatch):
    """The book's build in this process: label -> what was handed over."""
    handed = {}

    def keep(data, *, metadata, raw):
        assert raw and metadata["scrapbook"]["mime_prefix"] == PREFIX
        handed[metadata["scrapbook"]["name"]] = data[PREFIX + MIME]

    monkeypatch.setenv("IFT6135_BOOK", "1")
    monkeypatch.setattr("IPython.display.display", keep)
    return handed


def parse(svg: str) -> ET.Element:
    """The SVG as a tree, its tags without namespace."""
    root = ET.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
    return root


def texts(svg: str) -> list[str]:
    """What can be read in a picture."""
    return ["".join(text.itertext()) for text in parse(svg).iter("text")]


def frame(slider: dict, number: int) -> str:
    """The picture at a position, as the page's script makes it."""
    root = parse(slider["svg"])
    marked = {each.get("data-s"): each for each in root.iter() if each.get("data-s")}
    for mark, name, values, index in unpack(slider["payload"], slider["encoding"])[
        "slots"
    ]:
        element = marked[str(mark)]
        value = values[index[number] if index else number]
        if name == "":
            inside = ET.fromstring(f"<g>{value}</g>")
            element.text = inside.text
            element[:] = list(inside)
        elif name == "#":
            element.text = value or None
        else:
            element.set(name, value)
    return canonical(root)


def canonical(root: ET.Element | str) -> str:
    """The same text for the same picture: no marks, nothing empty, no definitions."""
    root = parse(root) if isinstance(root, str) else root
    for element in root.iter():
        element.attrib.pop("data-s", None)
        for name in [name for name, value in element.attrib.items() if not value]:
            del element.attrib[name]
        element.text = element.text or None
    for definitions in root.findall("defs"):
        root.remove(definitions)
    _prune(root)
    return ET.canonicalize(ET.tostring(root, encoding="unicode"))


def _prune(element: ET.Element) -> None:
    """Drop the groups that draw nothing."""
    for child in list(element):
        _prune(child)
        if child.tag == "g" and not (len(child) or child.attrib or child.text):
            element.remove(child)
