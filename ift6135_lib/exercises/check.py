"""``check``: what is right, or the first thing that is wrong, with an answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ift6135_lib.catalogue import LANGUAGES, language
from ift6135_lib.exercises.reference import Reference, load
from ift6135_lib.exercises.unanswered import Unanswered
from ift6135_lib.exercises.verdict import Verdict
from ift6135_lib.exercises.words import say

__all__ = ["Unanswered", "check"]


def check(exercise_id: str, answer: Callable, *, lang: str | None = None) -> Verdict:
    """Compare an answer with the reference on many inputs.

    Args:
        exercise_id: as the exercise writes it.
        answer: the function that you wrote.
        lang: "en" or "fr"; the notebook's by default.

    Returns:
        A verdict: true if every input is right; shown, it says the first thing that is
        wrong. Nothing that the function does makes it fail, but an interruption.

    Raises:
        ValueError: no exercise has this id, or the language is another one.

    Example:
        >>> def momentum_step(theta, v, g, eta, rho):
        ...     return theta, v  # moves nothing
        >>> bool(check("momentum-step", momentum_step))
        False
    """
    lang = language() if lang is None else lang
    if lang not in LANGUAGES:
        raise ValueError(f"lang is {lang!r}; it must be one of {LANGUAGES}")
    reference = load(exercise_id, lang=lang)
    unfit = _not_a_function(reference, answer, lang)
    if unfit is None:
        unfit = _other_parameters(reference, answer, lang)
    if unfit is not None:
        return unfit
    # with torch, which the package does without
    from ift6135_lib.exercises.judge import run
    from ift6135_lib.exercises.report import report

    return report(reference, run(reference, answer), lang)


def _wrong(reference: Reference, problem: str, lang: str, **rest: Any) -> Verdict:
    headline = say("wrong", lang, title=reference.title[lang], problem=problem)
    return Verdict(False, headline, lang=lang, **rest)


def _not_a_function(reference: Reference, answer: Any, lang: str) -> Verdict | None:
    if callable(answer) and not isinstance(answer, type):
        return None
    from ift6135_lib.exercises.describe import describe

    return _wrong(
        reference,
        say("not a function", lang, what=describe(answer, lang)),
        lang,
        hint=say("how to call", lang, id=reference.id, function=reference.function),
    )


def _other_parameters(reference: Reference, answer: Any, lang: str) -> Verdict | None:
    """Whether the function can be called as the exercise says, by position or name."""
    try:
        own = inspect.signature(answer)
    except Exception:  # a function that does not say
        return None
    names = reference.parameters
    values = range(len(names))
    try:
        by_position = own.bind(*values)
        by_name = own.bind(**dict(zip(names, values, strict=True)))
        by_position.apply_defaults()
        by_name.apply_defaults()
        if by_position.arguments == by_name.arguments:
            return None
    except TypeError:
        pass
    if any(each.kind is each.VAR_POSITIONAL for each in own.parameters.values()):
        return None  # it takes anything
    mine = list(own.parameters)
    reordered = sorted(mine) == sorted(names) and mine != list(names)
    return _wrong(
        reference,
        say("parameters", lang),
        lang,
        facts=(
            (say("expected", lang), f"def {reference.function}({', '.join(names)})"),
            (say("got", lang), f"def {_name(answer)}{_parameters(own)}"),
        ),
        hint=say("reordered", lang) if reordered else "",
    )


class _Default:
    """Stands for the value of a default, which may be long."""

    def __repr__(self) -> str:
        return "…"


def _parameters(own: inspect.Signature) -> str:
    """The parameters in brackets, without annotations."""
    empty = inspect.Parameter.empty
    plain = [
        each.replace(
            annotation=empty,
            default=empty if each.default is empty else _Default(),
        )
        for each in own.parameters.values()
    ]
    return str(inspect.Signature(plain))


def _name(answer: Any) -> str:
    name = getattr(answer, "__name__", None)
    return name if isinstance(name, str) else type(answer).__name__
