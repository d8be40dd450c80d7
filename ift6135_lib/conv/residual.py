"""Residual blocks: learn what to add to the input, so depth no longer hurts training.

.. math:: y = \\mathrm{ReLU}(x + F(x))

F has two or three convolutions with batch normalization; no ReLU ends it: the last one
comes after the sum. Where shapes change, x goes through a 1 × 1 convolution, the
projection. Without "x +" the block is *plain*.

Symbols: F ``residual``, x or its projection ``shortcut``.
Source: He et al., CVPR 2016, arXiv:1512.03385, section 3 and figure 5.
Deviation: a bottleneck strides in its 3 × 3 convolution, as torchvision's and timm's do
    (the paper: in the first 1 × 1).
See: chapters/07-convnets
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

from .conv_norm import ConvNorm


class ResidualBlock(nn.Module):
    """y = ReLU(x + F(x)); a subclass gives the layers of F.

    Args:
        d_in: input channels.
        d: width of the block; ``expansion`` times as many channels come out.
        stride: of the block.
        residual: whether x is added; without it the block is plain.
    """

    expansion = 1

    def __init__(self, d_in: int, d: int, *, stride: int = 1, residual: bool = True):
        super().__init__()
        d_out = self.expansion * d
        self.residual = nn.Sequential(*self.layers(d_in, d, stride))
        self.shortcut = None
        if residual:
            same = stride == 1 and d_in == d_out
            self.shortcut = nn.Identity()
            if not same:
                self.shortcut = ConvNorm(d_in, d_out, stride=stride, act=None)
        self.act = nn.ReLU(inplace=True)

    def layers(self, d_in: int, d: int, stride: int) -> list[nn.Module]:
        """The layers of F, to be said by each kind of block.

        Args:
            d_in: channels of x.
            d: channels of the block.
            stride: of the block.

        Returns:
            The layers, in their order.
        """
        raise NotImplementedError

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h2 w2"]:
        """ReLU(x + F(x)); ReLU(F(x)) without a shortcut."""
        y = self.residual(x)
        if self.shortcut is not None:
            y += self.shortcut(x)
        return self.act(y)


class BasicBlock(ResidualBlock):
    """Two 3 × 3 convolutions: y = ReLU(x + F(x)).

    Args:
        d_in: input channels.
        d: output channels.
        stride: of the first convolution.
        residual: whether x is added; without it the block is plain.

    Source:
        He et al. 2016, figure 5, left.

    Example:
        >>> import torch
        >>> BasicBlock(16, 32, stride=2)(torch.zeros(1, 16, 8, 8)).shape
        torch.Size([1, 32, 4, 4])
    """

    def layers(self, d_in: int, d: int, stride: int) -> list[nn.Module]:
        """See :class:`ResidualBlock`."""
        return [ConvNorm(d_in, d, 3, stride=stride), ConvNorm(d, d, 3, act=None)]


class Bottleneck(ResidualBlock):
    """1 × 1 down, 3 × 3, 1 × 1 up to four times the width: y = ReLU(x + F(x)).

    Args:
        d_in: input channels.
        d: channels of the 3 × 3 convolution; 4d come out.
        stride: of the 3 × 3 convolution.
        residual: whether x is added; without it the block is plain.

    Source:
        He et al. 2016, figure 5, right.

    Example:
        >>> import torch
        >>> Bottleneck(64, 16)(torch.zeros(1, 64, 8, 8)).shape
        torch.Size([1, 64, 8, 8])
    """

    expansion = 4

    def layers(self, d_in: int, d: int, stride: int) -> list[nn.Module]:
        """See :class:`ResidualBlock`."""
        return [
            ConvNorm(d_in, d),
            ConvNorm(d, d, 3, stride=stride),
            ConvNorm(d, 4 * d, act=None),
        ]
