"""The block of a decoder: it reads the past, and another sequence where there is one.

.. math:: x ← x + F(\\mathrm{LN}(x)), \\quad F \\text{ in turn: causal
    self-attention, cross-attention, feed-forward network}

Without cross-attention it is the block of GPT; with it, that of the first transformer's
decoder, which reads the encoder's output, the memory.

Symbols: F ``attention``, ``cross``, ``mlp``; LN ``norm_attention`` and so on.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.1.
Deviation: that of ``block.py``.
Parity: ``torch.nn.TransformerDecoderLayer``.
See: chapters/09-transformers
"""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from .block import EncoderBlock
from .cache import KVCache
from .multi_head import MultiHeadAttention


class DecoderBlock(EncoderBlock):
    """Causal self-attention, cross-attention if wanted, the feed-forward network.

    Args:
        d: width of the positions.
        heads: number of heads, which divides d.
        hidden: width of the feed-forward network; by default, 4d.
        cross: whether the block reads another sequence; without, it is GPT's.
        options: the other arguments of :class:`EncoderBlock`.

    Raises:
        ValueError: see :class:`EncoderBlock`.

    Source:
        Vaswani et al. 2017, figure 1, right.

    Example:
        >>> import torch
        >>> block = DecoderBlock(d=8, heads=2, cross=True)
        >>> block(torch.zeros(1, 5, 8), torch.zeros(1, 7, 8)).shape
        torch.Size([1, 5, 8])
    """

    def __init__(
        self,
        d: int,
        heads: int,
        hidden: int | None = None,
        *,
        cross: bool = False,
        **options,
    ):
        super().__init__(d, heads, hidden, **options)
        self.cross = None
        if cross:
            norm, eps = options.get("norm", nn.LayerNorm), options.get("eps", 1e-5)
            rate, bias = self.attention.dropout, options.get("bias", True)
            self.norm_cross = norm(d, eps=eps)
            self.cross = MultiHeadAttention(d, heads, bias=bias, dropout=rate)

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b m d"] | None = None,
        *,
        mask: Bool[Tensor, "*mask"] | None = None,
        memory_mask: Bool[Tensor, "*memory_mask"] | None = None,
        bias: Float[Tensor, "*bias"] | None = None,
        cache: KVCache | None = None,
    ) -> Float[Tensor, "b n d"]:
        """Let each position read the past, and the whole memory.

        Args:
            x: positions (b, n, d).
            memory: the other sequence (b, m, d), for a block with ``cross``.
            mask: True where a position may read, if it is not in the future.
            memory_mask: True where the memory may be read; broadcasts to (b, h, n, m).
            bias: added to the scores of self-attention.
            cache: the past, which x continues and joins.

        Returns:
            Positions (b, n, d).

        Raises:
            ValueError: there is a memory and no cross-attention, or the contrary.
        """
        if (memory is None) != (self.cross is None):
            has, given = (
                ("no cross-attention", "a memory")
                if self.cross is None
                else ("cross-attention", "no memory")
            )
            raise ValueError(
                f"this block has {has} and got {given}; a memory needs cross=True"
            )

        def read(x):
            return self.attention(x, mask=mask, bias=bias, causal=True, cache=cache)

        x = self.add(x, read, self.norm_attention)
        if self.cross is not None:

            def read_memory(x):
                return self.cross(x, memory, mask=memory_mask)

            x = self.add(x, read_memory, self.norm_cross)
        return self.add(x, self.mlp, self.norm_mlp)
