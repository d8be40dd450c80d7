"""Where words may be divided: Chromium has no French dictionary of its own to print by."""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import NavigableString
from pyphen import Pyphen

DICTIONARIES = {"en": "en_US", "fr": "fr_FR"}
WORD = re.compile(r"[^\W\d_]{7,}")
SOFT = "\u00ad"
# formulas, code, addresses and titles are never divided; nor is the other language
WHOLE = (
    "code pre svg script style h1 h2 h3 h4 h5 h6".split(),
    {"math", "citation", "interactive", "lang-en", "lang-fr", "group-title", "external"},
)


def divide(section: Tag, lang: str) -> None:
    """Mark where the words of a page may be divided, at least three letters each side."""
    dictionary = Pyphen(lang=DICTIONARIES[lang], left=3, right=3)

    def divided(found: re.Match) -> str:
        word = found[0]
        # a name is not divided, and an acronym cannot be
        return word if word[0].isupper() else dictionary.inserted(word, SOFT)

    for text in list(section.find_all(string=WORD)):
        if type(text) is NavigableString and not _whole(text):
            text.replace_with(WORD.sub(divided, text))


def _whole(text: NavigableString) -> bool:
    names, classes = WHOLE
    return any(
        parent.name in names or classes.intersection(parent.get("class") or ())
        for parent in text.parents
    )
