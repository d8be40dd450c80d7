"""Rotary positions: queries and keys are turned by an angle that grows with position.

.. math:: \\langle R_m q,\\, R_n k \\rangle = \\langle q,\\, R_{n-m} k \\rangle, \\qquad
    R_t = \\mathrm{diag}\\Big(\\begin{pmatrix} \\cos tω_i & -\\sin tω_i \\\\
    \\sin tω_i & \\cos tω_i \\end{pmatrix}\\Big)

The score depends on the distance alone, not on where the two positions are; nothing is
added to the states, and nothing is learned.

Symbols: R_t rotation of position t, ω_i ``frequencies``, as in ``positions.py``.
Source: Su et al., Neurocomputing 568, 2024, arXiv:2104.09864, section 3.2.2.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .positions import angular_frequencies


def rotate(
    x: Float[Tensor, "*b n d"], start: int = 0, *, base: float = 10_000.0
) -> Float[Tensor, "*b n d"]:
    """Turn each pair of numbers of each position.

    .. math:: (x_{2i}, x_{2i+1}) ← R(t\\, ω_i)\\, (x_{2i}, x_{2i+1})

    Args:
        x: queries or keys (…, n, d), d even.
        start: position t of the first one.
        base: λ > 1, which sets the slowest rotation.

    Returns:
        R_t x_t (…, n, d).

    Raises:
        ValueError: the width is odd, or the base not above 1.

    Source:
        Su et al. 2024, equation 34.

    Example:
        >>> rotate(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))  # by 0, by 1 radian
        tensor([[1.0000, 0.0000],
                [0.5403, 0.8415]])
    """
    n, d = x.shape[-2:]
    frequencies = angular_frequencies(d, base, device=x.device)
    t = torch.arange(start, start + n, dtype=torch.float64, device=x.device)
    angles = t[:, None] * frequencies  # (n, d / 2)
    cos, sin = angles.cos().to(x), angles.sin().to(x)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1)
    return turned.flatten(-2)  # (…, n, d / 2, 2) → (…, n, d)


class Rotary:
    """The rotation of a :class:`MultiHeadAttention`, as its ``rotate``.

    Args:
        base: λ > 1, which sets the slowest rotation.

    Source:
        Su et al. 2024, section 3.4.2.

    Example:
        >>> from ift6135_lib.transformer import MultiHeadAttention
        >>> layer = MultiHeadAttention(d=8, heads=2, rotate=Rotary())
        >>> layer(torch.zeros(1, 5, 8)).shape
        torch.Size([1, 5, 8])
    """

    def __init__(self, base: float = 10_000.0):
        self.base = base

    def __call__(
        self, x: Float[Tensor, "b h n d"], start: int = 0
    ) -> Float[Tensor, "b h n d"]:
        """R_t x_t, the first at position ``start``."""
        return rotate(x, start, base=self.base)
