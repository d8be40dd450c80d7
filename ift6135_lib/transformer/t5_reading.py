"""A text that T5 has read: what generation asks of a model, with the text in memory.

See: chapters/09-transformers
"""

from __future__ import annotations

import sys

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .cache import KVCache


class Reading:
    """T5 with one batch of texts to read; it writes as a causal model would.

    Args:
        model: a :class:`T5`.
        tokens: of the texts to read (b, n).
        mask: True for real tokens.

    Example:
        >>> import torch
        >>> from ift6135_lib.transformer import T5
        >>> model = T5(vocabulary=9, d=4, layers=1, heads=1, head_dim=4)
        >>> reading = Reading(model, torch.tensor([[5, 6]]))
        >>> reading(torch.tensor([[0]])).shape
        torch.Size([1, 1, 9])
    """

    context = sys.maxsize  # relative positions know no end

    def __init__(
        self,
        model: nn.Module,
        tokens: Int[Tensor, "b n"],
        mask: Bool[Tensor, "b n"] | None = None,
    ):
        self.model, self.tokens, self.mask = model, tokens, mask
        self.memory = None

    @property
    def training(self) -> bool:
        """Whether the network is being trained."""
        return self.model.training

    def train(self, mode: bool) -> None:
        """Set whether the network is being trained.

        Args:
            mode: True for training, with dropout.
        """
        self.model.train(mode)

    def caches(self, batch: int, room: int) -> list[KVCache]:
        """One empty cache for each block of the decoder.

        Args:
            batch: number of texts.
            room: how many tokens fit.

        Returns:
            The caches.
        """
        return self.model.decoder.caches(batch, room)

    def __call__(
        self,
        target: Int[Tensor, "b t"],
        *,
        caches: list[KVCache] | None = None,
        last: bool = False,
    ) -> Float[Tensor, "b m v"]:
        """The scores of each next token; the texts are read once.

        Args:
            target: tokens written (b, t), or what continues the caches.
            caches: those of the tokens so far; None for no cache.
            last: whether only what follows the last token is computed.

        Returns:
            Logits (b, t, v), or (b, 1, v).
        """
        if self.memory is None:
            self.memory = self.model.encode(self.tokens, self.mask)
        options = {"caches": caches, "last": last}
        return self.model.decode(target, self.memory, self.mask, **options)


def ended(
    text: Int[Tensor, "b t"], end: int | None, padding: int
) -> Int[Tensor, "b t"]:
    """Texts without what follows their end.

    Args:
        text: tokens (b, t), the first of which is the start's.
        end: the token that ends a text; None changes nothing.
        padding: the token that replaces what follows.

    Returns:
        Tokens (b, t).

    Example:
        >>> import torch
        >>> ended(torch.tensor([[0, 7, 1, 8, 1]]), 1, 0)
        tensor([[0, 7, 1, 0, 0]])
    """
    if end is None:
        return text
    found = text == end
    found[:, 0] = False
    after = (found.cumsum(1) - found.long()) > 0
    return text.masked_fill(after, padding)
