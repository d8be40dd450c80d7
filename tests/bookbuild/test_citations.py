"""Citations and the list of references speak each edition's language."""

import re

import pytest
from pybtex.database import parse_file, parse_string

from bookbuild import ROOT
from bookbuild.citations import FRENCH, PlainEnglish, PlainFrench

ENGLISH = [word for word in FRENCH if word.isascii() and word[-1].isalpha()]


@pytest.mark.parametrize(
    ("entry", "english", "french"),
    [
        (
            "@book{a, author={D, A. and R, B. and S, C.}, title={T}, edition={2nd}, "
            "volume={3}, series={S}, publisher={P}, year={2001}}",
            "A. D, B. R and C. S. T. Volume 3 of S. P, 2nd edition, 2001.",
            "A. D, B. R et C. S. T. Volume 3 de S. P, 2e édition, 2001.",
        ),
        (
            "@incollection{a, author={D, A.}, editor={R, B. and S, C.}, title={T}, "
            "booktitle={R}, chapter={4}, publisher={P}, year={2001}}",
            "A. D. T. In B. R and C. S, editors, R, chapter 4. P, 2001.",
            "A. D. T. Dans B. R et C. S, dir., R, chapitre 4. P, 2001.",
        ),
        (
            "@misc{a, author={D, A. and R, B. and others}, title={T}, year={2001}}",
            "A. D, B. R\u00a0et al. T. 2001.",
            "A. D, B. R\u00a0et al. T. 2001.",
        ),
        (
            "@phdthesis{a, author={D, A.}, title={T}, school={U}, year={2001}}",
            "A. D. T. PhD thesis, U, 2001.",
            "A. D. T. Thèse de doctorat, U, 2001.",
        ),
        (
            "@misc{a, author={D, A.}, title={T}, url={https://x.org}, year={2001}}",
            "A. D. T. 2001. URL: https://x.org.",
            "A. D. T. 2001. URL\u00a0: https://x.org.",
        ),
    ],
)
def test_the_list_of_references_speaks_the_language(entry, english, french):
    for style, expected in ((PlainEnglish(), english), (PlainFrench(), french)):
        (made,) = style.format_bibliography(parse_string(entry, "bibtex"))
        assert made.text.render_as("text") == expected


def test_the_book_s_references_have_no_english_words_left():
    """Whatever their titles: these are taken out first."""
    entries = list(parse_file(str(ROOT / "references.bib")).entries.values())
    assert len(entries) > 10
    for entry in entries:
        for name in entry.fields:
            if name in ("title", "booktitle", "journal", "howpublished", "note"):
                entry.fields[name] = "Titre"
    for made in PlainFrench().format_entries(entries):
        text = made.text.render_as("text")
        left = [w for w in (*ENGLISH, "and", "others") if re.search(rf"\b{w}\b", text)]
        assert not left, text
