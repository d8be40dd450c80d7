"""Spelling in both languages: Hunspell, its dictionaries, and the words of the field.

Canadian English; French in its classic and reformed spellings. What the dictionaries
lack is in ``tests/words.en.txt`` and ``tests/words.fr.txt``: names and terms only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hunspell import Hunspell

from bookbuild import LANGUAGES, ROOT
from bookbuild.blanked import OBJECT, Prose
from bookbuild.prose import files, read

MODULES = Path("tests") / "site" / "node_modules"
PACKAGES = ("dictionary-en-ca", "dictionary-fr")
DICTIONARIES = dict(zip(LANGUAGES, PACKAGES, strict=True))
LETTER = "[A-Za-zÀ-ÖØ-öø-ÿĀ-ž]"  # Greek letters are symbols here
# neither a part of code or of a number, nor an ending of what stands for a word
WORD = re.compile(
    rf"(?<![\w\\{OBJECT}])(?<![\w{OBJECT}][-.('’]){LETTER}+(?:[-'’]{LETTER}+)*"
    rf"(?![\w{OBJECT}]|\.\w|[-/]{OBJECT})"
)
EMPHASIS = re.compile(r"(?<![*\w])\*(?![*\s])([^*]+)\*(?![*\w])")
QUOTED = re.compile(r"[«“]([^»”]*)[»”]")
ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]", re.IGNORECASE)
SUGGESTIONS = 20  # mistakes for which they are looked for: each takes half a second


class DictionariesMissing(RuntimeError):
    """The dictionaries are not installed; the message says what to run."""


@dataclass(frozen=True)
class Mistake:
    """A word that no dictionary knows."""

    path: Path
    line: int
    word: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        remedy = f" ({', '.join(self.suggestions)})" if self.suggestions else ""
        return f"{self.path}:{self.line}: {self.word}{remedy}"


def own_words(lang: str, root: Path = ROOT) -> list[str]:
    """The words that the project adds to the dictionary."""
    return (root / "tests" / f"words.{lang}.txt").read_text("utf8").split()


@cache
def dictionary(lang: str, root: Path = ROOT) -> Hunspell:
    """A language's dictionary, with the project's own words.

    Raises:
        DictionariesMissing: it is not installed.
    """
    folder = root / MODULES / DICTIONARIES[lang]
    if not (folder / "index.dic").exists():
        raise DictionariesMissing(
            f"{MODULES / DICTIONARIES[lang]} is not there: run `make test`, "
            "or `npm ci` in tests/site"
        )
    made = Hunspell("index", hunspell_data_dir=str(folder))
    for word in own_words(lang, root):
        made.add(word)
    return made


def knows(word: str, lang: str) -> bool:
    """Whether a word, or each part of a compound, is in the dictionary."""
    known = dictionary(lang).spell
    word = word.replace("’", "'")
    if len(word) == 1 or (word.isupper() and len(word) < 8) or known(word):
        return True  # initials are names
    if lang == "en" and word.endswith(("'s", "s'")):
        return knows(word[:-2] if word.endswith("'s") else word[:-1], lang)
    if lang == "fr" and (elided := ELISION.match(word)):
        return knows(word[elided.end() :], lang)
    parts = word.split("-")
    return len(parts) > 1 and all(knows(part, lang) for part in parts)


def unknown(prose: Prose) -> Iterator[tuple[int, str]]:
    """The position and the text of each word that is not in the dictionary.

    A word in italics or in quotation marks may be of the other language.
    """
    foreign = [
        range(*found.span(1))
        for pattern in (EMPHASIS, QUOTED)
        for found in pattern.finditer(prose.text)
    ]
    for found in WORD.finditer(prose.text):
        languages = [prose.lang] if prose.lang else [*LANGUAGES]
        if any(found.start() in span for span in foreign):
            languages = [*LANGUAGES]
        if not any(knows(found[0], lang) for lang in languages):
            yield found.start(), found[0]


def spelling(paths: list[Path] | None = None, root: Path = ROOT) -> list[Mistake]:
    """Every spelling mistake of the sources.

    Raises:
        DictionariesMissing: see :func:`dictionary`.
    """
    mistakes: list[Mistake] = []
    for path in paths or files(root):
        for prose in read(path):
            for position, word in unknown(prose):
                few = len(mistakes) < SUGGESTIONS
                near = dictionary(prose.lang or "en").suggest(word) if few else ()
                shown = path.relative_to(root)
                mistakes.append(
                    Mistake(shown, prose.line(position), word, tuple(near[:3]))
                )
    return mistakes
