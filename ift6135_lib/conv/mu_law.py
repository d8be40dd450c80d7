"""The μ-law: 256 levels for a sound, fine near silence and coarse for the loud.

.. math:: f(x) = \\mathrm{sign}(x)\\, \\frac{\\ln(1 + μ|x|)}{\\ln(1 + μ)}, \\qquad
    q = \\left\\lfloor \\tfrac{f(x) + 1}{2}\\, μ + \\tfrac12 \\right\\rfloor

Symbols: x ``signal`` in [-1, 1], f(x) companded amplitude, q ``codes``, μ ``mu``.
Source: ITU-T Recommendation G.711; van den Oord et al., arXiv:1609.03499, section 2.2.
Deviations: G.711 replaces the logarithm by straight pieces; here, as in the paper, it
    is the formula.
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int, Num
from torch import Tensor

from .whole import check_whole


def mu_law_encode(
    signal: Float[Tensor, "*shape"], mu: int = 255
) -> Int[Tensor, "*shape"]:
    """Quantise a signal into μ + 1 classes.

    .. math:: q = \\left\\lfloor \\tfrac{f(x) + 1}{2}\\, μ + \\tfrac12 \\right\\rfloor

    Args:
        signal: amplitudes in [-1, 1].
        mu: μ ≥ 1, one less than the number of classes.

    Returns:
        Classes 0 … μ; silence lies in the upper of the two in the middle.

    Raises:
        ValueError: an amplitude lies outside [-1, 1]; μ is no whole number ≥ 1.

    Source:
        van den Oord et al., arXiv:1609.03499, section 2.2.

    Example:
        >>> mu_law_encode(torch.tensor([-1.0, 0.0, 0.01, 1.0]))
        tensor([  0, 128, 157, 255])
    """
    _check(signal, mu)
    f = signal.sign() * torch.log1p(mu * signal.abs()) / math.log1p(mu)
    return ((f + 1) / 2 * mu + 0.5).floor().long()


def _check(signal: Tensor, mu: int) -> None:
    check_whole("mu", mu)
    if signal.numel() and not signal.abs().max() <= 1:
        raise ValueError(
            f"the signal goes up to {signal.abs().max():g} in absolute value; it must "
            "lie in [-1, 1]: divide it, or clip it with signal.clamp(-1, 1)"
        )


def amplitude(codes: Num[Tensor, "*shape"], mu: int = 255) -> Float[Tensor, "*shape"]:
    """The companded amplitude in the middle of a class: what WaveNet reads.

    .. math:: a = 2q/μ - 1

    Args:
        codes: classes 0 … μ, or any number between.
        mu: μ ≥ 1, one less than the number of classes.

    Returns:
        Companded amplitudes in [-1, 1].

    Example:
        >>> amplitude(torch.tensor([0, 255]))
        tensor([-1.,  1.])
    """
    return 2 * codes / mu - 1


def mu_law_decode(
    codes: Num[Tensor, "*shape"], mu: int = 255
) -> Float[Tensor, "*shape"]:
    """The amplitude in the middle of a class.

    .. math:: x = \\mathrm{sign}(a)\\, \\frac{(1 + μ)^{|a|} - 1}{μ}, \\qquad
        a = 2q/μ - 1

    Args:
        codes: classes 0 … μ; q ± ½ gives the ends of the interval of class q.
        mu: μ ≥ 1, one less than the number of classes.

    Returns:
        Amplitudes; those of the classes lie in [-1, 1].

    Raises:
        ValueError: a code lies outside [-½, μ + ½]; μ is no whole number ≥ 1.

    Source:
        van den Oord et al., arXiv:1609.03499, section 2.2.

    Example:
        >>> mu_law_decode(torch.tensor([0, 157, 255])).round(decimals=2)
        tensor([-1.0000,  0.0100,  1.0000])
    """
    check_whole("mu", mu)
    if codes.numel() and not (codes.min() >= -0.5 and codes.max() <= mu + 0.5):
        raise ValueError(
            f"the codes go from {codes.min():g} to {codes.max():g}; they must lie "
            f"between 0 and {mu}"
        )
    a = amplitude(codes, mu)
    return torch.sign(a) * torch.expm1(a.abs() * math.log1p(mu)) / mu
