"""Multi-head attention: several attentions side by side, each in a part of the width.

.. math:: \\mathrm{head}_i = \\mathrm{attention}(X W^Q_i, M W^K_i, M W^V_i), \\qquad
    Y = [\\mathrm{head}_1; …; \\mathrm{head}_h]\\, W^O

In self-attention a sequence reads itself, M = X; in cross-attention it reads another.
One head averages; several can follow several relations at once, for the same 4d²
weights and 4d biases.

Symbols: X ``x`` (n, d) what reads, M ``memory`` (m, d) what is read, h ``heads``,
    [W^Q; W^K; W^V] ``qkv``, one layer for the three, W^O ``out``.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.2.2.
Parity: ``torch.nn.MultiheadAttention``, whose ``in_proj_weight`` is ``qkv.weight``.
See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from .attention import attention, attention_weights
from .cache import KVCache
from .checks import check_heads, check_positive, check_rate, check_temperature

Rotate = Callable[[Tensor, int], Tensor]
"""Turns queries or keys (b, h, n, d) whose first position is the whole number given."""


class MultiHeadAttention(nn.Module):
    """Attention of h heads, of a sequence to itself or to another.

    .. math:: Y = [\\mathrm{head}_1; …; \\mathrm{head}_h]\\, W^O

    Args:
        d: width of the sequences.
        heads: h, which divides d.
        head_dim: width of a head; by default, d / h.
        bias: whether the layers add a bias.
        dropout: probability with which a weight of attention is set to 0 in training.
        temperature: T > 0, of the scores; 1 is the standard.
        rotate: applied to the queries and keys of self-attention, such as
            :class:`Rotary`.
        fused: whether the attention maps are never stored; the same result, faster.

    Raises:
        ValueError: the heads do not divide the width; a size is below 1; the
            temperature is not above 0; the rate of dropout is not in [0, 1).

    Source:
        Vaswani et al. 2017, section 3.2.2.

    Example:
        >>> import torch
        >>> layer = MultiHeadAttention(d=8, heads=2)
        >>> layer(torch.zeros(1, 5, 8), torch.zeros(1, 7, 8)).shape
        torch.Size([1, 5, 8])
        >>> sum(p.numel() for p in layer.parameters())  # 4d² + 4d
        288
    """

    def __init__(
        self,
        d: int,
        heads: int,
        *,
        head_dim: int | None = None,
        bias: bool = True,
        dropout: float = 0.0,
        temperature: float = 1.0,
        rotate: Rotate | None = None,
        fused: bool = True,
    ):
        super().__init__()
        if head_dim is None:
            check_heads(d, heads)
            head_dim = d // heads
        check_positive(d=d, heads=heads, head_dim=head_dim)
        check_rate(dropout=dropout)
        check_temperature(temperature)
        self.heads, self.head_dim, self.rotate = heads, head_dim, rotate
        self.dropout, self.temperature, self.fused = dropout, temperature, fused
        self.qkv = nn.Linear(d, 3 * heads * head_dim, bias=bias)
        self.out = nn.Linear(heads * head_dim, d, bias=bias)

    def project(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b m d"] | None = None,
        *,
        start: int = 0,
    ) -> tuple[
        Float[Tensor, "b h n e"], Float[Tensor, "b h m e"], Float[Tensor, "b h m e"]
    ]:
        """The queries, keys and values of every head.

        Args:
            x: what reads (b, n, d).
            memory: what is read (b, m, d); by default, x.
            start: position of the first element of x.

        Returns:
            q (b, h, n, d / h), k and v (b, h, m, d / h).
        """
        inner = self.heads * self.head_dim
        parts = (-1, self.heads, self.head_dim)
        if memory is None:
            # (b, n, 3 d) → three of (b, n, h, d / h)
            q, k, v = self.qkv(x).view(*x.shape[:2], *parts).unbind(2)
        else:
            w_q, w_kv = self.qkv.weight.tensor_split((inner,))
            bias = self.qkv.bias
            b_q, b_kv = (None, None) if bias is None else bias.tensor_split((inner,))
            (q,) = F.linear(x, w_q, b_q).unflatten(-1, parts).unbind(2)
            k, v = F.linear(memory, w_kv, b_kv).unflatten(-1, parts).unbind(2)
        q, k, v = (each.transpose(1, 2) for each in (q, k, v))  # (b, h, n, d / h)
        if self.rotate is not None and memory is None:
            q, k = self.rotate(q, start), self.rotate(k, start)
        return q, k, v

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b m d"] | None = None,
        *,
        mask: Bool[Tensor, "*mask"] | None = None,
        bias: Float[Tensor, "*bias"] | None = None,
        causal: bool = False,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "b n d"]:
        """What each position reads.

        Args:
            x: what reads (b, n, d).
            memory: what is read (b, m, d); by default, x.
            mask: True where a position may read; broadcasts to (b, h, n, m).
            bias: added to the scores; broadcasts to (b, h, n, m).
            causal: whether a position reads none after its own.
            cache: the past of self-attention, which x continues and joins.

        Returns:
            Y (b, n, d).
        """
        q, k, v = self.project(x, memory, start=cache.length if cache else 0)
        if cache is not None:
            k, v = cache.append(k, v)
        y = attention(
            q,
            k,
            v,
            mask,
            temperature=self.temperature,
            bias=bias,
            causal=causal,
            dropout=self.dropout if self.training else 0.0,
            fused=self.fused,
        )
        return self.out(y.transpose(1, 2).flatten(2))  # (b, n, h · d / h)

    def cache(self, batch: int, room: int) -> KVCache:
        """An empty cache for its keys and values.

        Args:
            batch: number of sequences.
            room: how many positions fit.

        Returns:
            The cache.
        """
        like = self.qkv.weight
        place = {"dtype": like.dtype, "device": like.device}
        return KVCache(batch, self.heads, room, self.head_dim, **place)

    def weights(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b m d"] | None = None,
        *,
        mask: Bool[Tensor, "*mask"] | None = None,
        bias: Float[Tensor, "*bias"] | None = None,
        causal: bool = False,
    ) -> Float[Tensor, "b h n m"]:
        """The map of attention of every head; arguments as :meth:`forward`.

        Args:
            x: what reads (b, n, d).
            memory: what is read (b, m, d); by default, x.
            mask: True where a position may read.
            bias: added to the scores.
            causal: whether a position reads none after its own.

        Returns:
            Weights (b, h, n, m), in rows of sum 1.
        """
        q, k, _ = self.project(x, memory)
        options = {"temperature": self.temperature, "bias": bias, "causal": causal}
        return attention_weights(q, k, mask, **options)
