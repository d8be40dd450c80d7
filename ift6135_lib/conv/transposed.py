"""Transposed convolution: the adjoint of a convolution, not its inverse.

.. math:: ⟨Cx, y⟩ = ⟨x, C^⊤ y⟩

A convolution *reads* a window for each output; its transpose *writes* one for each
input, and adds where windows overlap.  It is the gradient of the convolution with
respect to its input: it brings the shape back, not the values ("deconvolution" is a
misnomer).

Where K is not a multiple of S the positions are written unequally often, and images
made this way show a checkerboard.

Symbols: C matrix of the convolution, K ``kernel``, S ``stride``, P ``padding``.
Source: Dumoulin & Visin 2016, arXiv:1603.07285, section 4; Odena, Dumoulin & Olah,
    *Distill*, 2016.
Parity: ``torch.nn.functional.conv_transpose2d``.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from .arguments import Size, check_bias, check_groups, pair
from .arithmetic import transposed_output_size
from .im2col import fold


def conv_transpose2d(
    x: Float[Tensor, "b c i j"],
    weight: Float[Tensor, "_ og p q"],
    bias: Float[Tensor, " o"] | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Float[Tensor, "b o h w"]:
    """Write a kernel for each input entry, times that entry; add up.

    .. math:: y_{o,\\; iS + pd - P,\\; jS + qd - P}
        \\mathrel{+}= w_{c,o,p,q}\\; x_{c,i,j}

    Args:
        x: images.
        weight: kernels (c, o / groups, p, q): those of the convolution from o to c
            channels of which this is the adjoint.
        bias: one number for each output channel.
        stride: step S between two places of writing.
        padding: positions P cut from each side.
        output_padding: positions added at the end, below the stride.
        dilation: distance d between taps.
        groups: how many groups of channels do not see each other.

    Returns:
        Images; `transposed_output_size` gives their height and width.

    Raises:
        ValueError: nothing is left, the groups do not divide the channels, or an
            argument is out of range.

    Source:
        Dumoulin & Visin 2016, section 4.

    Example:
        >>> conv_transpose2d(torch.ones(1, 1, 1, 2), torch.ones(1, 1, 1, 3), stride=2)
        tensor([[[[1., 1., 2., 1., 1.]]]])
    """
    c, og, p, q = weight.shape
    check_groups(x, c, og * groups, groups)
    check_bias(bias, og * groups)
    b, _, i, j = x.shape
    size = tuple(
        transposed_output_size(*numbers)
        for numbers in zip(
            (i, j),
            (p, q),
            pair("stride", stride, at_least=1),
            pair("padding", padding, at_least=0),
            pair("output_padding", output_padding, at_least=0),
            pair("dilation", dilation, at_least=1),
            strict=True,
        )
    )
    kernels = weight.reshape(groups, c // groups, og * p * q)
    inputs = x.reshape(b, groups, c // groups, i * j)
    columns = kernels.mT @ inputs  # (b, g, opq/g, ij)
    columns = columns.reshape(b, groups * og * p * q, i * j)
    y = fold(columns, size, (p, q), stride, padding, dilation)
    return y if bias is None else y + bias[:, None, None]


def overlap_count(
    n: int, kernel: int, stride: int = 1, padding: int = 0
) -> Int[Tensor, " m"]:
    """How many inputs write into each output position, along one axis.

    .. math:: m_u = \\#\\{(i, p) : iS + p - P = u\\}

    In the interior it is constant exactly if S divides K.  In two dimensions the counts
    multiply: ``torch.outer(m, m)`` is the checkerboard.

    Args:
        n: number of inputs.
        kernel: number of taps K.
        stride: step S.
        padding: positions P cut from each side.

    Returns:
        One count for each output position.

    Raises:
        ValueError: as `transposed_output_size`.

    Source:
        Odena, Dumoulin & Olah, *Distill*, 2016.

    Example:
        >>> overlap_count(4, kernel=3, stride=2), overlap_count(3, kernel=4, stride=2)
        (tensor([1, 1, 2, 1, 2, 1, 2, 1, 1]), tensor([1, 1, 2, 2, 2, 2, 1, 1]))
    """
    size = transposed_output_size(n, kernel, stride, padding)
    places = stride * torch.arange(n)[:, None] + torch.arange(kernel)  # (n, kernel)
    return places.flatten().bincount()[padding : padding + size]
