"""The block of Transformer-XL: the first transformer's, with relative attention.

.. math:: x ← \\mathrm{LN}(x + F(x)), \\quad F \\text{ in turn: relative attention,
    feed-forward network}

Symbols: F ``attention`` and ``mlp``.
Shapes: b batch, n positions, d width.
Source: Dai et al., ACL 2019, arXiv:1901.02860, section 3.3.
Deviation: that of ``block.py``.
See: chapters/09-transformers
"""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from .feed_forward import FeedForward
from .relative_attention import RelativeAttention


class XLBlock(nn.Module):
    """Relative attention to the memory and the past, then the feed-forward network.

    Args:
        d: width.
        heads: number of heads.
        hidden: width inside the feed-forward network; by default, 4d.
        dropout: in training.

    Raises:
        ValueError: see :class:`RelativeAttention`.

    Source:
        Dai et al. 2019, section 3.3 (post-norm).

    Example:
        >>> import torch
        >>> XLBlock(8, 2)(torch.zeros(1, 3, 8), torch.zeros(1, 5, 8)).shape
        torch.Size([1, 3, 8])
    """

    def __init__(
        self, d: int, heads: int, hidden: int | None = None, *, dropout: float = 0.0
    ):
        super().__init__()
        self.attention = RelativeAttention(d, heads, dropout=dropout)
        self.norm_attention = nn.LayerNorm(d)
        self.mlp = FeedForward(d, hidden, act="relu")
        self.norm_mlp = nn.LayerNorm(d)
        self.drop = nn.Dropout(dropout)

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b past d"] | None = None,
        mask: Bool[Tensor, "n m"] | None = None,
    ) -> Float[Tensor, "b n d"]:
        """Let each position read the memory and the past.

        Args:
            x: positions (b, n, d).
            memory: states before them (b, past, d).
            mask: True where a position may read, if not in the future.

        Returns:
            Positions (b, n, d).
        """
        x = self.norm_attention(x + self.drop(self.attention(x, memory, mask)))
        return self.norm_mlp(x + self.drop(self.mlp(x)))
