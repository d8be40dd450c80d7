"""Where words may be divided.

Chromium fetches its dictionaries from the network: what it prints would depend on the
machine. These come with a pinned package.
"""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import NavigableString
from pyphen import Pyphen

DICTIONARIES = {"en": "en_US", "fr": "fr_FR"}
WORD = re.compile(r"[^\W\d_]{7,}")
SOFT = "\u00ad"
# formulas, code, addresses and titles are never divided; nor is the other language
WHOLE_TAGS = {"code", "pre", "svg", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
WHOLE_CLASSES = {
    "math",
    "citation",
    "interactive",
    "lang-en",
    "lang-fr",
    "group-title",
    "external",
}


def divide(section: Tag, lang: str) -> None:
    """Mark where a page's words may be divided, with three letters on each side."""
    dictionary = Pyphen(lang=DICTIONARIES[lang], left=3, right=3)

    def divided(found: re.Match) -> str:
        word = found[0]
        # a name is not divided, and an acronym cannot be
        return word if word[0].isupper() else dictionary.inserted(word, SOFT)

    for text in list(section.find_all(string=WORD)):
        if type(text) is NavigableString and not _whole(text):
            text.replace_with(WORD.sub(divided, text))


def _whole(text: NavigableString) -> bool:
    return any(
        parent.name in WHOLE_TAGS
        or not WHOLE_CLASSES.isdisjoint(parent.get("class") or ())
        for parent in text.parents
    )
