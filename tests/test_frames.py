"""A slider's pictures as one picture and what changes in it."""

import json
import xml.etree.ElementTree as ET

import pytest

from ift6135_lib import frames

from .publishing import canonical, frame

DOCUMENTS = [
    '<svg viewBox="0 0 9 9"><g x="1"><text>one</text></g><path d="M0 0"/></svg>',
    '<svg viewBox="0 0 9 9"><g x="2"><text>two</text></g><path d="M0 0"/></svg>',
    '<svg viewBox="0 0 9 9"><g x="1"><text>two</text><use/></g><path d="M1 0"/></svg>',
    '<svg viewBox="0 0 9 9"><g><text>&lt;/script&gt; &amp; é</text></g><path/></svg>',
]


def elements(documents):
    return [ET.fromstring(document) for document in documents]


@pytest.mark.parametrize("start", range(4))
def test_every_frame_can_be_made_from_any_other(start):
    slider = frames.compose(elements(DOCUMENTS), [], start)
    for number, document in enumerate(DOCUMENTS):
        assert frame(slider, number) == canonical(document)


def test_the_starting_frame_stands_without_the_script():
    slider = frames.compose(elements(DOCUMENTS), ["a", "b", "c", "d"], 2)
    assert canonical(slider["svg"]) == canonical(DOCUMENTS[2])
    assert slider["sentence"] == "c"


def test_what_does_not_change_is_written_once():
    same = elements(DOCUMENTS[:1] * 5)
    assert frames.slots(same, 0) == []
    assert not [each for each in same[0].iter() if "data-s" in each.attrib]


def test_equal_values_are_written_once():
    documents = [f'<svg><g x="{x}" y="{y}"/></svg>' for x in "12" for y in "34"]
    assert frames.slots(elements(documents), 0) == [
        [0, "x", ["1", "2"], [0, 0, 1, 1]],
        [0, "y", ["3", "4"], [0, 1, 0, 1]],
    ]


def test_every_frame_s_definitions_are_kept():
    documents = [
        f'<svg><defs><path id="m{k}" d="M{k} 0"/></defs><use href="#m{k}"/></svg>'
        for k in range(3)
    ]
    slider = frames.compose(elements(documents), [], 1)
    (definitions,) = ET.fromstring(slider["svg"]).iter(
        "{http://www.w3.org/2000/svg}defs"
    )
    assert [each.get("id") for each in definitions] == ["m0", "m1", "m2"]
    assert frame(slider, 2) == canonical(documents[2])


@pytest.mark.parametrize("length", [10, 100_000])
def test_long_content_is_deflated_and_nothing_is_lost(length):
    content = {"a": ["é" * length, 1]}
    text, encoding = frames.pack(content)
    assert encoding == ("json" if length == 10 else "deflate")
    assert len(text) <= len(json.dumps(content).encode())
    assert frames.unpack(text, encoding) == content


def test_the_limits_are_refused_with_what_to_do():
    frames.check_count("fig-a", 300)
    with pytest.raises(ValueError, match="301 pictures.*at most 300.*coarser"):
        frames.check_count("fig-a", 301)
    frames.check_size("fig-a", "a" * 200_000, "a" * 100_000)
    with pytest.raises(ValueError, match="'fig-a' weighs 300 kB.*rasterized=True"):
        frames.check_size("fig-a", "a" * 200_000, "é" * 50_001)
