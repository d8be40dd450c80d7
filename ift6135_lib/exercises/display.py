"""Values as short text, written as code: brackets, decimal points, few digits."""

from __future__ import annotations

from typing import Any

import numpy as np

from ift6135_lib.exercises.compare import as_array

DIGITS = 4
SHOWN = 12  # numbers of an array, beyond which its shape stands for the rest
ITEMS = 6  # of a container
CHARACTERS = 40  # of a text
DEPTH = 4


def short(value: Any, digits: int = DIGITS) -> str:
    """Write a value on a line.

    Args:
        value: anything; of an object that is no value, only the type is said.
        digits: significant digits of the numbers.

    Returns:
        The text.

    Example:
        >>> short((np.array([0.5, -1.23456]), 3, "sum"))
        "([0.5, -1.235], 3, 'sum')"
        >>> short(np.zeros((2, 30)))
        '[0, 0, 0, …] shape=(2, 30)'
    """
    return _short(value, digits, DEPTH)


def _short(value: Any, digits: int, depth: int) -> str:
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        cut = value if len(value) <= CHARACTERS else value[: CHARACTERS - 1] + "…"
        return repr(str(cut))
    if isinstance(value, list | tuple | dict):
        return _items(value, digits, depth)
    if isinstance(value, int) and value.bit_length() < 60:
        return str(int(value))
    array = as_array(value)
    if array is None:
        return type(value).__name__
    return _array(array, digits)


def _items(value: list | tuple | dict, digits: int, depth: int) -> str:
    if depth == 0:
        return "…"
    if isinstance(value, dict):
        pairs = list(value.items())[:ITEMS]
        said = [
            f"{_short(key, digits, depth - 1)}: {_short(each, digits, depth - 1)}"
            for key, each in pairs
        ]
    else:
        said = [_short(each, digits, depth - 1) for each in value[:ITEMS]]
    if len(value) > ITEMS:
        said.append(f"… ({len(value)})")
    first, last = "{}" if isinstance(value, dict) else "()"
    if isinstance(value, list):
        first, last = "[]"
    comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return f"{first}{', '.join(said)}{comma}{last}"


def _array(array: np.ndarray, digits: int) -> str:
    if array.size > SHOWN or (array.size == 0 and array.ndim > 1):
        some = [_number(each, digits) for each in array.reshape(-1)[:3]]
        dots = ["…"] if some else []
        return f"[{', '.join(some + dots)}] shape={array.shape}"
    if array.ndim == 0:
        return _number(array[()], digits)
    return f"[{', '.join(_array(each, digits) for each in array)}]"


def _number(value: Any, digits: int) -> str:
    if isinstance(value, np.bool_):
        return str(bool(value))
    return f"{float(value) + 0.0:.{digits}g}"


def pair(one: Any, other: Any, index: tuple[int, ...] = ()) -> tuple[str, str]:
    """Write two values that differ, with enough digits to tell them apart.

    Args:
        one: what was expected.
        other: what was got.
        index: where long arrays differ most; only that number of theirs is written.

    Returns:
        Both texts.

    Example:
        >>> pair(0.1234567, 0.123456)
        ('0.123457', '0.123456')
    """
    a, b = as_array(one), as_array(other)
    where = ""
    if index and a is not None and b is not None and a.size > SHOWN:
        one, other, where = a[index], b[index], f"[{', '.join(map(str, index))}] = "
    for digits in (DIGITS, 6, 8, 10, 17):
        texts = short(one, digits), short(other, digits)
        if texts[0] != texts[1]:
            break
    return where + texts[0], where + texts[1]


def shape(value: Any) -> tuple[int, ...] | None:
    """The shape of a tensor, an array or a number; None for anything else.

    Example:
        >>> shape(2.0), shape("text")
        ((), None)
    """
    array = as_array(value)
    return None if array is None else array.shape
