"""im2col: lay every window of an image out as a column, so that one product is enough.

.. math:: U_{(c,p,q),(i,j)} = x_{c,\\; iS + pd - P,\\; jS + qd - P}

``fold`` (col2im) is the transpose of that linear map: it adds each entry of a column
back where it was read.  It undoes nothing: a pixel read by m windows comes back m-fold.

Symbols: c channel, (p, q) tap, (i, j) window, S stride, P padding, d dilation.
Source: Chellapilla, Puri & Simard, IWFHR 2006.
Parity: ``torch.nn.functional.unfold`` and ``fold``.
See: chapters/07-convnets
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from .arguments import MODES, Size, pair
from .arithmetic import output_size, padding_amounts

Amounts = tuple[tuple[int, int], tuple[int, int]]


def amounts(padding: Size | str, kernel: Size, stride: Size, dilation: Size) -> Amounts:
    """Zeros (above, below) and (left, right) of a padding; see `padding_amounts`."""
    if isinstance(padding, str) and padding not in MODES:
        raise ValueError(
            f"padding is {padding!r}; it must be numbers or one of {list(MODES)}"
        )
    if isinstance(padding, str):
        two = (padding, padding)
    else:
        two = pair("padding", padding, at_least=0)
    rows, columns = zip(
        two,
        pair("kernel", kernel, at_least=1),
        pair("stride", stride, at_least=1),
        pair("dilation", dilation, at_least=1),
        strict=True,
    )
    return padding_amounts(*rows), padding_amounts(*columns)


def pad2d(
    x: Float[Tensor, "b c h w"], zeros: Amounts, value: float = 0.0
) -> Float[Tensor, "b c _ _"]:
    """Put constants around images; a negative number of them cuts instead."""
    (above, below), (left, right) = zeros
    return F.pad(x, (left, right, above, below), value=value)


def sliding_windows(
    x: Float[Tensor, "b c h w"],
    kernel: Size,
    stride: Size = 1,
    dilation: Size = 1,
) -> Float[Tensor, "b c i j p q"]:
    """Every window of images, without a copy: only the strides change.

    .. math:: W_{b,c,i,j,p,q} = x_{b,\\,c,\\,iS+pd,\\,jS+qd}

    Args:
        x: images, already padded.
        kernel: taps of a window (rows, columns).
        stride: step between windows.
        dilation: distance between taps.

    Returns:
        A view (b, c, windows down, windows across, taps down, taps across).  It shares
        the memory of x, several times over: do not write into it.

    Raises:
        ValueError: the window does not fit, or a number is out of range.

    Example:
        >>> import torch
        >>> x = torch.arange(9.0).reshape(1, 1, 3, 3)
        >>> sliding_windows(x, 2)[0, 0, 0, 1]
        tensor([[1., 2.],
                [4., 5.]])
    """
    taps = pair("kernel", kernel, at_least=1)
    steps = pair("stride", stride, at_least=1)
    gaps = pair("dilation", dilation, at_least=1)
    x = x.contiguous()
    b, c, h, w = x.shape
    sizes = [
        output_size(n, k, s, 0, d)
        for n, k, s, d in zip((h, w), taps, steps, gaps, strict=True)
    ]
    to_b, to_c, to_h, to_w = x.stride()
    strides = (to_h * steps[0], to_w * steps[1], to_h * gaps[0], to_w * gaps[1])
    return x.as_strided((b, c, *sizes, *taps), (to_b, to_c, *strides))


def unfold(
    x: Float[Tensor, "b c h w"],
    kernel: Size,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
) -> Float[Tensor, "b cpq ij"]:
    """im2col: the windows of images, one column each.

    .. math:: U_{(c,p,q),(i,j)} = x_{c,\\; iS + pd - P,\\; jS + qd - P}

    Args:
        x: images.
        kernel: taps of a window (rows, columns).
        stride: step between windows.
        padding: zeros on each side, or "valid", "same", "full".
        dilation: distance between taps.

    Returns:
        Columns (b, c · taps, windows), windows row by row.

    Raises:
        ValueError: the window does not fit, or an argument is out of range.

    Source:
        Chellapilla, Puri & Simard 2006 (there, "unrolling").

    Example:
        >>> import torch
        >>> unfold(torch.arange(4.0).reshape(1, 1, 2, 2), (1, 2))
        tensor([[[0., 2.],
                 [1., 3.]]])
    """
    x = pad2d(x, amounts(padding, kernel, stride, dilation))
    windows = sliding_windows(x, kernel, stride, dilation)
    b, c, i, j, p, q = windows.shape
    # (b, c, i, j, p, q) -> (b, c, p, q, i, j) -> (b, cpq, ij)
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(b, c * p * q, i * j)


def fold(
    columns: Float[Tensor, "b cpq ij"],
    size: Size,
    kernel: Size,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
) -> Float[Tensor, "b c h w"]:
    """col2im: add columns back where `unfold` reads them; its transpose.

    .. math:: ⟨\\mathrm{unfold}(x), U⟩ = ⟨x, \\mathrm{fold}(U)⟩

    Args:
        columns: (b, c · taps, windows).
        size: height and width of the images.
        kernel: taps of a window (rows, columns).
        stride: step between windows.
        padding: what `unfold` put on each side, or "valid", "same", "full".
        dilation: distance between taps.

    Returns:
        Images.

    Raises:
        ValueError: the columns are not those of such images, or an argument is out of
            range.

    Source:
        Chellapilla, Puri & Simard 2006 (there, "unrolling").

    Example:
        >>> import torch
        >>> fold(torch.ones(1, 2, 2), (1, 3), kernel=(1, 2))
        tensor([[[[1., 2., 1.]]]])
    """
    h, w = pair("size", size, at_least=1)
    p, q = pair("kernel", kernel, at_least=1)
    s, t = pair("stride", stride, at_least=1)
    d, e = pair("dilation", dilation, at_least=1)
    (above, below), (left, right) = amounts(padding, kernel, stride, dilation)
    tall, wide = h + above + below, w + left + right
    i, j = output_size(tall, p, s, 0, d), output_size(wide, q, t, 0, e)
    b, rows, windows = columns.shape
    if rows % (p * q) or windows != i * j:
        raise ValueError(
            f"columns has {rows} rows and {windows} columns; these images need a "
            f"multiple of {p * q} rows and {i * j} columns"
        )
    # (b, cpq, ij) -> (b, c, p, q, i, j)
    parts = columns.reshape(b, rows // (p * q), p, q, i, j)
    x = columns.new_zeros(b, rows // (p * q), tall, wide)
    for down in range(p):
        for across in range(q):
            # windows do not overlap when only one of their taps is looked at
            places = (
                slice(down * d, down * d + s * (i - 1) + 1, s),
                slice(across * e, across * e + t * (j - 1) + 1, t),
            )
            x[:, :, *places] += parts[:, :, down, across]
    return x[:, :, above : above + h, left : left + w]
