"""Averages of parameters over the steps of a training."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


@torch.no_grad()
def ema_(
    average: nn.Module | Iterable[Tensor],
    value: nn.Module | Iterable[Tensor],
    decay: float,
) -> None:
    """Move an average towards a value, in place.

    .. math:: \\bar θ ← d\\,\\bar θ + (1-d)\\,θ

    Args:
        average: a module, a tensor or tensors, changed in place.
        value: of the same structure; a module's buffers are copied, not averaged.
        decay: the fraction d kept, in [0, 1].

    Raises:
        ValueError: decay lies outside [0, 1], or the structures differ.

    Source:
        Tarvainen & Valpola, NeurIPS 2017, arXiv:1703.01780, section 2.

    Example:
        >>> average = torch.zeros(1)
        >>> ema_(average, torch.ones(1), decay=0.75)
        >>> average.item()
        0.25
    """
    if not 0 <= decay <= 1:
        raise ValueError(f"decay is {decay}; it must lie in [0, 1]")
    pairs = zip(_tensors(average), _tensors(value), strict=True)
    for old, new in pairs:
        old.lerp_(new.to(old.dtype), 1 - decay)
    if isinstance(average, nn.Module) and isinstance(value, nn.Module):
        for old, new in zip(average.buffers(), value.buffers(), strict=True):
            old.copy_(new)


def _tensors(holder: nn.Module | Tensor | Iterable[Tensor]) -> list[Tensor]:
    if isinstance(holder, nn.Module):
        return list(holder.parameters())
    return [holder] if isinstance(holder, Tensor) else list(holder)
