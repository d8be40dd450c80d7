"""Sizes: how many outputs a convolution has, and how many zeros go around its input.

A window of K taps, d apart, spans d(K − 1) + 1 positions.  It starts every S positions,
as long as it fits in the padded input.

Symbols: N input size, K ``kernel``, S ``stride``, P ``padding``, d ``dilation``; all
    along one axis, in positions.
Source: Dumoulin & Visin 2016, arXiv:1603.07285, sections 2 and 4.
See: chapters/07-convnets
"""

from __future__ import annotations

from .arguments import MODES, whole


def padding_amounts(
    padding: int | str, kernel: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    r"""How many zeros go before and after an axis.

    .. math::
        \text{valid: } (0, 0), \qquad
        \text{same: } \big(⌊t/2⌋, ⌈t/2⌉\big), \qquad
        \text{full: } (t, t), \qquad t = d(K-1)

    "same" keeps the size, "full" keeps every place where window and input overlap.
    When t is odd, as for even kernels, no symmetric padding keeps the size: the odd
    zero goes after, as in PyTorch.

    Args:
        padding: zeros on each side, or "valid", "same", "full".
        kernel: number of taps K.
        stride: step S of the window; "same" needs 1.
        dilation: distance d between taps.

    Returns:
        Zeros before, zeros after.

    Raises:
        ValueError: the mode is unknown, a number is out of range, or "same" with a
            stride.

    Source:
        Dumoulin & Visin 2016, section 2.2.

    Example:
        >>> padding_amounts("same", 3), padding_amounts("same", 4)
        ((1, 1), (1, 2))
    """
    reach = whole("dilation", dilation, at_least=1) * (
        whole("kernel", kernel, at_least=1) - 1
    )
    if not isinstance(padding, str):
        zeros = whole("padding", padding, at_least=0)
        return zeros, zeros
    if padding not in MODES:
        raise ValueError(
            f"padding is {padding!r}; it must be a number or one of {list(MODES)}"
        )
    if padding == "same":
        if stride != 1:
            raise ValueError(
                f"padding is 'same' and stride {stride}; a stride changes the size: "
                "give the number of zeros"
            )
        return reach // 2, reach - reach // 2
    return (0, 0) if padding == "valid" else (reach, reach)


def output_size(
    n: int,
    kernel: int,
    stride: int = 1,
    padding: int | str = 0,
    dilation: int = 1,
) -> int:
    r"""How many outputs a convolution or a pooling has along an axis.

    .. math:: N_{out} = \Big\lfloor \frac{N + 2P - d(K-1) - 1}{S} \Big\rfloor + 1

    Args:
        n: input size N.
        kernel: number of taps K.
        stride: step S of the window.
        padding: zeros P on each side, or "valid", "same", "full".
        dilation: distance d between taps.

    Returns:
        The number of outputs, at least 1.

    Raises:
        ValueError: the window is longer than the padded input, or a number is out of
            range.

    Source:
        Dumoulin & Visin 2016, relationship 15.

    Example:
        >>> output_size(224, kernel=7, stride=2, padding=3)
        112
    """
    whole("n", n, at_least=1)
    whole("stride", stride, at_least=1)
    padded = n + sum(padding_amounts(padding, kernel, stride, dilation))
    span = dilation * (kernel - 1) + 1
    if span > padded:
        raise ValueError(
            f"the kernel spans {span} positions ({kernel} taps, dilation {dilation}) "
            f"and the padded input {padded}; the kernel must fit: at least "
            f"{span - padded} more zeros, or a kernel of at most "
            f"{(padded - 1) // dilation + 1} taps"
        )
    return (padded - span) // stride + 1


def transposed_output_size(
    n: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int:
    r"""How many outputs a transposed convolution has along an axis.

    .. math:: N_{out} = (N - 1) S - 2P + d(K-1) + o + 1

    Several input sizes of a convolution share an output size, because of its floor; the
    output padding o, from 0 to S − 1, says which one to come back to.

    Args:
        n: input size N.
        kernel: number of taps K.
        stride: step S between the places where two neighbours are written.
        padding: positions P cut from each side.
        output_padding: positions o added at the end, below the stride.
        dilation: distance d between taps.

    Returns:
        The number of outputs, at least 1.

    Raises:
        ValueError: nothing is left, or a number is out of range.

    Source:
        Dumoulin & Visin 2016, relationships 13 and 14.

    Example:
        >>> transposed_output_size(112, kernel=7, stride=2, padding=3, output_padding=1)
        224
    """
    whole("n", n, at_least=1)
    for name, value in (("kernel", kernel), ("stride", stride), ("dilation", dilation)):
        whole(name, value, at_least=1)
    whole("padding", padding, at_least=0)
    if not 0 <= whole("output_padding", output_padding, at_least=0) < stride:
        raise ValueError(
            f"output_padding is {output_padding} and stride {stride}; it must lie "
            f"between 0 and {stride - 1}: a convolution of this stride has no other "
            "input sizes to choose from"
        )
    written = (n - 1) * stride + dilation * (kernel - 1) + 1 + output_padding
    if 2 * padding >= written:
        raise ValueError(
            f"padding is {padding} and {written} positions are written; at most "
            f"{(written - 1) // 2} can be cut from each side"
        )
    return written - 2 * padding
