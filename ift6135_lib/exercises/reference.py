"""What an answer is compared with: one entry of a chapter's JSON file."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from ift6135_lib.exercises.values import decode

FOLDER = files(__package__)
UNKNOWN = {
    "en": "no exercise is called {id!r}. {close}The exercises are: {all}",
    "fr": "aucun exercice ne s’appelle {id!r}. {close}Les exercices sont\u00a0: {all}",
}
CLOSE = {
    "en": "Did you mean {close}? ",
    "fr": "Vouliez-vous dire {close}? ",
}
NONE = {"en": "none yet", "fr": "aucun pour l’instant"}


@dataclass(frozen=True)
class Case:
    """One input: the arguments by position, and the reference's value."""

    inputs: tuple
    expected: Any


@dataclass(frozen=True)
class Mistake:
    """What a mistake that was foreseen gives on every case; None where it fails."""

    hint: dict[str, str]
    outputs: tuple  # pairs: whether it gives a value there, and the value


@dataclass(frozen=True)
class Reference:
    """An exercise as check() knows it. Its values are read when they are needed."""

    id: str
    function: str
    parameters: tuple[str, ...]
    title: dict[str, str]
    asks: dict[str, str]
    tolerance: float
    data: dict  # the whole entry

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Every input with its expected value."""
        return tuple(
            Case(tuple(map(decode, case["inputs"])), decode(case["expected"]))
            for case in self.data["cases"]
        )

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes that were foreseen."""
        return tuple(
            Mistake(
                each["hint"],
                tuple((out is not None, decode(out)) for out in each["outputs"]),
            )
            for each in self.data["mistakes"]
        )


def load(exercise_id: str, *, lang: str = "en") -> Reference:
    """Find an exercise by its id.

    Args:
        exercise_id: as its page and notebook write it.
        lang: "en" or "fr", of the error.

    Returns:
        The exercise.

    Raises:
        ValueError: no exercise has this id; the message has those that are close.
    """
    known = dict(_entries())
    if not isinstance(exercise_id, str) or exercise_id not in known:
        close = difflib.get_close_matches(str(exercise_id), known, cutoff=0.5)
        said = CLOSE[lang].format(close=", ".join(map(repr, close))) if close else ""
        every = ", ".join(sorted(known)) or NONE[lang]
        raise ValueError(UNKNOWN[lang].format(id=exercise_id, close=said, all=every))
    entry = known[exercise_id]
    return Reference(
        exercise_id,
        entry["function"],
        tuple(entry["parameters"]),
        entry["title"],
        entry["asks"],
        entry["tolerance"],
        entry,
    )


def _entries() -> Iterator[tuple[str, dict]]:
    """Every exercise of every chapter."""
    for file in sorted(FOLDER.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".json"):
            yield from json.loads(file.read_text("utf8")).items()
