"""Reads the exercises of a section: statements, and code cells that name their role.

The cells of an exercise follow its statement, whose label is ``ex-<id>``. Each says
which exercise it belongs to and what it is there for; the starter also says how many
points, how hard, how many minutes, and whether the solution is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from bookbuild import LANGUAGES, ROOT
from bookbuild.exercises.model import ROLES, Exercise, Part, Statement
from bookbuild.exercises.structure import wrong
from bookbuild.source import CODE_CELLS, Cell, SourceError, cells, walk

FENCES = ("fence", "colon_fence")
OPTION = re.compile(r"^:(\w+): *(.*)$")


def header(cell: Cell) -> tuple[dict, str, int]:
    """A code cell's metadata, its code, and the code's first line (from 1)."""
    lines = cell.text.split("\n")[1:-1]  # without the fences
    start, count, metadata = cell.start + 2, 0, {}
    if lines and lines[0] == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        metadata = yaml.safe_load("\n".join(lines[1:end])) or {}
        count = end + 1
    else:
        while count < len(lines) and (option := OPTION.match(lines[count])):
            metadata[option[1]] = yaml.safe_load(option[2] or "''")
            count += 1
    while count < len(lines) and not lines[count].strip():
        count += 1
    return metadata, "\n".join(lines[count:]), start + count


def without_cases(text: str) -> str:
    """The source as the page and its kernel see it: the cases' lines are blank."""
    lines = text.split("\n")
    if not any(line.startswith("role:") for line in lines):
        return text
    for cell in cells(text):
        if cell.kind == "code" and header(cell)[0].get("role") == "cases":
            lines[cell.start : cell.end] = [""] * (cell.end - cell.start)
    return "\n".join(lines)


def collect(path: Path, root: Path = ROOT) -> tuple[list[Exercise], list[SourceError]]:
    """The well-formed exercises of a section, and what is wrong with the others."""
    shown = path.relative_to(root)
    try:
        found = cells(path.read_text("utf8"), shown)
        statements = dict(_statements(found))
        solved = set(_solved(found))
        parts, settings = _parts(found, shown)
    except SourceError as error:
        return [], [error]
    exercises, errors = [], []
    for id_, own in parts.items():
        mistakes = list(
            wrong(id_, own, settings[id_], statements, f"ex-{id_}" in solved, shown)
        )
        errors += mistakes
        if not mistakes:
            exercises.append(
                Exercise(
                    id=id_,
                    path=path,
                    line=own["starter"].line,
                    points=settings[id_]["points"],
                    difficulty=settings[id_]["difficulty"],
                    minutes=settings[id_]["minutes"],
                    withheld=settings[id_].get("withheld", False),
                    tolerance=settings[id_].get("tolerance", 1e-6),
                    statements={lang: statements[id_, lang] for lang in LANGUAGES},
                    parts=own,
                )
            )
    return exercises, errors


def read(path: Path, root: Path = ROOT) -> list[Exercise]:
    """The exercises of a section, in its order.

    Raises:
        SourceError: the first mistake.
    """
    exercises, errors = collect(path, root)
    if errors:
        raise errors[0]
    return exercises


def _directives(found: list[Cell], name: str) -> Iterator[tuple[Cell, object, int]]:
    for cell in found:
        if cell.kind == "code" or cell.lang is None:
            continue
        for token, line in walk(cell.text, cell.start):
            if token.type in FENCES and token.info.startswith(f"{{{name}}}"):
                yield cell, token, line + 1


def _statements(found: list[Cell]) -> Iterator[tuple[tuple[str, str], Statement]]:
    for cell, token, line in _directives(found, "exercise"):
        title = token.info.partition("}")[2].strip()
        lines = token.content.split("\n")
        count, options = 0, {}
        while count < len(lines) and (option := OPTION.match(lines[count])):
            options[option[1]] = option[2].strip()
            count += 1
        while count < len(lines) and not lines[count].strip():
            count += 1
        id_ = options.get("label", "").removeprefix("ex-")
        body = "\n".join(lines[count:]).rstrip("\n")
        yield (id_, cell.lang), Statement(title, body, line + 1 + count)


def _solved(found: list[Cell]) -> Iterator[str]:
    for _, token, _ in _directives(found, "solution"):
        yield token.info.partition("}")[2].strip()


def _parts(
    found: list[Cell], path: Path
) -> tuple[dict[str, dict[str, Part]], dict[str, dict]]:
    parts: dict[str, dict[str, Part]] = {}
    settings: dict[str, dict] = {}
    for cell in found:
        if cell.kind != "code" or not cell.text.startswith(f"```{CODE_CELLS[0]}"):
            continue
        metadata, code, line = header(cell)
        if "exercise" not in metadata:
            continue
        id_, role = str(metadata["exercise"]), metadata.get("role")
        own = parts.setdefault(id_, {})
        settings.setdefault(id_, {})
        if role not in ROLES:
            known = "; ".join(f"{name}: {what}" for name, what in ROLES.items())
            raise SourceError(path, line, f"unknown role {role!r}", f"Write {known}")
        if role in own:
            raise SourceError(
                path,
                line,
                f"exercise {id_!r} has two cells of role {role!r}",
                "Join them, or give one of them the id of its own exercise",
            )
        own[role] = Part(code, path, line, tuple(metadata.get("tags", ())))
        if role == "starter":
            settings[id_] = metadata
    return parts, settings
