"""Compound scaling: a network deeper, wider and finer in fixed proportions.

.. math::
    \\text{depth} = α^φ, \\quad \\text{width} = β^φ, \\quad \\text{resolution} = γ^φ,
    \\qquad α β^2 γ^2 ≈ 2

Depth multiplies the products once, width and resolution by their squares: one unit of
φ about doubles them (α = 1.2, β = 1.1, γ = 1.15 give 1.92).

Symbols: α, β, γ found by a grid search on EfficientNet-B0, φ how much larger.
Source: Tan & Le, ICML 2019, arXiv:1905.11946, section 3.
See: chapters/07-convnets
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .checks import check_positive


class Scaling(NamedTuple):
    """Factors of depth, width and resolution."""

    depth: float
    width: float
    resolution: float


def compound_scaling(
    phi: float, *, alpha: float = 1.2, beta: float = 1.1, gamma: float = 1.15
) -> Scaling:
    """Factors of a network about 2^φ times as expensive as B0.

    .. math:: (α^φ, β^φ, γ^φ)

    The published B1 to B7 take rounder factors: see :func:`efficientnet_b1`.

    Args:
        phi: φ ≥ 0.
        alpha: base α of the depth, at least 1.
        beta: base β of the width, at least 1.
        gamma: base γ of the resolution, at least 1.

    Returns:
        The factors of depth, width and resolution.

    Raises:
        ValueError: φ is negative, or a base below 1.

    Source:
        Tan & Le 2019, equation 3 and section 4.

    Example:
        >>> [round(factor, 3) for factor in compound_scaling(2)]
        [1.44, 1.21, 1.322]
    """
    if phi < 0 or min(alpha, beta, gamma) < 1:
        raise ValueError(
            f"phi is {phi}, the bases {(alpha, beta, gamma)}; phi must be at least 0, "
            "the bases at least 1"
        )
    return Scaling(alpha**phi, beta**phi, gamma**phi)


def round_depth(repeats: int, depth: float) -> int:
    """Number of blocks of a row, multiplied by a factor, rounded up.

    Args:
        repeats: blocks of the row in B0.
        depth: factor.

    Returns:
        The number of blocks.

    Raises:
        ValueError: the repeats are below 1, or the factor is not positive.

    Example:
        >>> round_depth(2, 1.2), round_depth(1, 1.0)
        (3, 1)
    """
    check_positive(repeats=repeats)
    if not depth > 0:
        raise ValueError(f"depth is {depth}; it must be a positive factor")
    return math.ceil(repeats * depth)


def round_channels(channels: int, width: float = 1.0, divisor: int = 8) -> int:
    """Channels multiplied by a width, rounded to a multiple, never down by over 10 %.

    Args:
        channels: before.
        width: factor.
        divisor: of what is returned.

    Returns:
        The number of channels, at least the divisor.

    Raises:
        ValueError: the width is not positive; a number is below 1.

    Source:
        Sandler et al. 2018, the authors' code; Tan & Le 2019 use it, too.

    Example:
        >>> round_channels(32, 1.1), round_channels(24, 0.5), round_channels(16, 1.4)
        (32, 16, 24)
    """
    check_positive(channels=channels, divisor=divisor)
    if not width > 0:
        raise ValueError(f"width is {width}; it must be a positive factor")
    exact = channels * width
    rounded = max(divisor, int(exact + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * exact else rounded
