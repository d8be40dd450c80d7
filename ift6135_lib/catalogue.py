"""The words of the figures, in both languages.

Labels are written in English in the notebooks. Their French stands in
``labels/*.toml``: a key is the English text in which every number and every
``$...$`` formula is replaced by ``{}``; ``same`` lists what both languages write alike.
"""

from __future__ import annotations

import os
import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from ift6135_lib.typography import NO_BREAK, VARIABLE, localise, variable

LANGUAGES = ("en", "fr")
WORD = re.compile(r"[^\W\d_]{2,}")
SEPARATOR = re.compile(r"\$[^$]*\$|(?P<separator>, |: |; | = | / | \(|\)|\n)")
TRAILING = re.compile(rf"(.*?)((?: (?:{VARIABLE.pattern}))*)", re.DOTALL)


class UntranslatedLabel(LookupError):
    """A text of a figure that has no French in the catalogue."""


def language() -> str:
    """The language of a live notebook: IFT6135_LANG, English by default.

    Raises:
        ValueError: the variable names another language.

    Example:
        >>> language() in LANGUAGES
        True
    """
    return _known(os.environ.get("IFT6135_LANG", "en"), "IFT6135_LANG")


def in_book() -> bool:
    """Whether the book's build runs this kernel: both languages, nothing live.

    Example:
        >>> in_book() in (True, False)
        True
    """
    return os.environ.get("IFT6135_BOOK") == "1"


def _known(lang: str, name: str = "lang") -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"{name} is {lang!r}; it must be one of {LANGUAGES}")
    return lang


def key(text: str) -> str:
    """The catalogue's key of an English text.

    Args:
        text: the English text.

    Returns:
        The text with ``{}`` for each number and formula.

    Example:
        >>> key(r"momentum $\\rho = 0.9$, 20 steps")
        'momentum {}, {} steps'
    """
    return VARIABLE.sub("{}", text)


@cache
def catalogue() -> dict[str, str]:
    """Every entry of ``labels/*.toml``: English key, French text.

    Raises:
        ValueError: two files translate one key differently.

    Example:
        >>> catalogue()["learning rate"]
        'taux d’apprentissage'
    """
    entries: dict[str, str] = {}
    folder = files("ift6135_lib") / "labels"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".toml"):
            continue
        found = tomllib.loads(path.read_text("utf8"))
        same = {text: text for text in found.pop("same", [])}
        for english, french in {**same, **found}.items():
            if entries.setdefault(english, french) != french:
                raise ValueError(
                    f"labels/{path.name}: {english!r} is {french!r} here and "
                    f"{entries[english]!r} in another file; keep one"
                )
    return entries


def translate(text: str, lang: str) -> str:
    """Say a figure's English text in a language.

    A text that is not in the catalogue as a whole is looked up piece by piece, between
    commas, colons, semicolons, equal signs, slashes and parentheses, and without the
    numbers at a piece's end.

    Args:
        text: the English text.
        lang: "en" or "fr".

    Returns:
        The text in that language, its numbers written as that language does.

    Raises:
        UntranslatedLabel: the catalogue has no entry; the message says which line to
            add to which file.

    Example:
        >>> translate("learning rate 0.1", "fr")
        'taux d’apprentissage 0,1'
    """
    if _known(lang) == "en":
        return localise(text, "en")
    french = _whole(text)
    if french is None:
        pieces = [_piece(piece) for piece in _pieces(text)]
        if None in pieces:
            raise UntranslatedLabel(_remedy(text))
        french = "".join(pieces)
    return french


def translate_live(text: str, lang: str) -> str:
    """Like :func:`translate`, but an unknown text stays English.

    Args:
        text: the English text.
        lang: "en" or "fr".

    Returns:
        The text in that language where the catalogue has it, in English elsewhere.

    Example:
        >>> translate_live("no such label", "fr")
        'no such label'
    """
    try:
        return translate(text, lang)
    except UntranslatedLabel:
        return localise(text, lang)


def _whole(text: str) -> str | None:
    """The French of a text, None without an entry; symbols alone need none."""
    stripped = text.strip()
    pattern = key(stripped)
    if pattern in catalogue():
        values = [variable(value, "fr") for value in VARIABLE.findall(stripped)]
        french = _fill(catalogue()[pattern], values)
        return text.replace(stripped, french) if stripped else text
    if not WORD.search(pattern):
        return localise(text, "fr")
    return None


def _pieces(text: str) -> list[str]:
    """The text cut at its separators, which are pieces too; formulas stay whole."""
    pieces, end = [], 0
    for found in SEPARATOR.finditer(text):
        if found["separator"]:
            pieces += [text[end : found.start()], found["separator"]]
            end = found.end()
    return [*pieces, text[end:]]


def _piece(piece: str) -> str | None:
    if piece == ": ":
        return f"{NO_BREAK}: "
    words, values = TRAILING.fullmatch(piece).groups()
    french = _whole(words)
    return french if french is None else french + localise(values, "fr")


def _fill(template: str, values: list[str]) -> str:
    """Replace ``{}`` in order and ``{0}``, ``{1}`` by number."""
    order = iter(range(len(values)))

    def value(found: re.Match) -> str:
        number = int(found[1]) if found[1] else next(order)
        return values[number]

    return re.sub(r"\{(\d*)\}", value, template)


def _remedy(text: str) -> str:
    chapter = re.sub(r"^\d+-", "", Path.cwd().name)
    folder = files("ift6135_lib") / "labels"
    name = chapter if (folder / f"{chapter}.toml").is_file() else "common"
    missing = key(text.strip()).replace("\\", "\\\\").replace('"', '\\"')
    missing = missing.replace("\n", "\\n")
    return (
        f"{text!r} has no French. Add to ift6135_lib/labels/{name}.toml the line "
        f'"{missing}" = "its French" (or put it in same = [...] if French writes it '
        "the same)"
    )
