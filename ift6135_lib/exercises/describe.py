"""What kind of thing a value is, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ift6135_lib.exercises.words import KINDS


def describe(value: Any, lang: str) -> str:
    """Say what kind of thing a value is.

    Args:
        value: anything.
        lang: "en" or "fr".

    Returns:
        A few words, with an article.

    Example:
        >>> describe(torch.zeros(2, 3), "en"), describe((1, 2), "fr")
        ('a tensor of shape (2, 3)', 'un tuple de longueur 2')
    """
    name, details = _kind(value)
    return KINDS[lang][name].format(**details)


def _kind(value: Any) -> tuple[str, dict[str, object]]:
    if value is None:
        return "none", {}
    if isinstance(value, bool | np.bool_):
        return "boolean", {}
    alone = isinstance(value, torch.Tensor | np.ndarray) and value.ndim == 0
    if alone:
        return "boolean" if "bool" in str(value.dtype) else "number", {}
    if isinstance(value, torch.Tensor):
        boolean = value.dtype == torch.bool
        return "booleans" if boolean else "tensor", {"shape": tuple(value.shape)}
    if isinstance(value, np.ndarray):
        return "array", {"shape": value.shape}
    if isinstance(value, int | float | np.number):
        return "number", {}
    if isinstance(value, str):
        return "text", {}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return kind, {"length": len(value)}
    if isinstance(value, dict):
        return "dictionary", {}
    if isinstance(value, type):
        return "class", {}
    if callable(value):
        return "function", {}
    return "object", {"name": type(value).__name__}
