"""What an exercise is worth: the values that came out of the sandbox, compared here.

The inputs go into the sandbox; the expected values never do. An exercise is worth its
points times the share of the hidden cases that are right.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from bookbuild.exercises import private as folder
from bookbuild.exercises.model import Exercise, hints
from bookbuild.exercises.reference import (
    PUBLIC,
    expected,
    inputs,
    namespace,
    numbers,
)
from ift6135_lib.exercises.attempt import attempt
from ift6135_lib.exercises.compare import difference
from ift6135_lib.exercises.values import decode, encode


@dataclass(frozen=True)
class Hidden:
    """The hidden cases of an exercise."""

    exercise: Exercise
    inputs: list[list]  # encoded, as the sandbox takes them
    expected: list
    mistakes: list[tuple[dict[str, str], list]] = field(default_factory=list)


class SameInputs(RuntimeError):
    """The hidden inputs are those that check() shows."""


def hidden(exercise: Exercise, private: Path) -> Hidden:
    """Draw the hidden cases of this term.

    Raises:
        NoPrivateFolder: the seed or the withheld solution is not there.
        SameInputs: they are not hidden at all.
    """
    answer = folder.required(exercise, private)
    names = namespace(*answer)
    drawn = inputs(names, exercise, folder.term_seed(private))
    public = numbers(inputs(names, exercise, PUBLIC))
    if not all(numbers([case]) - public for case in drawn):
        raise SameInputs(
            f"exercise {exercise.id!r}: hidden inputs are among those of check(). "
            "Change seed.txt in the private folder"
        )
    mistakes = []
    for part in answer:
        for name, function in part.functions().items():
            if name.startswith("mistake_"):
                values = [attempt(names[name], case).value for case in drawn]
                mistakes.append((hints(function), values))
    values = expected(names, exercise, drawn)
    encoded = [[encode(each) for each in case] for case in drawn]
    return Hidden(exercise, encoded, values, mistakes)


@dataclass
class Mark:
    """What one exercise of one submission is worth, and why."""

    score: float
    points: float
    right: int
    cases: int
    why: str  # a key of the words, "" when all is right
    hint: dict[str, str] | None = None  # of the declared mistake it looks like

    def as_dict(self) -> dict:
        return dict(self.__dict__)


def mark(cases: Hidden, status: str, calls: tuple[dict, ...]) -> Mark:
    """Compare what a submission's function returned with the reference.

    Args:
        cases: the hidden cases.
        status: how its calls ended in the sandbox.
        calls: one answer a case, as the sandbox gave them: nothing in them is trusted.
    """
    exercise, total = cases.exercise, len(cases.inputs)
    verdicts, values = [], []
    for case in range(total):
        given = calls[case] if case < len(calls) else None
        verdict, value = _verdict(cases, case, given)
        verdicts.append(verdict)
        values.append(value)
    right = verdicts.count("")
    score = round(exercise.points * right / total, 2)
    why = next(filter(None, verdicts), "")
    if why and status not in ("ok", "error"):
        why = status  # it was stopped: what came before matters less
    found = Mark(score, exercise.points, right, total, why)
    if why == "wrong value":
        found.hint = _recognised(cases, values)
    return found


def _verdict(cases: Hidden, case: int, given: dict | None) -> tuple[str, object]:
    if not isinstance(given, dict):
        return "no value", None
    if "error" in given:
        said = str(given["error"])
        if said.startswith(f"NameError: {cases.exercise.function} is not defined"):
            return "no value", None
        return ("unanswered" if said.startswith("Unanswered") else "raises"), None
    if given.get("changed"):
        return "modifies its arguments", None
    try:
        value = decode(given["value"])
        wrong = difference(
            cases.expected[case], value, tolerance=cases.exercise.tolerance
        )
    except Exception:  # a hostile process chose these data
        return "no value", None
    return ("wrong value" if wrong else ""), value


def _recognised(cases: Hidden, values: list) -> dict[str, str] | None:
    """The hint of the declared mistake that gives these values on every case."""
    tolerance = cases.exercise.tolerance
    for hint, outputs in cases.mistakes:
        try:
            pairs = list(zip(outputs, values, strict=True))
            if all(not difference(a, b, tolerance=tolerance) for a, b in pairs):
                return hint
        except Exception:
            continue
    return None


def fingerprint(cases: list[Hidden], limits: object) -> str:
    """What a result depends on besides the submission."""
    asked = [(each.exercise.id, each.exercise.points, each.inputs) for each in cases]
    return json.dumps([asked, str(limits)])
