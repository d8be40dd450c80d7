"""ConvNeXt: a convolutional network with the habits of vision transformers.

.. math:: y = x + γ ⊙ W_2\\,\\mathrm{GELU}(W_1\\,\\mathrm{LN}(D * x))

A block mixes pixels (a depthwise 7 × 7 convolution D), then channels (an MLP four times
as wide), with one normalization and one activation. A 4 × 4 convolution at stride 4
cuts the image into patches; between stages, LN and a 2 × 2 convolution at stride 2.

Symbols: D ``depthwise``, W₁ ``expand``, W₂ ``project``, γ ``gamma``, one per channel,
    LN layer normalization over the channels of each pixel.
Source: Liu et al., CVPR 2022, arXiv:2201.03545, section 2; γ from Touvron et al.,
    arXiv:2103.17239.
Deviation: no stochastic depth (chapter 6).
Parity: ``torchvision.models.convnext_tiny``, ``timm.models.convnext_tiny``.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import Names, placed
from . import names
from .checks import check_image, check_positive, check_stages
from .weights import Entries


class LayerNorm2d(nn.LayerNorm):
    """Layer normalization over the channels of each pixel of maps (b, c, h, w).

    Args:
        channels: how many channels the maps have.

    Example:
        >>> x = LayerNorm2d(64)(torch.randn(1, 64, 4, 4))
        >>> x.mean(1).abs().max().item() < 1e-6
        True
    """

    def __init__(self, channels: int):
        super().__init__(channels, eps=1e-6)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """LN over c."""
        x = x.permute(0, 2, 3, 1)  # (b, h, w, c)
        return super().forward(x).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    """y = x + γ ⊙ W₂ GELU(W₁ LN(D ∗ x)).

    Args:
        d: channels.
        gamma: first value of γ.

    Raises:
        ValueError: the channels are below 1.

    Source:
        Liu et al. 2022, figure 4.

    Example:
        >>> sum(p.numel() for p in ConvNeXtBlock(96).parameters())  # 8d² + 58d
        79296
    """

    def __init__(self, d: int, *, gamma: float = 1e-6):
        super().__init__()
        check_positive(d=d)
        self.depthwise = nn.Conv2d(d, d, 7, padding=3, groups=d)
        self.norm = nn.LayerNorm(d, eps=1e-6)
        self.expand = nn.Linear(d, 4 * d)
        self.project = nn.Linear(4 * d, d)
        self.gamma = nn.Parameter(torch.full((d,), gamma))

    def forward(self, x: Float[Tensor, "b d h w"]) -> Float[Tensor, "b d h w"]:
        """x + γ ⊙ W₂ GELU(W₁ LN(D ∗ x))."""
        y = self.depthwise(x).permute(0, 2, 3, 1)  # (b, h, w, d)
        y = self.project(F.gelu(self.expand(self.norm(y))))
        return x + (self.gamma * y).permute(0, 3, 1, 2)


class ConvNeXt(nn.Module):
    """ConvNeXt: four stages of blocks at strides 4, 8, 16, 32.

    Weights start as N(0, 0.02²) cut at ±2, biases at 0, γ at 10⁻⁶.

    Args:
        depths: number of blocks of each stage.
        widths: channels of each stage.
        num_classes: number of logits.
        in_chans: channels of the images.
        gamma: first value of γ.
        device: where the parameters are made.

    Raises:
        ValueError: not as many depths as widths; a number is below 1; images too small.

    Source:
        Liu et al. 2022, table 9 and section 3.1.

    Example:
        >>> net = ConvNeXt((1, 1), (16, 32), 10)
        >>> net(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        depths: Sequence[int],
        widths: Sequence[int],
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        gamma: float = 1e-6,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans)
        check_stages(depths, widths)
        d, stages = widths[0], []
        with placed(device):
            patches = nn.Conv2d(in_chans, d, 4, stride=4)
            self.stem = nn.Sequential(patches, LayerNorm2d(d))  # (b, 96, 56, 56)
            for depth, width in zip(depths, widths, strict=True):
                layers = []
                if stages:  # shrink
                    shrink = nn.Conv2d(d, width, 2, stride=2)
                    layers.append(nn.Sequential(LayerNorm2d(d), shrink))
                layers += [ConvNeXtBlock(width, gamma=gamma) for _ in range(depth)]
                stages.append(nn.Sequential(*layers))
                d = width
            self.stages = nn.Sequential(*stages)  # (b, 768, 7, 7)
            self.norm = nn.LayerNorm(d, eps=1e-6)
            self.head = nn.Linear(d, num_classes)
        self.smallest = 2 * 2 ** len(depths)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of at least 32 × 32 pixels (with four stages)."""
        check_image(x, smallest=self.smallest)
        x = self.stages(self.stem(x)).mean((2, 3))
        return self.head(self.norm(x))

    @classmethod
    def _from(cls, model: nn.Module, renamed: Names) -> ConvNeXt:
        entries = Entries(model, renamed)
        blocks = [entries.count(f"stages.{i}.") for i in range(4)]
        first = [f"stages.{i}.{int(i > 0)}.norm.weight" for i in range(4)]
        depths = [max(n - (i > 0), 1) for i, n in enumerate(blocks)]
        widths = [entries.size(name, 0, 96 * 2**i) for i, name in enumerate(first)]
        num_classes = entries.size("head.weight", 0, 1000)
        in_chans = entries.size("stem.0.weight", 1, 3)
        ours = cls(depths, widths, num_classes, in_chans, device="meta")
        return entries.take(ours, size=64)

    @classmethod
    def from_timm(cls, model: nn.Module) -> ConvNeXt:
        """The same network as timm's. Arguments as :meth:`from_torchvision`."""
        return cls._from(model, names.convnext_timm)

    @classmethod
    def from_torchvision(cls, model: nn.Module) -> ConvNeXt:
        """The same network, with the weights of torchvision's.

        Args:
            model: the instance, of any size, number of classes and channels.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit, or the logits differ.
        """
        return cls._from(model, names.convnext_torchvision)


def convnext_tiny(num_classes: int = 1000, in_chans: int = 3, **options) -> ConvNeXt:
    """ConvNeXt-T: 28,589,128 parameters. Arguments of :class:`ConvNeXt`."""
    widths = (96, 192, 384, 768)
    return ConvNeXt((3, 3, 9, 3), widths, num_classes, in_chans, **options)


def convnext_small(num_classes: int = 1000, in_chans: int = 3, **options) -> ConvNeXt:
    """ConvNeXt-S: 50,223,688 parameters. Arguments of :class:`ConvNeXt`."""
    widths = (96, 192, 384, 768)
    return ConvNeXt((3, 3, 27, 3), widths, num_classes, in_chans, **options)


def convnext_base(num_classes: int = 1000, in_chans: int = 3, **options) -> ConvNeXt:
    """ConvNeXt-B: 88,591,464 parameters. Arguments of :class:`ConvNeXt`."""
    widths = (128, 256, 512, 1024)
    return ConvNeXt((3, 3, 27, 3), widths, num_classes, in_chans, **options)
