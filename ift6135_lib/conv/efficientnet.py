"""EfficientNet: a small network found by search, then scaled up by ``scaling.py``.

.. math:: y = x + P\\,\\mathrm{SE}(φ(D * φ(E x)))

A block, MBConv, is MobileNetV2's inverted residual, with SiLU for ReLU6 and, between
the depthwise convolution and the projection, a squeeze-and-excitation.

Symbols: E, P, D as in ``inverted_residual.py``, φ = SiLU, SE as in ``senet.py``.
Source: Tan & Le, ICML 2019, arXiv:1905.11946, sections 3 and 4, table 1.
Deviations: no stochastic depth (chapter 6); zeros are padded evenly, as timm's
    ``efficientnet_*`` and torchvision do (the authors' TensorFlow: more at the end).
Parity: ``torchvision.models.efficientnet_b0``, ``timm.models.efficientnet_b0``.
See: chapters/07-convnets
"""

from __future__ import annotations

import math

from torch import nn

from .inverted_residual import InvertedResidual, Row
from .mobilenet import MobileNetV2
from .scaling import round_channels, round_depth
from .senet import SqueezeExcitation

# TensorFlow's decay of 0.99 is PyTorch's momentum of 0.01
NORMALIZATION = {"eps": 1e-3, "momentum": 0.01}
TABLE = (  # table 1
    Row(1, 16, 1, 1, 3),
    Row(6, 24, 2, 2, 3),
    Row(6, 40, 2, 2, 5),
    Row(6, 80, 3, 2, 3),
    Row(6, 112, 3, 1, 5),
    Row(6, 192, 4, 2, 5),
    Row(6, 320, 1, 1, 3),
)
ENDS = {"stem": 32, "last": 1280}


class MBConv(InvertedResidual):
    """Inverted residual with squeeze-and-excitation to a quarter of its input channels.

    Arguments of :class:`InvertedResidual`.

    Source:
        Tan & Le 2019, section 4; Tan et al., CVPR 2019, arXiv:1807.11626, figure 7.

    Example:
        >>> import torch
        >>> MBConv(24, 24, kernel=5)(torch.zeros(1, 24, 8, 8)).shape
        torch.Size([1, 24, 8, 8])
    """

    def __init__(self, d_in: int, d_out: int, *, expansion: int = 6, **options):
        options = {"act": nn.SiLU, **NORMALIZATION, **options}
        super().__init__(d_in, d_out, expansion=expansion, **options)
        self.se = SqueezeExcitation(
            expansion * d_in, squeezed=max(1, d_in // 4), act=options["act"]
        )


class EfficientNet(MobileNetV2):
    """The plan of MobileNetV2 with the blocks MBConv.

    Arguments of :class:`MobileNetV2`; the classifier starts uniform in ±1/√classes.

    Source:
        Tan & Le 2019, table 1.

    Example:
        >>> import torch
        >>> net = EfficientNet([Row(6, 16, 2, 2, 5)], 10, stem=8, last=32)
        >>> net(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 10])
    """

    _block, _act, _normalization = MBConv, nn.SiLU, NORMALIZATION

    def __init__(self, rows=TABLE, num_classes: int = 1000, *args, **options):
        super().__init__(rows, num_classes, *args, **options)
        bound = 1 / math.sqrt(num_classes)  # the authors' code
        nn.init.uniform_(self.head.weight, -bound, bound)

    @classmethod
    def scaled(
        cls,
        depth: float,
        width: float,
        num_classes: int = 1000,
        in_chans: int = 3,
        **more,
    ) -> EfficientNet:
        """B0 with its depth and width multiplied by factors.

        Args:
            depth: factor of the number of blocks of each row.
            width: factor of the channels.
            num_classes: number of logits.
            in_chans: channels of the images.
            more: the other arguments of :class:`EfficientNet`.

        Returns:
            The network.

        Raises:
            ValueError: a factor is not positive.
        """
        rows = [
            row._replace(
                channels=round_channels(row.channels, width),
                repeats=round_depth(row.repeats, depth),
            )
            for row in TABLE
        ]
        widths = {n: round_channels(c, width) for n, c in ENDS.items()}
        return cls(rows, num_classes, in_chans, **{**widths, **more})


# factors of depth and width, dropout: the authors' code
VARIANTS = {
    "b0": (1.0, 1.0, 0.2),
    "b1": (1.1, 1.0, 0.2),
    "b2": (1.2, 1.1, 0.3),
    "b3": (1.4, 1.2, 0.3),
    "b4": (1.8, 1.4, 0.4),
    "b5": (2.2, 1.6, 0.4),
    "b6": (2.6, 1.8, 0.5),
    "b7": (3.1, 2.0, 0.5),
}


def _variant(name: str, num_classes: int, in_chans: int, options: dict) -> EfficientNet:
    depth, width, dropout = VARIANTS[name]
    options = {"dropout": dropout, **options}
    return EfficientNet.scaled(depth, width, num_classes, in_chans, **options)


def efficientnet_b0(num_classes: int = 1000, in_chans: int = 3, **options):
    """B0, for 224 pixels: 5,288,548 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b0", num_classes, in_chans, options)


def efficientnet_b1(num_classes: int = 1000, in_chans: int = 3, **options):
    """B1, for 240 pixels: 7,794,184 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b1", num_classes, in_chans, options)


def efficientnet_b2(num_classes: int = 1000, in_chans: int = 3, **options):
    """B2, for 260 pixels: 9,109,994 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b2", num_classes, in_chans, options)


def efficientnet_b3(num_classes: int = 1000, in_chans: int = 3, **options):
    """B3, for 300 pixels: 12,233,232 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b3", num_classes, in_chans, options)


def efficientnet_b4(num_classes: int = 1000, in_chans: int = 3, **options):
    """B4, for 380 pixels: 19,341,616 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b4", num_classes, in_chans, options)


def efficientnet_b5(num_classes: int = 1000, in_chans: int = 3, **options):
    """B5, for 456 pixels: 30,389,784 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b5", num_classes, in_chans, options)


def efficientnet_b6(num_classes: int = 1000, in_chans: int = 3, **options):
    """B6, for 528 pixels: 43,040,704 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b6", num_classes, in_chans, options)


def efficientnet_b7(num_classes: int = 1000, in_chans: int = 3, **options):
    """B7, for 600 pixels: 66,347,960 parameters. Arguments of :class:`EfficientNet`."""
    return _variant("b7", num_classes, in_chans, options)
