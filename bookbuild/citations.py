"""Citations and the list of references, in each edition's language.

sphinxcontrib-bibtex and pybtex write their few words in English only. One pair of
styles for each language says them as the edition does: (Kingma et Ba, 2015).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from docutils import nodes
from pybtex.plugin import register_plugin as register_pybtex
from pybtex.richtext import Text
from pybtex.style.formatting.plain import Style as Plain
from pybtex.style.template import (
    FieldIsMissing,
    Node,
    join,
    node,
    optional,
    sentence,
    tag,
    words,
)
from pybtex.style.template import field as entry_field
from pybtex_docutils import Backend
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

FRENCH = {
    "In": "Dans",
    "in": "dans",
    "of": "de",
    "editor": "dir.",
    "editors": "dir.",
    "edition": "édition",
    "chapter": "chapitre",
    "Number": "Numéro",
    "number": "numéro",
    "PhD thesis": "Thèse de doctorat",
    "Master's thesis": "Mémoire de maîtrise",
    "Technical Report": "Rapport technique",
    "URL:": "URL\u00a0:",
    " (visited on ": " (consulté le ",
}


# of a title, as biblatex's field langid names it
SPOKEN = {"english": "en", "french": "fr", "german": "de"}


def _parenthetical() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


def _textual(last: str) -> BracketStyle:
    return BracketStyle(left="(", right=")", sep2=last, last_sep=last)


def _people(last: str) -> PersonStyle:
    return PersonStyle(sep2=last, last_sep=last, other="\u00a0et al.")


@dataclass
class AuthorYearEnglish(AuthorYearReferenceStyle):
    """(Polyak, 1964; Kingma and Ba, 2015)."""

    bracket_parenthetical: BracketStyle = field(default_factory=_parenthetical)
    bracket_textual: BracketStyle = field(default_factory=lambda: _textual(" and "))
    person: PersonStyle = field(default_factory=lambda: _people(" and "))


@dataclass
class AuthorYearFrench(AuthorYearReferenceStyle):
    """(Polyak, 1964; Kingma et Ba, 2015)."""

    bracket_parenthetical: BracketStyle = field(default_factory=_parenthetical)
    bracket_textual: BracketStyle = field(default_factory=lambda: _textual(" et "))
    person: PersonStyle = field(default_factory=lambda: _people(" et "))


@node
def _names(children, context, role, last):
    """The people of an entry; "and others" is "et al." in both languages."""
    people = context["entry"].persons.get(role)
    if people is None:
        raise FieldIsMissing(role, context["entry"])
    style = context["style"]
    named = [
        style.name_style.format(person, style.abbreviate_names)
        for person in people
        if str(person) != "others"
    ]
    if len(named) < len(people):
        listed = join(sep=", ")[named]
        return join[listed, "\u00a0et al."].format_data(context)
    return join(sep=", ", sep2=last, last_sep=last)[named].format_data(context)


class PlainEnglish(Plain):
    """The list of references, sorted by author and year."""

    conjunction = " and "
    language = "en"

    def format_title(self, e, which_field, as_sentence=True):
        return self._spoken(e, super().format_title(e, which_field, as_sentence))

    def format_btitle(self, e, which_field, as_sentence=True):
        return self._spoken(e, super().format_btitle(e, which_field, as_sentence))

    def _spoken(self, e, title: Node) -> Node:
        """A title in another language than the edition's is marked as such."""
        lang = SPOKEN[e.fields.get("langid", "english")]
        return title if lang == self.language else tag(f"language-{lang}")[title]

    def format_names(self, role, as_sentence=True):
        people = _names(role, self.conjunction)
        return sentence[people] if as_sentence else people


class PlainFrench(PlainEnglish):
    """The same list, its words in French."""

    conjunction = " et "
    language = "fr"

    def format_edition(self, e):
        return optional[words[entry_field("edition", apply_func=_ordinal), "édition"]]


def _ordinal(edition: Text) -> str:
    """2nd, or Second, as French writes it."""
    text = str(edition).lower()
    digits = re.match(r"\d+", text)
    spelled = ("first", "second", "third", "fourth", "fifth", "sixth")
    if not digits and text not in spelled:
        return text
    number = int(digits[0]) if digits else spelled.index(text) + 1
    return "1re" if number == 1 else f"{number}e"


def _translated(node: Node) -> Node:
    """A template with the words that it brings itself in French."""
    if isinstance(node, str):
        return FRENCH.get(node, node)
    if isinstance(node, Node):
        node = node()  # a copy: some templates are shared
        node.children = [_translated(child) for child in node.children]
    return node


def _in_french(name: str) -> Callable:
    def template(self, e):
        return _translated(getattr(PlainEnglish, name)(self, e))

    return template


for _name in dir(Plain):
    if _name.startswith("get_") and _name.endswith("_template"):
        setattr(PlainFrench, _name, _in_french(_name))


def setup(app: Sphinx) -> None:
    """Register the styles that ``_config.yml`` names."""
    Backend.tags |= {
        f"language-{lang}": partial(nodes.inline, classes=[f"language-{lang}"])
        for lang in SPOKEN.values()
    }
    reference = "sphinxcontrib.bibtex.style.referencing"
    register_plugin(reference, "author_year_en", AuthorYearEnglish)
    register_plugin(reference, "author_year_fr", AuthorYearFrench)
    register_pybtex("pybtex.style.formatting", "plain_en", PlainEnglish)
    register_pybtex("pybtex.style.formatting", "plain_fr", PlainFrench)
