"""The parts of Swin: attention inside windows, and the merging of patches.

.. math:: x ← x + F(\\mathrm{LN}(x)), \\qquad
    A = \\mathrm{softmax}(Q K^⊤ / \\sqrt e + B)

F is in turn attention inside windows and the feed-forward network; B depends on the
offset between two patches. Merging puts four neighbours side by side and halves their
width: (h, w, d) becomes (h/2, w/2, 2d).

Symbols: B ``table``, by head and offset; e width of a head.
Shapes: b batch, h height, w width in patches, d width of a patch's vector.
Source: Liu et al., ICCV 2021, arXiv:2103.14030, sections 3.1 and 3.2.
Deviation: no stochastic depth (chapter 6).
Parity: ``torchvision.models.swin_transformer.SwinTransformerBlock``,
    ``torchvision.models.swin_transformer.PatchMerging``.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .block import EncoderBlock
from .checks import check_positive
from .windows import shift_mask, window_offsets, window_partition, window_reverse


class SwinBlock(EncoderBlock):
    """Attention inside windows, then the feed-forward network.

    Args:
        d: width.
        heads: number of heads, which divides d.
        window: height and width m of a window, in patches.
        shift: by how much the windows are shifted; an axis of one window is not.
        options: the other arguments of :class:`EncoderBlock`.

    Raises:
        ValueError: a size is below 1; the heads do not divide the width.

    Source:
        Liu et al. 2021, equation 3.

    Example:
        >>> block = SwinBlock(8, 2, window=4, shift=2)
        >>> block(torch.zeros(1, 8, 12, 8)).shape
        torch.Size([1, 8, 12, 8])
    """

    def __init__(self, d: int, heads: int, *, window: int, shift: int = 0, **options):
        super().__init__(d, heads, **options)
        check_positive(window=window)
        if not 0 <= shift < window:
            raise ValueError(f"shift is {shift}; it must be from 0 to {window - 1}")
        self.window, self.shift = window, shift
        self.table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        nn.init.trunc_normal_(self.table, std=0.02)

    def read(self, x: Float[Tensor, "b h w d"]) -> Float[Tensor, "b h w d"]:
        """What each patch reads in its window.

        Args:
            x: patches (b, h, w, d).

        Returns:
            Patches (b, h, w, d).

        Raises:
            ValueError: the windows do not tile the patches.
        """
        b, h, w, _ = x.shape
        shift = tuple(self.shift if size > self.window else 0 for size in (h, w))
        mask = None
        if any(shift):
            x = x.roll((-shift[0], -shift[1]), (1, 2))
            mask = shift_mask(h, w, self.window, shift, device=x.device)
            mask = mask.repeat(b, 1, 1)[:, None]  # (b · windows, 1, n, n)
        bias = self.table[window_offsets(self.window, device=x.device)]  # (n, n, heads)
        y = window_partition(x, self.window)  # (b · windows, n, d)
        y = self.attention(y, mask=mask, bias=bias.permute(2, 0, 1))
        return window_reverse(y, h, w).roll(shift, (1, 2))

    def forward(self, x: Float[Tensor, "b h w d"]) -> Float[Tensor, "b h w d"]:
        """Let the patches of each window read one another.

        Args:
            x: patches (b, h, w, d).

        Returns:
            Patches (b, h, w, d).
        """
        x = x + self.drop(self.read(self.norm_attention(x)))
        return x + self.drop(self.mlp(self.norm_mlp(x)))


class PatchMerging(nn.Module):
    """Four neighbours become one patch, twice as wide.

    .. math:: y = W\\, \\mathrm{LN}([x_{0,0}; x_{1,0}; x_{0,1}; x_{1,1}])

    Args:
        d: width before.

    Raises:
        ValueError: the width is below 1.

    Source:
        Liu et al. 2021, section 3.1.

    Example:
        >>> PatchMerging(8)(torch.zeros(1, 4, 6, 8)).shape
        torch.Size([1, 2, 3, 16])
    """

    def __init__(self, d: int):
        super().__init__()
        check_positive(d=d)
        self.norm = nn.LayerNorm(4 * d)
        self.reduction = nn.Linear(4 * d, 2 * d, bias=False)

    def forward(self, x: Float[Tensor, "b h w d"]) -> Float[Tensor, "b h2 w2 d2"]:
        """Halve the height and the width.

        Args:
            x: patches (b, h, w, d), of an even height and width.

        Returns:
            Patches (b, h/2, w/2, 2d).

        Raises:
            ValueError: the height or the width is odd.
        """
        h, w = x.shape[1:3]
        if h % 2 or w % 2:
            raise ValueError(f"{h} × {w} patches cannot be merged two by two")
        x = x.unflatten(2, (-1, 2)).unflatten(1, (-1, 2))  # (b, i, row, j, column, d)
        x = x.permute(0, 1, 3, 4, 2, 5).flatten(3)  # (b, h/2, w/2, 4d)
        return self.reduction(self.norm(x))
