"""The first transformer: an encoder reads a text, a decoder writes another.

.. math:: M = \\mathrm{encoder}(s), \\qquad
    p(t_{i+1} \\mid t_{≤ i}, s) = \\mathrm{softmax}(E\\, \\mathrm{decoder}(t_{≤ i}, M))

All positions of s are read at once, in a constant number of steps, where a recurrent
network needs as many as there are words between two that are related.

Symbols: s ``source``, t ``target``, M ``memory``, E the last layer, ``head``.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.
Deviation: that of ``stacks.py``.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..weights import placed
from .checks import check_positive, check_tokens
from .positions import SinusoidalPositions
from .stacks import EncoderDecoder


class Transformer(nn.Module):
    """From tokens to the scores of the token that follows.

    The embeddings are multiplied by √d, and sines added; all weights start as Glorot's.

    Args:
        source_vocabulary: number of tokens of the source.
        target_vocabulary: number of tokens of the target; by default, the source's.
        d: width, even.
        heads: number of heads, which divides d.
        layers: number of blocks of each stack.
        hidden: width inside the feed-forward networks; by default, 4d.
        dropout: in training, also on embeddings; the paper uses 0.1.
        shared: whether the embeddings of both sides and the last layer are one matrix.
        device: where the parameters are made.
        options: of the blocks, see :class:`EncoderBlock`.

    Raises:
        ValueError: a size is below 1; the heads do not divide the width; vocabularies
            that differ are to be shared.

    Source:
        Vaswani et al. 2017, sections 3.4 and 5.4.

    Example:
        >>> model = Transformer(10, d=8, heads=2, layers=1)
        >>> model(torch.tensor([[1, 2, 3]]), torch.tensor([[0, 3]])).shape
        torch.Size([1, 2, 10])
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int | None = None,
        d: int = 512,
        heads: int = 8,
        layers: int = 6,
        *,
        hidden: int | None = None,
        dropout: float = 0.0,
        shared: bool = False,
        device: torch.device | str | None = None,
        **options,
    ):
        super().__init__()
        target = source_vocabulary if target_vocabulary is None else target_vocabulary
        check_positive(source_vocabulary=source_vocabulary, target_vocabulary=target)
        if shared and target != source_vocabulary:
            raise ValueError(
                f"the vocabularies have {source_vocabulary} and {target} tokens; only "
                "one vocabulary can be shared"
            )
        options = {"dropout": dropout, **options}
        with placed(device):
            self.source_tokens = nn.Embedding(source_vocabulary, d)
            self.target_tokens = nn.Embedding(target, d)
            self.positions, self.drop = SinusoidalPositions(d), nn.Dropout(dropout)
            self.stacks = EncoderDecoder(d, heads, layers, layers, hidden, **options)
            self.head = nn.Linear(d, target, bias=False)
        if shared:
            self.target_tokens = self.source_tokens
            self.head.weight = self.source_tokens.weight
        for name, parameter in self.named_parameters():
            if parameter.ndim > 1:
                nn.init.xavier_uniform_(parameter)
            if name.endswith("tokens.weight"):
                nn.init.normal_(parameter, 0, d**-0.5)

    def embed(
        self, tokens: Int[Tensor, "b n"], table: nn.Embedding
    ) -> Float[Tensor, "b n d"]:
        """√d times the vector of each token, plus its place.

        Args:
            tokens: numbers (b, n).
            table: the vectors.

        Returns:
            Positions (b, n, d).

        Raises:
            ValueError: there is no token, or an unknown one.
        """
        check_tokens(tokens, vocabulary=table.num_embeddings)
        return self.drop(self.positions(table(tokens) * math.sqrt(table.embedding_dim)))

    def forward(
        self,
        source: Int[Tensor, "b m"],
        target: Int[Tensor, "b n"],
        mask: Bool[Tensor, "b m"] | None = None,
    ) -> Float[Tensor, "b n v"]:
        """The scores of the token after each one of the target.

        Args:
            source: the text read (b, m).
            target: the text written so far (b, n), from its start token.
            mask: True for the real tokens of the source, False for padding.

        Returns:
            Logits (b, n, v).
        """
        mask = None if mask is None else mask[:, None, None, :]  # (b, h, n, m)
        x = self.embed(source, self.source_tokens)
        y = self.embed(target, self.target_tokens)
        return self.head(self.stacks(x, y, mask))

    @torch.no_grad()
    def translate(
        self,
        source: Int[Tensor, "b m"],
        start: int,
        steps: int,
        mask: Bool[Tensor, "b m"] | None = None,
    ) -> Int[Tensor, "b n"]:
        """Write the likeliest token, one after the other.

        Args:
            source: the text read (b, m).
            start: the token that every target starts with.
            steps: how many tokens to write.
            mask: True for the real tokens of the source.

        Returns:
            The targets without their start (b, steps).

        Raises:
            ValueError: the number of steps is below 1; a token is unknown.
        """
        check_positive(steps=steps)
        target = source.new_full((len(source), 1), start)
        for _ in range(steps):
            following = self(source, target, mask)[:, -1:].argmax(-1)
            target = torch.cat([target, following], 1)
        return target[:, 1:]
