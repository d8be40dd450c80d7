"""Convolution and cross-correlation: the definitions, and the layer.

.. math::
    (x * k)_{ij} &= \\sum_{p,q} x_{i-p,\\,j-q}\\, k_{pq} && \\text{convolution} \\\\
    (x ⋆ k)_{ij} &= \\sum_{p,q} x_{i+p,\\,j+q}\\, k_{pq} && \\text{cross-correlation}

The convolutional layers of every library compute the second: since the kernel is
learned, a flip of it changes nothing.  `conv2d` follows them.

Symbols: x image, k kernel, (i, j) place of the output, (p, q) tap.
Source: Goodfellow, Bengio & Courville, *Deep Learning*, 2016, section 9.1.
Parity: ``torch.nn.functional.conv2d``; ``scipy.signal.convolve2d``.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import MODES, Size, check_bias, check_groups, pair
from .arithmetic import output_size, padding_amounts
from .im2col import amounts, unfold


def convolve2d(
    x: Float[Tensor, "h w"], k: Float[Tensor, "p q"], mode: str = "full"
) -> Float[Tensor, "_ _"]:
    """Convolution, written as its definition.

    .. math:: y_{ij} = \\sum_{p,q} x_{i-p,\\,j-q}\\, k_{pq}

    Args:
        x: image, zero outside.
        k: kernel.
        mode: "full", all i and j where the sum is not empty; "same", its middle, of
            the image's size; "valid", where the kernel lies inside the image.

    Returns:
        The convolution.

    Raises:
        ValueError: the mode is unknown, or nothing is valid.

    Source:
        Goodfellow et al. 2016, eq. 9.5.

    Example:
        >>> convolve2d(torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 10.0]]))
        tensor([[ 1., 12., 20.]])
    """
    (h, w), (tall, wide) = x.shape, k.shape
    rows, columns = _places(mode, h, tall), _places(mode, w, wide)
    y = [
        sum(
            x[i - p, j - q] * k[p, q]
            for p in range(max(0, i - h + 1), min(tall, i + 1))
            for q in range(max(0, j - w + 1), min(wide, j + 1))
        )
        for i in rows
        for j in columns
    ]
    return torch.stack(y).reshape(len(rows), len(columns))


def _places(mode: str, n: int, taps: int) -> range:
    """The places of a mode, counted from the first where image and kernel touch."""
    if mode not in MODES:
        raise ValueError(f"mode is {mode!r}; it must be one of {list(MODES)}")
    if mode == "full":
        return range(n + taps - 1)
    if mode == "same":
        return range((taps - 1) // 2, (taps - 1) // 2 + n)
    output_size(n, taps)  # raises where nothing is valid
    return range(taps - 1, n)


def cross_correlate2d(
    x: Float[Tensor, "h w"], k: Float[Tensor, "p q"], mode: str = "valid"
) -> Float[Tensor, "_ _"]:
    """Cross-correlation, written as its definition: slide, multiply, add.

    .. math:: y_{ij} = \\sum_{p,q} x_{i+p,\\,j+q}\\, k_{pq}

    It is the convolution by the kernel turned by 180°.

    Args:
        x: image, zero outside.
        k: kernel.
        mode: "valid", where the kernel lies inside the image; "same", as many places
            as the image has pixels, the odd zero after it; "full", everywhere they
            touch.

    Returns:
        The cross-correlation.

    Raises:
        ValueError: the mode is unknown, or nothing is valid.

    Source:
        Goodfellow et al. 2016, eq. 9.6.

    Example:
        >>> x = torch.tensor([[1.0, 2.0, 3.0]])
        >>> cross_correlate2d(x, torch.tensor([[1.0, 10.0]]))
        tensor([[21., 32.]])
    """
    if mode not in MODES:
        raise ValueError(f"mode is {mode!r}; it must be one of {list(MODES)}")
    (h, w), (tall, wide) = x.shape, k.shape
    above, left = padding_amounts(mode, tall)[0], padding_amounts(mode, wide)[0]
    rows = output_size(h, tall, padding=mode)
    columns = output_size(w, wide, padding=mode)
    y = [
        sum(
            x[i + p, j + q] * k[p, q]
            for p in range(tall)
            for q in range(wide)
            if 0 <= i + p < h and 0 <= j + q < w
        )
        for i in range(-above, rows - above)
        for j in range(-left, columns - left)
    ]
    return torch.stack(y).reshape(rows, columns)


def conv2d(
    x: Float[Tensor, "b c h w"],
    weight: Float[Tensor, "o cg p q"],
    bias: Float[Tensor, " o"] | None = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Float[Tensor, "b o _ _"]:
    """The convolutional layer: a product of the kernels with the columns of im2col.

    .. math:: y_{o,i,j} = β_o + \\sum_{c,p,q} w_{o,c,p,q}\\;
        x_{c,\\; iS + pd - P,\\; jS + qd - P}

    Args:
        x: images.
        weight: one kernel (c / groups, p, q) for each output channel.
        bias: one number β for each output channel.
        stride: step S between windows.
        padding: zeros P on each side, or "valid", "same", "full".
        dilation: distance d between taps.
        groups: how many groups of channels do not see each other.

    Returns:
        Images of o channels; `output_size` gives their height and width.

    Raises:
        ValueError: the kernel does not fit, the groups do not divide the channels, or
            an argument is out of range.

    Source:
        Goodfellow et al. 2016, eq. 9.7 and 9.8; im2col, Chellapilla et al. 2006.

    Example:
        >>> x = torch.arange(4.0).reshape(1, 1, 2, 2)
        >>> conv2d(x, torch.ones(1, 1, 2, 2), padding="same")[0, 0]
        tensor([[6., 4.],
                [5., 3.]])
    """
    o, cg, p, q = weight.shape
    check_groups(x, cg * groups, o, groups)
    check_bias(bias, o)
    b, _, h, _ = x.shape
    zeros = amounts(padding, (p, q), stride, dilation)
    columns = unfold(x, (p, q), stride, padding, dilation)
    # channels are the slowest index of a column: (b, cpq, ij) -> (b, g, cpq/g, ij)
    columns = columns.reshape(b, groups, cg * p * q, -1)
    kernels = weight.reshape(groups, o // groups, cg * p * q)
    y = kernels @ columns  # (b, g, o/g, ij)
    down, _ = pair("stride", stride, at_least=1)
    gap, _ = pair("dilation", dilation, at_least=1)
    rows = output_size(h + sum(zeros[0]), p, down, 0, gap)
    y = y.reshape(b, o, rows, -1)  # (b, g, o/g, ij) -> (b, o, i, j)
    return y if bias is None else y + bias[:, None, None]
