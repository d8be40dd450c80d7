"""The two halves of T5: blocks whose scores carry the bias of relative positions.

.. math:: x ← x + F(\\mathrm{RMSNorm}(x)), \\qquad
    A = \\mathrm{softmax}(Q K^\\top + B)

No layer adds a bias, the scores are not divided by √e (the queries start √e times
smaller instead), and the one B of a half serves all its layers.

Symbols: F ``blocks``' parts, B ``bias``, e ``head_dim``.
Shapes: b batch, n tokens read, t tokens written, d width.
Source: Raffel et al., JMLR 21, 2020, arXiv:1910.10683, section 2.1.
Deviation: dropout as in ``block.py``.
Parity: ``transformers.T5EncoderModel``.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

from jaxtyping import Bool, Float
from torch import Tensor, nn

from .block import EncoderBlock
from .cache import KVCache
from .checks import check_positive
from .decoder_block import DecoderBlock
from .multi_head import MultiHeadAttention
from .relative_bias import RelativeBias
from .rms_norm import RMSNorm


class T5Encoder(nn.Module):
    """The half that reads: every position reads all.

    Weights start as N(0, 1/n), with n the numbers that each sums over.

    Args:
        d: width.
        layers: number of blocks.
        heads: number of heads.
        head_dim: width e of a head.
        hidden: width inside the feed-forward networks; by default, 4d.
        buckets: of the relative positions.
        max_distance: from which on all distances are alike.
        dropout: in training.
        eps: added to the mean squares.

    Raises:
        ValueError: a size is below 1.

    Source:
        Raffel et al. 2020, section 2.1.

    Example:
        >>> import torch
        >>> T5Encoder(d=8, layers=2, heads=2, head_dim=4)(torch.zeros(1, 3, 8)).shape
        torch.Size([1, 3, 8])
    """

    decodes = False

    def __init__(
        self,
        d: int,
        layers: int,
        heads: int,
        *,
        head_dim: int = 64,
        hidden: int | None = None,
        buckets: int = 32,
        max_distance: int = 128,
        dropout: float = 0.0,
        eps: float = 1e-6,
    ):
        super().__init__()
        check_positive(d=d, layers=layers, heads=heads, head_dim=head_dim)
        # this temperature undoes the division of the scores by √e
        scores = {"head_dim": head_dim, "temperature": 1 / math.sqrt(head_dim)}
        options = {"norm": RMSNorm, "bias": False, "act": "relu", "eps": eps}
        options |= {"dropout": dropout, "attention": scores}
        self.drop = nn.Dropout(dropout)
        self.bias = RelativeBias(
            heads, buckets, max_distance, bidirectional=not self.decodes
        )
        block = DecoderBlock if self.decodes else EncoderBlock
        if self.decodes:
            options["cross"] = True
        self.blocks = nn.ModuleList(
            block(d, heads, hidden, **options) for _ in range(layers)
        )
        self.norm = RMSNorm(d, eps=eps)
        if self.decodes:
            for each in self.blocks:
                each.cross = MultiHeadAttention(
                    d, heads, bias=False, dropout=dropout, **scores
                )
        nn.init.normal_(self.bias.table.weight, 0, d**-0.5)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, 0, layer.in_features**-0.5)
        for layer in self.modules():
            if isinstance(layer, MultiHeadAttention):
                queries = layer.qkv.weight.detach()[: heads * head_dim]
                queries.div_(math.sqrt(head_dim))

    def forward(
        self, x: Float[Tensor, "b n d"], mask: Bool[Tensor, "b n"] | None = None
    ) -> Float[Tensor, "b n d"]:
        """Let the positions read one another.

        Args:
            x: embedded tokens (b, n, d).
            mask: True for real tokens, False for padding, on either side.

        Returns:
            States (b, n, d).
        """
        bias = self.bias(x.shape[1], x.shape[1])
        mask = None if mask is None else mask[:, None, None, :]  # (b, h, n, m)
        x = self.drop(x)
        for block in self.blocks:
            x = block(x, mask=mask, bias=bias)
        return self.drop(self.norm(x))


class T5Decoder(T5Encoder):
    """The half that writes: every position reads the past and the memory.

    Args:
        d: width.
        layers: number of blocks.
        heads: number of heads.
        options: the other arguments of :class:`T5Encoder`.

    Raises:
        ValueError: a size is below 1.

    Source:
        Raffel et al. 2020, section 2.1.

    Example:
        >>> import torch
        >>> decoder = T5Decoder(d=8, layers=2, heads=2, head_dim=4)
        >>> decoder(torch.zeros(1, 3, 8), torch.zeros(1, 5, 8)).shape
        torch.Size([1, 3, 8])
    """

    decodes = True

    def forward(
        self,
        x: Float[Tensor, "b t d"],
        memory: Float[Tensor, "b n d"],
        mask: Bool[Tensor, "b n"] | None = None,
        *,
        caches: list[KVCache] | None = None,
    ) -> Float[Tensor, "b t d"]:
        """Let the positions read the past, and the memory.

        Args:
            x: embedded tokens (b, t, d), or what continues the caches.
            memory: what the encoder has read (b, n, d).
            mask: True for what is real in the memory.
            caches: the past, one for each block; None for no cache.

        Returns:
            States (b, t, d).
        """
        past, t = caches[0].length if caches else 0, x.shape[1]
        bias = self.bias(t, past + t)
        mask = None if mask is None else mask[:, None, None, :]
        x = self.drop(x)
        for i, block in enumerate(self.blocks):
            cache = caches[i] if caches else None
            x = block(x, memory, memory_mask=mask, bias=bias, cache=cache)
        return self.drop(self.norm(x))

    def caches(self, batch: int, room: int) -> list[KVCache]:
        """One empty cache for each block.

        Args:
            batch: number of texts.
            room: how many tokens fit.

        Returns:
            The caches.
        """
        like, layers = self.norm.weight, [block.attention for block in self.blocks]
        where = {"dtype": like.dtype, "device": like.device}
        return [KVCache(batch, a.heads, room, a.head_dim, **where) for a in layers]
