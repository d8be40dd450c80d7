"""Fully convolutional network: a class for every pixel.

Convolutions and poolings say *what* on a coarse grid, a 1 × 1 convolution turns
features into scores, transposed convolutions bring the scores back to the pixels.  What
the poolings lost of *where* is added on the way, from the finer layers:

.. math:: s = s_1 + \\mathrm{up}\\big(s_2 + \\mathrm{up}(s_4)\\big)

where s_r are the scores of the features at 1/r of the resolution.  The coarsest layer
is dilated, to see further without a third pooling.

Source: Long, Shelhamer & Darrell, CVPR 2015, arXiv:1411.4038, section 4; dilation, Yu &
    Koltun, ICLR 2016, arXiv:1511.07122.
Declared deviations: three small stages, with batch normalization, in place of a
    pre-trained VGG-16; the up-sampling kernels of different classes do not mix.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from .arguments import whole


def bilinear_kernel(factor: int) -> Float[Tensor, "k k"]:
    """The kernel that makes a transposed convolution interpolate.

    .. math:: k_{pq} = h_p h_q, \\qquad
        h_p = 1 - \\frac{|p - (K-1)/2|}{f}, \\qquad K = 2f

    Args:
        factor: how many times larger the images become, f = stride; even.

    Returns:
        The kernel, to be used with padding f / 2.

    Raises:
        ValueError: factor is odd, or below 2.

    Source:
        Long et al. 2015, section 3.3.

    Example:
        >>> bilinear_kernel(2)[0]
        tensor([0.0625, 0.1875, 0.1875, 0.0625])
    """
    whole("factor", factor, at_least=2)
    if factor % 2:
        raise ValueError(
            f"factor is {factor}; it must be even, so that half of it is cut"
        )
    place = torch.arange(2 * factor) - (2 * factor - 1) / 2
    row = 1 - place.abs() / factor
    return torch.outer(row, row)


class FCN(nn.Module):
    """A small fully convolutional network with two skip connections.

    .. math:: s = s_1 + \\mathrm{up}\\big(s_2 + \\mathrm{up}(s_4)\\big)

    Args:
        in_channels: of the images.
        classes: number of scores for each pixel, the background's included.
        width: channels of the first stage; the next ones have 2 and 4 times as many.

    Raises:
        ValueError: an argument is below 1.

    Source:
        Long et al. 2015, section 4.2.

    Example:
        >>> FCN(classes=11)(torch.zeros(2, 1, 24, 32)).shape
        torch.Size([2, 11, 24, 32])
    """

    def __init__(self, in_channels: int = 1, classes: int = 11, width: int = 16):
        super().__init__()
        for name, value in (
            ("in_channels", in_channels),
            ("classes", classes),
            ("width", width),
        ):
            whole(name, value, at_least=1)
        self.stage1 = _stage(in_channels, width)
        self.stage2 = _stage(width, 2 * width)
        self.stage3 = _stage(2 * width, 4 * width)
        self.context = _stage(4 * width, 4 * width, dilation=2)
        self.score1 = nn.Conv2d(width, classes, 1)
        self.score2 = nn.Conv2d(2 * width, classes, 1)
        self.score4 = nn.Conv2d(4 * width, classes, 1)
        self.up2, self.up1 = (
            nn.ConvTranspose2d(classes, classes, 4, 2, 1, groups=classes, bias=False)
            for _ in range(2)
        )
        for up in (self.up1, self.up2):
            up.weight.data.copy_(bilinear_kernel(2))

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b classes h w"]:
        """Return the scores; ValueError if a side is not a multiple of 4."""
        if x.shape[2] % 4 or x.shape[3] % 4:
            raise ValueError(
                f"x is {x.shape[2]} × {x.shape[3]}; two poolings need sides that are "
                "multiples of 4"
            )
        fine = self.stage1(x)
        middle = self.stage2(F.max_pool2d(fine, 2))
        coarse = self.context(self.stage3(F.max_pool2d(middle, 2)))
        scores = self.score2(middle) + self.up2(self.score4(coarse))
        return self.score1(fine) + self.up1(scores)


def _stage(in_channels: int, out_channels: int, dilation: int = 1) -> nn.Sequential:
    """A 3 × 3 convolution that keeps the size, batch normalization, ReLU."""
    conv = nn.Conv2d(
        in_channels,
        out_channels,
        3,
        padding=dilation,
        dilation=dilation,
        bias=False,  # the normalization adds one
    )
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels), nn.ReLU())


def intersection_over_union(
    predicted: Int[Tensor, "*n"], target: Int[Tensor, "*n"], classes: int
) -> Float[Tensor, " classes"]:
    """How well regions agree, class by class.

    .. math:: \\mathrm{IoU}_c = \\frac{|P_c ∩ T_c|}{|P_c ∪ T_c|}

    Args:
        predicted: class of each pixel, P.
        target: true class of each pixel, T.
        classes: number of classes.

    Returns:
        One number in [0, 1] for each class; NaN for a class that is in neither.

    Raises:
        ValueError: a class lies outside 0 … classes − 1.

    Source:
        Long et al. 2015, section 5 (its mean over the classes).

    Example:
        >>> mask = torch.tensor([0, 0, 1, 1])
        >>> intersection_over_union(torch.tensor([0, 1, 1, 1]), mask, 2)
        tensor([0.5000, 0.6667])
    """
    low = min(predicted.min().item(), target.min().item())
    high = max(predicted.max().item(), target.max().item())
    if low < 0 or high >= classes:
        raise ValueError(
            f"the classes go from {low} to {high}; they must lie between 0 and "
            f"{classes - 1}"
        )
    pairs = classes * target.flatten() + predicted.flatten()
    confusion = pairs.bincount(minlength=classes**2).reshape(classes, classes)
    both = confusion.diag()
    return both / (confusion.sum(0) + confusion.sum(1) - both)
