"""Citations and the list of references, in each edition's language.

sphinxcontrib-bibtex writes "and", "In" and "et al." in English only; two small styles,
one per language, say them as the edition does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pybtex.plugin import register_plugin as register_pybtex
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.plain import Style as Plain
from pybtex.style.template import field as entry_field
from pybtex.style.template import names, optional, optional_field, sentence, words
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def _round_brackets() -> BracketStyle:
    return BracketStyle(left="(", right=")")


def _people(last: str) -> PersonStyle:
    return PersonStyle(sep2=last, last_sep=last, other="\u00a0et al.")


@dataclass
class AuthorYearEnglish(AuthorYearReferenceStyle):
    """(Kingma and Ba, 2015)."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round_brackets)
    bracket_textual: BracketStyle = field(default_factory=_round_brackets)
    person: PersonStyle = field(default_factory=lambda: _people(" and "))


@dataclass
class AuthorYearFrench(AuthorYearReferenceStyle):
    """(Kingma et Ba, 2015)."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round_brackets)
    bracket_textual: BracketStyle = field(default_factory=_round_brackets)
    person: PersonStyle = field(default_factory=lambda: _people(" et "))


class PlainEnglish(Plain):
    """The list of references, sorted by author and year."""

    default_sorting_style = "author_year_title"
    conjunction, container = " and ", "In"

    def format_names(self, role, as_sentence=True):
        people = names(
            role, sep=", ", sep2=self.conjunction, last_sep=self.conjunction
        )
        return sentence[people] if as_sentence else people

    def get_inproceedings_template(self, e):
        return toplevel[
            sentence[self.format_names("author", as_sentence=False)],
            self.format_title(e, "title"),
            words[
                self.container,
                sentence[
                    self.format_btitle(e, "booktitle", as_sentence=False),
                    optional_field("pages"),
                ],
            ],
            sentence[entry_field("year")],
            self.format_web_refs(e),
        ]

    def get_misc_template(self, e):
        return toplevel[
            optional[sentence[self.format_names("author", as_sentence=False)]],
            optional[self.format_title(e, "title")],
            sentence[optional_field("howpublished"), optional_field("year")],
            sentence[optional_field("note")],
            self.format_web_refs(e),
        ]


class PlainFrench(PlainEnglish):
    """The same list, with « et » and « Dans »."""

    conjunction, container = " et ", "Dans"


def setup(app: Sphinx) -> None:
    """Register the styles that ``_config.yml`` names."""
    reference = "sphinxcontrib.bibtex.style.referencing"
    register_plugin(reference, "author_year_en", AuthorYearEnglish)
    register_plugin(reference, "author_year_fr", AuthorYearFrench)
    register_pybtex("pybtex.style.formatting", "plain_en", PlainEnglish)
    register_pybtex("pybtex.style.formatting", "plain_fr", PlainFrench)
