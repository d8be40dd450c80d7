"""Calls an answer once, and tells what happened: a value, an error, a changed argument.

The answer works on copies. What it leaves changed behind it (the default dtype, the
random numbers, whether gradients are recorded) is put back, so that each call starts
from the same state and the notebook's own state is not disturbed.
"""

from __future__ import annotations

import copy
import functools
import inspect
import linecache
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np
import torch

DEPTH = 20


@dataclass(frozen=True)
class Attempt:
    """What one call gave."""

    value: Any
    error: BaseException | None = None
    line: int | None = None  # of the answer's own cell, where the error came from
    code: str = ""  # of that line
    changed: tuple[int, ...] = ()  # positions of the arguments modified in place


def attempt(function: Callable, arguments: Sequence[Any]) -> Attempt:
    """Call a function on copies of arguments.

    Args:
        function: the answer.
        arguments: what it is given, by position.

    Returns:
        What happened. ``KeyboardInterrupt`` alone passes; ``SystemExit`` is an error.

    Example:
        >>> attempt(lambda x: x / 0, [1.0]).error
        ZeroDivisionError('float division by zero')
    """
    given = [duplicate(each) for each in arguments]
    value, error, line, code = None, None, None, ""
    with _same_state(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = duplicate(function(*given), detach=True)
        except (Exception, SystemExit) as raised:
            line, code = _place(function, raised.__traceback__)
            error = raised.with_traceback(None)
    changed = tuple(
        position
        for position, (before, after) in enumerate(zip(arguments, given, strict=True))
        if not identical(before, after)
    )
    return Attempt(value, error, line, code, changed)


@contextmanager
def _same_state() -> Iterator[None]:
    """Seeds the generators, and puts back what is global when all is done."""
    dtype, recording = torch.get_default_dtype(), torch.is_grad_enabled()
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.set_grad_enabled(recording)
            random.setstate(python)
            np.random.set_state(numpy)  # noqa: NPY002


def duplicate(value: Any, *, detach: bool = False, depth: int = DEPTH) -> Any:
    """Copy tensors, arrays and their containers; leave anything else as it is."""
    again = functools.partial(duplicate, detach=detach, depth=depth - 1)
    if depth < 0:
        return value
    if isinstance(value, torch.Tensor):
        kept = value.requires_grad and not detach
        return value.detach().clone().requires_grad_(kept)
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(again(each) for each in value)
    if isinstance(value, tuple):  # a named tuple, a shape
        return tuple(again(each) for each in value)
    if type(value) is dict:
        return {key: again(each) for key, each in value.items()}
    return value if detach else _deep(value)


def _deep(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:  # a module, an open file: it is passed as it is
        return value


def identical(one: Any, other: Any, depth: int = DEPTH) -> bool:
    """Whether two values hold the same types, shapes and numbers; NaN equals NaN."""
    if depth < 0:
        return True
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        if one.shape != other.shape or one.dtype != other.dtype:
            return False
        one, other = one.detach(), other.detach()
        same = (one == other) | ((one != one) & (other != other))
        return bool(same.all())
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        alike = one.shape == other.shape and one.dtype == other.dtype
        return alike and bool(
            ((one == other) | ((one != one) & (other != other))).all()
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(
            identical(a, b, depth - 1) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, dict):
        return list(one) == list(other) and all(
            identical(one[key], other[key], depth - 1) for key in one
        )
    if isinstance(one, float | int | str | bool):
        return one == other or one != one
    return True


def _place(function: Callable, trace: TracebackType | None) -> tuple[int | None, str]:
    """The last line of the answer's own cell that the error went through."""
    own = _plain(function)
    code = getattr(own, "__code__", None)
    found = None, ""
    while trace is not None and code is not None:
        if trace.tb_frame.f_code.co_filename == code.co_filename:
            text = linecache.getline(code.co_filename, trace.tb_lineno)
            found = trace.tb_lineno, text.strip()
        trace = trace.tb_next
    return found


def _plain(function: Callable) -> Any:
    """The function that the student wrote, inside what wraps it."""
    own: Any = function
    with suppress(ValueError):  # it wraps itself
        own = inspect.unwrap(function)
    while isinstance(own, functools.partial):
        own = own.func
    own = getattr(own, "__func__", own)
    if hasattr(own, "__code__"):
        return own
    return type(own).__dict__.get("__call__")  # an object that can be called
