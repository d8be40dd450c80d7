"""Perplexity: among how many equally likely words the model hesitates.

.. math::
    \\mathrm{PPL} = \\left( \\prod_{t=1}^{T} \\frac1{p(w_t \\mid w_{<t})} \\right)^{1/T}
    = \\exp\\left( -\\frac1T \\sum_{t=1}^{T} \\ln p(w_t \\mid w_{<t}) \\right)

The exponential of the cross-entropy. A uniform model over V words has V; a model that
is always sure and right has 1. Perplexities compare only over the same tokens.

Symbols: T number of tokens.
Source: Jelinek, Mercer, Bahl & Baker, Journal of the Acoustical Society of America 62,
    1977.
Parity: ``torch.nn.functional.cross_entropy``.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


def perplexity(log_probs: Float[Tensor, "*t"]) -> Float[Tensor, ""]:
    """The exponential of the mean negative log-likelihood.

    .. math:: \\exp\\left( -\\frac1T \\sum_t \\ln p_t \\right)

    Args:
        log_probs: ln p of each token, of any shape, in nats.

    Returns:
        A number ≥ 1; infinite if a token was impossible.

    Raises:
        ValueError: there is no token, or a log-probability is above 0.

    Source:
        Jelinek et al. 1977.

    Example:
        >>> perplexity(torch.tensor([0.5, 0.5, 0.125, 0.5]).log())
        tensor(2.8284)
    """
    if log_probs.numel() == 0:
        raise ValueError("there is no token; give the log-probability of one at least")
    if (log_probs > 0).any():
        raise ValueError(
            f"a log-probability is {log_probs.max():.3g}; none is above 0: were these "
            "probabilities, or losses?"
        )
    return torch.exp(-log_probs.mean())


def perplexity_from_probs(probs: Float[Tensor, "*t"]) -> Float[Tensor, ""]:
    """The same as a product: the geometric mean of 1/p.

    .. math:: \\left( \\prod_t \\frac1{p_t} \\right)^{1/T}

    The product itself leaves the range of floating-point numbers after a few hundred
    tokens, which is why :func:`perplexity` adds logarithms.

    Args:
        probs: p of each token, in [0, 1].

    Returns:
        A number ≥ 1.

    Raises:
        ValueError: there is no token, or a number is no probability.

    Source:
        Jelinek et al. 1977.

    Example:
        >>> perplexity_from_probs(torch.full((5,), 0.25))
        tensor(4.)
    """
    if probs.numel() == 0 or not ((probs >= 0) & (probs <= 1)).all():
        raise ValueError("probs must hold one number at least, all in [0, 1]")
    return (1 / probs).prod() ** (1 / probs.numel())
