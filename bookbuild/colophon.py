"""What the published book carries from others: the works, their versions, licences.

``back/colophon.toml`` says which files are whose. Versions are those of the installed
packages, and so are the licences that their metadata name as SPDX does; the data file
has the rest. ``tests/site/test_colophon.py`` compares it with what is published.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bookbuild import LANGUAGES

FILE = Path("back") / "colophon.toml"
TEXTS = "licences.txt"
TABLES = ("site", "data", "addresses")
REQUIRED = {"name", "address", "what", "files"}
FIELDS = REQUIRED | {"package", "stated_in", "version", "licence"}
NUMBER = re.compile(r"\d+(?:\.\d+)+")
HEADING = 400  # characters of a file, among which its version stands
LICENCE = re.compile(r"(LICEN[CS]E|COPYING)\b", re.IGNORECASE)


class ColophonError(ValueError):
    """An entry is not complete; the message names it."""


@dataclass(frozen=True)
class Work:
    """Something of someone else, and what the book does with it."""

    name: str
    address: str
    what: dict[str, str]
    files: tuple[str, ...]  # patterns
    version: str  # "" where it has none
    licence: str  # SPDX; "" in the public domain
    package: str  # that it is, "" where a package only brings it

    def found(self, folder: Path) -> set[Path]:
        """Its files in a folder."""
        paths = {path for pattern in self.files for path in folder.glob(pattern)}
        return {path for path in paths if path.is_file()}


def read(root: Path) -> dict[str, list[Work]]:
    """The works of each table, in the file's order.

    Raises:
        ColophonError: an entry lacks something, or repeats what its package says.
    """
    path = root / FILE
    tables = tomllib.loads(path.read_text("utf8")) if path.is_file() else {}
    if unknown := tables.keys() - {*TABLES}:
        raise ColophonError(f"{FILE}: unknown table {min(unknown)!r}")
    return {
        table: [_work(entry, root) for entry in tables.get(table, [])]
        for table in TABLES
    }


def _work(entry: dict, root: Path) -> Work:
    problems = list(_problems(entry))
    if problems:
        name = entry.get("name", "an entry without a name")
        raise ColophonError(f"{FILE}: {name}: {problems[0]}")
    return Work(
        entry["name"],
        entry["address"],
        entry["what"],
        tuple(entry["files"]),
        _version(entry, root),
        entry["licence"] if "licence" in entry else _licence(entry["package"]),
        entry["package"] if _is_package(entry) else "",
    )


def licence_text(work: Work) -> str:
    """The text of a package's licence; "" for a work that is none."""
    files = (distribution(work.package).files or ()) if work.package else ()
    texts = [
        path.locate().read_text("utf8")
        for path in files
        if ".dist-info" in path.parts[0] and LICENCE.match(path.name)
    ]
    if work.package and not texts:
        raise ColophonError(f"{FILE}: {work.name}: its package has no licence's text")
    return "\n\n".join(texts)


def _is_package(entry: dict) -> bool:
    return "package" in entry and not {"version", "stated_in"} & entry.keys()


def _problems(entry: dict) -> Iterator[str]:
    yield from (f"{field!r} is missing" for field in sorted(REQUIRED - entry.keys()))
    yield from (f"unknown field {field!r}" for field in sorted(entry.keys() - FIELDS))
    if missing := {*LANGUAGES} - entry.get("what", {}).keys():
        yield f"'what' has nothing in {min(missing)!r}"
    package = entry.get("package")
    if package is not None:
        try:
            stated = _licence(package)
        except PackageNotFoundError:
            yield f"no package {package!r} is installed"
            return
        if _is_package(entry):
            if stated and "licence" in entry:
                yield f"'licence' repeats its package's, {stated}: leave it out"
            if not stated and "licence" not in entry:
                yield "its package names no licence: add 'licence'"
        elif "licence" not in entry:
            yield "'licence' is missing: its package's is not its own"
    elif not {"version", "stated_in"} & entry.keys() or "licence" not in entry:
        yield "without a package it needs a version and a licence"


def _licence(package: str) -> str:
    """The SPDX expression of a package's metadata, "" if they have none."""
    return distribution(package).metadata.get("License-Expression", "")


def _version(entry: dict, root: Path) -> str:
    if "version" in entry:
        return entry["version"]
    package = entry.get("package")
    if "stated_in" not in entry:
        return distribution(package).version
    place = entry["stated_in"]
    path = Path(distribution(package).locate_file(place)) if package else root / place
    text = path.read_text("utf8")[:HEADING] if path.is_file() else ""
    number = NUMBER.search(text)
    if number is None:
        raise ColophonError(f"{FILE}: {entry['name']}: {place} says no version")
    return number[0]
