"""What can be wrong with an exercise before any of its code runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bookbuild import LANGUAGES
from bookbuild.exercises.model import Part, Statement, parameters
from bookbuild.source import SourceError

SKIPPED = "skip-execution"  # nbclient's tag


def wrong(
    id_: str,
    own: dict[str, Part],
    settings: dict,
    statements: dict[tuple[str, str], Statement],
    solved: bool,
    path: Path,
) -> Iterator[SourceError]:
    """Every mistake of one exercise.

    Args:
        id_: of the exercise.
        own: its code cells by role.
        settings: the metadata of its starter.
        statements: those of the section, by exercise and language.
        solved: whether the page has a solution directive for it.
        path: of the section, for messages.
    """
    yield from _wrong_settings(id_, own, settings, path)
    yield from _wrong_statements(id_, own, statements, path)
    yield from _wrong_parts(id_, own, settings, solved, path)


def _wrong_settings(id_: str, own: dict, settings: dict, path: Path):
    line = (own.get("starter") or next(iter(own.values()))).line

    def error(problem: str, remedy: str) -> SourceError:
        return SourceError(path, line, f"exercise {id_!r}: {problem}", remedy)

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_):
        yield error("its id is not in lower case with dashes", "Rename it")
    if "starter" not in own:
        yield error("it has no starter", "Add a code cell with role: starter")
        return
    points = settings.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        yield error(f"points is {points!r}", "Give it a positive number of points")
    if settings.get("difficulty") not in (1, 2, 3):
        given = settings.get("difficulty")
        yield error(f"difficulty is {given!r}", "Write 1 (easy), 2 or 3 (hard)")
    minutes = settings.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or minutes <= 0:
        yield error(f"minutes is {minutes!r}", "Write how many minutes it takes")
    if not isinstance(settings.get("withheld", False), bool):
        yield error("withheld is neither true nor false", "Write withheld: true")
    known = {"exercise", "role", "points", "difficulty", "minutes", "withheld"}
    for name in sorted(set(settings) - known - {"tolerance", "tags"}):
        yield error(f"unknown setting {name!r}", f"Known: {', '.join(sorted(known))}")


def _wrong_statements(id_: str, own: dict, statements: dict, path: Path):
    line = next(iter(own.values())).line
    for lang in LANGUAGES:
        statement = statements.get((id_, lang))
        name = {"en": "English", "fr": "French"}[lang]
        if statement is None or not statement.body.strip():
            yield SourceError(
                path,
                line,
                f"exercise {id_!r} has no {name} statement",
                f'Write ```{{exercise}} Title with :label: ex-{id_} in a "{lang}" cell',
            )
        elif not statement.title:
            yield SourceError(
                path,
                statement.line,
                f"exercise {id_!r} has no {name} title",
                "Write it after ```{exercise}",
            )


def _wrong_parts(id_: str, own: dict, settings: dict, solved: bool, path: Path):
    if "starter" not in own:
        return
    line, withheld = own["starter"].line, settings.get("withheld") is True

    def error(line: int, problem: str, remedy: str) -> SourceError:
        return SourceError(path, line, f"exercise {id_!r}: {problem}", remedy)

    for role in ("starter", "tests"):
        if role in own and SKIPPED not in own[role].tags:
            yield error(
                own[role].line,
                f"the page would run its {role}",
                f"Add the line tags: [{SKIPPED}] under its role",
            )
    needed = ("tests",) if withheld else ("tests", "solution", "cases")
    for role in needed:
        if role not in own:
            yield error(line, f"it has no {role}", f"Add a code cell of role: {role}")
    if withheld:
        for role in sorted(set(own) & {"solution", "run", "cases"}):
            yield error(
                own[role].line,
                f"it is withheld and its {role} stands in the public source",
                f"Move it to the private folder: <private>/{path.parent.name}/{id_}.py",
            )
        if solved:
            yield error(
                line,
                "it is withheld and a {solution} stands in the public source",
                "Remove it",
            )
    elif not solved:
        yield error(
            line,
            "the page has no place for its solution",
            f"Write ```{{solution}} ex-{id_} under the statement, in both languages",
        )
    broken = [mistake for part in own.values() for mistake in _syntax(id_, part, path)]
    yield from broken
    if broken:
        return
    functions = own["starter"].functions()
    if len(functions) != 1:
        yield error(
            line, f"its starter defines {len(functions)} functions", "Define one"
        )
        return
    (name,) = functions
    if f'raise Unanswered("{id_}")' not in own["starter"].code:
        yield error(
            line, "its starter answers", f'Let it end with raise Unanswered("{id_}")'
        )
    if "solution" in own:
        yield from _same_signature(id_, functions[name], own["solution"], name, path)
    if "cases" in own:
        yield from wrong_cases(id_, functions[name], own["cases"], path)


def _syntax(id_: str, part: Part, path: Path) -> Iterator[SourceError]:
    try:
        ast.parse(part.code)
    except SyntaxError as problem:
        at = part.line + (problem.lineno or 1) - 1
        said = f"exercise {id_!r}: {problem.msg}"
        yield SourceError(path, at, said, "Correct the syntax")


def _same_signature(id_, asked: ast.FunctionDef, part: Part, name: str, path: Path):
    given = part.functions().get(name)
    if given is None or parameters(given) != parameters(asked):
        yield SourceError(
            path,
            part.line,
            f"exercise {id_!r}: this cell does not define "
            f"{name}({', '.join(parameters(asked))}), as the starter does",
            "Use the same name and parameters",
        )


def wrong_cases(id_: str, asked: ast.FunctionDef, part: Part, path: Path):
    """What is wrong with the cell, or the private module, that has the cases."""
    if broken := list(_syntax(id_, part, path)):
        yield from broken
        return
    functions = part.functions()
    if "inputs" not in functions or parameters(functions["inputs"]) != [
        "case",
        "generator",
    ]:
        yield SourceError(
            path,
            part.line,
            f"exercise {id_!r} has no hidden case",
            "Define inputs(case, generator), which draws the arguments of a case",
        )
    for name, function in functions.items():
        if not name.startswith("mistake_"):
            continue
        at = part.line + function.lineno - 1
        if parameters(function) != parameters(asked):
            yield SourceError(
                path,
                at,
                f"exercise {id_!r}: {name} has not the starter's parameters",
                f"Write {name}({', '.join(parameters(asked))})",
            )
        hint = ast.get_docstring(function) or ""
        for lang in LANGUAGES:
            if not re.search(rf"^{lang}: *\S", hint, re.MULTILINE):
                yield SourceError(
                    path,
                    at,
                    f"exercise {id_!r}: {name} has no hint in {lang!r}",
                    'Write """en: …⏎fr: …""" as its docstring',
                )
