"""Inverted residual: widen, filter each channel by itself, narrow without activation.

.. math:: y = x + P\\,φ(D * φ(E x)), \\qquad E: d → t d, \\; P: t d → d'

The residual joins the narrow ends (it is *inverted*: a ResNet's bottleneck joins the
wide ones), and P is linear, for a ReLU would destroy what few channels hold. x is added
only where the shapes agree, at stride 1.

Symbols: E, P 1 × 1 convolutions (``expand``, ``project``), D a depthwise one, each with
    batch normalization, φ = ReLU6, t ``expansion``.
Source: Sandler et al., CVPR 2018, arXiv:1801.04381, section 3, table 1, figure 4(d).
See: chapters/07-convnets
"""

from __future__ import annotations

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_positive
from .conv_norm import ConvNorm


class Row(NamedTuple):
    """A row of the papers' tables: blocks of one width.

    Example:
        >>> Row(6, 24, 2, 2)
        Row(expansion=6, channels=24, repeats=2, stride=2, kernel=3)
    """

    expansion: int  # t
    channels: int  # c, that come out
    repeats: int  # n
    stride: int  # s, of the first block
    kernel: int = 3  # k


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow: y = x + P φ(D ∗ φ(E x)).

    Args:
        d_in: input channels d.
        d_out: output channels d'.
        expansion: t; 1 leaves E out.
        stride: of D; x is added at stride 1, if d = d'.
        kernel: of D.
        act: class of φ.
        options: ``eps`` and ``momentum`` of the normalizations.

    Raises:
        ValueError: a number is below 1.

    Source:
        Sandler et al. 2018, table 1 and figure 4(d).

    Example:
        >>> import torch
        >>> block = InvertedResidual(24, 32, stride=2)
        >>> block(torch.zeros(1, 24, 8, 8)).shape
        torch.Size([1, 32, 4, 4])
    """

    def __init__(
        self,
        d_in: int,
        d_out: int,
        *,
        expansion: int = 6,
        stride: int = 1,
        kernel: int = 3,
        act: type[nn.Module] = nn.ReLU6,
        **options: float,
    ):
        super().__init__()
        check_positive(expansion=expansion)
        d = expansion * d_in
        self.expand = nn.Identity()
        if expansion > 1:
            self.expand = ConvNorm(d_in, d, act=act, **options)
        self.depthwise = ConvNorm(
            d, d, kernel, stride=stride, groups=d, act=act, **options
        )
        self.se = nn.Identity()  # EfficientNet weighs the channels here
        self.project = ConvNorm(d, d_out, act=None, **options)
        self.adds = stride == 1 and d_in == d_out

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h2 w2"]:
        """x + P φ(D ∗ φ(E x)); without x where the shapes differ."""
        y = self.project(self.se(self.depthwise(self.expand(x))))
        return x + y if self.adds else y
