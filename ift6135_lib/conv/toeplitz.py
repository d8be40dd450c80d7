"""A convolution is a matrix: sparse, with the same few numbers along its diagonals.

.. math:: C\\,\\mathrm{vec}(x) = \\mathrm{vec}(x ⋆ k), \\qquad
    C_{i,\\; iS + pd - P} = k_p

In one dimension C is a Toeplitz matrix (at stride 1); in two, a Toeplitz matrix of
Toeplitz blocks, "doubly block Toeplitz":

.. math:: C = \\sum_p E_p ⊗ T(k_p)

where T(k_p) is the matrix of the p-th row of the kernel and E_p that of a kernel with a
single 1, at tap p.  The zeros are *local connectivity*: they save multiplications.  The
repetition is *parameter sharing*: it saves parameters, and no multiplication.

Symbols: k kernel, S stride, P padding, d dilation, ⊗ Kronecker product.
Source: Goodfellow, Bengio & Courville, *Deep Learning*, 2016, sections 9.1 and 9.2.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import Size, pair
from .arithmetic import output_size, padding_amounts


def conv_matrix(
    kernel: Float[Tensor, " p"] | Float[Tensor, "p q"],
    shape: int | tuple[int, ...],
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
) -> Float[Tensor, "outputs inputs"]:
    """The matrix of a cross-correlation, in one or two dimensions.

    .. math:: C\\,\\mathrm{vec}(x) = \\mathrm{vec}(x ⋆ k)

    Args:
        kernel: taps, (p,) or (p, q).
        shape: of the input, n or (n,) in one dimension, (h, w) in two.
        stride: step between windows.
        padding: zeros on each side, or "valid", "same", "full".
        dilation: distance between taps.

    Returns:
        The matrix; rows are outputs and columns inputs, both row by row.

    Raises:
        ValueError: shape has not as many numbers as the kernel has axes, the kernel
            does not fit, or an argument is out of range.

    Source:
        Goodfellow et al. 2016, section 9.1.

    Example:
        >>> conv_matrix(torch.tensor([1.0, 2.0]), 3)
        tensor([[1., 2., 0.],
                [0., 1., 2.]])
    """
    shape = shape if isinstance(shape, tuple | list) else (shape,)
    if len(shape) != kernel.ndim:
        raise ValueError(
            f"shape is {tuple(shape)} and the kernel has {kernel.ndim} axes; give "
            f"{kernel.ndim} numbers"
        )
    if kernel.ndim == 1:
        return _toeplitz(kernel, shape[0], stride, padding, dilation)
    paddings = (
        (padding, padding)
        if isinstance(padding, str)
        else pair("padding", padding, at_least=0)
    )
    (tall, wide), (up, left) = shape, paddings
    down, across = pair("stride", stride, at_least=1)
    far, wider = pair("dilation", dilation, at_least=1)
    single = torch.eye(len(kernel), dtype=kernel.dtype, device=kernel.device)
    return sum(
        torch.kron(
            _toeplitz(at, tall, down, up, far),
            _toeplitz(row, wide, across, left, wider),
        )
        for at, row in zip(single, kernel, strict=True)
    )


def _toeplitz(
    kernel: Float[Tensor, " p"], n: int, stride: int, padding: int | str, dilation: int
) -> Float[Tensor, "outputs n"]:
    taps = len(kernel)
    rows = output_size(n, taps, stride, padding, dilation)
    before, after = padding_amounts(padding, taps, stride, dilation)
    i = torch.arange(rows, device=kernel.device)[:, None]  # (rows, 1)
    p = torch.arange(taps, device=kernel.device)  # (taps,)
    matrix = kernel.new_zeros(rows, before + n + after)
    matrix[i, i * stride + p * dilation] = kernel
    return matrix[:, before : before + n]  # the padding multiplies zeros
