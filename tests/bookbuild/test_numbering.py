"""Chapters keep their folder's number, whatever chapters the book has."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from bookbuild import ROOT
from bookbuild.interface import FRENCH, translate
from bookbuild.lexicon import read, slug, sort_key
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


def test_renumber_changes_titles_contents_and_sections():
    docname = "chapters/04-optimization/adam"
    entry = nodes.reference(anchorname="#sec-a", secnumber=[1, 5, 1])
    env = SimpleNamespace(
        toc_secnumbers={docname: {"": (1, 5), "#sec-a": (1, 5, 1), "#b": None}},
        tocs={docname: nodes.bullet_list("", nodes.list_item("", entry))},
        titles={docname: nodes.title("", "Adam", secnumber=[1, 5])},
    )
    renumber(env)
    assert env.toc_secnumbers[docname] == {"": (4, 5), "#sec-a": (4, 5, 1), "#b": None}
    assert entry["secnumber"] == [4, 5, 1]
    assert env.titles[docname]["secnumber"] == [4, 5]


def test_the_interface_table_leaves_no_english_behind():
    html = "".join(FRENCH)
    assert all(english not in translate(html) for english in FRENCH)


def test_the_lexicon_is_a_list_of_pairs_with_distinct_anchors():
    pairs = read(ROOT)
    assert len(pairs) > 200 and all(en and fr for en, fr in pairs)
    assert len({slug(en) for en, _ in pairs}) == len(pairs)
    assert sort_key("Époque") == "epoque" and sort_key("*dropout*") == "dropout"
