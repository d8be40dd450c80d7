"""Looks for what is withheld in anything that is published.

The secrets of a private folder are the lines of its modules that say something, its
seed, every word that contains ``CANARY``; those of a term, the numbers of the hidden
inputs. They are looked for in text, in HTML without its tags, in the strings of JSON,
in the words of the search index, and inside archives.
"""

from __future__ import annotations

import ast
import gzip
import html
import io
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

SHORTEST = 20  # characters of a line of code that says something
CANARY = re.compile(r"\w*CANARY\w*", re.IGNORECASE)
TRIVIAL = re.compile(
    r"import |from |def |class |@|return \w+$|return \w+, \w+$|raise Unanswered|#|$"
)
NUMBER = re.compile(r"\d\.\d{12,}")  # with so many digits that it is no other
INDEX = re.compile(r"Search\.setIndex\((.*)\)\s*;?", re.DOTALL)


def squash(text: str) -> str:
    """Without white space, which formatters and HTML change."""
    return re.sub(r"\s+", "", text)


def secrets(private: Path) -> set[str]:
    """What a private folder has that no published file may have."""
    found: set[str] = set()
    for path in sorted(private.rglob("*.py")):
        text = path.read_text("utf8")
        found |= set(CANARY.findall(text))
        spoken = _docstrings(text)  # the hints of mistakes are published
        for number, line in enumerate(text.split("\n"), start=1):
            said = line.strip()
            says = not TRIVIAL.match(said) and len(squash(said)) >= SHORTEST
            if says and number not in spoken:
                found.add(said)
    seed = private / "seed.txt"
    if seed.exists() and len(said := seed.read_text("utf8").strip()) >= 8:
        found.add(said)
    return found


def _docstrings(code: str) -> set[int]:
    """The lines of the docstrings."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines |= set(range(node.lineno, node.end_lineno + 1))
    return lines


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The texts of a file, those inside archives and JSON included."""
    lower = name.lower()
    if lower.endswith((".zip", ".whl")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts(f"{name}!{member}", archive.read(member))
        return
    if lower.endswith((".tar.gz", ".tgz", ".tar")):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                if member.isfile():
                    inside = archive.extractfile(member).read()
                    yield from texts(f"{name}!{member.name}", inside)
        return
    if lower.endswith(".gz"):
        yield from texts(name[:-3], gzip.decompress(data))
        return
    if lower.endswith("objects.inv"):
        data = zlib.decompress(data[data.index(b"zlib.\n") + 6 :])
    if lower.endswith(".pdf"):
        yield from ((name, text) for text in _pdf(data))
        return
    text = data.decode("utf8", "replace")
    yield name, text
    if lower.endswith((".html", ".htm", ".svg", ".xml", ".xhtml")):
        yield name, html.unescape(re.sub(r"<[^>]+>", "", text))
    if lower.endswith((".json", ".ipynb", ".js")):
        found = INDEX.match(text.strip())
        try:
            yield name, "\n".join(_strings(json.loads(found[1] if found else text)))
        except ValueError:
            return


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        if data and all(isinstance(each, str) for each in data):
            yield "".join(data)
        for each in data:
            yield from _strings(each)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)


def _pdf(data: bytes) -> Iterator[str]:
    """What a PDF says: its streams, its pages' letters, its strings.

    A browser writes the numbers of a font's glyphs, which only the font turns into
    letters; titles, bookmarks and descriptions are strings outside the pages.
    """
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(found[1]).decode("latin1")
        except zlib.error:
            yield found[1].decode("latin1")
    try:
        reader = PdfReader(io.BytesIO(data))
        yield "\n".join(page.extract_text() for page in reader.pages).replace(
            "\xad", ""
        )
        yield "\n".join(_pdf_strings(reader))
    except PyPdfError:
        return  # a damaged file: its streams have been searched


def _pdf_strings(reader: PdfReader) -> Iterator[str]:
    for number in range(1, reader.trailer["/Size"]):
        waiting = [reader.get_object(number)]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                waiting += [name for name in value if isinstance(name, str)]
                waiting += value.values()
            elif isinstance(value, list):
                waiting += value
            elif isinstance(value, str):
                yield value


def scan(wanted: Iterable[str], paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Where the secrets are: pairs of a file and a secret.

    Args:
        wanted: the secrets.
        paths: files, and folders with all they hold.

    Raises:
        ValueError: there is nothing to look for, or nowhere to look: the search would
            find nothing whatever leaked.
    """
    squashed = {squash(secret).lower(): secret for secret in wanted if secret.strip()}
    files = sorted(
        {
            file
            for path in paths
            for file in (path.rglob("*") if path.is_dir() else [path])
            if file.is_file()
        }
    )
    if not squashed or not files:
        raise ValueError("nothing to look for" if not squashed else "nowhere to look")
    numbers = {secret for secret in squashed if NUMBER.fullmatch(secret)}
    words = set(squashed) - numbers
    found = set()
    for file in files:
        for name, text in texts(str(file), file.read_bytes()):
            read = squash(text).lower()
            hits = {word for word in words if word in read}
            hits |= numbers.intersection(NUMBER.findall(read))
            found |= {(name, squashed[hit]) for hit in hits}
    return sorted(found)
