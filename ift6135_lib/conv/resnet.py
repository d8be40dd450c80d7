"""ResNet: networks a hundred layers deep, of blocks that add to their input.

.. math:: y = \\mathrm{ReLU}(x + F(x))

Without "x +" the network is *plain*, and its training error grows with depth, although
a deeper network could copy a shallower one: the degradation that residuals cure.

Source: He et al., CVPR 2016, arXiv:1512.03385, sections 3 and 4, table 1.
Deviations: those of ``residual.py``; small networks project where shapes change (the
    paper pads with zeros).
Parity: ``torchvision.models.resnet50``, ``timm.models.resnet50``.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import placed
from . import names
from .checks import check_positive, check_stages
from .conv_norm import ConvNorm
from .residual import BasicBlock, Bottleneck, ResidualBlock
from .weights import Entries, he_normal_


class ResNet(nn.Module):
    """ResNet: stages of blocks; each stage but the first halves the size.

    Convolutions start as He et al.'s, arXiv:1502.01852.

    Args:
        block: class of the blocks.
        depths: number of blocks of each stage.
        num_classes: number of logits.
        in_chans: channels of the images.
        widths: channels d of the blocks of each stage.
        small: for small images, such as CIFAR's: it begins with a 3 × 3 convolution at
            stride 1, instead of 7 × 7 at stride 2 and pooling.
        residual: False makes the plain network, without the shortcuts.
        device: where the parameters are made.

    Raises:
        ValueError: not as many depths as widths; a number is below 1.

    Source:
        He et al. 2016, table 1; small networks, section 4.2.

    Example:
        >>> net = ResNet(BasicBlock, (1, 1), 10, widths=(8, 16), small=True)
        >>> net(torch.zeros(2, 3, 16, 16)).shape
        torch.Size([2, 10])
    """

    _blocks: tuple[type[ResidualBlock], ...] = (BasicBlock, Bottleneck)

    def __init__(
        self,
        block: type[ResidualBlock],
        depths: Sequence[int],
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        widths: Sequence[int] = (64, 128, 256, 512),
        small: bool = False,
        residual: bool = True,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans)
        check_stages(depths, widths)
        d, stages = widths[0], []
        with placed(device):
            if small:
                self.stem, self.pool = ConvNorm(in_chans, d, 3), nn.Identity()
            else:  # (b, 64, 112, 112), then (b, 64, 56, 56), at 224 pixels
                self.stem = ConvNorm(in_chans, d, 7, stride=2)
                self.pool = nn.MaxPool2d(3, stride=2, padding=1)
            for i, (depth, width) in enumerate(zip(depths, widths, strict=True)):
                blocks = []
                for j in range(depth):
                    stride = 2 if i > 0 and j == 0 else 1
                    blocks.append(block(d, width, stride=stride, residual=residual))
                    d = block.expansion * width
                stages.append(nn.Sequential(*blocks))
            self.stages = nn.Sequential(*stages)  # (b, 512 or 2048, 7, 7)
            self.head = nn.Linear(d, num_classes)
        he_normal_(self)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits."""
        x = self.stages(self.pool(self.stem(x)))
        return self.head(x.mean((2, 3)))

    @classmethod
    def from_timm(cls, model: nn.Module) -> ResNet:
        """The same network, with the weights of timm's or torchvision's ResNet.

        Args:
            model: the instance, of any depth and number of classes and channels.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the logits
                differ.
        """
        entries = Entries(model, names.resnet)
        first = "stages.{}.0.residual.0.conv.weight"
        ours = cls(
            cls._blocks["stages.0.0.residual.2.conv.weight" in entries],
            [entries.count(f"stages.{i}.") or 2 for i in range(4)],
            entries.size("head.weight", 0, 1000),
            entries.size("stem.conv.weight", 1, 3),
            widths=[entries.size(first.format(i), 0, 64 * 2**i) for i in range(4)],
            device="meta",
        )
        return entries.take(ours, size=64)

    from_torchvision = from_timm  # both libraries use the same names


def small_resnet(depth: int, num_classes: int = 10, in_chans: int = 3, **options):
    """ResNet of 6n + 2 layers for small images.

    Args:
        depth: 20, 32, 44, 56 and 110 in the paper.
        num_classes: number of logits.
        in_chans: channels of the images.
        options: the other arguments of :class:`ResNet`.

    Returns:
        The network.

    Raises:
        ValueError: the depth is not 6n + 2.

    Source:
        He et al. 2016, section 4.2.

    Example:
        >>> sum(θ.numel() for θ in small_resnet(20, in_chans=3).parameters())
        272474
    """
    if depth < 8 or depth % 6 != 2:
        raise ValueError(f"depth is {depth}; it must be 6n + 2, such as 20, 32, 44, 56")
    options = {"widths": (16, 32, 64), "small": True, **options}
    return ResNet(BasicBlock, 3 * (depth // 6,), num_classes, in_chans, **options)


def resnet18(num_classes: int = 1000, in_chans: int = 3, **options) -> ResNet:
    """ResNet-18: 11,689,512 parameters. Arguments of :class:`ResNet`."""
    return ResNet(BasicBlock, (2, 2, 2, 2), num_classes, in_chans, **options)


def resnet34(num_classes: int = 1000, in_chans: int = 3, **options) -> ResNet:
    """ResNet-34: 21,797,672 parameters. Arguments of :class:`ResNet`."""
    return ResNet(BasicBlock, (3, 4, 6, 3), num_classes, in_chans, **options)


def resnet50(num_classes: int = 1000, in_chans: int = 3, **options) -> ResNet:
    """ResNet-50: 25,557,032 parameters. Arguments of :class:`ResNet`."""
    return ResNet(Bottleneck, (3, 4, 6, 3), num_classes, in_chans, **options)


def resnet101(num_classes: int = 1000, in_chans: int = 3, **options) -> ResNet:
    """ResNet-101: 44,549,160 parameters. Arguments of :class:`ResNet`."""
    return ResNet(Bottleneck, (3, 4, 23, 3), num_classes, in_chans, **options)


def resnet152(num_classes: int = 1000, in_chans: int = 3, **options) -> ResNet:
    """ResNet-152: 60,192,808 parameters. Arguments of :class:`ResNet`."""
    return ResNet(Bottleneck, (3, 8, 36, 3), num_classes, in_chans, **options)
