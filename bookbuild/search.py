"""How words are compared when the book is searched: without accents, by their stems.

Sphinx's own search reads the index in the browser. What it takes for a word is told
twice, here and in ``search_language.js``, which says the same to the browser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import sphinx
from sphinx.application import Sphinx
from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish
from sphinx.search.fr import SearchFrench

HERE = Path(__file__).parent
SNOWBALL = Path(sphinx.package_dir) / "search" / "minified-js"
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
ELIDED = {*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"}
WORD = re.compile(r"[^\W_]+")
COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)+")


def fold(word: str) -> str:
    """The word in small letters, without accents nor ligatures."""
    word = unicodedata.normalize("NFKD", word).lower().translate(LIGATURES)
    return "".join(letter for letter in word if unicodedata.category(letter)[0] != "M")


def with_folded(words: set[str]) -> set[str]:
    return words | {fold(word) for word in words}


class Folding(SearchLanguage):
    """A language's search, to which accents do not matter."""

    elision = ""  # regular expression of what an apostrophe leaves beside a word

    def split(self, input: str) -> list[str]:
        """The words to index: each as written, without accents, and without hyphens.

        The stem of an accented word is another than the stem of the same word without
        its accents: the index has both, and the reader types either.
        """
        return [
            form
            for word in self.words(input)
            for form in dict.fromkeys((word, fold(word)))
        ]

    def words(self, text: str) -> Iterator[str]:
        """The words of a text that are not stop words."""
        text = unicodedata.normalize("NFC", text)
        text = re.sub(self.elision, " ", text, flags=re.IGNORECASE)
        for word in WORD.findall(text):
            if word.lower() not in self.stopwords:
                yield word
        for compound in COMPOUND.findall(text):
            yield re.sub("[-‐‑]", "", compound)

    def stem(self, word: str) -> str:
        """Without accents; a word of one or two letters is its own stem."""
        return fold(super().stem(word.lower()) if len(word) > 2 else word)

    def word_filter(self, word: str) -> bool:
        """Stop words are gone already, before they lost their endings."""
        return bool(word)

    def in_browser(self, stemmer: str) -> str:
        """The same for the browser.

        Args:
            stemmer: the stems of Snowball, such as "French".
        """
        names = ("base-stemmer.js", f"{stemmer.lower()}-stemmer.js")
        parts = [(SNOWBALL / name).read_text("utf8") for name in names]
        own = (HERE / "search_language.js").read_text("utf8")
        elision = self.elision.replace(r"[^\W_]", r"[\p{L}\p{N}]")
        parts += [
            f"var Stemmer = {stemmer}Stemmer;",
            f"const ELISION = /{elision}/giu;",
        ]
        return "\n".join([*parts, own])


class English(Folding, SearchEnglish):
    """English: Porter's stems."""

    elision = r"['’](?:s|re|ve|ll|d|m|t)(?![^\W_])"
    stopwords = with_folded(SearchEnglish.stopwords)

    def init(self, options: dict[str, str]) -> None:
        super().init(options)
        self.js_stemmer_code = self.in_browser("Porter")


class French(Folding, SearchFrench):
    """French: Snowball's stems; « pas » is a step before it is a negation."""

    elision = rf"(?<![^\W_])(?:{'|'.join(sorted(ELIDED))})['’]"
    stopwords = with_folded(SearchFrench.stopwords - {"pas"} | ELIDED)
    js_stemmer_rawcode = ""

    def init(self, options: dict[str, str]) -> None:
        super().init(options)
        self.js_stemmer_code = self.in_browser("French")


def setup(app: Sphinx) -> None:
    """Register the languages."""
    for language in (English, French):
        app.add_search_language(language)
