"""The lexicon's terms as prose writes them: what to look for, and where it is found.

A cell of ``back/lexicon.csv`` says more than one form: alternatives after a slash,
qualifiers in parentheses, the marks *QC* and *FR*, abbreviations. Where it says them
too briefly ("latent space / variable"), the columns ``english_forms`` and
``french_forms`` list them, between bars.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bookbuild import LANGUAGES

FILE = Path("back") / "lexicon.csv"
COLUMNS = dict(zip(LANGUAGES, ("english", "french"), strict=True))
LINKS = {"": ("en", "fr"), "en": ("en",), "fr": ("fr",), "no": ()}
NOTE = re.compile(r"\([^()]*\)")
ALSO = re.compile(r"\*(?:QC|FR)\* aussi\s*:|\banglicisme courant\s*:")
MARK = re.compile(rf"{ALSO.pattern}|\*(?:QC|FR)\*(?:\s*:[^;/]*)?")
# "LSTM", "VAE", "i.i.d.": what the prose may write alone
ABBREVIATION = re.compile(r"\*?\b([A-ZÉ]{2,}s?|i\.i\.d\.)\*?")
HYPHEN = "[-\u2010\u2011\u2013 ]?"
SPACE = r"\s+"
APOSTROPHE = "['\u2019]"
# French joins a complement in many ways: « explosion du gradient, des gradients »
OF = {"de", "du", "des", "d'", "de la", "de l'"}
OF_PATTERN = rf"(?:de\s+la\s+|de\s+l{APOSTROPHE}|des\s+|du\s+|de\s+|d{APOSTROPHE})"
FRENCH_ENDINGS = {
    "eau": "eaux?",
    "eu": "eux?",
    "al": "(?:al|als|ale|ales|aux)",
    "if": "(?:ifs?|ives?)",
    "el": "(?:els?|elles?)",
    "eur": "(?:eurs?|euses?|rices?)",
    "é": "ée?s?",
    "ent": "ente?s?",
    "ant": "ante?s?",
}


class LexiconError(ValueError):
    """A row of the lexicon that cannot be read, with its line."""


@dataclass(frozen=True)
class Term:
    """A row of the lexicon."""

    english: str
    french: str
    link: str
    forms: dict[str, tuple[str, ...]]

    @property
    def anchor(self) -> str:
        """The same in both editions."""
        return slug(self.english)

    def said(self, lang: str) -> str:
        """The cell, in a language."""
        return self.english if lang == "en" else self.french

    def short(self, lang: str) -> str:
        """The cell without its notes."""
        plain = MARK.sub("", NOTE.sub("", self.said(lang))).replace("*", "")
        return re.sub(r"\s+([,;]|$)", r"\1", re.sub(r"\s+", " ", plain)).strip()


def slug(english: str) -> str:
    """The term's anchor.

    Args:
        english: the English cell.

    Example:
        >>> slug("actor–critic")
        'term-actor-critic'
    """
    return "term-" + re.sub(r"[^a-z0-9]+", "-", english.lower()).strip("-")


def read_terms(root: Path) -> list[Term]:
    """The lexicon's rows.

    Args:
        root: the repository; without a lexicon there are none.

    Raises:
        LexiconError: a ``link`` that is none of the four, or a row that is too long.
    """
    path = root / FILE
    if not path.exists():
        return []
    with path.open(encoding="utf8", newline="") as file:
        reader = csv.DictReader(file)
        return [_term(row, f"{FILE}:{reader.line_num}") for row in reader]


def _term(row: dict, place: str) -> Term:
    if None in row or not row["english"] or not row["french"]:
        raise LexiconError(f"{place}: a row has english, french, link and their forms")
    link = row.get("link") or ""
    if link not in LINKS:
        raise LexiconError(f"{place}: link is {link!r}; it must be one of {set(LINKS)}")
    forms = {}
    for lang, column in COLUMNS.items():
        listed = row.get(f"{column}_forms") or ""
        found = listed.split("|") if listed else alternatives(row[column])
        forms[lang] = tuple(found)
    return Term(row["english"], row["french"], link, forms)


def alternatives(cell: str) -> list[str]:
    """The forms that a cell says, the retained one first.

    Args:
        cell: English or French.

    Example:
        >>> alternatives("borne inférieure de l'évidence (BIÉ) / borne (*ELBO*)")
        ["borne inférieure de l'évidence", 'borne', 'BIÉ', 'ELBO']
        >>> alternatives("classification (*FR* aussi : classement)")
        ['classification', 'classement']
    """
    cell = cell.replace("\u00a0", " ")
    noted = NOTE.findall(cell)
    outside = MARK.sub("", NOTE.sub("", cell))
    found = [form for each in outside.split(" / ") for form in _listed(each)]
    for note in noted:
        for each in ALSO.split(note[1:-1])[1:]:
            found += re.split(r"[,;/]", each)
        found += ABBREVIATION.findall(MARK.sub("", note))
    plain = (re.sub(r"\s+", " ", form.replace("*", "")).strip(" ;,") for form in found)
    return list(dict.fromkeys(form for form in plain if form))


def _listed(text: str) -> list[str]:
    """Synonyms after a comma, unless they only continue the first ("…, de coût")."""
    first, *others = re.split(r"[,;]", text)
    return [first, *(o for o in others if not re.match(r"\s*(de|du|d')\b", o))]


def pattern(form: str, lang: str) -> str:
    """A regular expression for a form, its plurals and, in French, its feminines.

    Args:
        form: as the lexicon writes it.
        lang: "en" or "fr".

    Example:
        >>> bool(re.fullmatch(pattern("réseau direct", "fr"), "réseaux directs"))
        True
    """
    if ABBREVIATION.fullmatch(form):
        return re.escape(form) + ("" if form.endswith((".", "s")) else "s?")
    form = unicodedata.normalize("NFC", form)
    if lang == "fr":
        parts = re.split(r"\s+(de\s+la\s+|de\s+l['’]|des\s+|du\s+|de\s+|d['’])", form)
        joined = [_words(part, lang, alone=" " not in form) for part in parts[::2]]
        text = rf"\s+{OF_PATTERN}".join(joined)
    else:
        text = _words(form, lang)
    return f"(?i:{text})"


def _words(text: str, lang: str, *, alone: bool = False) -> str:
    """The words of a form, each of which may be inflected."""
    inflect = _english if lang == "en" else _french
    spaced = []
    for chunk in text.split():
        chunk = re.sub("[\u2010\u2011\u2013]", "-", chunk.replace("\u2019", "'"))
        pieces = re.split(r"([-'])", chunk)
        made = ""
        for piece in pieces:
            if piece == "-":
                made += HYPHEN
            elif piece == "'":
                made += APOSTROPHE
            else:
                made += inflect(piece, alone)
        spaced.append(made)
    return SPACE.join(spaced)


def _english(word: str, alone: bool) -> str:
    if len(word) > 3 and word.endswith("y") and word[-2] not in "aeiou":
        return re.escape(word[:-1]) + "(?:y|ies)"
    if len(word) < 3 or word.endswith("s"):
        return re.escape(word)
    return re.escape(word) + ("(?:es)?" if word.endswith(("x", "ch", "sh")) else "s?")


def _french(word: str, alone: bool) -> str:
    if len(word) < 3 or word.endswith(("s", "x", "z")):
        return re.escape(word)
    for ending, inflected in FRENCH_ENDINGS.items():
        # a noun by itself has no feminine
        if word.endswith(ending) and not (alone and ending not in ("eau", "eu", "al")):
            return re.escape(word.removesuffix(ending)) + inflected
    return re.escape(word) + "s?"


class Matcher:
    """Finds the terms of a language in prose, the longest where several begin."""

    def __init__(self, terms: list[Term], lang: str):
        forms = [(form, term) for term in terms for form in term.forms[lang]]
        forms.sort(key=lambda pair: -len(pair[0]))
        self._terms = [term for _, term in forms]
        self._lang = lang
        joined = "|".join(f"({pattern(form, lang)})" for form, _ in forms)
        self._pattern = re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])")

    def find(self, text: str) -> list[tuple[int, int, Term]]:
        """Where terms are: begin, end and which one, in the text's order.

        Args:
            text: prose.
        """
        if not self._terms:
            return []
        return [
            (*found.span(), self._terms[found.lastindex - 1])
            for found in self._pattern.finditer(text)
        ]
