"""The two stacks of the first transformer: one reads a sequence, one writes another.

.. math:: M = \\mathrm{encoder}(x), \\qquad y' = \\mathrm{decoder}(y, M)

The blocks of the encoder read all of x; those of the decoder read the past of y, and M.

Symbols: x ``x``, y ``y``, M ``memory``.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.1.
Deviation: the stacks end with a normalization, as PyTorch's; the paper has none.
Parity: ``torch.nn.Transformer``.
See: chapters/09-transformers
"""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from .block import EncoderBlock
from .checks import check_positive
from .decoder_block import DecoderBlock


class EncoderDecoder(nn.Module):
    """The two stacks, from vectors to vectors.

    Args:
        d: width.
        heads: number of heads, which divides d.
        encoder_layers: number of blocks that read the source.
        decoder_layers: number of blocks that write the target.
        hidden: width inside the feed-forward networks; by default, 4d.
        options: of the blocks, see :class:`EncoderBlock`; by default post-norm and
            ReLU, as in the paper.

    Raises:
        ValueError: a size is below 1; the heads do not divide the width.

    Source:
        Vaswani et al. 2017, figure 1.

    Example:
        >>> import torch
        >>> net = EncoderDecoder(8, 2, encoder_layers=1, decoder_layers=1)
        >>> net(torch.zeros(1, 5, 8), torch.zeros(1, 3, 8)).shape
        torch.Size([1, 3, 8])
    """

    def __init__(
        self,
        d: int = 512,
        heads: int = 8,
        encoder_layers: int = 6,
        decoder_layers: int = 6,
        hidden: int | None = None,
        **options,
    ):
        super().__init__()
        check_positive(encoder_layers=encoder_layers, decoder_layers=decoder_layers)
        options = {"norm_first": False, "act": "relu", **options}
        eps = options.get("eps", 1e-5)
        self.encoder = nn.ModuleList(
            EncoderBlock(d, heads, hidden, **options) for _ in range(encoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(d, eps=eps)
        self.decoder = nn.ModuleList(
            DecoderBlock(d, heads, hidden, cross=True, **options)
            for _ in range(decoder_layers)
        )
        self.decoder_norm = nn.LayerNorm(d, eps=eps)

    def encode(
        self, x: Float[Tensor, "b m d"], mask: Bool[Tensor, "*mask"] | None = None
    ) -> Float[Tensor, "b m d"]:
        """Read the source.

        Args:
            x: the source (b, m, d).
            mask: True for what may be read; broadcasts to (b, h, m, m).

        Returns:
            The memory (b, m, d).
        """
        for block in self.encoder:
            x = block(x, mask=mask)
        return self.encoder_norm(x)

    def decode(
        self,
        y: Float[Tensor, "b n d"],
        memory: Float[Tensor, "b m d"],
        mask: Bool[Tensor, "*mask"] | None = None,
    ) -> Float[Tensor, "b n d"]:
        """Write the target; each position reads those before it, and the memory.

        Args:
            y: the target so far (b, n, d).
            memory: the source, read (b, m, d).
            mask: True for what may be read of the memory; broadcasts to (b, h, n, m).

        Returns:
            Positions (b, n, d).
        """
        for block in self.decoder:
            y = block(y, memory, memory_mask=mask)
        return self.decoder_norm(y)

    def forward(
        self,
        x: Float[Tensor, "b m d"],
        y: Float[Tensor, "b n d"],
        mask: Bool[Tensor, "*mask"] | None = None,
    ) -> Float[Tensor, "b n d"]:
        """Read the source and write the target.

        Args:
            x: the source (b, m, d).
            y: the target so far (b, n, d).
            mask: True for what may be read of the source, such as a padding mask.

        Returns:
            Positions of the target (b, n, d).
        """
        return self.decode(y, self.encode(x, mask), mask)
