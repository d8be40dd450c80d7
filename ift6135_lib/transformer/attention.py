"""Attention: each query reads the values whose keys resemble it.

.. math:: \\mathrm{attention}(Q, K, V) = A V, \\qquad
    A = \\mathrm{softmax}\\Big(\\frac{Q K^\\top}{T \\sqrt{d}} + B\\Big)

The softmax is over the keys: each row of A is a law over the m positions that may be
read.  If q and k have independent entries of variance 1, their product has variance d;
√d brings it back to 1.  The temperature T is an experiment: T = 1 is the standard.

Symbols: Q ``q`` (n, d) queries, K ``k`` (m, d) keys, V ``v`` (m, e) values, T
    ``temperature``, B ``bias``, such as that of relative positions.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.2.1.
Parity: ``torch.nn.functional.scaled_dot_product_attention``.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from .checks import check_rate, check_temperature


def attention_weights(
    q: Float[Tensor, "*b n d"],
    k: Float[Tensor, "*b m d"],
    mask: Bool[Tensor, "*mask"] | None = None,
    *,
    temperature: float = 1.0,
    bias: Float[Tensor, "*bias"] | None = None,
    causal: bool = False,
) -> Float[Tensor, "*b n m"]:
    """How much each query reads each position: the map A.

    .. math:: A = \\mathrm{softmax}(Q K^\\top / (T \\sqrt{d}) + B)

    Args:
        q: queries (…, n, d).
        k: keys (…, m, d).
        mask: True where a query may read; its shape broadcasts to (…, n, m).
        temperature: T > 0; towards 0 only the largest score is left, towards ∞ all
            weights are equal.
        bias: added to the scores, after the division; its shape broadcasts as well.
        causal: whether position i reads no position after its own; the last query
            stands at the last key.

    Returns:
        Weights (…, n, m), in rows of sum 1; a row that may read nothing is 0.

    Raises:
        ValueError: the temperature is not above 0; the mask's shape does not fit.

    Source:
        Vaswani et al. 2017, equation 1.

    Example:
        >>> q = torch.tensor([[1.0, 0.0]])
        >>> k = torch.tensor([[2.0, 0.0], [0.0, 2.0]])
        >>> attention_weights(q, k, temperature=0.5)
        tensor([[0.9442, 0.0558]])
    """
    check_temperature(temperature)
    mask = allowed(q, k, mask, causal)
    scores = q @ k.mT / (temperature * math.sqrt(q.shape[-1]))  # (…, n, m)
    if bias is not None:
        scores = scores + bias
    if mask is None:
        return scores.softmax(-1)
    lowest = torch.finfo(scores.dtype).min
    return scores.masked_fill(~mask, lowest).softmax(-1).masked_fill(~mask, 0.0)


def attention(
    q: Float[Tensor, "*b n d"],
    k: Float[Tensor, "*b m d"],
    v: Float[Tensor, "*b m e"],
    mask: Bool[Tensor, "*mask"] | None = None,
    *,
    temperature: float = 1.0,
    bias: Float[Tensor, "*bias"] | None = None,
    causal: bool = False,
    dropout: float = 0.0,
    fused: bool = False,
) -> Float[Tensor, "*b n e"]:
    """The mean of the values that each query reads.

    .. math:: Y = \\mathrm{softmax}(Q K^\\top / (T \\sqrt{d}) + B)\\, V

    Args:
        q: queries (…, n, d).
        k: keys (…, m, d).
        v: values (…, m, e).
        mask: True where a query may read; its shape broadcasts to (…, n, m).
        temperature: T > 0.
        bias: added to the scores, after the division.
        causal: whether position i reads no position after its own; the last query
            stands at the last key.
        dropout: probability with which a weight is set to 0.
        fused: True computes the same without ever storing A: PyTorch's own function,
            faster and in memory linear in m.

    Returns:
        Means (…, n, e); 0 for a query that may read nothing.

    Raises:
        ValueError: the temperature is not above 0; the mask's shape does not fit; the
            rate of dropout is not in [0, 1).

    Source:
        Vaswani et al. 2017, equation 1; the fused form: Dao et al., NeurIPS 2022,
        arXiv:2205.14135.

    Example:
        >>> q, k = torch.zeros(1, 2), torch.zeros(3, 2)  # all scores are equal
        >>> attention(q, k, torch.tensor([[0.0], [3.0], [6.0]]))
        tensor([[3.]])
    """
    check_rate(dropout=dropout)
    if not fused:
        weights = attention_weights(
            q, k, mask, temperature=temperature, bias=bias, causal=causal
        )
        return F.dropout(weights, dropout) @ v
    check_temperature(temperature)
    scale = 1 / (temperature * math.sqrt(q.shape[-1]))
    square = causal and mask is None and bias is None and q.shape[-2] == k.shape[-2]
    if square:  # no mask is made
        return F.scaled_dot_product_attention(
            q, k, v, dropout_p=dropout, is_causal=True, scale=scale
        )
    mask = allowed(q, k, mask, causal)
    reads = None if mask is None else mask.any(-1, keepdim=True)
    added = mask if mask is None else mask | ~reads  # no row without a number
    if bias is not None:
        added = bias if mask is None else bias.masked_fill(~added, -math.inf)
    y = F.scaled_dot_product_attention(
        q, k, v, attn_mask=added, dropout_p=dropout, scale=scale
    )
    return y if reads is None else y.masked_fill(~reads, 0.0)


def allowed(
    q: Tensor, k: Tensor, mask: Tensor | None, causal: bool
) -> Bool[Tensor, "*mask"] | None:
    """The mask, with the future hidden as well if causal; None if all may be read.

    Raises:
        ValueError: the mask's shape does not broadcast to that of the scores.
    """
    n, m = q.shape[-2], k.shape[-2]
    if mask is not None:
        shape = (*q.shape[:-1], m)
        fits = mask.ndim <= len(shape) and all(
            a in (1, b) for a, b in zip(mask.shape[::-1], shape[::-1], strict=False)
        )
        if not fits:
            raise ValueError(
                f"the mask has the shape {(*mask.shape,)}; it must broadcast to that "
                f"of the scores, {shape}: (…, queries, keys)"
            )
    if not causal or n == 1:  # the last query reads everything
        return mask
    past = torch.ones(n, m, dtype=torch.bool, device=q.device).tril(m - n)
    return past if mask is None else mask & past
