"""Separable and pointwise convolutions: space first, then channels.

A k × k convolution mixes places and channels at once.  *Depthwise separable*: one
kernel for each channel (depthwise), then a 1 × 1 convolution (pointwise).  The cost
falls by

.. math:: \\frac{k^2 C_{in} C_{out}}{k^2 C_{in} + C_{in} C_{out}}
    = \\Big(\\frac{1}{C_{out}} + \\frac{1}{k^2}\\Big)^{-1} < k^2

Symbols: k ``kernel_size``, C_in and C_out numbers of channels.
Source: Chollet, CVPR 2017, arXiv:1610.02357; Howard et al. 2017, arXiv:1704.04861,
    section 3.1.
Parity: ``torch.nn.Conv2d(groups=...)``, ``torch.nn.Linear``.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .arguments import Size, whole


def pointwise_conv2d(
    x: Float[Tensor, "b c h w"],
    weight: Float[Tensor, "o c"],
    bias: Float[Tensor, " o"] | None = None,
) -> Float[Tensor, "b o h w"]:
    """The 1 × 1 convolution: the same linear layer at every place.

    .. math:: y_{o,i,j} = β_o + \\sum_c w_{oc}\\, x_{c,i,j}

    Args:
        x: images.
        weight: matrix of the linear layer.
        bias: one number β for each output channel.

    Returns:
        Images of o channels.

    Source:
        Lin, Chen & Yan, ICLR 2014, arXiv:1312.4400, section 3.1.

    Example:
        >>> x = torch.tensor([[[[1.0, 2.0]], [[10.0, 20.0]]]])
        >>> pointwise_conv2d(x, torch.tensor([[1.0, 1.0]]))
        tensor([[[[11., 22.]]]])
    """
    y = torch.einsum("oc,bchw->bohw", weight, x)
    return y if bias is None else y + bias[:, None, None]


def separable_cost_ratio(out_channels: int, kernel: int) -> float:
    """How many times cheaper a depthwise separable convolution is than a full one.

    .. math:: \\Big(\\frac{1}{C_{out}} + \\frac{1}{k^2}\\Big)^{-1}

    The ratio of multiplications, and of weights; always below k² and C_out.

    Args:
        out_channels: number of output channels.
        kernel: taps along each axis.

    Returns:
        The cost of the full convolution over that of the separable one.

    Raises:
        ValueError: an argument is below 1.

    Source:
        Howard et al. 2017, section 3.1 (there, the inverse).

    Example:
        >>> round(separable_cost_ratio(64, kernel=3), 1)
        7.9
    """
    whole("out_channels", out_channels, at_least=1)
    whole("kernel", kernel, at_least=1)
    return 1 / (1 / out_channels + 1 / kernel**2)


class DepthwiseSeparableConv2d(nn.Sequential):
    """A depthwise convolution, then a pointwise one.

    .. math:: y_o = β_o + \\sum_c w_{oc}\\, (x_c ⋆ k_c)

    Args:
        in_channels: number of input channels.
        out_channels: number of output channels.
        kernel_size: taps of the depthwise kernels (rows, columns).
        stride: step of the depthwise convolution.
        padding: its zeros on each side, or "valid", "same".
        dilation: its distance between taps.
        bias: whether the pointwise convolution adds β; one before it would be absorbed.

    Source:
        Chollet 2017, section 1.1; Howard et al. 2017, section 3.1 (there, with a
        normalization and a ReLU after each).

    Example:
        >>> layer = DepthwiseSeparableConv2d(32, 64, 3, padding=1)
        >>> layer(torch.ones(1, 32, 8, 8)).shape
        torch.Size([1, 64, 8, 8])
        >>> sum(p.numel() for p in layer.parameters())  # 32 * 9 + 32 * 64 + 64
        2400
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        bias: bool = True,
    ):
        depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups=in_channels,
            bias=False,
        )
        pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=bias)
        layers = OrderedDict(depthwise=depthwise, pointwise=pointwise)
        super().__init__(layers)
