"""The first difference between what was expected and what an answer gave.

Structure comes first, then NaN and infinity, then values. What a fair teacher would not
object to is no difference: a number for a tensor without dimensions, a list for a
tuple, single precision, a recorded gradient.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

SINGLE = 1e-4  # tolerance of answers in single precision
DEPTH = 20
Place = tuple[int | str, ...]


@dataclass(frozen=True)
class Difference:
    """Where two values differ, and how."""

    kind: str  # "none", "type", "count", "keys", "shape", "nan", "inf" or "value"
    where: Place  # positions and keys that lead to the parts; () is the whole
    expected: Any  # the part
    got: Any
    error: float | None = None  # relative, of the part
    index: tuple[int, ...] = ()  # of the worst number of the part


def difference(
    expected: Any, got: Any, *, tolerance: float = 1e-6
) -> Difference | None:
    """Compare an answer with what was expected.

    Args:
        expected: the reference's value.
        got: the answer's value, of any type.
        tolerance: largest relative error of a number; at least 1e-4 is granted to
            single precision.

    Returns:
        The first difference, or None.

    Example:
        >>> found = difference((1.0, 2.0), [1.0, 2.5])
        >>> found.kind, found.where, found.error
        ('value', (1,), 0.25)
        >>> difference(torch.tensor([0.5]), torch.tensor([0.5 + 1e-12])) is None
        True
    """
    leaves: list[tuple[Place, Any, Any]] = []
    for found in _walk(expected, got, ()):
        if isinstance(found, Difference):
            return found
        leaves.append(found)
    for kind in (_not_finite, _value):
        for where, one, other in leaves:
            if found := kind(where, one, other, tolerance):
                return found
    return None


def _walk(expected: Any, got: Any, where: Place) -> Iterator[Difference | tuple]:
    """The pairs of numbers and texts, or the first difference of structure."""
    if got is None and expected is not None:
        yield Difference("none", where, expected, got)
    elif len(where) > DEPTH:
        yield Difference("type", where, expected, got)
    elif isinstance(expected, list | tuple):
        yield from _walk_items(expected, got, where)
    elif isinstance(expected, dict):
        yield from _walk_keys(expected, got, where)
    elif expected is None or isinstance(expected, str):
        if type(got) is not type(expected):
            yield Difference("type", where, expected, got)
        else:
            yield where, expected, got
    else:
        yield _leaf(expected, got, where)


def _walk_items(expected: list | tuple, got: Any, where: Place) -> Iterator:
    if _is_array(got) and got.ndim > 0:  # it unpacks like a list
        if len(got) != len(expected):
            yield Difference("type", where, expected, got)
            return
        got = list(got)
    if not isinstance(got, list | tuple):
        yield Difference("type", where, expected, got)
    elif len(got) != len(expected):
        yield Difference("count", where, expected, got)
    else:
        for position, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from _walk(one, other, (*where, position))


def _walk_keys(expected: dict, got: Any, where: Place) -> Iterator:
    if not isinstance(got, dict):
        yield Difference("type", where, expected, got)
    elif got.keys() != expected.keys():
        yield Difference("keys", where, expected, got)
    else:
        for key, one in expected.items():
            yield from _walk(one, got[key], (*where, key))


def _leaf(expected: Any, got: Any, where: Place) -> Difference | tuple:
    one, other = as_array(expected), as_array(got)
    if one is None or other is None:
        return Difference("type", where, expected, got)
    if (one.dtype == bool) != (other.dtype == bool):
        return Difference("type", where, expected, got)
    if one.shape != other.shape:
        return Difference("shape", where, expected, got)
    return where, expected, got


def _is_array(value: Any) -> bool:
    return isinstance(value, torch.Tensor | np.ndarray)


def as_array(value: Any) -> np.ndarray | None:
    """The numbers of a value in double precision, booleans as such; None: it has none.

    Args:
        value: a tensor, an array or a number.

    Returns:
        An array of the value's shape.

    Example:
        >>> as_array(torch.tensor([1, 2])), as_array("text")
        (array([1., 2.]), None)
    """
    try:
        if isinstance(value, torch.Tensor):
            if value.is_complex() or value.is_meta:
                return None
            dense = value.detach().cpu()
            dense = dense if dense.layout == torch.strided else dense.to_dense()
            boolean = dense.dtype == torch.bool
            return (dense if boolean else dense.to(torch.float64)).numpy()
        if isinstance(value, np.ndarray | np.generic):
            boolean = value.dtype == bool
            if not boolean and value.dtype.kind not in "iuf":
                return None
            return np.asarray(value, dtype=bool if boolean else float)
        if isinstance(value, bool):
            return np.asarray(value)
        if isinstance(value, numbers.Real):
            return np.asarray(float(value))
    except (RuntimeError, OverflowError, TypeError, ValueError):
        return None  # an integer larger than any float, a tensor without data
    return None


def _not_finite(
    where: Place, expected: Any, got: Any, tolerance: float
) -> Difference | None:
    """NaN or infinity where something else was expected."""
    one, other = as_array(expected), as_array(got)
    if one is None or other is None or one.dtype == bool:
        return None
    odd = {
        "nan": np.isnan(other) & ~np.isnan(one),
        "inf": np.isinf(other) & (other != one) & ~np.isnan(one),
    }
    for kind, there in odd.items():
        if there.any():
            return Difference(kind, where, expected, got, index=_first(there))
    return None


def _value(where: Place, expected: Any, got: Any, tolerance: float):
    """Numbers too far apart, other texts, other booleans."""
    one, other = as_array(expected), as_array(got)
    if one is None or other is None:
        return None if expected == got else Difference("value", where, expected, got)
    if one.dtype == bool:
        if (wrong := one != other).any():
            return Difference("value", where, expected, got, index=_first(wrong))
        return None
    single = _is_single(got)
    tolerance = max(tolerance, SINGLE) if single else tolerance
    with np.errstate(all="ignore"):
        apart = np.where(one == other, 0.0, np.abs(one - other))
        apart[np.isnan(one) & np.isnan(other)] = 0.0
        apart[np.isnan(apart)] = math.inf  # a number where NaN was expected
        finite = np.where(np.isfinite(one), np.abs(one), 0.0)
        ratio = apart / _allowed(finite, tolerance, single)
    if not (ratio > 1).any():
        return None
    index = np.unravel_index(int(ratio.argmax()), ratio.shape)
    index = tuple(int(each) for each in index)
    error = _relative(finite, apart, tolerance)
    return Difference("value", where, expected, got, error, index)


def _is_single(got: Any) -> bool:
    dtype = str(getattr(got, "dtype", "")).removeprefix("torch.")
    return dtype in ("float32", "float16", "bfloat16")


def _allowed(size: np.ndarray, tolerance: float, single: bool) -> np.ndarray:
    """How far apart numbers may be: relative to each, with what rounding leaves."""
    scale = size.max(initial=0.0)
    floor = 1e-14 if not single or scale > 1e-14 else 1e-6
    return tolerance * size + 1e-2 * tolerance * scale + floor


def _relative(size: np.ndarray, apart: np.ndarray, tolerance: float) -> float | None:
    """Distance over length; where that hides the difference, of the worst number."""
    scale = float(size.max(initial=0.0))  # squares overflow sooner than numbers
    if scale == 0 or not np.isfinite(apart).all():
        return None
    with np.errstate(all="ignore"):
        error = float(np.linalg.norm(apart / scale) / np.linalg.norm(size / scale))
    if error > tolerance:
        return error
    each = apart[size > 0] / size[size > 0]
    return float(each.max())


def _first(there: np.ndarray) -> tuple[int, ...]:
    index = np.unravel_index(int(there.argmax()), there.shape)
    return tuple(int(each) for each in index)
