"""The errata of the notes: what ``back/errata.toml`` may hold, and what it may not."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bookbuild import LANGUAGES
from bookbuild.check import WORDS

FILE = Path("back") / "errata.toml"
DOCUMENTS = ("000", "001", "002", "004")
KINDS = {
    "formula": {"en": "formula", "fr": "formule"},
    "fact": {"en": "fact", "fr": "fait"},
    "misleading": {"en": "incomplete or misleading", "fr": "incomplet ou trompeur"},
    "contested": {"en": "dated or contested", "fr": "dépassé ou contesté"},
    "reference": {"en": "reference or consistency", "fr": "renvoi ou cohérence"},
}
REQUIRED = ("id", "documents", "where", "kind", "chapter", *LANGUAGES)
FIELDS = {*REQUIRED, "label", "source", "key"}
TEXTS = ("said", "right")
FORMULA = re.compile(r"\$([^$]+)\$")
EMPHASIS = re.compile(r"\*[^*]+\*")


class ErrataError(ValueError):
    """The data file has mistakes; the message names the entry of each."""


@dataclass(frozen=True)
class Erratum:
    """One place of the notes, and what is right."""

    id: str
    documents: tuple[str, ...]
    where: dict[str, str]
    kind: str
    chapter: str  # folder of the chapter that treats it, "" when none does
    label: str  # of the section that has it right, "" when it is not written
    sources: tuple[str, ...]
    keys: tuple[str, ...]  # of the bibliography, for as many of the first sources
    said: dict[str, str]
    right: dict[str, str]

    @property
    def anchor(self) -> str:
        return f"erratum-{self.id.lower()}"


@dataclass(frozen=True)
class Errata:
    """The file: titles of the book's chapters by folder, and the entries in order."""

    chapters: dict[str, dict[str, str]]
    entries: tuple[Erratum, ...]

    def by_chapter(self) -> dict[str, list[Erratum]]:
        """The entries of each chapter that has some, those of no chapter first."""
        groups = {
            chapter: [entry for entry in self.entries if entry.chapter == chapter]
            for chapter in ("", *self.chapters)
        }
        return {chapter: entries for chapter, entries in groups.items() if entries}


def read(root: Path) -> Errata:
    """The errata of the book in ``root``; none when it has no such file.

    Raises:
        ErrataError: every mistake of the file, one a line.
    """
    path = root / FILE
    if not path.exists():
        return Errata({}, ())
    try:
        data = tomllib.loads(path.read_text("utf8"))
    except tomllib.TOMLDecodeError as error:
        raise ErrataError(f"{FILE}: this is not TOML: {error}") from error
    chapters, entries = data.pop("chapters", {}), data.pop("erratum", [])
    found = [f"unknown table [{name}]: write [chapters], [[erratum]]" for name in data]
    for folder, title in chapters.items():
        found += [
            f"[chapters]: {folder!r} has no title in {lang!r}"
            for lang in LANGUAGES
            if not _is_text(title, lang)
        ]
    previous = ""
    for place, entry in enumerate(entries, 1):
        name = str(entry.get("id", f"entry {place}, which has no id"))
        found += [f"{name}: {problem}" for problem in _problems(entry, chapters)]
        if name == previous:
            found.append(f"{name}: this id is used twice")
        elif name < previous:
            found.append(f"{name}: it comes after {previous}; ids go up")
        previous = max(name, previous)
    if found:
        raise ErrataError("\n".join(f"{FILE}: {problem}" for problem in found))
    return Errata(chapters, tuple(map(_erratum, entries)))


def _problems(entry: dict, chapters: dict) -> list[str]:
    """What is wrong in one entry, in words."""
    found = [
        f"unknown field {field!r}: {', '.join(sorted(FIELDS))} exist"
        for field in sorted(set(entry) - FIELDS)
    ]
    found += [f"the field {f!r} is missing" for f in REQUIRED if f not in entry]
    if found:
        return found
    if not re.fullmatch(r"E\d{3}", str(entry["id"])):
        found.append("an id is E and three digits")
    documents = entry["documents"]
    if not documents or [d for d in DOCUMENTS if d in documents] != documents:
        found.append(f"documents are some of {list(DOCUMENTS)}, in order")
    if entry["kind"] not in KINDS:
        found.append(f"unknown kind {entry['kind']!r}: {', '.join(KINDS)} exist")
    if entry["chapter"] and entry["chapter"] not in chapters:
        found.append(f"unknown chapter {entry['chapter']!r}: see [chapters]")
    for field in ("label", "source", "key"):
        if field in entry and not _is_text(entry, field):
            found.append(f"{field!r} is empty: leave it out")
    if re.search(r"\b(et(?! al)|and)\b", EMPHASIS.sub("", entry.get("source", ""))):
        found.append("'source' serves both languages: write & between the authors")
    where = entry["where"]
    if not (isinstance(where, str) and where):
        found += [
            f"'where' has nothing in {lang!r}"
            for lang in LANGUAGES
            if not _is_text(where, lang)
        ]
    missing = [
        f"'{lang}.{text}' is missing"
        for lang in LANGUAGES
        for text in TEXTS
        if not _is_text(entry[lang], text)
    ]
    unknown = [
        f"unknown field '{lang}.{text}': {' and '.join(TEXTS)} exist"
        for lang in LANGUAGES
        if isinstance(entry[lang], dict)
        for text in sorted(set(entry[lang]) - {*TEXTS})
    ]
    found += missing + unknown
    return found if missing else found + _unequal(entry)


def _unequal(entry: dict) -> list[str]:
    """The formulas that only one language has, text by text."""
    found = []
    for text in TEXTS:
        english, french = (formulas(entry[lang][text]) for lang in LANGUAGES)
        for formula in (english - french) | (french - english):
            lang = "fr" if formula in english - french else "en"
            found.append(f"'{lang}.{text}' lacks the formula ${formula}$ of its pair")
    return found


def formulas(text: str) -> Counter[str]:
    """The mathematics of a text, without spaces or the words it may hold."""
    return Counter(
        re.sub(r"\s+", " ", WORDS.sub(r"\\text{}", formula)).strip()
        for formula in FORMULA.findall(text)
    )


def _is_text(table: object, field: str) -> bool:
    value = table.get(field) if isinstance(table, dict) else None
    return isinstance(value, str) and bool(value.strip())


def _erratum(entry: dict) -> Erratum:
    where = entry["where"]
    source, key = entry.get("source", ""), entry.get("key", "")
    return Erratum(
        id=entry["id"],
        documents=tuple(entry["documents"]),
        where=where if isinstance(where, dict) else dict.fromkeys(LANGUAGES, where),
        kind=entry["kind"],
        chapter=entry["chapter"],
        label=entry.get("label", ""),
        sources=tuple(part.strip() for part in source.split(";") if part.strip()),
        keys=tuple(part.strip() for part in key.split(",") if part.strip()),
        said={lang: entry[lang]["said"].strip() for lang in LANGUAGES},
        right={lang: entry[lang]["right"].strip() for lang in LANGUAGES},
    )
