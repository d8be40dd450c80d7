"""Equivariance and invariance to translation, measured.

.. math:: f(Tx) = T f(x) \\quad \\text{(equivariant)}, \\qquad
    f(Tx) = f(x) \\quad \\text{(invariant)}

A convolution is equivariant, up to its borders; a stride breaks that (aliasing), except
for shifts by whole strides.  A global pooling of equivariant features is invariant.

Symbols: T translation by (u, v) pixels, f network or layer.
Source: Goodfellow et al. 2016, section 9.2; Zhang, ICML 2019, arXiv:1904.11486,
    section 3.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

FILLS = ("circular", "zeros")


def shift(
    x: Float[Tensor, "*n h w"], by: tuple[int, int], fill: str = "circular"
) -> Float[Tensor, "*n h w"]:
    """Move images down and to the right.

    .. math:: (Tx)_{ij} = x_{i-u,\\,j-v}

    Args:
        x: images.
        by: pixels (u down, v to the right); negative ones go up, to the left.
        fill: what enters: "circular", what left on the other side; "zeros".

    Returns:
        The moved images.

    Raises:
        ValueError: the fill is unknown.

    Example:
        >>> shift(torch.tensor([[1.0, 2.0, 3.0]]), (0, 1), fill="zeros")
        tensor([[0., 1., 2.]])
    """
    if fill not in FILLS:
        raise ValueError(f"fill is {fill!r}; it must be one of {list(FILLS)}")
    down, right = by
    if fill == "circular":
        return x.roll((down, right), (-2, -1))
    # zeros enter on one side, as many pixels are cut from the other
    return F.pad(x, (right, -right, down, -down))


def equivariance_error(
    f: Callable[[Tensor], Tensor],
    x: Float[Tensor, "b c h w"],
    by: tuple[int, int],
    *,
    output_by: tuple[int, int] | None = None,
    fill: str = "circular",
) -> float:
    """How far a network and a translation are from commuting.

    .. math:: \\frac{\\lVert f(Tx) - T' f(x) \\rVert}{\\lVert f(x) \\rVert}

    Args:
        f: from images to images.
        x: images.
        by: the translation T of the input, in pixels (down, right).
        output_by: the translation T' of the output; by default the same.  After a
            stride S, a shift of the input by S moves the output by 1.
        fill: what enters, "circular" or "zeros".

    Returns:
        The relative error; 0 for an equivariant network.

    Raises:
        ValueError: the fill is unknown.

    Source:
        Zhang 2019, section 3.1 (shift-equivariance).

    Example:
        >>> x = torch.arange(16.0).reshape(1, 1, 4, 4)
        >>> equivariance_error(torch.relu, x, (1, 2))
        0.0
    """
    with torch.no_grad():
        y = f(x)
        expected = shift(y, by if output_by is None else output_by, fill)
        return _relative(f(shift(x, by, fill)) - expected, y)


def invariance_error(
    f: Callable[[Tensor], Tensor],
    x: Float[Tensor, "b c h w"],
    by: tuple[int, int],
    *,
    fill: str = "circular",
) -> float:
    """How much a translation changes what a network says.

    .. math:: \\frac{\\lVert f(Tx) - f(x) \\rVert}{\\lVert f(x) \\rVert}

    Args:
        f: from images to anything of a fixed shape, such as logits.
        x: images.
        by: the translation T, in pixels (down, right).
        fill: what enters, "circular" or "zeros".

    Returns:
        The relative error; 0 for an invariant network.

    Raises:
        ValueError: the fill is unknown.

    Source:
        Zhang 2019, section 3.1 (shift-invariance).

    Example:
        >>> invariance_error(lambda x: x.amax((2, 3)), torch.eye(4)[None, None], (1, 2))
        0.0
    """
    with torch.no_grad():
        y = f(x)
        return _relative(f(shift(x, by, fill)) - y, y)


def _relative(difference: Tensor, reference: Tensor) -> float:
    return (difference.norm() / reference.norm()).item()
