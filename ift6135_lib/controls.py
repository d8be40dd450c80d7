"""The controls of a figure: what they may be set to, and how each position reads.

They are no widgets: a page needs none, and :mod:`ift6135_lib.live` makes them where a
kernel is live.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ift6135_lib.catalogue import translate
from ift6135_lib.typography import NO_BREAK, localise


@dataclass(frozen=True)
class Control:
    """A control: its positions, how each reads, and the one it starts at."""

    kind: str  # "range", "select" or "checkbox"
    values: tuple  # what each position gives to the drawing
    readouts: tuple[str, ...]  # English
    start: int  # the position at which it starts, from 0
    description: str = ""  # English
    unit: str = ""  # English
    play: bool = False  # whether a button moves through the positions

    def said(self, lang: str, say: Callable[[str, str], str] = translate) -> list[str]:
        """How each position reads in a language, with its unit."""
        if self.kind != "range":
            return [say(text, lang) for text in self.readouts]
        unit = f"{NO_BREAK}{say(self.unit, lang)}" if self.unit else ""
        return [localise(text, lang) + unit for text in self.readouts]


def _range(value, values, readout_format, description, unit, play) -> Control:
    readouts = tuple(format(each, readout_format) for each in values)
    start = min(range(len(values)), key=lambda number: abs(values[number] - value))
    nearest = values[start]
    step = min((abs(b - a) for a, b in pairwise(values)), default=1)
    if abs(nearest - value) > 1e-6 * step:
        raise ValueError(
            f"value is {value}; it must be a position between {values[0]} and "
            f"{values[-1]}, of which the nearest is {nearest}"
        )
    return Control(
        "range", tuple(values), readouts, start, description, unit=unit, play=play
    )


def _steps(min: float, max: float, step: float) -> int:
    if not step > 0:
        raise ValueError(f"step is {step}; it must be positive")
    if not max > min:
        raise ValueError(f"max is {max}; it must be greater than min, {min}")
    return math.floor((max - min) / step + 1e-9)


def FloatSlider(
    value: float,
    min: float,
    max: float,
    step: float = 0.1,
    description: str = "",
    readout_format: str = ".2f",
    play: bool = False,
    *,
    unit: str = "",
) -> Control:
    """A slider of evenly spaced numbers.

    Args:
        value: the position at which it starts.
        min: the first position.
        max: the last position, where the steps reach it.
        step: the distance between positions.
        description: the English label.
        readout_format: Python's format specification of the value shown.
        play: offer a button that moves through the positions.
        unit: what follows the value shown, in English.

    Returns:
        A control for :func:`explore`.

    Raises:
        ValueError: the value is no position, or the range is empty.

    Example:
        >>> FloatSlider(0.5, min=0, max=1, step=0.25).readouts
        ('0.00', '0.25', '0.50', '0.75', '1.00')
    """
    count = _steps(min, max, step) + 1
    values = [round(min + number * step, 10) for number in range(count)]
    return _range(value, values, readout_format, description, unit, play)


def IntSlider(
    value: int,
    min: int,
    max: int,
    step: int = 1,
    description: str = "",
    readout_format: str = "d",
    play: bool = False,
    *,
    unit: str = "",
) -> Control:
    """A slider of whole numbers.

    Args:
        value: the position at which it starts.
        min: the first position.
        max: the last position, where the steps reach it.
        step: the distance between positions.
        description: the English label.
        readout_format: Python's format specification of the value shown.
        play: offer a button that moves through the positions.
        unit: what follows the value shown, in English.

    Returns:
        A control for :func:`explore`.

    Raises:
        ValueError: the value is no position, or the range is empty.

    Example:
        >>> IntSlider(1, min=1, max=5, step=2).values
        (1, 3, 5)
    """
    count = _steps(min, max, step) + 1
    values = [min + number * step for number in range(count)]
    return _range(value, values, readout_format, description, unit, play)


def FloatLogSlider(
    value: float,
    min: float,
    max: float,
    step: float = 0.1,
    base: float = 10.0,
    description: str = "",
    readout_format: str = ".3g",
    play: bool = False,
    *,
    unit: str = "",
) -> Control:
    """A slider whose positions are evenly spaced in the logarithm.

    Args:
        value: the number at which it starts (not its exponent).
        min: the first exponent.
        max: the last exponent, where the steps reach it.
        step: the distance between exponents.
        base: what the exponents raise.
        description: the English label.
        readout_format: Python's format specification of the value shown.
        play: offer a button that moves through the positions.
        unit: what follows the value shown, in English.

    Returns:
        A control for :func:`explore`.

    Raises:
        ValueError: the value is no position, or the range is empty.

    Example:
        >>> FloatLogSlider(0.1, min=-3, max=0, step=1).values
        (0.001, 0.01, 0.1, 1.0)
    """
    exponents = (min + number * step for number in range(_steps(min, max, step) + 1))
    values = [float(f"{base**exponent:.12g}") for exponent in exponents]
    return _range(value, values, readout_format, description, unit, play)


def Dropdown(options: Sequence, value: Any = None, description: str = "") -> Control:
    """A list from which to pick.

    Args:
        options: English texts, numbers, or pairs (English text, value).
        value: the value at which it starts; the first by default.
        description: the English label.

    Returns:
        A control for :func:`explore`.

    Raises:
        ValueError: there is no option, or the value is none of them.

    Example:
        >>> Dropdown(["SGD", "Adam"], value="Adam").start
        1
    """
    pairs = [each if isinstance(each, tuple) else (str(each), each) for each in options]
    if not pairs:
        raise ValueError("options is empty; give at least one")
    readouts, values = zip(*pairs, strict=True)
    value = values[0] if value is None else value
    if value not in values:
        raise ValueError(f"value is {value!r}; it must be one of {list(values)}")
    return Control("select", values, readouts, values.index(value), description)


def Checkbox(value: bool = False, description: str = "") -> Control:
    """A box to tick.

    Args:
        value: whether it starts ticked.
        description: the English label.

    Returns:
        A control for :func:`explore`.

    Example:
        >>> Checkbox(True).start
        1
    """
    return Control(
        "checkbox", (False, True), ("no", "yes"), int(bool(value)), description
    )
