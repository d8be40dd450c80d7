"""Back-propagation through a convolution, by hand: three more convolutions.

With dy the gradient of the loss with respect to the outputs,

.. math::
    dx &= \\text{full correlation of } dy \\text{ with the kernel turned by 180°} \\\\
    dw_{o,c,p,q} &= \\sum_{b,i,j} dy_{b,o,i,j}\\;
        x_{b,\\,c,\\; iS + pd - P,\\; jS + qd - P} \\\\
    dβ_o &= \\sum_{b,i,j} dy_{b,o,i,j}

A stride S puts S − 1 zeros between the entries of dy.

Symbols: x input, w weight, β bias, S stride, P padding, d dilation, b example, o and c
    channels, (i, j) output place, (p, q) tap.
Source: Goodfellow et al. 2016, eq. 9.11 and 9.13; LeCun et al. 1989.
Parity: ``torch.nn.grad.conv2d_input`` and ``conv2d_weight``.
See: chapters/07-convnets
"""

from __future__ import annotations

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor

from .arguments import Size, check_groups, pair
from .arithmetic import output_size
from .convolution import conv2d
from .dilated import zero_stuff
from .im2col import amounts, pad2d


class ConvGradients(NamedTuple):
    """Gradients of the loss with respect to input, weight and bias.

    Example:
        >>> import torch
        >>> x, weight = torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)
        >>> conv2d_backward(torch.ones(1, 1, 2, 2), x, weight).dbias
        tensor([4.])
    """

    dx: Tensor  # (b, c, h, w)
    dweight: Tensor  # (o, c / groups, p, q)
    dbias: Tensor  # (o,)


def conv2d_backward(
    dy: Float[Tensor, "b o i j"],
    x: Float[Tensor, "b c h w"],
    weight: Float[Tensor, "o cg p q"],
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> ConvGradients:
    """The gradients of `conv2d`.

    .. math:: dx_{b,c,u,v} = \\sum_{o,p,q} w_{o,c,p,q}\\,
        dy_{b,o,i,j} \\quad \\text{where } iS + pd - P = u,\\; jS + qd - P = v

    Args:
        dy: gradient with respect to the outputs.
        x: the images of the forward pass.
        weight: the kernels of the forward pass.
        stride: as in `conv2d`.
        padding: as in `conv2d`.
        dilation: as in `conv2d`.
        groups: as in `conv2d`.

    Returns:
        Gradients with respect to images, kernels and bias.

    Raises:
        ValueError: as `conv2d`, or dy is not of the outputs' shape.

    Source:
        Goodfellow et al. 2016, eq. 9.11 and 9.13.

    Example:
        >>> import torch
        >>> x = torch.tensor([[[[1.0, 2.0, 3.0]]]])
        >>> weight = torch.tensor([[[[1.0, 4.0]]]])
        >>> gradients = conv2d_backward(torch.tensor([[[[1.0, 10.0]]]]), x, weight)
        >>> gradients.dx.flatten().tolist(), gradients.dweight.flatten().tolist()
        ([1.0, 14.0, 40.0], [21.0, 32.0])
    """
    o, cg, *taps = weight.shape
    check_groups(x, cg * groups, o, groups)
    steps = pair("stride", stride, at_least=1)
    gaps = pair("dilation", dilation, at_least=1)
    zeros = amounts(padding, tuple(taps), stride, dilation)
    padded = pad2d(x, zeros)
    sizes = tuple(
        output_size(n, k, s, 0, d)
        for n, k, s, d in zip(padded.shape[2:], taps, steps, gaps, strict=True)
    )
    if dy.shape != (len(x), o, *sizes):
        raise ValueError(
            f"dy has the shape {tuple(dy.shape)} and the outputs "
            f"{(len(x), o, *sizes)}; they must be equal"
        )
    return ConvGradients(
        _input(dy, weight, padded.shape[2:], zeros, steps, gaps, groups),
        _weight(dy, padded, taps, steps, gaps, groups),
        dy.sum((0, 2, 3)),
    )


def _input(dy, weight, padded, zeros, steps, gaps, groups):
    o, cg, p, q = weight.shape
    stuffed = zero_stuff(dy, steps)
    borders = []
    for n, k, d, (before, after), m in zip(
        padded, (p, q), gaps, zeros, stuffed.shape[2:], strict=True
    ):
        reach = d * (k - 1)
        unread = n - reach - m  # the end, which the stride may have skipped
        borders.append((reach - before, reach - after + unread))
    # what made output channels now reads them: (g, o/g, c/g, p, q) -> (c, o/g, p, q)
    turned = weight.reshape(groups, o // groups, cg, p, q).transpose(1, 2)
    turned = turned.reshape(groups * cg, o // groups, p, q).flip(2, 3)
    return conv2d(pad2d(stuffed, tuple(borders)), turned, None, 1, 0, gaps, groups)


def _weight(dy, padded, taps, steps, gaps, groups):
    """Correlate x with dy, summing over the examples as a convolution does over
    channels; stride and dilation change places."""
    b, c, h, w = padded.shape
    # (b, g, c/g, h, w) -> (c/g, g, b, h, w) -> (c/g, gb, h, w)
    examples = padded.reshape(b, groups, c // groups, h, w).permute(2, 1, 0, 3, 4)
    examples = examples.reshape(c // groups, groups * b, h, w)
    kernels = dy.transpose(0, 1)  # (o, b, i, j)
    dweight = conv2d(examples, kernels, None, gaps, 0, steps, groups)
    # the end that the stride skipped gives places beyond the last tap
    return dweight[:, :, : taps[0], : taps[1]].transpose(0, 1)
