"""The lexicon's rows, the forms they say, and where prose uses them first."""

import types

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser
from docutils.utils import new_document
from sphinx import addnodes
from sphinx_exercise.nodes import exercise_node

from bookbuild import ROOT
from bookbuild.first_use import CLASS, LinkFirstUses
from bookbuild.lexicon import USES, sort_key
from bookbuild.terms import (
    FILE,
    LexiconError,
    Matcher,
    alternatives,
    read_terms,
    slug,
)

HEADER = "english,french,link,english_forms,french_forms\n"
ROWS = """\
learning rate,taux d'apprentissage,,,
batch,lot,,,
batch normalization,normalisation par lots,,,
mini-batch,mini-lot,,,
hidden layer / hidden state,couche cachée / état caché,,,
neural network,réseau de neurones,,,
exploding gradient,explosion du gradient,,,
bias,biais,no,,
stride,pas (de convolution),en,,
epoch,époque,,,
long short-term memory,réseau à mémoire (*LSTM*),,LSTM|long short-term memory,
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "back").mkdir()
    (tmp_path / FILE).write_text(HEADER + ROWS, "utf8")
    return tmp_path


# --- rows --------------------------------------------------------------------


def test_the_book_s_lexicon_has_distinct_anchors_and_no_empty_form():
    terms = read_terms(ROOT)
    assert len(terms) > 200
    assert len({term.anchor for term in terms}) == len(terms)
    for term in terms:
        for lang in ("en", "fr"):
            assert term.forms[lang] and all(term.forms[lang])
            assert not any(c in form for form in term.forms[lang] for c in "*()/|;")
    assert sort_key("Époque") == "epoque" and sort_key("*dropout*") == "dropout"
    assert slug("actor–critic") == "term-actor-critic"


@pytest.mark.parametrize(
    ("cell", "forms"),
    [
        ("beam search", ["beam search"]),
        ("affinage / peaufinage (*QC* : peaufinage)", ["affinage", "peaufinage"]),
        ("classification (*FR* aussi : classement)", ["classification", "classement"]),
        ("taux / *FR* aussi : pas d'apprentissage", ["taux", "pas d'apprentissage"]),
        ("apprentissage machine (*QC*)", ["apprentissage machine"]),
        ("transformeur (anglicisme courant : *Transformer*)", None),
        ("réseau antagoniste, RAG (*GAN*)", ["réseau antagoniste", "RAG", "GAN"]),
        ("fonction de perte, de coût / objectif", ["fonction de perte", "objectif"]),
        ("bias (parameter; statistical)", ["bias"]),
        ("(loi) a priori", ["a priori"]),
        ("requête (*QC* : invite, requête)", ["requête"]),
    ],
)
def test_a_cell_says_its_forms(cell, forms):
    assert alternatives(cell) == (forms or ["transformeur", "Transformer"])


@pytest.mark.parametrize("row", ["a,b,yes,,", "a,,,,", "a,b,,,,more"])
def test_a_wrong_row_is_named_with_its_line(root, row):
    (root / FILE).write_text(HEADER + "c,d,,,\n" + row + "\n", "utf8")
    with pytest.raises(LexiconError, match=r"lexicon\.csv:3"):
        read_terms(root)


# --- matching ----------------------------------------------------------------


def found(root, lang, text):
    return [text[a:b] for a, b, _ in Matcher(read_terms(root), lang).find(text)]


@pytest.mark.parametrize(
    ("lang", "text", "said"),
    [
        ("en", "two learning\nrates, Batches no, batches", "learning\nrates"),
        ("en", "minibatches and mini–batch", "minibatches|mini–batch"),
        ("en", "batch normalization of a batch", "batch normalization|batch"),
        ("en", "batch-wise, rebatch, batched", ""),
        ("en", "an LSTM, two LSTMs, an lstm", "LSTM|LSTMs"),
        ("fr", "le taux d’apprentissage", "taux d’apprentissage"),
        ("fr", "d’un taux d'apprentissage", "taux d'apprentissage"),
        ("fr", "l’époque et les Époques", "époque|Époques"),
        ("fr", "des couches cachées, états cachés", "couches cachées|états cachés"),
        ("fr", "les réseaux de neurones", "réseaux de neurones"),
        ("fr", "l’explosion des gradients", "explosion des gradients"),
        ("fr", "mini-lots, lots, ilots", "mini-lots|lots"),
    ],
)
def test_terms_are_found_in_prose(root, lang, text, said):
    expected = said.split("|") if said else []
    assert [each for each in found(root, lang, text) if each != "Batches"] == (
        expected + (["batches"] if text.endswith("no, batches") else [])
    )


# --- on a page ---------------------------------------------------------------


def page(*paragraphs: nodes.Node) -> nodes.document:
    document = new_document("chapters/x.md", get_default_settings(Parser))
    title = nodes.title(text="The learning rate")
    document += nodes.section("", title, *paragraphs, ids=["sec-x"])
    return document


def linked(root, document, lang="en", docname="chapters/x"):
    """The words that became links, and the page's first uses."""
    env = types.SimpleNamespace(
        srcdir=root,
        docname=docname,
        metadata={docname: {}},
        note_dependency=lambda path: None,
    )
    document.settings.env = env
    env.config = types.SimpleNamespace(language=lang)
    env.app = types.SimpleNamespace(config=env.config)
    LinkFirstUses(document).apply()
    links = [each for each in document.findall(nodes.reference) if "term" in each]
    assert all(CLASS in each["classes"] for each in links)
    return [each.astext() for each in links], env.metadata[docname].get(USES, {})


def text(words: str) -> nodes.paragraph:
    return nodes.paragraph(text=words)


def test_only_the_first_use_is_linked(root):
    document = page(text("The learning rate."), text("Learning rates, an epoch."))
    links, uses = linked(root, document)
    assert links == ["learning rate", "epoch"]
    assert uses == {"term-learning-rate": "sec-x", "term-epoch": "sec-x"}
    assert document.astext().count("Learning rates, an epoch.") == 1


def test_the_link_says_the_other_language(root):
    document = page(text("Le taux d’apprentissage."))
    linked(root, document, "fr")
    (link,) = document.findall(nodes.reference)
    assert link["reftitle"] == "En anglais\u00a0: learning rate"


@pytest.mark.parametrize(
    "elsewhere",
    [
        nodes.literal(text="epoch"),
        nodes.literal_block(text="epoch"),
        nodes.math(text="epoch"),
        nodes.math_block(text="epoch"),
        nodes.reference(text="epoch", refuri="x"),
        addnodes.pending_xref("", nodes.inline(text="epoch")),
        nodes.figure("", nodes.caption(text="epoch")),
        nodes.table(
            "", nodes.tgroup("", nodes.tbody("", nodes.row("", text("epoch"))))
        ),
        nodes.sidebar("", text("epoch")),
        nodes.raw(text="epoch", format="html"),
        nodes.citation("", text("epoch")),
        nodes.admonition("", text("epoch"), classes=["dropdown"]),
        nodes.container("", text("epoch"), nb_element="cell_code"),
        exercise_node("", text("epoch")),
    ],
    ids=lambda node: type(node).__name__,
)
def test_what_is_not_prose_has_no_link(root, elsewhere):
    document = page(nodes.paragraph("", "", elsewhere), text("An epoch."))
    links, _ = linked(root, document)
    assert links == ["epoch"]
    (link,) = (each for each in document.findall(nodes.reference) if "term" in each)
    assert link.parent is document[0][-1]


def test_excluded_terms_have_no_link(root):
    assert linked(root, page(text("A bias, a stride."))) == (
        ["stride"],
        {"term-stride": "sec-x"},
    )
    assert linked(root, page(text("Un biais, un pas.")), "fr") == ([], {})


def test_links_do_not_stand_side_by_side(root):
    document = page(text("A mini-batch learning rate, then a learning rate."))
    links, _ = linked(root, document)
    assert links == ["mini-batch", "learning rate"]
    first, second = document[0][1].findall(nodes.reference)
    assert "then a" in first.parent[first.parent.index(second) - 1]


def test_only_chapters_have_links(root):
    assert linked(root, page(text("An epoch.")), docname="index") == ([], {})
    (root / FILE).unlink()
    assert linked(root, page(text("An epoch."))) == ([], {})
