"""Where a position is, added to what it holds: fixed sines, or learned vectors.

.. math:: P_{t, 2i} = \\sin(t\\, ω_i), \\qquad P_{t, 2i+1} = \\cos(t\\, ω_i), \\qquad
    ω_i = λ^{-2i / d}

Attention does not see order: permute the positions, and its output is permuted.  The
sines have wavelengths from 2π to 2πλ; a shift by k turns each pair (sin, cos) by an
angle of k ω_i, so that P_{t+k} is a linear function of P_t, the same for all t.

Symbols: t position, i pair, d ``d`` width, λ ``base``, ω_i angle per position.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.5; learned: Gehring et
    al., ICML 2017, arXiv:1705.03122, section 3.1.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_positive


def angular_frequencies(
    d: int, base: float = 10_000.0, *, device: torch.device | str | None = None
) -> Float[Tensor, " pairs"]:
    """How far each pair turns from one position to the next.

    .. math:: ω_i = λ^{-2i / d}, \\quad i = 0, …, d / 2 - 1

    Args:
        d: width, even.
        base: λ > 1; the longest wavelength is 2πλ^{1 − 2/d} positions.
        device: where the result lies.

    Returns:
        Angles per position (d / 2), in radians, in double precision.

    Raises:
        ValueError: the width is odd, or the base not above 1.

    Source:
        Vaswani et al. 2017, section 3.5.

    Example:
        >>> angular_frequencies(4)
        tensor([1.0000, 0.0100], dtype=torch.float64)
    """
    check_positive(d=d)
    if d % 2:
        raise ValueError(f"the width is {d}; it must be even: sines and cosines")
    if not base > 1:
        raise ValueError(f"base is {base}; it must be above 1, such as 10000")
    i = torch.arange(0, d, 2, dtype=torch.float64, device=device)
    return base ** (-i / d)


def sinusoidal_positions(
    n: int,
    d: int,
    *,
    base: float = 10_000.0,
    device: torch.device | str | None = None,
) -> Float[Tensor, "n d"]:
    """The sines and cosines of each position, in turn.

    .. math:: P_{t, 2i} = \\sin(t\\, ω_i), \\qquad P_{t, 2i+1} = \\cos(t\\, ω_i)

    Args:
        n: number of positions.
        d: width, even.
        base: λ > 1, which sets the longest wavelength.
        device: where the result lies.

    Returns:
        P (n, d), between −1 and 1, in torch's default precision.

    Raises:
        ValueError: a size is below 1; the width is odd; the base not above 1.

    Source:
        Vaswani et al. 2017, section 3.5.

    Example:
        >>> sinusoidal_positions(2, 2)
        tensor([[0.0000, 1.0000],
                [0.8415, 0.5403]])
    """
    check_positive(n=n)
    t = torch.arange(n, dtype=torch.float64, device=device)
    angles = t[:, None] * angular_frequencies(d, base, device=device)  # (n, d / 2)
    pairs = torch.stack([angles.sin(), angles.cos()], -1)  # (n, d / 2, 2)
    return pairs.flatten(1).to(torch.get_default_dtype())


class SinusoidalPositions(nn.Module):
    """x + P, for any length: nothing is learned.

    Args:
        d: width, even.
        base: λ > 1.

    Raises:
        ValueError: the width is odd, or the base not above 1.

    Source:
        Vaswani et al. 2017, section 3.5.

    Example:
        >>> SinusoidalPositions(2)(torch.zeros(1, 2, 2))
        tensor([[[0.0000, 1.0000],
                 [0.8415, 0.5403]]])
    """

    def __init__(self, d: int, *, base: float = 10_000.0):
        super().__init__()
        angular_frequencies(d, base)  # checks
        self.d, self.base = d, base

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        """Add its place to each position.

        Args:
            x: positions (b, n, d).

        Returns:
            x + P (b, n, d).
        """
        p = sinusoidal_positions(x.shape[1], self.d, base=self.base, device=x.device)
        return x + p.to(x)


class LearnedPositions(nn.Module):
    """x + P, where P is learned, up to a longest length.

    Args:
        context: the longest sequence.
        d: width.

    Raises:
        ValueError: a size is below 1.

    Source:
        Gehring et al. 2017, section 3.1.

    Example:
        >>> LearnedPositions(context=4, d=2)(torch.zeros(1, 3, 2)).shape
        torch.Size([1, 3, 2])
    """

    def __init__(self, context: int, d: int):
        super().__init__()
        check_positive(context=context, d=d)
        self.weight = nn.Parameter(torch.empty(context, d))
        nn.init.normal_(self.weight, 0, 0.02)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        """Add its place to each position.

        Args:
            x: positions (b, n, d), at most as many as the context.

        Returns:
            x + P (b, n, d).

        Raises:
            ValueError: the sequence is longer than the context.
        """
        n, context = x.shape[1], len(self.weight)
        if n > context:
            raise ValueError(
                f"the sequence has {n} positions and {context} were learned; cut it, "
                "or use sines, which go on"
            )
        return x + self.weight[:n]
