"""Convolution by the Fourier transform: a product at each frequency.

.. math:: \\mathcal F(x ⋆ k) = \\mathcal F(x) ⊙ \\overline{\\mathcal F(k)}

Symbols: x image, k kernel, 𝓕 discrete Fourier transform, ⋆ cross-correlation.
Source: Mathieu, Henaff & LeCun, ICLR 2014, arXiv:1312.5851, section 2.
Parity: ``torch.nn.functional.conv2d``.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import Size, check_bias, check_groups
from .arithmetic import output_size
from .im2col import amounts, pad2d


def conv2d_fft(
    x: Float[Tensor, "b c h w"],
    weight: Float[Tensor, "o _ p q"],
    bias: Float[Tensor, " o"] | None = None,
    padding: Size | str = 0,
) -> Float[Tensor, "b o _ _"]:
    """The convolutional layer by the convolution theorem.

    .. math:: \\mathcal F(x ⋆ k) = \\mathcal F(x) ⊙ \\overline{\\mathcal F(k)}

    The cost no longer depends on the kernel's size; it pays for large kernels only.

    Args:
        x: images.
        weight: one kernel (c, p, q) for each output channel.
        bias: one number for each output channel.
        padding: zeros on each side, or "valid", "same", "full".

    Returns:
        What `conv2d` returns, up to rounding.

    Raises:
        ValueError: the kernel does not fit, the channels differ, or an argument is out
            of range.

    Source:
        Mathieu, Henaff & LeCun, ICLR 2014, arXiv:1312.5851, section 2.

    Example:
        >>> x = torch.arange(9.0).reshape(1, 1, 3, 3)
        >>> conv2d_fft(x, torch.ones(1, 1, 2, 2)).round()[0, 0]
        tensor([[ 8., 12.],
                [20., 24.]])
    """
    o, c, p, q = weight.shape
    check_groups(x, c, o, 1)
    check_bias(bias, o)
    x = pad2d(x, amounts(padding, (p, q), 1, 1))
    h, w = x.shape[2:]
    rows, columns = output_size(h, p), output_size(w, q)
    # the product of transforms wraps around; the places kept here never reach the edge
    product = torch.einsum(
        "bchw,ochw->bohw",
        torch.fft.rfft2(x),
        torch.fft.rfft2(weight, s=(h, w)).conj(),
    )
    y = torch.fft.irfft2(product, s=(h, w))[:, :, :rows, :columns]
    return y if bias is None else y + bias[:, None, None]
