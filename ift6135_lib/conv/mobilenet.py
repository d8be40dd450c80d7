"""MobileNetV2: inverted residuals, few weights and few products, for telephones.

The network is a table of rows (t, c, n, s): n blocks of c channels, which widen t times
inside, the first one at stride s.

Source: Sandler et al., CVPR 2018, arXiv:1801.04381, section 4 and table 2.
Deviation: weights start as He et al.'s (the paper does not say).
Parity: ``torchvision.models.mobilenet_v2``, ``timm.models.mobilenetv2_100``.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import Names, placed
from . import names
from .checks import check_positive
from .conv_norm import ConvNorm
from .inverted_residual import InvertedResidual, Row
from .scaling import round_channels
from .weights import Entries, he_normal_

Self = TypeVar("Self", bound="MobileNetV2")

TABLE = (  # table 2
    Row(1, 16, 1, 1),
    Row(6, 24, 2, 2),
    Row(6, 32, 3, 2),
    Row(6, 64, 4, 2),
    Row(6, 96, 3, 1),
    Row(6, 160, 3, 2),
    Row(6, 320, 1, 1),
)


class MobileNetV2(nn.Module):
    """MobileNetV2: a first convolution, inverted residuals, a last 1 × 1 convolution.

    Args:
        rows: the table of the blocks.
        num_classes: number of logits.
        in_chans: channels of the images.
        stem: channels after the first convolution.
        last: channels before the classifier.
        dropout: probability of zeroing a feature before the classifier.
        device: where the parameters are made.

    Raises:
        ValueError: no row, or a number below 1.

    Source:
        Sandler et al. 2018, table 2.

    Example:
        >>> net = MobileNetV2([Row(1, 8, 1, 1), Row(6, 16, 2, 2)], 10, stem=8, last=32)
        >>> net(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 10])
    """

    # what EfficientNet changes
    _block: type[InvertedResidual] = InvertedResidual
    _act: type[nn.Module] = nn.ReLU6
    _normalization: dict[str, float] = {}

    def __init__(
        self,
        rows: Sequence[Row] = TABLE,
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        stem: int = 32,
        last: int = 1280,
        dropout: float = 0.2,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans, rows=len(rows))
        options = {"act": self._act, **self._normalization}
        blocks, d = [], stem
        with placed(device):
            self.stem = ConvNorm(in_chans, stem, 3, stride=2, **options)
            for t, c, n, s, kernel in rows:
                check_positive(channels=c, repeats=n, stride=s)
                for i in range(n):
                    stride = s if i == 0 else 1
                    blocks.append(
                        self._block(d, c, expansion=t, stride=stride, kernel=kernel)
                    )
                    d = c
            self.blocks = nn.Sequential(*blocks)  # (b, 320, 7, 7) at 224 pixels
            self.last = ConvNorm(d, last, **options)
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(last, num_classes)
        he_normal_(self)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits."""
        x = self.last(self.blocks(self.stem(x)))
        return self.head(self.dropout(x.mean((2, 3))))

    @classmethod
    def _from(cls: type[Self], model: nn.Module, renamed: Names) -> Self:
        entries = Entries(model, renamed)
        d = stem = entries.size("stem.conv.weight", 0, 32)
        rows = []
        for i in range(entries.count("blocks.")):
            layer = f"blocks.{i}.{{}}.conv"
            wide = entries.size(f"{layer.format('expand')}.weight", 0, d)
            depthwise = entries.module(layer.format("depthwise"))
            d_out = entries.size(f"{layer.format('project')}.weight", 0, d)
            kernel, stride = 3, 1  # of a block without one, that will be refused
            if depthwise is not None:
                kernel, stride = depthwise.kernel_size[0], depthwise.stride[0]
            rows.append(Row(wide // d, d_out, 1, stride, kernel))
            d = d_out
        ours = cls(
            rows or TABLE,
            entries.size("head.weight", 0, 1000),
            entries.size("stem.conv.weight", 1, 3),
            stem=stem,
            last=entries.size("last.conv.weight", 0, 1280),
            device="meta",
        )
        return entries.take(ours, size=64)

    @classmethod
    def from_timm(cls: type[Self], model: nn.Module) -> Self:
        """The same network as timm's. Arguments as :meth:`from_torchvision`."""
        return cls._from(model, names.inverted_residuals_timm)

    @classmethod
    def from_torchvision(cls: type[Self], model: nn.Module) -> Self:
        """The same network, with the weights of torchvision's.

        Args:
            model: the instance, of any width, number of classes and channels.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the logits
                differ.
        """
        return cls._from(model, names.inverted_residuals_torchvision)


def mobilenet_v2(
    num_classes: int = 1000, in_chans: int = 3, *, width: float = 1.0, **options
) -> MobileNetV2:
    """MobileNetV2: 3,504,872 parameters at width 1.

    Args:
        num_classes: number of logits.
        in_chans: channels of the images.
        width: factor of the channels.
        options: the other arguments of :class:`MobileNetV2`.

    Returns:
        The network.

    Raises:
        ValueError: the width is not positive; a number is below 1.

    Source:
        Sandler et al. 2018, section 4; the last layer is never narrower than 1280.

    Example:
        >>> sum(θ.numel() for θ in mobilenet_v2(device="meta").parameters())
        3504872
    """
    rows = [row._replace(channels=round_channels(row.channels, width)) for row in TABLE]
    options = {
        "stem": round_channels(32, width),
        "last": round_channels(1280, max(1.0, width)),
        **options,
    }
    return MobileNetV2(rows, num_classes, in_chans, **options)
