"""Relative positions: a learned vector for each distance, on the keys and the values.

.. math:: e_{ij} = \\frac{q_i^\\top (k_j + a^K_{j-i})}{\\sqrt{d}}, \\qquad
    y_i = \\sum_j α_{ij} (v_j + a^V_{j-i}), \\qquad α = \\mathrm{softmax}(e)

Distances beyond ±r share one vector: a_{j−i} is a_{clip(j−i, −r, r)}.

Symbols: a^K ``keys``, a^V ``values``, r ``reach``; head by head the same vectors.
Source: Shaw, Uszkoreit & Vaswani, NAACL 2018, arXiv:1803.02155, sections 3.1 and 3.2.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .attention import attention_weights
from .checks import check_heads, check_positive


def clipped_distances(
    n: int, m: int, reach: int, *, device: torch.device | str | None = None
) -> Int[Tensor, "n m"]:
    """Which of the 2r + 1 vectors each pair of positions takes.

    .. math:: D_{ij} = r + \\mathrm{clip}(j - i,\\, -r,\\, r)

    Args:
        n: number of queries.
        m: number of keys, m ≥ n; the last query stands at the last key.
        reach: r, the longest distance told apart.
        device: where the result lies.

    Returns:
        Numbers from 0 to 2r (n, m).

    Raises:
        ValueError: a number is below 1.

    Source:
        Shaw et al. 2018, section 3.2.

    Example:
        >>> clipped_distances(3, 3, reach=1)
        tensor([[1, 2, 2],
                [0, 1, 2],
                [0, 0, 1]])
    """
    check_positive(n=n, m=m, reach=reach)
    i = torch.arange(m - n, m, device=device)[:, None]
    return (torch.arange(m, device=device) - i).clamp(-reach, reach) + reach


class ShawAttention(nn.Module):
    """Multi-head self-attention that knows distances, not places.

    .. math:: y_i = \\sum_j α_{ij} (v_j + a^V_{j-i})

    Args:
        d: width of the sequences.
        heads: number of heads, which divides d.
        reach: r, the longest distance told apart.

    Raises:
        ValueError: the heads do not divide the width; a size is below 1.

    Source:
        Shaw et al. 2018, equations 3 and 4.

    Example:
        >>> ShawAttention(d=8, heads=2, reach=3)(torch.zeros(1, 5, 8)).shape
        torch.Size([1, 5, 8])
    """

    def __init__(self, d: int, heads: int, *, reach: int = 16):
        super().__init__()
        check_heads(d, heads)
        check_positive(reach=reach)
        self.heads, self.reach = heads, reach
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        shape = (2 * reach + 1, d // heads)
        self.keys, self.values = (nn.Parameter(torch.empty(shape)) for _ in range(2))
        for vectors in (self.keys, self.values):
            nn.init.xavier_uniform_(vectors)

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        *,
        mask: Bool[Tensor, "*mask"] | None = None,
        causal: bool = False,
    ) -> Float[Tensor, "b n d"]:
        """What each position reads.

        Args:
            x: positions (b, n, d).
            mask: True where a position may read; broadcasts to (b, h, n, n).
            causal: whether a position reads none after its own.

        Returns:
            Positions (b, n, d).
        """
        n = x.shape[1]
        q, k, v = (
            each.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (b, h, n, d / h)
            for each in self.qkv(x).chunk(3, -1)
        )
        which = clipped_distances(n, n, self.reach, device=x.device)
        a_k, a_v = self.keys[which], self.values[which]  # (n, n, d / h)
        bias = torch.einsum("bhid,ijd->bhij", q, a_k) / math.sqrt(q.shape[-1])
        weights = attention_weights(q, k, mask, bias=bias, causal=causal)
        y = weights @ v + torch.einsum("bhij,ijd->bhid", weights, a_v)
        return self.out(y.transpose(1, 2).flatten(2))  # (b, n, d)
