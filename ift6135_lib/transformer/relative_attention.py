"""Transformer-XL's attention: what is read depends on the content and the distance.

.. math:: \\mathrm{score}_{ij} = \\frac{1}{\\sqrt e} \\big[ (q_i + u)^⊤ k_j
    + (q_i + v)^⊤ W_R R_{i-j} \\big]

The position of a query alone says nothing; u and v take its place. So the states of the
past can be read again, further away, without being computed again.

Symbols: R the sinusoids of the distance, W_R ``distance``, u ``u``, v ``v``, e the
    width of a head; i, j positions of query and key.
Shapes: b batch, n queries, m keys, d width, h heads.
Source: Dai et al., ACL 2019, arXiv:1901.02860, section 3.3 and appendix B.
Parity: index arithmetic and the four sums of the equation, in the tests.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from .checks import check_heads, check_positive, check_rate


def relative_shift(x: Float[Tensor, "*b n m"]) -> Float[Tensor, "*b n m"]:
    """From one column per distance to one column per key, without any index.

    .. math:: y_{ij} = x_{i,\\; j + n - 1 - i}, \\qquad j ≤ m - n + i

    Each row moves to the left, by one place less than the row above: a column is added
    on the left, and the same numbers are read in rows that are one place shorter.

    Args:
        x: (…, n, m); column c is the distance m − 1 − c between query and key.

    Returns:
        Column j is key j (…, n, m); what lies in the future is left over and means
        nothing.

    Source:
        Dai et al. 2019, appendix B.

    Example:
        >>> relative_shift(torch.tensor([[2.0, 1.0, 0.0], [2.0, 1.0, 0.0]]))
        tensor([[1., 0., 0.],
                [2., 1., 0.]])
    """
    *b, n, m = x.shape
    x = F.pad(x, (1, 0)).reshape(*b, m + 1, n)
    return x[..., 1:, :].reshape(*b, n, m)


def sinusoids(distances: Float[Tensor, " m"], d: int) -> Float[Tensor, "m d"]:
    """The vector of each distance: sines, then cosines, of falling frequencies.

    .. math:: R_k = [\\sin(ω_0 k), …, \\sin(ω_{d/2-1} k), \\cos(ω_0 k), …],
        \\qquad ω_i = 10000^{-2i/d}

    Args:
        distances: k (m,).
        d: width, even.

    Returns:
        R (m, d).

    Raises:
        ValueError: the width is odd.

    Source:
        Vaswani et al., arXiv:1706.03762, section 3.5, in another order.

    Example:
        >>> sinusoids(torch.tensor([0.0]), 4)
        tensor([[0., 0., 1., 1.]])
    """
    check_positive(d=d)
    if d % 2:
        raise ValueError(f"d is {d}; sines and cosines need an even width")
    half = torch.arange(0, d, 2, device=distances.device, dtype=distances.dtype)
    angles = distances[:, None] * 10_000 ** (-half / d)  # (m, d / 2)
    return torch.cat([angles.sin(), angles.cos()], -1)


class RelativeAttention(nn.Module):
    """Causal attention with relative positions, to a memory and to the past.

    Args:
        d: width.
        heads: number of heads, which divides d.
        dropout: probability with which a weight is set to 0 in training.

    Raises:
        ValueError: the heads do not divide the width, or it is odd; the rate of
            dropout is not in [0, 1).

    Source:
        Dai et al. 2019, section 3.3.

    Example:
        >>> attention = RelativeAttention(8, 2)
        >>> attention(torch.zeros(1, 3, 8), torch.zeros(1, 5, 8)).shape
        torch.Size([1, 3, 8])
    """

    def __init__(self, d: int, heads: int, *, dropout: float = 0.0):
        super().__init__()
        check_heads(d, heads)
        check_rate(dropout=dropout)
        sinusoids(torch.zeros(1), d)  # an odd width is refused here
        self.d, self.heads, self.dropout = d, heads, dropout
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.distance = nn.Linear(d, d, bias=False)
        self.out = nn.Linear(d, d, bias=False)
        self.u = nn.Parameter(torch.zeros(heads, 1, d // heads))
        self.v = nn.Parameter(torch.zeros(heads, 1, d // heads))

    def split(self, x: Float[Tensor, "*b n d"]) -> Float[Tensor, "*b h n e"]:
        """Cut the width into the heads.

        Args:
            x: (…, n, d).

        Returns:
            (…, h, n, d / h).
        """
        return x.unflatten(-1, (self.heads, -1)).transpose(-3, -2)

    def weights(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b past d"] | None = None,
        mask: Bool[Tensor, "n m"] | None = None,
    ) -> tuple[Float[Tensor, "b h n m"], Float[Tensor, "b h m e"]]:
        """How much each query reads each key, and the values.

        Args:
            x: positions that read (b, n, d).
            memory: states before them (b, past, d), which read nothing.
            mask: True where a query may read, if not in the future.

        Returns:
            Weights (b, h, n, m), in rows of sum 1, and values (b, h, m, d / h), with
            m = past + n.
        """
        whole = x if memory is None else torch.cat([memory, x], 1)  # (b, m, d)
        (n, m), d = (x.shape[1], whole.shape[1]), self.d
        q = self.split(F.linear(x, self.qkv.weight[:d]))
        k, v = F.linear(whole, self.qkv.weight[d:]).chunk(2, -1)
        k, v = self.split(k), self.split(v)
        distances = torch.arange(m - 1, -1, -1, device=x.device, dtype=x.dtype)
        r = self.split(self.distance(sinusoids(distances, d)))  # (h, m, e)
        content = (q + self.u) @ k.mT
        position = relative_shift((q + self.v) @ r.mT)
        scores = (content + position) / math.sqrt(q.shape[-1])  # (b, h, n, m)
        past = torch.ones(n, m, dtype=torch.bool, device=x.device).tril(m - n)
        mask = past if mask is None else past & mask
        return scores.masked_fill(~mask, -torch.inf).softmax(-1), v

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b past d"] | None = None,
        mask: Bool[Tensor, "n m"] | None = None,
    ) -> Float[Tensor, "b n d"]:
        """What each position reads in the memory and the past.

        Args:
            x: positions that read (b, n, d).
            memory: states before them (b, past, d).
            mask: True where a query may read, itself at least.

        Returns:
            Means of values (b, n, d).
        """
        weights, v = self.weights(x, memory, mask)
        y = F.dropout(weights, self.dropout, self.training) @ v  # (b, h, n, e)
        return self.out(y.transpose(1, 2).flatten(2))
