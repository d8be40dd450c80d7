"""VGG: nothing but 3 × 3 convolutions, stacked, and max pooling between the stages.

Two 3 × 3 convolutions see 5 × 5 pixels, three see 7 × 7, with fewer weights than one
large kernel and more ReLUs:

.. math:: 3 (3^2 C^2) = 27 C^2 < 7^2 C^2 = 49 C^2

Symbols: C channels.
Source: Simonyan & Zisserman, ICLR 2015, arXiv:1409.1556, section 2 and table 1,
    configurations A, B, D, E.
Deviations: the last maps are averaged to 7 × 7 for other sizes than 224, as torchvision
    does (timm slides the linear layers over larger maps); dropout as in section 3.1.
Parity: ``torchvision.models.vgg16``, ``timm.models.vgg16``, and their ``_bn``.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import Names, placed
from .checks import check_image, check_positive, check_stages
from .names import unchanged, vgg_timm
from .weights import Entries


def stacked_weights(channels: int, layers: int, kernel: int = 3) -> int:
    """Weights of stacked convolutions, from C channels to C.

    .. math:: L \\, k^2 C^2

    Args:
        channels: C, how many come in and go out.
        layers: L, number of convolutions.
        kernel: k, side of each kernel.

    Returns:
        The number of weights, biases left out.

    Raises:
        ValueError: a number is below 1.

    Source:
        Simonyan & Zisserman 2015, section 2.3.

    Example:
        >>> stacked_weights(64, 3), stacked_weights(64, 1, kernel=7)
        (110592, 200704)
    """
    check_positive(channels=channels, layers=layers, kernel=kernel)
    return layers * kernel**2 * channels**2


class VGG(nn.Module):
    """VGG: stages of 3 × 3 convolutions, each ended by max pooling, then an MLP.

    Weights start as Glorot & Bengio's, which, says section 3.1, spares training the
    shallow networks first; biases at 0.

    Args:
        depths: number of convolutions of each of the five stages.
        num_classes: number of logits.
        in_chans: channels of the images.
        norm: batch normalization after each convolution, which the paper has not.
        dropout: probability of zeroing a hidden unit of the MLP.
        widths: channels of each stage.
        hidden: units of the MLP's two hidden layers.
        device: where the parameters are made.

    Raises:
        ValueError: not as many depths as widths; a number below 1; images too small.

    Source:
        Simonyan & Zisserman 2015, table 1.

    Example:
        >>> vgg = VGG((1, 1), 10, widths=(8, 16), hidden=32)
        >>> vgg(torch.zeros(2, 3, 28, 28)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        depths: Sequence[int],
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        norm: bool = False,
        dropout: float = 0.5,
        widths: Sequence[int] = (64, 128, 256, 512, 512),
        hidden: int = 4096,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans, hidden=hidden)
        check_stages(depths, widths)
        layers, d_in = [], in_chans
        with placed(device):
            for depth, width in zip(depths, widths, strict=True):
                for _ in range(depth):
                    layers.append(nn.Conv2d(d_in, width, 3, padding=1))
                    layers += [nn.BatchNorm2d(width)] if norm else []
                    layers.append(nn.ReLU(inplace=True))
                    d_in = width
                layers.append(nn.MaxPool2d(2))
            self.features = nn.Sequential(*layers)  # (b, 512, 7, 7) at 224 pixels
            self.pool = nn.AdaptiveAvgPool2d(7)
            self.classifier = nn.Sequential(
                nn.Linear(d_in * 7 * 7, hidden),
                nn.ReLU(inplace=True),
                nn.Dropout(dropout),
                nn.Linear(hidden, hidden),
                nn.ReLU(inplace=True),
                nn.Dropout(dropout),
                nn.Linear(hidden, num_classes),
            )
        self.smallest = 2 ** len(depths)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of at least 32 × 32 pixels (with five stages)."""
        check_image(x, smallest=self.smallest)
        x = self.pool(self.features(x))  # (b, 512, 7, 7)
        return self.classifier(x.flatten(1))

    @classmethod
    def _from(cls, model: nn.Module, names: Names) -> VGG:
        entries = Entries(model, names)
        depths, widths, norm = [0], [0], False
        for layer in getattr(model, "features", ()):
            if isinstance(layer, nn.Conv2d):
                depths[-1], widths[-1] = depths[-1] + 1, layer.out_channels
            elif isinstance(layer, nn.MaxPool2d):
                depths.append(0)
                widths.append(0)
            norm |= isinstance(layer, nn.BatchNorm2d)
        if not all(depths[:-1]) or len(depths) < 2:  # another network
            depths, widths = [2, 2, 3, 3, 3, 0], [64, 128, 256, 512, 512, 0]
        ours = cls(
            depths[:-1],
            entries.size("classifier.6.weight", 0, 1000),
            entries.size("features.0.weight", 1, 3),
            norm=norm,
            widths=widths[:-1],
            hidden=entries.size("classifier.3.weight", 0, 4096),
            device="meta",
        )
        return entries.take(ours, size=2 * ours.smallest)

    @classmethod
    def from_timm(cls, model: nn.Module) -> VGG:
        """The same network as timm's. Arguments as :meth:`from_torchvision`."""
        return cls._from(model, vgg_timm)

    @classmethod
    def from_torchvision(cls, model: nn.Module) -> VGG:
        """The same network, with the weights of torchvision's.

        Args:
            model: an instance of ``torchvision.models.VGG``, of any depth, with or
                without normalization.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the logits
                differ.
        """
        return cls._from(model, unchanged)


def vgg11(num_classes: int = 1000, in_chans: int = 3, **options) -> VGG:
    """VGG-11 (A): 132,863,336 parameters. Arguments of :class:`VGG`."""
    return VGG((1, 1, 2, 2, 2), num_classes, in_chans, **options)


def vgg13(num_classes: int = 1000, in_chans: int = 3, **options) -> VGG:
    """VGG-13 (B): 133,047,848 parameters. Arguments of :class:`VGG`."""
    return VGG((2, 2, 2, 2, 2), num_classes, in_chans, **options)


def vgg16(num_classes: int = 1000, in_chans: int = 3, **options) -> VGG:
    """VGG-16 (D): 138,357,544 parameters. Arguments of :class:`VGG`."""
    return VGG((2, 2, 3, 3, 3), num_classes, in_chans, **options)


def vgg19(num_classes: int = 1000, in_chans: int = 3, **options) -> VGG:
    """VGG-19 (E): 143,667,240 parameters. Arguments of :class:`VGG`."""
    return VGG((2, 2, 4, 4, 4), num_classes, in_chans, **options)
