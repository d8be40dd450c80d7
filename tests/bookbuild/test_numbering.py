"""Chapters keep their folder's number, whatever chapters the book has."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from bookbuild.interface import FRENCH, translate
from bookbuild.numbering import chapter_number, renumber


@pytest.mark.parametrize(
    ("docname", "number"),
    [
        ("chapters/04-optimization/adam", 4),
        ("chapters/17-reinforcement-learning/index", 17),
        ("back/glossary", None),
        ("index", None),
    ],
)
def test_chapter_number(docname, number):
    assert chapter_number(docname) == number


def page(numbers):
    """A page's numbers, title and table of contents, as Sphinx holds them."""
    entries = [
        nodes.reference(anchorname=anchor, secnumber=list(number))
        for anchor, number in numbers.items()
    ]
    items = [nodes.list_item("", entry) for entry in entries]
    title = nodes.title("", "A title", secnumber=list(numbers[""]))
    return numbers, nodes.bullet_list("", *items), title, entries


def test_sections_count_from_one_whatever_headings_the_index_has():
    index, section = "chapters/04-optimization/index", "chapters/04-optimization/adam"
    pages = {
        index: page({"": (1,), "#aims": (1, 1), "#map": (1, 2)}),
        section: page({"": (1, 3), "#sec-a": (1, 3, 1)}),
        "back/glossary": page({"": (2,)}),
    }
    env = SimpleNamespace(
        toc_secnumbers={name: made[0] for name, made in pages.items()},
        tocs={name: made[1] for name, made in pages.items()},
        titles={name: made[2] for name, made in pages.items()},
    )
    renumber(env)
    assert env.toc_secnumbers[index] == {"": (4,), "#aims": None, "#map": None}
    assert env.toc_secnumbers[section] == {"": (4, 1), "#sec-a": (4, 1, 1)}
    assert env.toc_secnumbers["back/glossary"] == {"": (2,)}
    assert env.titles[section]["secnumber"] == [4, 1]
    _, _, _, (_, inside) = pages[section]
    assert inside["secnumber"] == [4, 1, 1]
    _, _, _, (_, aims, _) = pages[index]
    assert "secnumber" not in aims


def test_the_interface_table_leaves_no_english_behind():
    html = "".join(FRENCH)
    assert all(english not in translate(html) for english in FRENCH)
