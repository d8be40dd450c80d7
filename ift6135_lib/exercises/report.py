"""Puts the first thing that is wrong into words."""

from __future__ import annotations

from typing import Any

from ift6135_lib.exercises import display
from ift6135_lib.exercises.compare import Difference
from ift6135_lib.exercises.describe import describe
from ift6135_lib.exercises.judge import Trial, hint
from ift6135_lib.exercises.reference import Reference
from ift6135_lib.exercises.unanswered import Unanswered, invitation
from ift6135_lib.exercises.verdict import Verdict
from ift6135_lib.exercises.words import joined, output, percent, say, tally

MESSAGE = 200  # characters of an error's message
SAID = 120  # of what a call prints
Fact = tuple[str, str]


def report(reference: Reference, trials: list[Trial], lang: str) -> Verdict:
    """Say whether an answer is right, or what is wrong first.

    Args:
        reference: the exercise.
        trials: what the answer did with each case.
        lang: "en" or "fr".

    Returns:
        The verdict.
    """
    title, total = reference.title[lang], len(trials)
    right = sum(trial.right for trial in trials)
    if right == total:
        key = "right" if total > 1 else "right one"
        return Verdict(True, say(key, lang, title=title, total=total), lang=lang)
    number, first = next((n, t) for n, t in enumerate(trials, 1) if not t.right)
    error = first.attempt.error
    if isinstance(error, Unanswered):
        return _unanswered(reference, error, lang)
    if error is not None:
        problem, facts, advice = _raised(first, lang)
    elif first.attempt.changed:
        names = [reference.parameters[each] for each in first.attempt.changed]
        problem = say("changed", lang, names=joined(names, lang))
        facts, advice = [], say("new value", lang)
    else:
        problem, facts, advice = _differs(first, lang)
        advice = hint(reference, trials, first, lang) or advice
    printed = " ⏎ ".join(first.printed.split("\n")).strip(" ⏎")
    if printed:
        facts.append((say("printed by it", lang), _cut(printed, SAID)))
    problem = tally(problem, right, total, lang)
    given = say("input", lang, number=number), _arguments(reference, first, lang)
    return Verdict(
        False,
        say("wrong", lang, title=title, problem=problem),
        (given, *facts),
        advice,
        lang,
        first.case.inputs,
    )


def _unanswered(reference: Reference, error: Unanswered, lang: str) -> Verdict:
    line = invitation(error.exercise_id, lang)
    if error.exercise_id == reference.id:
        return Verdict(False, line, lang=lang)
    problem = say("other first", lang)
    headline = say("wrong", lang, title=reference.title[lang], problem=problem)
    return Verdict(False, headline, hint=line.removeprefix("○ "), lang=lang)


def _arguments(reference: Reference, trial: Trial, lang: str) -> str:
    """The input, by name; where it is cut, how to have all of it."""
    pairs = zip(reference.parameters, trial.case.inputs, strict=False)
    said = ", ".join(f"{name} = {display.short(value)}" for name, value in pairs)
    if "…" in said:
        call = f'check("{reference.id}", {reference.function})'
        said += f" ({say('all of it', lang, call=call)})"
    return said


def _raised(trial: Trial, lang: str) -> tuple[str, list[Fact], str]:
    error, line = trial.attempt.error, trial.attempt.line
    try:
        message = " ".join(str(error).split())
    except Exception:  # an error that cannot even say itself
        message = ""
    if isinstance(error, SystemExit) and error.code is None:
        message = ""
    name = type(error).__name__
    said = f"{name}: {_cut(message, MESSAGE)}" if message else name
    facts = [(say("error", lang), said)]
    if line is not None:
        facts.append((say("line", lang, line=line), trial.attempt.code))
    if isinstance(error, SystemExit):
        return say("leaves", lang), facts, say("use return", lang)
    key = "unwritten" if isinstance(error, NotImplementedError) else "raises"
    return say(key, lang), facts, ""


def _differs(trial: Trial, lang: str) -> tuple[str, list[Fact], str]:
    """The problem, the facts, and what can be said of that kind of problem."""
    found = trial.difference
    part = output(found.where, lang)
    if found.kind == "none":
        return _nothing(trial, part, lang)
    if found.kind in ("count", "keys", "type"):
        return _structure(found, part, lang)
    if found.kind == "shape":
        facts = _facts(_shaped(found.expected), _shaped(found.got), lang)
        return say("shape", lang, output=part), facts, ""
    one, other = display.pair(found.expected, found.got, found.index)
    if found.error is not None:
        other += f" ({say('relative', lang, error=percent(found.error, lang))})"
    advice = ""
    if found.kind in ("nan", "inf"):
        advice = say(f"where {found.kind}", lang)
    return say(found.kind, lang, output=part), _facts(one, other, lang), advice


def _nothing(trial: Trial, part: str, lang: str) -> tuple[str, list[Fact], str]:
    found = trial.difference
    facts = _facts(display.short(found.expected), "None", lang)
    if found.where:
        return say("nothing there", lang, output=part), facts, ""
    advice = say("printed" if trial.printed.strip() else "use result", lang)
    return say("nothing", lang), facts, advice


def _structure(found: Difference, part: str, lang: str) -> tuple[str, list[Fact], str]:
    expected, got = found.expected, found.got
    facts = _facts(display.short(expected), display.short(got), lang)
    if found.kind == "keys":
        facts = _facts(display.short(list(expected)), display.short(list(got)), lang)
        return say("keys", lang, output=part), facts, ""
    if found.kind == "count":
        outputs = isinstance(expected, tuple) and not found.where
        counts = {"got": len(got), "expected": len(expected)}
        key = "count" if outputs else "items"
        return say(key, lang, output=part, **counts), facts, ""
    kinds = {"got": describe(got, lang), "expected": describe(expected, lang)}
    alone = isinstance(got, tuple) and len(got) == 1
    advice = say("comma", lang) if alone else ""
    return say("type", lang, output=part, **kinds), facts, advice


def _shaped(value: Any) -> str:
    shape, said = display.shape(value), display.short(value)
    return said if not shape or "shape=" in said else f"{said} shape={shape}"


def _facts(expected: str, got: str, lang: str) -> list[Fact]:
    return [(say("expected", lang), expected), (say("got", lang), got)]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
