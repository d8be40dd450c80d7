"""The arguments that the modules of this folder share, and the errors for others."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def check_positive(**values: int) -> None:
    """Raise ValueError unless every value is a whole number, at least 1."""
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} is {value!r}; it must be a whole number ≥ 1")


def check_heads(d: int, heads: int) -> None:
    """Raise ValueError unless the heads cut the width into equal parts."""
    check_positive(d=d, heads=heads)
    if d % heads:
        possible = [h for h in range(1, d + 1) if d % h == 0]
        raise ValueError(
            f"a width of {d} cannot be cut into {heads} heads; heads must divide it: "
            f"one of {possible}"
        )


def check_temperature(temperature: float) -> None:
    """Raise ValueError unless a temperature is a finite number above 0."""
    if not (temperature > 0 and math.isfinite(temperature)):
        raise ValueError(
            f"temperature is {temperature}; it must be above 0 and finite (the limit "
            "at 0 is the largest score alone: take the argmax)"
        )


def check_rate(**rates: float) -> None:
    """Raise ValueError unless every rate of dropout is in [0, 1)."""
    for name, rate in rates.items():
        if not 0 <= rate < 1:
            raise ValueError(f"{name} is {rate}; it must be at least 0 and below 1")


def check_tokens(
    tokens: Tensor, *, vocabulary: int, context: int | None = None, at: int = 0
) -> None:
    """Raise ValueError unless a model knows the tokens and has places for them.

    Args:
        tokens: numbers (b, n).
        vocabulary: how many tokens there are.
        context: the longest sequence; None for no limit.
        at: the place of the first one.
    """
    n = tokens.shape[-1]
    if n == 0:
        raise ValueError("the sequence is empty; give at least one token")
    if context is not None and at + n > context:
        raise ValueError(
            f"the sequence has {at + n} tokens and the model a context of {context}; "
            f"cut it to {context}"
        )
    if tokens.is_meta:
        return
    low, high = (int(x) for x in torch.aminmax(tokens))
    if low < 0 or high >= vocabulary:
        unknown = low if low < 0 else high
        raise ValueError(
            f"token {unknown} is not in the vocabulary; tokens go from 0 to "
            f"{vocabulary - 1}"
        )
