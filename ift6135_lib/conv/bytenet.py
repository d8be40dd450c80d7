"""ByteNet: translate characters with convolutions only, in time linear in the length.

.. math:: p(t \\mid s) = \\prod_i p(t_i \\mid t_{<i}, s), \\qquad |\\hat t| = ⌈a|s|⌉ + b

An encoder, which sees both ways, turns a source s into columns, a few more than it has
characters: as many as the target t should need.  A causal decoder is stacked on it: at
step i it reads the target's last character and column i, and zeros once there is no
column left.  It stops by itself, at an end mark: this is the dynamic unfolding.

Symbols: s ``source``, t ``target``, a ``stretch``, b ``extra``, d ``width``.
Shapes: b batch, s and t time, c = 2d channels, q characters.
Source: Kalchbrenner et al., arXiv:1610.10099, section 3, figures 1 and 3 (left).
Deviations: the column is added to the character's embedding after a linear layer; the
    paper only says that the decoder is conditioned on it.
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from .byte_block import ByteBlock
from .whole import check_whole

PAD, END = 0, 1  # the end mark also starts the target


class ByteNet(nn.Module):
    """A convolutional translator, character by character.

    .. math:: p(t \\mid s) = \\prod_i p(t_i \\mid t_{<i}, s)

    Args:
        characters: size of the vocabulary, the marks 0 (padding) and 1 (end) included.
        width: channels d inside the blocks; 2d between them.
        dilations: of the blocks of a set, such as (1, 2, 4, 8, 16).
        sets: how many times the dilations are repeated, in each half.
        kernel_size: taps of each convolution, an odd number.
        stretch: a ≥ 1, columns for each character of the source.
        extra: b ≥ 0, columns besides.

    Raises:
        ValueError: a size is no whole number ≥ 1, kernel_size is even, stretch below 1,
            or there is no dilation.

    Source:
        Kalchbrenner et al., arXiv:1610.10099, section 3.

    Example:
        >>> model = ByteNet(9, width=4, dilations=(1, 2))
        >>> source = torch.tensor([[5, 6, 7], [8, 0, 0]])
        >>> model(source, torch.tensor([[7, 6, 5, 1], [8, 1, 0, 0]])).shape
        torch.Size([2, 4, 9])
    """

    def __init__(
        self,
        characters: int,
        *,
        width: int = 64,
        dilations: Sequence[int] = (1, 2, 4, 8, 16),
        sets: int = 1,
        kernel_size: int = 3,
        stretch: float = 1.2,
        extra: int = 0,
    ):
        super().__init__()
        check_whole("characters", characters, at_least=3)
        check_whole("width", width)
        check_whole("sets", sets)
        if check_whole("kernel_size", kernel_size) % 2 == 0:
            raise ValueError(f"kernel_size is {kernel_size}; it must be odd")
        if not dilations or not stretch >= 1:
            raise ValueError(
                f"dilations is {dilations} and stretch {stretch}; give one dilation or "
                "more, and a stretch of 1 or more"
            )
        self.stretch, self.extra = stretch, check_whole("extra", extra, at_least=0)

        self.encoder, self.decoder = (
            nn.ModuleList(
                ByteBlock(width, kernel_size, d, causal=causal)
                for d in [*dilations] * sets
            )
            for causal in (False, True)
        )
        self.source_embedding = nn.Embedding(characters, 2 * width)
        self.target_embedding = nn.Embedding(characters, 2 * width)
        self.column = nn.Linear(2 * width, 2 * width)
        self.norm = nn.LayerNorm(2 * width)
        self.last = nn.Linear(2 * width, characters)

    def _columns(self, source: Int[Tensor, "b s"]) -> Int[Tensor, " b"]:
        """How many columns each source gets; padding does not count."""
        lengths = (source != PAD).sum(1)
        # in binary, 1.2 × 10 may be a little more than 12
        return (self.stretch * lengths - 1e-6).ceil().long() + self.extra

    def _encode(self, source: Int[Tensor, "b s"]) -> Float[Tensor, "b t c"]:
        """The columns of each source, with zeros after its own."""
        n = self._columns(source)
        widest = max(int(n.max()), source.shape[1])
        valid = (torch.arange(widest, device=n.device) < n[:, None])[..., None]
        x = self.source_embedding(F.pad(source, (0, widest - source.shape[1])))
        for block in self.encoder:
            x = block(x, valid)
        return self.column(x) * valid

    def forward(
        self, source: Int[Tensor, "b s"], target: Int[Tensor, "b t"]
    ) -> Float[Tensor, "b t q"]:
        """Logits of each character of the target, from those before and the source."""
        columns, t = self._encode(source), target.shape[1]
        columns = F.pad(columns, (0, 0, 0, max(0, t - columns.shape[1])))[:, :t]
        before = F.pad(target[:, :-1], (1, 0), value=END)
        x = self.target_embedding(before) + columns
        for block in self.decoder:
            x = block(x)
        return self.last(F.relu(self.norm(x)))

    @torch.no_grad()
    def translate(
        self, source: Int[Tensor, "b s"], longest: int
    ) -> Int[Tensor, "b longest"]:
        """The likeliest character at each step, until the end mark; then padding.

        Args:
            source: characters (b, s), with padding at their end.
            longest: steps after which to stop.

        Returns:
            Characters, the end mark included.
        """
        columns = self._encode(source)
        columns = F.pad(columns, (0, 0, 0, max(0, longest - columns.shape[1])))
        rings = [block.conv.ring(len(source)) for block in self.decoder]
        character = torch.full_like(source[:, 0], END)
        ended = torch.zeros_like(character, dtype=torch.bool)
        out = []
        for t in range(longest):
            x = self.target_embedding(character) + columns[:, t]
            for block, ring in zip(self.decoder, rings, strict=True):
                x = block.step(x, ring)
            character = self.last(F.relu(self.norm(x))).argmax(-1)
            out.append(character.masked_fill(ended, PAD))
            ended = ended | (character == END)
        return torch.stack(out, 1)


def loss(model: ByteNet, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    """Mean negative log-likelihood of the targets' characters, padding left out.

    .. math:: L = -\\frac1n \\sum_i \\ln p(t_i \\mid t_{<i}, s)

    Args:
        model: the translator.
        batch: sources (b, s) and targets (b, t), which end with the end mark.

    Returns:
        "loss" in nats per character, "accuracy" the fraction of characters found.

    Example:
        >>> batch = torch.tensor([[5, 6]]), torch.tensor([[6, 5, 1]])
        >>> sorted(loss(ByteNet(9, width=4), batch))
        ['accuracy', 'loss']
    """
    source, target = batch
    logits = model(source, target)
    kept = target != PAD
    nats = F.cross_entropy(logits[kept], target[kept])
    right = (logits[kept].argmax(-1) == target[kept]).float().mean()
    return {"loss": nats, "accuracy": right}
