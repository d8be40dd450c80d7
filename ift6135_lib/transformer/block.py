"""The block of a transformer: attention, then a small network, added to their input.

.. math:: \\text{pre-norm: } x ← x + F(\\mathrm{LN}(x)), \\qquad
    \\text{post-norm: } x ← \\mathrm{LN}(x + F(x))

F is in turn self-attention and the feed-forward network.  Pre-norm leaves the sum x
untouched from the first block to the last, the *residual stream*, and trains without
warm-up; post-norm is the first paper's.

Symbols: F ``attention`` and ``mlp``; LN ``norm_attention`` and so on.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.1; pre-norm: Xiong et
    al., ICML 2020, arXiv:2002.04745.
Deviation: as in the paper, dropout is on the output of each F and on the weights of
    attention; PyTorch's layers drop inside the feed-forward network as well.
Parity: ``torch.nn.TransformerEncoderLayer``.
See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Callable

from jaxtyping import Bool, Float
from torch import Tensor, nn

from .feed_forward import FeedForward
from .multi_head import MultiHeadAttention


class EncoderBlock(nn.Module):
    """Self-attention, then the feed-forward network; every position reads all.

    Args:
        d: width of the positions.
        heads: number of heads, which divides d.
        hidden: width of the feed-forward network; by default, 4d.
        norm_first: True for pre-norm, False for post-norm.
        act: name of the activation, see :class:`Activation`.
        dropout: probability with which a number of F's output is set to 0 in training.
        attention_dropout: that of the weights of attention; by default, ``dropout``.
        bias: whether the linear layers add a bias.
        norm: class of the normalization, called with (d, eps=eps).
        eps: added to the variance.
        attention: options of :class:`MultiHeadAttention`, such as ``rotate``.

    Raises:
        ValueError: the heads do not divide the width; a size is below 1; no such
            activation; the rate of dropout is not in [0, 1).

    Source:
        Vaswani et al. 2017, figure 1, left.

    Example:
        >>> import torch
        >>> block = EncoderBlock(d=8, heads=2)
        >>> block(torch.zeros(1, 5, 8)).shape
        torch.Size([1, 5, 8])
        >>> sum(p.numel() for p in block.parameters())  # 12d² + 13d
        872
    """

    def __init__(
        self,
        d: int,
        heads: int,
        hidden: int | None = None,
        *,
        norm_first: bool = True,
        act: str = "gelu",
        dropout: float = 0.0,
        attention_dropout: float | None = None,
        bias: bool = True,
        norm: Callable[..., nn.Module] = nn.LayerNorm,
        eps: float = 1e-5,
        attention: dict | None = None,
    ):
        super().__init__()
        rate = dropout if attention_dropout is None else attention_dropout
        options = {"bias": bias, "dropout": rate, **(attention or {})}
        self.norm_first = norm_first
        self.norm_attention = norm(d, eps=eps)
        self.attention = MultiHeadAttention(d, heads, **options)
        self.norm_mlp = norm(d, eps=eps)
        self.mlp = FeedForward(d, hidden, act=act, bias=bias)
        self.drop = nn.Dropout(dropout)

    def add(
        self, x: Float[Tensor, "b n d"], f: Callable[[Tensor], Tensor], norm: nn.Module
    ) -> Float[Tensor, "b n d"]:
        """x + F(LN(x)), or LN(x + F(x)).

        Args:
            x: positions (b, n, d).
            f: F, attention or feed-forward, on positions (b, n, d).
            norm: LN, the layer normalization.

        Returns:
            The next x (b, n, d).
        """
        if self.norm_first:
            return x + self.drop(f(norm(x)))
        return norm(x + self.drop(f(x)))

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        *,
        mask: Bool[Tensor, "*mask"] | None = None,
        bias: Float[Tensor, "*bias"] | None = None,
    ) -> Float[Tensor, "b n d"]:
        """Let the positions read one another.

        Args:
            x: positions (b, n, d).
            mask: True where a position may read; broadcasts to (b, h, n, n).
            bias: added to the scores of attention; broadcasts as well.

        Returns:
            Positions (b, n, d).
        """

        def read(x):
            return self.attention(x, mask=mask, bias=bias)

        x = self.add(x, read, self.norm_attention)
        return self.add(x, self.mlp, self.norm_mlp)
