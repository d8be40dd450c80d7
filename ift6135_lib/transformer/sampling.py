"""From scores to a token: temperature, the k best, the nucleus.

.. math:: p_i = \\frac{e^{z_i / T}}{\\sum_j e^{z_j / T}}

T < 1 sharpens the law, towards the largest score alone; T > 1 flattens it, towards
equal chances.  The tail of a large vocabulary is made of many poor tokens: it is cut to
the k likeliest, or to the *nucleus*, the fewest tokens that hold a share p of the
probability.  In this order: temperature, k, nucleus.

Symbols: z ``logits``, T ``temperature``, k ``top_k``, p ``top_p``.
Source: Ackley, Hinton & Sejnowski, Cognitive Science 9, 1985; the k best: Fan et al.,
    ACL 2018, arXiv:1805.04833; the nucleus: Holtzman et al., ICLR 2020,
    arXiv:1904.09751, section 3.1.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from .checks import check_temperature


def token_law(
    logits: Float[Tensor, "*b v"],
    temperature: float = 1.0,
    *,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Float[Tensor, "*b v"]:
    """The law from which a token is drawn.

    .. math:: p ∝ e^{z / T} \\text{ on the tokens kept, 0 elsewhere}

    Args:
        logits: scores z of each token (…, v).
        temperature: T > 0; near 0, the largest score has probability 1.
        top_k: how many tokens are kept, from 1 to v; None for all.
        top_p: share of the probability that the tokens kept hold at least, in (0, 1];
            None for all.

    Returns:
        Probabilities (…, v), of sum 1.

    Raises:
        ValueError: the temperature is not above 0; top_k or top_p is outside its range.

    Source:
        Holtzman et al. 2020, equations 2 and 3.

    Example:
        >>> logits = torch.tensor([0.5, 0.3, 0.2]).log()
        >>> token_law(logits, top_p=0.6)
        tensor([0.6250, 0.3750, 0.0000])
    """
    check_temperature(temperature)
    v = logits.shape[-1]
    if top_k is not None and not 1 <= top_k <= v:
        raise ValueError(f"top_k is {top_k}; it must be from 1 to {v}, the vocabulary")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p is {top_p}; it must be above 0 and at most 1")
    best = logits.amax(-1, keepdim=True)
    p = ((logits - best) / temperature).softmax(-1)  # no overflow for small T
    if top_k is not None:
        values, kept = p.topk(top_k, -1)
        p = torch.zeros_like(p).scatter(-1, kept, values)
        p = p / p.sum(-1, keepdim=True)
    if top_p is not None:
        values, order = p.sort(-1, descending=True)
        before = values.cumsum(-1) - values  # held by the likelier tokens
        values = values.masked_fill(before >= top_p, 0.0)
        p = torch.zeros_like(p).scatter(-1, order, values)
        p = p / p.sum(-1, keepdim=True)
    return p


def sample(
    logits: Float[Tensor, "*b v"],
    temperature: float = 1.0,
    *,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
) -> Int[Tensor, "*b"]:
    """Draw a token from its law.

    Args:
        logits: scores z of each token (…, v).
        temperature: T > 0.
        top_k: how many tokens are kept, from 1 to v; None for all.
        top_p: share of the probability kept, in (0, 1]; None for all.
        generator: of random numbers; by default, torch's.

    Returns:
        Tokens (…), from 0 to v − 1.

    Raises:
        ValueError: the temperature is not above 0; top_k or top_p is outside its range.

    Source:
        See :func:`token_law`.

    Example:
        >>> int(sample(torch.tensor([0.0, 9.0, 1.0]), top_k=1))
        1
    """
    p = token_law(logits, temperature, top_k=top_k, top_p=top_p)
    drawn = torch.multinomial(p.reshape(-1, p.shape[-1]), 1, generator=generator)
    return drawn.reshape(p.shape[:-1])


def token_entropy(
    logits: Float[Tensor, "*b v"], temperature: float = 1.0
) -> Float[Tensor, "*b"]:
    """How open the choice is: 0 for a certain token, ln v for equal chances.

    .. math:: H = -\\sum_i p_i \\ln p_i

    Args:
        logits: scores z of each token (…, v).
        temperature: T > 0; the entropy grows with it.

    Returns:
        Entropy (…), in nats.

    Raises:
        ValueError: the temperature is not above 0.

    Source:
        Shannon, Bell System Technical Journal 27, 1948, section 6.

    Example:
        >>> token_entropy(torch.zeros(4))  # ln 4
        tensor(1.3863)
    """
    return torch.special.entr(token_law(logits, temperature)).sum(-1)
