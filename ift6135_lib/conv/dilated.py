"""Dilated (atrous) convolution: the same taps, further apart.

.. math:: \\hat k = d\\,(k - 1) + 1

A kernel of k taps spans k̂ positions, at no cost: the zeros in between are never
multiplied.  Layers of dilation 1, 2, 4, … see exponentially far in depth.

Symbols: k number of taps, d ``dilation``, k̂ positions spanned.
Source: Yu & Koltun, ICLR 2016, arXiv:1511.07122, section 2.
See: chapters/07-convnets
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from .arguments import Size, pair, whole


def effective_kernel_size(kernel: int, dilation: int = 1) -> int:
    r"""How many positions a dilated kernel spans.

    .. math:: \hat k = d (k - 1) + 1

    Args:
        kernel: number of taps k.
        dilation: distance d between taps.

    Returns:
        The positions from the first tap to the last.

    Raises:
        ValueError: an argument is below 1.

    Source:
        Dumoulin & Visin 2016, arXiv:1603.07285, section 5.1.

    Example:
        >>> effective_kernel_size(3, dilation=4)
        9
    """
    taps = whole("kernel", kernel, at_least=1)
    return whole("dilation", dilation, at_least=1) * (taps - 1) + 1


def zero_stuff(x: Float[Tensor, "b c h w"], factor: Size) -> Float[Tensor, "b c _ _"]:
    """Put zeros between neighbours: factor − 1 of them, none at the border.

    .. math:: y_{if,\\,jf} = x_{ij}, \\quad 0 \\text{ elsewhere}

    It spreads the taps of a dilated kernel, and the gradients of a strided convolution.

    Args:
        x: images or kernels.
        factor: distance f between what were neighbours.

    Returns:
        The stuffed images, `effective_kernel_size` high and wide.

    Raises:
        ValueError: factor is below 1.

    Source:
        Dumoulin & Visin 2016, arXiv:1603.07285, sections 4.5 and 5.1.

    Example:
        >>> import torch
        >>> zero_stuff(torch.tensor([[[[1.0, 2.0, 3.0]]]]), 2)
        tensor([[[[1., 0., 2., 0., 3.]]]])
    """
    down, across = pair("factor", factor, at_least=1)
    b, c, h, w = x.shape
    y = x.new_zeros(
        b, c, effective_kernel_size(h, down), effective_kernel_size(w, across)
    )
    y[:, :, ::down, ::across] = x
    return y
