"""Pooling: each window of a channel becomes one number, its largest or its mean.

.. math::
    \\text{max: } y_{ij} &= \\max_{p,q} x_{iS+p,\\,jS+q} \\\\
    \\text{average: } y_{ij} &= \\frac{1}{K^2} \\sum_{p,q} x_{iS+p,\\,jS+q}

No parameter is learned.  The gradient of a maximum goes to the tap that attained it;
when several did, to the first of them, row by row, as in PyTorch.

Symbols: K ``kernel``, S ``stride``, (i, j) window, (p, q) tap.
Source: Boureau, Ponce & LeCun, ICML 2010; Goodfellow et al. 2016, section 9.3.
Parity: ``torch.nn.functional.max_pool2d`` and ``avg_pool2d``.
See: chapters/07-convnets
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import Size, pair
from .im2col import fold, pad2d, sliding_windows


def max_pool2d(
    x: Float[Tensor, "b c h w"],
    kernel: Size,
    stride: Size | None = None,
    padding: Size = 0,
) -> Float[Tensor, "b c _ _"]:
    """The largest entry of each window.

    .. math:: y_{ij} = \\max_{p,q} x_{iS+p-P,\\,jS+q-P}

    Args:
        x: images.
        kernel: size of a window (rows, columns).
        stride: step between windows; by default the kernel: they do not overlap.
        padding: places P on each side that never are the largest; at most kernel / 2.

    Returns:
        Images; `output_size` gives their height and width.

    Raises:
        ValueError: the window does not fit, or an argument is out of range.

    Source:
        Goodfellow et al. 2016, section 9.3.

    Example:
        >>> max_pool2d(torch.arange(16.0).reshape(1, 1, 4, 4), 2)[0, 0]
        tensor([[ 5.,  7.],
                [13., 15.]])
    """
    windows = _windows(x, kernel, stride, padding, -math.inf)
    return windows.gather(-1, windows.argmax(-1, keepdim=True)).squeeze(-1)


def avg_pool2d(
    x: Float[Tensor, "b c h w"],
    kernel: Size,
    stride: Size | None = None,
    padding: Size = 0,
) -> Float[Tensor, "b c _ _"]:
    """The mean of each window, zeros of the padding included.

    .. math:: y_{ij} = \\frac{1}{K^2} \\sum_{p,q} x_{iS+p-P,\\,jS+q-P}

    Args:
        x: images.
        kernel: size of a window (rows, columns).
        stride: step between windows; by default the kernel: they do not overlap.
        padding: zeros P on each side; at most kernel / 2.

    Returns:
        Images; `output_size` gives their height and width.

    Raises:
        ValueError: the window does not fit, or an argument is out of range.

    Source:
        Goodfellow et al. 2016, section 9.3.

    Example:
        >>> avg_pool2d(torch.arange(16.0).reshape(1, 1, 4, 4), 2)[0, 0]
        tensor([[ 2.5000,  4.5000],
                [10.5000, 12.5000]])
    """
    return _windows(x, kernel, stride, padding, 0.0).mean(-1)


def global_avg_pool2d(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c"]:
    """The mean of each channel: one number wherever the features are, however large x.

    .. math:: y_c = \\frac{1}{HW} \\sum_{i,j} x_{c,i,j}

    Args:
        x: images.

    Returns:
        Means (b, c).

    Source:
        Lin, Chen & Yan, ICLR 2014, arXiv:1312.4400, section 3.2.

    Example:
        >>> global_avg_pool2d(torch.arange(4.0).reshape(1, 1, 2, 2))
        tensor([[1.5000]])
    """
    return x.mean((2, 3))


def max_pool2d_backward(
    dy: Float[Tensor, "b c i j"],
    x: Float[Tensor, "b c h w"],
    kernel: Size,
    stride: Size | None = None,
    padding: Size = 0,
) -> Float[Tensor, "b c h w"]:
    """Send each window's gradient to the entry that was the largest.

    .. math:: \\frac{∂L}{∂x_{uv}} =
        \\sum_{i,j} \\frac{∂L}{∂y_{ij}} \\,
        [(u, v) = \\arg\\max \\text{ of window } (i, j)]

    Args:
        dy: gradient of the loss with respect to the outputs.
        x: the images that were pooled.
        kernel: size of a window, as in `max_pool2d`.
        stride: as in `max_pool2d`.
        padding: as in `max_pool2d`.

    Returns:
        Gradient with respect to x.  Ties go to the first of the largest, row by row.

    Raises:
        ValueError: as `max_pool2d`, or dy is not of the outputs' shape.

    Example:
        >>> x = torch.tensor([[[[1.0, 3.0], [3.0, 2.0]]]])
        >>> max_pool2d_backward(torch.tensor([[[[5.0]]]]), x, 2)[0, 0]
        tensor([[0., 5.],
                [0., 0.]])
    """
    windows = _windows(x, kernel, stride, padding, -math.inf)
    _check_gradient(dy, windows)
    where = windows.argmax(-1, keepdim=True)  # the first of them, when several are
    shares = torch.zeros_like(windows).scatter(-1, where, dy.unsqueeze(-1))
    return _gather_back(shares, x.shape[2:], kernel, stride, padding)


def avg_pool2d_backward(
    dy: Float[Tensor, "b c i j"],
    x: Float[Tensor, "b c h w"],
    kernel: Size,
    stride: Size | None = None,
    padding: Size = 0,
) -> Float[Tensor, "b c h w"]:
    """Share each window's gradient equally among its entries.

    .. math:: \\frac{∂L}{∂x_{uv}} = \\frac{1}{K^2}
        \\sum_{\\text{windows } (i,j) ∋ (u,v)} \\frac{∂L}{∂y_{ij}}

    Args:
        dy: gradient of the loss with respect to the outputs.
        x: the images that were pooled; only their size counts.
        kernel: size of a window, as in `avg_pool2d`.
        stride: as in `avg_pool2d`.
        padding: as in `avg_pool2d`.

    Returns:
        Gradient with respect to x.

    Raises:
        ValueError: as `avg_pool2d`, or dy is not of the outputs' shape.

    Example:
        >>> avg_pool2d_backward(torch.tensor([[[[8.0]]]]), torch.ones(1, 1, 2, 2), 2)
        tensor([[[[2., 2.],
                  [2., 2.]]]])
    """
    windows = _windows(x, kernel, stride, padding, 0.0)
    _check_gradient(dy, windows)
    shares = (dy / windows.shape[-1]).unsqueeze(-1).expand(windows.shape)
    return _gather_back(shares, x.shape[2:], kernel, stride, padding)


def _windows(
    x: Tensor, kernel: Size, stride: Size | None, padding: Size, value: float
) -> Float[Tensor, "b c i j pq"]:
    kernel = pair("kernel", kernel, at_least=1)
    up, left = pair("padding", padding, at_least=0)
    if 2 * up > kernel[0] or 2 * left > kernel[1]:
        raise ValueError(
            f"padding is {(up, left)} and the kernel {kernel}; a window would see "
            f"padding only: at most {(kernel[0] // 2, kernel[1] // 2)}"
        )
    x = pad2d(x, ((up, up), (left, left)), value)
    return sliding_windows(x, kernel, kernel if stride is None else stride).flatten(4)


def _check_gradient(dy: Tensor, windows: Tensor) -> None:
    if dy.shape != windows.shape[:4]:
        raise ValueError(
            f"dy has the shape {tuple(dy.shape)} and the outputs "
            f"{tuple(windows.shape[:4])}; they must be equal"
        )


def _gather_back(
    shares: Tensor,
    size: tuple[int, ...],
    kernel: Size,
    stride: Size | None,
    padding: Size,
) -> Tensor:
    b, c, i, j, taps = shares.shape
    # (b, c, i, j, pq) -> (b, c, pq, i, j) -> (b, cpq, ij)
    columns = shares.permute(0, 1, 4, 2, 3).reshape(b, c * taps, i * j)
    stride = kernel if stride is None else stride
    return fold(columns, tuple(size), kernel, stride, padding)
