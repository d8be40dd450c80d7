"""Runs an answer on every case and finds the first thing that is wrong with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass

from ift6135_lib.exercises.attempt import Attempt, attempt
from ift6135_lib.exercises.compare import Difference, difference
from ift6135_lib.exercises.diagnose import diagnose
from ift6135_lib.exercises.reference import Case, Reference
from ift6135_lib.exercises.unanswered import Unanswered
from ift6135_lib.exercises.verdict import COLON
from ift6135_lib.exercises.words import output, say

PRINTED = 2_000  # characters kept of what a call prints


@dataclass(frozen=True)
class Trial:
    """What an answer did with one case."""

    case: Case
    attempt: Attempt
    difference: Difference | None
    printed: str

    @property
    def right(self) -> bool:
        tried = self.attempt
        return tried.error is None and not tried.changed and self.difference is None


class _Beginning(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINTED - self.tell())])
        return len(text)


def run(reference: Reference, answer: Callable) -> list[Trial]:
    """Call an answer on every case; only on the first one if it is not written.

    Args:
        reference: the exercise.
        answer: the student's function.

    Returns:
        A trial a case.
    """
    trials = []
    for case in reference.cases:
        printed = _Beginning()
        with redirect_stdout(printed):
            tried = attempt(answer, case.inputs)
        apart = None
        if tried.error is None:
            apart = difference(
                case.expected, tried.value, tolerance=reference.tolerance
            )
        trials.append(Trial(case, tried, apart, printed.getvalue()))
        if isinstance(tried.error, Unanswered):
            break
    return trials


def hint(reference: Reference, trials: list[Trial], first: Trial, lang: str) -> str:
    """What the values tell: a mistake that was foreseen, else a kind of mistake.

    Args:
        reference: the exercise.
        trials: of all its cases.
        first: the first that is wrong, by its value.
        lang: "en" or "fr".

    Returns:
        A sentence or two; "" if they tell nothing.
    """
    for mistake in reference.mistakes:
        if _coincides(mistake.outputs, trials, reference.tolerance):
            return mistake.hint[lang]
    apart = first.difference
    sequence = apart.kind == "count" and isinstance(apart.expected, list)
    if apart.kind not in ("shape", "value") and not sequence:
        return ""  # the structure is enough to think about
    cases = [
        (trial.case.inputs, trial.case.expected, trial.attempt.value)
        for trial in trials
        if trial.attempt.error is None
    ]
    found = diagnose(reference.parameters, cases, tolerance=reference.tolerance)
    if found is None:
        return ""
    said = {"en": found.en, "fr": found.fr}[lang]
    about = [output(found.where, lang, "part")] if found.where else []
    if found.change:
        about.append(say("change", lang, name=found.change))
    if not about:
        return said
    about = ", ".join(about)
    return f"{about[0].upper()}{about[1:]}{COLON[lang]} {said[0].lower()}{said[1:]}"


def _coincides(outputs: tuple, trials: list[Trial], tolerance: float) -> bool:
    """Whether an answer gives what a mistake does, wherever this one gives a value."""
    seen = [
        (trial, value)
        for trial, (given, value) in zip(trials, outputs, strict=True)
        if given
    ]
    return any(not trial.right for trial, _ in seen) and all(
        trial.attempt.error is None
        and difference(value, trial.attempt.value, tolerance=tolerance) is None
        for trial, value in seen
    )
