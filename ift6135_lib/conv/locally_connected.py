"""Locally connected layer: a convolution that does not share its parameters.

.. math:: y_{o,i,j} = β_{o,i,j} + \\sum_{c,p,q} w_{o,c,p,q}^{(i,j)}\\;
    x_{c,\\; iS + p - P,\\; jS + q - P}

As many multiplications as a convolution, and as many times its parameters as there are
places (i, j).  With the same w at every place it is a convolution.

Symbols: S ``stride``, P ``padding``, (p, q) tap, c and o channels.
Source: LeCun 1989, "Generalization and network design strategies"; Goodfellow et al.
    2016, eq. 9.9.
See: chapters/07-convnets
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .arguments import Size, pair, whole
from .arithmetic import output_size
from .im2col import amounts, unfold


class LocallyConnected2d(nn.Module):
    """A layer with a kernel of its own at every place.

    .. math:: y_{o,i,j} = β_{o,i,j} + \\sum_{c,p,q} w_{o,c,p,q}^{(i,j)}\\;
        x_{c,\\; iS + p - P,\\; jS + q - P}

    Args:
        in_channels: number of input channels.
        out_channels: number of output channels.
        input_size: height and width of the images; no other will do.
        kernel_size: taps (rows, columns).
        stride: step between places.
        padding: zeros on each side, or "valid", "same", "full".
        bias: whether to add β, one number for each output channel and place.

    Raises:
        ValueError: the kernel does not fit, or an argument is out of range.

    Source:
        Goodfellow et al. 2016, eq. 9.9.

    Example:
        >>> layer = LocallyConnected2d(1, 1, input_size=8, kernel_size=3, padding=1)
        >>> layer(torch.ones(2, 1, 8, 8)).shape
        torch.Size([2, 1, 8, 8])
        >>> sum(p.numel() for p in layer.parameters())  # 64 places, 9 + 1 each
        640
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        input_size: Size,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        bias: bool = True,
    ):
        super().__init__()
        self.in_channels = whole("in_channels", in_channels, at_least=1)
        self.out_channels = whole("out_channels", out_channels, at_least=1)
        self.input_size = pair("input_size", input_size, at_least=1)
        self.kernel_size = pair("kernel_size", kernel_size, at_least=1)
        self.stride, self.padding = stride, padding
        zeros = amounts(padding, self.kernel_size, stride, 1)
        self.output_size = tuple(
            output_size(n + sum(z), k, s)
            for n, z, k, s in zip(
                self.input_size,
                zeros,
                self.kernel_size,
                pair("stride", stride, at_least=1),
                strict=True,
            )
        )
        fan_in = in_channels * math.prod(self.kernel_size)
        places = math.prod(self.output_size)
        self.weight = nn.Parameter(torch.empty(out_channels, fan_in, places))
        self.bias = (
            nn.Parameter(torch.empty(out_channels, *self.output_size)) if bias else None
        )
        # the scale of torch.nn.Conv2d: uniform within ± 1 / √(fan-in)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -(fan_in**-0.5), fan_in**-0.5)

    @classmethod
    def from_conv2d(cls, conv: nn.Conv2d, input_size: Size) -> LocallyConnected2d:
        """Copy a convolution: its kernel at every place.

        Args:
            conv: of one group and dilation 1, padded with zeros.
            input_size: height and width of the images.

        Returns:
            A layer that computes what the convolution does.

        Raises:
            ValueError: the convolution has groups, a dilation or another padding.

        Example:
            >>> conv = nn.Conv2d(1, 2, 3)
            >>> layer = LocallyConnected2d.from_conv2d(conv, input_size=5)
            >>> x = torch.ones(1, 1, 5, 5)
            >>> torch.allclose(layer(x), conv(x), atol=1e-6)
            True
        """
        if (conv.groups, conv.dilation, conv.padding_mode) != (1, (1, 1), "zeros"):
            raise ValueError(
                f"the convolution has groups={conv.groups}, dilation={conv.dilation}, "
                f"padding_mode={conv.padding_mode!r}; only 1, (1, 1) and 'zeros' can "
                "be copied"
            )
        layer = cls(
            conv.in_channels,
            conv.out_channels,
            input_size,
            conv.kernel_size,
            conv.stride,
            conv.padding,
            conv.bias is not None,
        ).to(conv.weight)
        with torch.no_grad():
            # (o, c, p, q) -> (o, cpq, 1), the same for all places
            layer.weight.copy_(conv.weight.flatten(1)[:, :, None])
            if layer.bias is not None:
                layer.bias.copy_(conv.bias[:, None, None])
        return layer

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b o i j"]:
        """Return the outputs; ValueError if the images are not of the layer's size."""
        expected = (self.in_channels, *self.input_size)
        if x.shape[1:] != expected:
            raise ValueError(
                f"x has images of shape {tuple(x.shape[1:])}; this layer has weights "
                f"for {expected} only"
            )
        columns = unfold(x, self.kernel_size, self.stride, self.padding)
        y = torch.einsum("okl,bkl->bol", self.weight, columns)
        y = y.unflatten(-1, self.output_size)  # (b, o, ij) -> (b, o, i, j)
        return y if self.bias is None else y + self.bias
