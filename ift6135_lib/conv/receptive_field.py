"""Receptive field: which part of the input an output can depend on.

.. math::
    r_l &= r_{l-1} + d_l (k_l - 1)\\, j_{l-1} \\\\
    j_l &= j_{l-1}\\, s_l \\\\
    a_l &= a_{l-1} - p_l\\, j_{l-1}

This is the *theoretical* field: the effective one (`effective_field`) is much smaller.

Symbols: r size, j jump (distance between the fields of two neighbours), a start (first
    pixel of the field of output 0, negative in the padding), all in input pixels; k
    kernel, s stride, p padding, d dilation.
Source: Araujo, Norris & Sim, *Distill*, 2019, sections 2 and 3.
See: chapters/07-convnets
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from torch import nn

from .arguments import whole
from .arithmetic import padding_amounts

WINDOWED = (
    nn.Conv1d,
    nn.Conv2d,
    nn.Conv3d,
    nn.MaxPool1d,
    nn.MaxPool2d,
    nn.MaxPool3d,
    nn.AvgPool1d,
    nn.AvgPool2d,
    nn.AvgPool3d,
)
POINTWISE = (
    nn.Identity,
    nn.Dropout,
    nn.Dropout1d,
    nn.Dropout2d,
    nn.Dropout3d,
    nn.BatchNorm1d,
    nn.BatchNorm2d,
    nn.BatchNorm3d,
    nn.ReLU,
    nn.ReLU6,
    nn.LeakyReLU,
    nn.PReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Hardswish,
    nn.Softplus,
    nn.Sigmoid,
    nn.Tanh,
)


class Window(NamedTuple):
    """What a layer looks at along an axis: kernel, stride, padding, dilation.

    Example:
        >>> Window(3, stride=2)
        Window(kernel=3, stride=2, padding=0, dilation=1)
    """

    kernel: int  # taps
    stride: int = 1  # S
    padding: int | str = 0  # P zeros before and after, "same", or "full"
    dilation: int = 1  # distance of two taps


class ReceptiveField(NamedTuple):
    """Size, jump and start of the fields of a layer's outputs, in input pixels.

    Example:
        >>> field = ReceptiveField(size=7, jump=2, start=-3)
        >>> field.centre, field.of(1)
        (0.0, range(-1, 6))
    """

    size: int  # pixels that an output sees
    jump: int  # pixels between the fields of two neighbours
    start: int  # first pixel of output 0's, negative in the padding

    @property
    def centre(self) -> float:
        """Where the middle of the field of output 0 lies."""
        return self.start + (self.size - 1) / 2

    def of(self, i: int) -> range:
        """The pixels that an output may see, those of the padding included.

        Args:
            i: which output.

        Returns:
            Their indices.
        """
        first = self.start + i * self.jump
        return range(first, first + self.size)


def receptive_field(layers: Iterable[tuple]) -> ReceptiveField:
    """The receptive field of a stack of layers, along one axis.

    .. math:: r = 1 + \\sum_l d_l (k_l - 1) \\prod_{m<l} s_m

    Args:
        layers: from the input on, (kernel, stride, padding, dilation) of each; the last
            ones may be left out: stride 1, padding 0, dilation 1.

    Returns:
        Size, jump and start, in input pixels.

    Raises:
        ValueError: a layer has more than four numbers, or one out of range.

    Source:
        Araujo et al. 2019, section 2; start, section 3.

    Example:
        >>> receptive_field([(3, 2), (2, 2), (3, 1)])
        ReceptiveField(size=13, jump=4, start=0)
    """
    size, jump, start = 1, 1, 0
    for layer in layers:
        if not 1 <= len(layer) <= 4:
            raise ValueError(
                f"a layer is {tuple(layer)}; give (kernel, stride, padding, dilation)"
            )
        kernel, stride, padding, dilation = Window(*layer)
        whole("stride", stride, at_least=1)
        before, _ = padding_amounts(padding, kernel, stride, dilation)
        start -= before * jump
        size += dilation * (kernel - 1) * jump
        jump *= stride
    return ReceptiveField(size, jump, start)


def receptive_field_of(model: nn.Module, axis: int = -1) -> ReceptiveField:
    """The receptive field of a chain of modules.

    Args:
        model: a convolution, a pooling, what acts on each place alone (normalization at
            evaluation, activation, dropout), or an ``nn.Sequential`` of such.
        axis: of space, -1 for the last one (columns), -2 for the one before (rows).

    Returns:
        Size, jump and start, in input pixels, along the axis.

    Raises:
        ValueError: a module is of another kind, or has not this axis.

    Source:
        Araujo et al. 2019, section 2.

    Example:
        >>> conv = nn.Conv2d(1, 4, 3, padding=1)
        >>> receptive_field_of(nn.Sequential(conv, nn.ReLU(), nn.MaxPool2d(2)))
        ReceptiveField(size=4, jump=2, start=-1)
    """
    return receptive_field(_windows(model, axis))


def _windows(module: nn.Module, axis: int) -> list[Window]:
    if isinstance(module, nn.Sequential):
        return [window for layer in module for window in _windows(layer, axis)]
    if isinstance(module, POINTWISE):
        return []
    if not isinstance(module, WINDOWED):
        raise ValueError(
            f"{type(module).__name__} is not part of a chain of windows; possible are "
            "Sequential, convolutions, max and average poolings, and layers that act "
            "on each place alone.  For another one, list what it does: "
            "receptive_field([(kernel, stride, padding, dilation), ...])"
        )
    axes = (
        1 + next(i for i, kind in enumerate(WINDOWED) if isinstance(module, kind)) % 3
    )
    if not -axes <= axis < axes:
        raise ValueError(
            f"axis is {axis}; {type(module).__name__} has {axes} axes of space: "
            f"{-axes} to {axes - 1}"
        )
    values = []
    for name, default in zip(Window._fields, (1, 1, 0, 1), strict=True):
        name = "kernel_size" if name == "kernel" else name
        value = getattr(module, name, default)
        values.append(value[axis] if isinstance(value, tuple | list) else value)
    return [Window(*values)]
