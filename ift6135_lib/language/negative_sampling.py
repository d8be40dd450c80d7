"""Negative sampling: tell the true neighbour of a word from k drawn ones.

.. math::
    ℓ = -\\ln σ(u_o^⊤ v) - \\sum_{j=1}^{k} \\ln σ(-u_{n_j}^⊤ v)

A logistic regression in place of a softmax over the whole vocabulary: 1 + k products
instead of V. The drawn words, the negatives, follow a law q of the words alone.

Symbols: v vector of the input, u output vectors, σ the logistic function, k number of
    negatives, q ``noise_law``.
Shapes: b batch, k negatives, v vocabulary, d width.
Source: Mikolov et al., NeurIPS 2013, arXiv:1310.4546, section 2.2; its gradients:
    Goldberg & Levy, arXiv:1402.3722.
Parity: autograd, for the gradients by hand.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def noise_law(counts: Float[Tensor, " v"], power: float = 0.75) -> Float[Tensor, " v"]:
    """The law of the negatives: frequencies, flattened by a power.

    .. math:: q(n) ∝ \\#(n)^α

    Args:
        counts: how often each word occurs (v,).
        power: α; 1 keeps the frequencies, 0 makes all words as likely.

    Returns:
        Probabilities (v,).

    Raises:
        ValueError: a count is negative, or all are 0.

    Source:
        Mikolov et al., arXiv:1310.4546, section 2.2 (α = 3/4).

    Example:
        >>> noise_law(torch.tensor([16.0, 1.0]))
        tensor([0.8889, 0.1111])
    """
    if (counts < 0).any() or not counts.sum() > 0:
        raise ValueError("counts must be 0 or more, and not all 0")
    weights = counts**power
    return weights / weights.sum()


def negative_sampling_loss(
    v: Float[Tensor, "b d"], u: Float[Tensor, "b d"], noise: Float[Tensor, "b k d"]
) -> Float[Tensor, " b"]:
    """Tell one true pair from k drawn ones.

    .. math:: ℓ = -\\ln σ(u^⊤ v) - \\sum_{j=1}^{k} \\ln σ(-u_{n_j}^⊤ v)

    Args:
        v: vectors of the inputs (b, d).
        u: output vectors of the true words (b, d).
        noise: output vectors of the negatives (b, k, d).

    Returns:
        Losses (b,), in nats.

    Source:
        Mikolov et al., arXiv:1310.4546, equation 4.

    Example:
        >>> zero = torch.zeros(1, 2)
        >>> negative_sampling_loss(zero, zero, torch.zeros(1, 4, 2))  # 5 ln 2
        tensor([3.4657])
    """
    true = (u * v).sum(-1)  # (b,)
    false = torch.einsum("bkd,bd->bk", noise, v)
    return -F.logsigmoid(true) - F.logsigmoid(-false).sum(-1)


def negative_sampling_gradients(
    v: Float[Tensor, "b d"], u: Float[Tensor, "b d"], noise: Float[Tensor, "b k d"]
) -> tuple[Float[Tensor, "b d"], Float[Tensor, "b d"], Float[Tensor, "b k d"]]:
    """The gradients of :func:`negative_sampling_loss`, by hand.

    .. math::
        \\frac{∂ℓ}{∂v} = (σ(u^⊤ v) - 1)\\, u + \\sum_j σ(u_{n_j}^⊤ v)\\, u_{n_j},
        \\quad \\frac{∂ℓ}{∂u} = (σ(u^⊤ v) - 1)\\, v,
        \\quad \\frac{∂ℓ}{∂u_{n_j}} = σ(u_{n_j}^⊤ v)\\, v

    Args:
        v: vectors of the inputs (b, d).
        u: output vectors of the true words (b, d).
        noise: output vectors of the negatives (b, k, d).

    Returns:
        The gradients by v, u and the negatives, of their shapes.

    Source:
        Goldberg & Levy 2014, arXiv:1402.3722, section 2.

    Example:
        >>> one = torch.ones(1, 1)
        >>> negative_sampling_gradients(one, one, torch.zeros(1, 1, 1))[1]
        tensor([[-0.2689]])
    """
    true = torch.sigmoid((u * v).sum(-1, keepdim=True)) - 1  # (b, 1): minus the doubt
    false = torch.sigmoid(torch.einsum("bkd,bd->bk", noise, v))  # (b, k)
    dv = true * u + torch.einsum("bk,bkd->bd", false, noise)
    return dv, true * v, false[..., None] * v[:, None]
