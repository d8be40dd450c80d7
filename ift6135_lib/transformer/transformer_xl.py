"""Transformer-XL: segment after segment, with the last states of the layers in memory.

.. math::
    \\tilde h^{ℓ-1}_τ = [\\mathrm{sg}(m^{ℓ-1}_τ);\\; h^{ℓ-1}_τ], \\qquad
    h^ℓ_τ = \\mathrm{block}_ℓ\\big(h^{ℓ-1}_τ \\text{ reads } \\tilde h^{ℓ-1}_τ\\big)

m holds the last M states of each layer, from the segments before τ. Each layer reads M
positions beyond those that the layer below has read: what a prediction depends on grows
with the depth, as in a recurrent network. The gradient stops at the memory (sg).

Symbols: τ a segment of ``segment`` tokens, h states, m ``memories``, M ``memory``.
Shapes: b batch, n tokens, d width, v vocabulary, h heads.
Source: Dai et al., ACL 2019, arXiv:1901.02860, sections 3.2 and 3.3.
Deviations: one softmax over the vocabulary, not the adaptive one; u and v are shared by
    the layers, as the paper writes.
Parity: one long forward pass with a banded mask (the reference class has left
    ``transformers``).
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..weights import placed
from .checks import check_positive, check_rate, check_tokens
from .xl_block import XLBlock

Memories = list[Tensor]
"""The last states (b, past, d) that each layer reads, lowest layer first."""


class TransformerXL(nn.Module):
    """A causal language model that remembers the segments before.

    Weights start as N(0, 0.02²), biases, u and v at 0.

    Args:
        vocabulary: number of tokens v.
        d: width.
        layers: number of blocks.
        heads: number of heads, which divides d.
        memory: M, states of each layer kept; 0 for none.
        hidden: width inside the feed-forward networks; by default, 4d.
        dropout: in training.
        device: where the parameters are made.

    Raises:
        ValueError: a size is below 1, or memory below 0; the heads do not divide the
            width.

    Source:
        Dai et al. 2019, section 3.

    Example:
        >>> model = TransformerXL(10, d=8, layers=2, heads=2, memory=4)
        >>> logits, memories = model(torch.tensor([[1, 2, 3]]))
        >>> logits, memories = model(torch.tensor([[4, 5, 6]]), memories)
        >>> logits.shape, [m.shape[1] for m in memories]
        (torch.Size([1, 3, 10]), [4, 4])
    """

    def __init__(
        self,
        vocabulary: int,
        d: int,
        layers: int,
        heads: int,
        *,
        memory: int,
        hidden: int | None = None,
        dropout: float = 0.0,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(vocabulary=vocabulary, layers=layers)
        check_rate(dropout=dropout)
        if memory < 0:
            raise ValueError(f"memory is {memory}; it must be 0 or more states")
        self.vocabulary, self.memory = vocabulary, memory
        with placed(device):
            self.tokens = nn.Embedding(vocabulary, d)
            self.drop = nn.Dropout(dropout)
            self.blocks = nn.ModuleList(
                XLBlock(d, heads, hidden, dropout=dropout) for _ in range(layers)
            )
            self.head = nn.Linear(d, vocabulary)
        for layer in self.modules():
            if isinstance(layer, nn.Linear | nn.Embedding):
                nn.init.normal_(layer.weight, 0, 0.02)
            if isinstance(layer, nn.Linear) and layer.bias is not None:
                nn.init.zeros_(layer.bias)
        self.head.weight = self.tokens.weight
        first = self.blocks[0].attention
        for block in self.blocks:
            block.attention.u, block.attention.v = first.u, first.v

    def forward(
        self,
        tokens: Int[Tensor, "b n"],
        memories: Memories | None = None,
        mask: Bool[Tensor, "n m"] | None = None,
    ) -> tuple[Float[Tensor, "b n v"], Memories]:
        """The scores of each next token of a segment, and what to remember of it.

        Args:
            tokens: the segment (b, n).
            memories: what the segments before have left; None at the beginning.
            mask: True where a position may read, if not in the future; the same in
                all layers.

        Returns:
            Logits (b, n, v), and the memories with this segment, without gradient.

        Raises:
            ValueError: the segment is empty, a token unknown, or the memories are not
                one for each layer.
        """
        check_tokens(tokens, vocabulary=self.vocabulary, context=None)
        if memories is not None and len(memories) != len(self.blocks):
            raise ValueError(
                f"there are {len(memories)} memories for {len(self.blocks)} layers; "
                "give those that the model returned, or None"
            )
        x = self.drop(self.tokens(tokens) * self.tokens.embedding_dim**0.5)
        kept = []
        for i, block in enumerate(self.blocks):
            past = None if memories is None else memories[i].detach()  # sg(m)
            whole = x if past is None else torch.cat([past, x], 1)
            kept.append(whole.detach()[:, max(whole.shape[1] - self.memory, 0) :])
            x = block(x, past, mask)
        return self.head(self.drop(x)), kept


def segments_loss(
    model: TransformerXL, batch: tuple[Int[Tensor, "b n"]], segment: int
) -> dict[str, Tensor]:
    """Mean negative log-likelihood of texts read in segments, memory in hand.

    .. math:: L = -\\frac{1}{n-1} \\sum_{t=2}^{n} \\ln p(w_t \\mid w_{<t})

    Args:
        model: of the texts.
        batch: tokens (b, n), two at least.
        segment: tokens of a segment; the last one may be shorter.

    Returns:
        "loss" in nats per token.

    Raises:
        ValueError: the segment is below 1, or the texts have no second token.

    Source:
        Dai et al. 2019, section 3.2.

    Example:
        >>> model = TransformerXL(10, d=8, layers=2, heads=2, memory=4)
        >>> text = torch.zeros(1, 9, dtype=torch.long)
        >>> segments_loss(model, (text,), segment=3)["loss"].shape
        torch.Size([])
    """
    (tokens,) = batch
    check_positive(segment=segment)
    if tokens.shape[1] < 2:
        raise ValueError("a text has one token; there is no next one to predict")
    read, following = tokens[:, :-1], tokens[:, 1:]
    logits, memories = [], None
    for part in read.split(segment, 1):
        predicted, memories = model(part, memories)
        logits.append(predicted)
    return {"loss": F.cross_entropy(torch.cat(logits, 1).mT, following)}
