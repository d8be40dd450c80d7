"""Runs one exercise's reference against its tests, its cases and its mistakes."""

from __future__ import annotations

import html
import json
import re
import traceback
from collections.abc import Iterator
from pathlib import Path

from bookbuild.exercises import private as folder
from bookbuild.exercises.model import Exercise, Part, hints

CASES = 12
PUBLIC = "ift6135, check()"  # the seed of the inputs that travel
PRELUDE = """\
import math

import numpy as np
import torch
import torch.nn.functional as F
from ift6135_lib import Unanswered, check
from torch import nn
"""


class Wrong(Exception):
    """The code of an exercise does not do what it must: part, problem and remedy."""

    def __init__(self, part: Part, problem: str, remedy: str):
        super().__init__(problem)
        self.part, self.problem, self.remedy = part, problem, remedy


def namespace(*parts: Part) -> dict:
    """What the cells define, on top of the imports that every exercise has."""
    names: dict = {"__name__": "exercise"}
    exec(PRELUDE, names)
    for part in parts:
        code = "\n" * (part.line - 1) + part.code
        exec(compile(code, str(part.path), "exec"), names)
    return names


def inputs(names: dict, exercise: Exercise, seed: str) -> list[tuple]:
    """The arguments of every case, drawn from a seed."""
    import torch

    generator = torch.Generator().manual_seed(folder.number(seed, exercise.id))
    return [tuple(names["inputs"](case, generator)) for case in range(CASES)]


def numbers(arguments: list[tuple]) -> set[str]:
    """The numbers with many digits, as text: they tell two draws apart."""
    from ift6135_lib.exercises.values import encode

    text = json.dumps([[encode(each) for each in case] for case in arguments])
    return set(re.findall(r"\d\.\d{12,}", text))


def expected(names: dict, exercise: Exercise, arguments: list[tuple]) -> list:
    """The reference's value on each case.

    Raises:
        Wrong: it fails, modifies its arguments or gives something that is no answer.
    """
    from ift6135_lib.exercises.attempt import attempt
    from ift6135_lib.exercises.values import encode

    found = []
    for case, given in enumerate(arguments):
        tried = attempt(names[exercise.function], given)
        problem = None
        if tried.error is not None:
            problem = f"fails on case {case}: {type(tried.error).__name__}"
            problem += f": {tried.error}"
        elif tried.changed:
            problem = f"modifies its arguments on case {case}"
        elif "nan" in json.dumps(encode(tried.value)):
            problem = f"gives nan on case {case}"
        if problem:
            raise Wrong(_part(exercise, names), f"the solution {problem}", "Correct it")
        found.append(tried.value)
    return found


def _part(exercise: Exercise, names: dict) -> Part:
    """Where the reference stands, for messages."""
    code = names[exercise.function].__code__
    return Part("", Path(code.co_filename), code.co_firstlineno)


def entry(exercise: Exercise, answer: list[Part]) -> dict:
    """Verify an exercise and give what check() needs of it.

    Raises:
        Wrong: a solution that fails its tests, a mistake that passes, and the like.
    """
    from ift6135_lib.exercises.values import encode

    tests = exercise.parts["tests"]
    _passes(exercise, answer, tests)
    _fresh_fails(exercise, tests)
    names = namespace(*answer)
    given = _drawn(exercise, names, answer[-1])
    values = expected(names, exercise, given)
    mistakes = []
    for name, function in _mistakes(answer):
        outputs = _outputs(exercise, names[name], name, given, values, answer[-1])
        code = json.dumps(outputs)
        if twin := next((m for m in mistakes if json.dumps(m["outputs"]) == code), 0):
            raise Wrong(
                answer[-1],
                f"{name} gives the same as another mistake ({twin['hint']['en']})",
                "Remove one of them",
            )
        mistakes.append({"hint": hints(function), "outputs": outputs})
    return {
        "function": exercise.function,
        "parameters": exercise.parameters,
        "title": {lang: said.title for lang, said in exercise.statements.items()},
        "asks": {lang: spoken(said.asks) for lang, said in exercise.statements.items()},
        "tolerance": exercise.tolerance,
        "cases": [
            {"inputs": [encode(each) for each in arguments], "expected": encode(value)}
            for arguments, value in zip(given, values, strict=True)
        ],
        "mistakes": mistakes,
    }


def spoken(text: str) -> str:
    """A sentence without the marks of formulas: they will not be typeset."""

    def formula(found: re.Match) -> str:
        plain = re.sub(r"\\([A-Za-z]+)", _letter, found[1])
        return re.sub(r"[{}]|\\[,;! ]", "", plain)

    return re.sub(r"\$([^$]*)\$", formula, text)


def _letter(found: re.Match) -> str:
    return html.unescape(f"&{found[1]};")  # HTML and LaTeX call Greek letters alike


def _mistakes(answer: list[Part]) -> Iterator[tuple[str, object]]:
    for part in answer:
        for name, function in part.functions().items():
            if name.startswith("mistake_"):
                yield name, function


def _passes(exercise: Exercise, answer: list[Part], tests: Part) -> None:
    try:
        namespace(*answer, tests)
    except Exception as error:
        at = [f.lineno for f in traceback.extract_tb(error.__traceback__)
              if f.filename == str(tests.path)]  # fmt: skip
        where = Part("", tests.path, at[0] if at else tests.line)
        said = str(error).strip().split("\n")[0]
        raise Wrong(
            where,
            f"the solution fails its own tests ({type(error).__name__}: {said})",
            "Correct the solution or the tests",
        ) from None


def _fresh_fails(exercise: Exercise, tests: Part) -> None:
    from ift6135_lib import Unanswered

    starter = exercise.parts["starter"]
    try:
        namespace(starter, tests)
    except Unanswered:
        return
    except Exception as error:
        said = f"fails with {type(error).__name__}, not with what is asked"
        raise Wrong(tests, f"the starter {said}", "Call the function first") from None
    raise Wrong(
        tests, "the starter passes the tests", "Let the tests call the function"
    )


def _drawn(exercise: Exercise, names: dict, part: Part) -> list[tuple]:
    """The public inputs, after a look at whether they can be told from others."""
    drawn, again, other = (
        inputs(names, exercise, seed) for seed in (PUBLIC, PUBLIC, "another seed")
    )
    if numbers(drawn) != numbers(again):
        raise Wrong(part, "inputs() ignores its generator", "Draw from `generator`")
    for case, (one, two) in enumerate(zip(drawn, other, strict=True)):
        if not numbers([one]) - numbers([two]):
            raise Wrong(
                part,
                f"case {case} of inputs() does not change with the seed",
                "Draw some real numbers of every case from `generator`",
            )
    return drawn


def _outputs(exercise, function, name: str, given, values, part: Part) -> list:
    from ift6135_lib.exercises.attempt import attempt
    from ift6135_lib.exercises.compare import difference
    from ift6135_lib.exercises.values import encode

    outputs, differs = [], False
    for arguments, value in zip(given, values, strict=True):
        tried = attempt(function, arguments)
        wrong = tried.error is not None or difference(
            value, tried.value, tolerance=exercise.tolerance
        )
        differs |= bool(wrong)
        outputs.append(None if tried.error is not None else encode(tried.value))
    if not differs:
        raise Wrong(
            Part("", part.path, function.__code__.co_firstlineno),
            f"{name} passes all the cases: it is no mistake, or no case shows it",
            "Correct it, or draw a case that tells it from the solution",
        )
    return outputs
