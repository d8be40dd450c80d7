"""What kind of mistake gives these values, judged on all the cases together.

A kind is named only if it explains every case on which it can be read, and at least two
where the answer is wrong. Inputs are random: a coincidence is then out of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from ift6135_lib.exercises.amounts import AMOUNTS, CHANGES, TERMS
from ift6135_lib.exercises.arrangement import ARRANGEMENT
from ift6135_lib.exercises.compare import SINGLE, Place, difference
from ift6135_lib.exercises.evidence import Detail, Kind, Seen, numbers

ENOUGH = 2  # cases that a kind must explain
OUTPUTS = 4  # beyond which outputs are not tried in every order
Case = tuple[Sequence[Any], Any, Any]  # arguments, expected, got
SWAPPED = {
    "en": "The right outputs are there, in another order.",
    "fr": "Les bonnes sorties y sont, dans un autre ordre.",
}


@dataclass(frozen=True)
class Hint:
    """What may be wrong, in both languages, and with what."""

    kind: str
    en: str
    fr: str
    where: Place = ()  # part of the outputs
    change: str = ""  # the argument of which it changes the value, if it is about that


def diagnose(
    names: Sequence[str], cases: Sequence[Case], *, tolerance: float = 1e-6
) -> Hint | None:
    """Name the kind of mistake.

    Args:
        names: of the arguments.
        cases: arguments, expected value and answer's value of every case that has one.
        tolerance: as in :func:`~ift6135_lib.exercises.compare.difference`.

    Returns:
        A hint, or None if no kind explains all the cases.

    Example:
        >>> found = diagnose(["x"], [((1.0,), 2.0, -2.0), ((2.0,), 3.0, -3.0)])
        >>> found.en
        'It is the opposite of what is expected. Check the signs.'
    """
    if _swapped(cases, tolerance):
        return Hint("swapped", **SWAPPED)
    for where in _places(cases):
        seen = [
            each
            for each in _part(names, cases, where, tolerance)
            if np.isfinite(each.expected).all()
        ]
        enough = sum(each.wrong for each in seen) >= ENOUGH
        if not enough or not all(np.isfinite(each.got).all() for each in seen):
            continue
        for name, kinds in _views(seen):
            own = [_change(each, name) for each in seen] if name else seen
            for kind in kinds:
                with np.errstate(all="ignore"):
                    found = _explains(kind, own)
                if found is not None:
                    said = {lang: kind.say(found, lang) for lang in ("en", "fr")}
                    return Hint(kind.name, **said, where=where, change=name)
    return None


def _views(seen: list[Seen]) -> Iterator[tuple[str, tuple[Kind, ...]]]:
    """The values, then how they change each argument of their shape, then terms."""
    yield "", (*ARRANGEMENT, *AMOUNTS)
    for name, _ in seen[0].every():
        if all(_fits(each, name) for each in seen):
            yield name, CHANGES
    yield "", TERMS


def _fits(seen: Seen, name: str) -> bool:
    argument = dict(seen.every()).get(name)
    return argument is not None and (
        argument.shape == seen.expected.shape == seen.got.shape
    )


def _change(seen: Seen, name: str) -> Seen:
    before = dict(seen.every())[name]
    return replace(seen, expected=seen.expected - before, got=seen.got - before)


def _explains(kind: Kind, cases: list[Seen]) -> Detail | None:
    """What explains every case that says something; None if nothing does."""
    common: set[Detail] | None = None
    explained = 0
    for seen in cases:
        found = kind.read(seen)
        if found is None:
            continue
        common = found if common is None else common & found
        if not common:
            return None
        explained += seen.wrong
    if not common or explained < ENOUGH:
        return None
    return min(common, key=lambda detail: (len(str(detail)), str(detail)))


def _places(cases: Sequence[Case]) -> Iterator[Place]:
    """Where the numbers of the expected values are, the whole first."""

    def walk(value: Any, where: Place) -> Iterator[Place]:
        if not isinstance(value, tuple) and numbers(value) is not None:
            yield where
        elif isinstance(value, list | tuple):
            for position, each in enumerate(value):
                yield from walk(each, (*where, position))
        elif isinstance(value, dict):
            for key, each in value.items():
                yield from walk(each, (*where, key))

    if cases:
        yield from walk(cases[0][1], ())


def _part(
    names: Sequence[str], cases: Sequence[Case], where: Place, tolerance: float
) -> Iterator[Seen]:
    """One part of the outputs on every case that has it, as arrays."""
    for arguments, expected, got in cases:
        try:
            for step in where:
                expected, got = expected[step], got[step]
        except (LookupError, TypeError):
            continue
        one, other = numbers(expected), numbers(got)
        if one is not None and other is not None:
            own = tolerance if _is_double(got) else max(tolerance, SINGLE)
            yield Seen(dict(zip(names, arguments, strict=False)), one, other, own)


def _is_double(value: Any) -> bool:
    return not any(name in str(getattr(value, "dtype", "")) for name in ("32", "16"))


def _swapped(cases: Sequence[Case], tolerance: float) -> bool:
    """Whether one other order of the outputs is right everywhere."""
    if len(cases) < ENOUGH:
        return False
    first = cases[0][1]
    if not isinstance(first, tuple) or not 2 <= len(first) <= OUTPUTS:
        return False
    whole = [
        (expected, got)
        for _, expected, got in cases
        if isinstance(got, list | tuple) and len(got) == len(expected) == len(first)
    ]
    if len(whole) < len(cases):
        return False
    return any(
        all(
            difference(expected, tuple(got[i] for i in order), tolerance=tolerance)
            is None
            for expected, got in whole
        )
        for order in list(permutations(range(len(first))))[1:]
    )
