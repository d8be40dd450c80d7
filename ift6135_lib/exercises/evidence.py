"""What a kind of mistake is read on, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ift6135_lib.exercises.compare import as_array, difference
from ift6135_lib.typography import localise

NUMBER = re.compile(r"[-+]?[\d.]+(e[-+]\d+)?")


@dataclass(frozen=True)
class Seen:
    """One case: arguments by name, the expected part and the answer's, as arrays."""

    arguments: dict[str, Any]
    expected: np.ndarray
    got: np.ndarray
    tolerance: float = 1e-6

    def same(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Whether two arrays have the same shape and, to the tolerance, numbers."""
        return difference(one, other, tolerance=self.tolerance) is None

    @property
    def wrong(self) -> bool:
        return not self.same(self.expected, self.got)

    def arrays(self) -> Iterator[tuple[str, np.ndarray]]:
        """The arguments that hold numbers, but for those that stand alone."""
        for name, value in self.arguments.items():
            array = numbers(value)
            if array is not None and array.ndim > 0:
                yield name, array

    def every(self) -> Iterator[tuple[str, np.ndarray]]:
        """The arguments that hold numbers."""
        yield from self.arrays()
        yield from ((name, np.asarray(value)) for name, value in self.scalars())

    def scalars(self) -> Iterator[tuple[str, float]]:
        """The arguments that are one number."""
        for name, value in self.arguments.items():
            array = numbers(value)
            if array is not None and array.ndim == 0:
                yield name, float(array)


Detail = Hashable
Read = Callable[[Seen], "set[Detail] | None"]


@dataclass(frozen=True)
class Kind:
    """A kind of mistake: what may explain a case, and what to say."""

    read: Read  # what explains the case; None: the case says nothing
    en: str
    fr: str
    details: dict[Detail, dict[str, str]] | None = None  # the words of a detail

    @property
    def name(self) -> str:
        return self.read.__name__

    def say(self, detail: Detail, lang: str) -> str:
        words = self.details[detail][lang] if self.details else detail
        if isinstance(words, str) and NUMBER.fullmatch(words):
            words = localise(words, lang)
        return {"en": self.en, "fr": self.fr}[lang].format(words)


def numbers(value: Any) -> np.ndarray | None:
    """The numbers of a value, or of a list of numbers; booleans are none.

    Example:
        >>> numbers([1.0, 2.0]), numbers(True)
        (array([1., 2.]), None)
    """
    if isinstance(value, list | tuple) and value:
        parts = [as_array(each) for each in value]
        if any(part is None or part.ndim or part.dtype == bool for part in parts):
            return None
        return np.array(parts, dtype=float)
    array = as_array(value)
    return None if array is None or array.dtype == bool else array
