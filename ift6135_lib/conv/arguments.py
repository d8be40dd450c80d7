"""The arguments that the functions of this folder share, and the errors for others."""

from __future__ import annotations

from numbers import Integral

from torch import Tensor

Size = int | tuple[int, int]
"""One number for both directions, or two: (rows, columns)."""

MODES = ("valid", "same", "full")


def whole(name: str, value: object, *, at_least: int) -> int:
    """Return a whole number; raise ValueError if it is another thing, or too small."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(
            f"{name} is {value!r}; it must be a whole number, at least {at_least}"
        )
    return int(value)


def pair(name: str, value: object, *, at_least: int) -> tuple[int, int]:
    """Return (rows, columns) of a number for both, or of two numbers."""
    if not isinstance(value, tuple | list):
        value = (value, value)
    if len(value) != 2:
        raise ValueError(
            f"{name} is {value!r}; give one number, or two: (rows, columns)"
        )
    rows, columns = (whole(name, number, at_least=at_least) for number in value)
    return rows, columns


def check_groups(x: Tensor, channels: int, made: int, groups: int) -> None:
    """Raise ValueError unless the groups split both numbers of channels, as x has.

    Args:
        x: images (b, c, h, w).
        channels: how many channels the weight reads, all groups together.
        made: how many channels it makes.
        groups: number of groups.
    """
    whole("groups", groups, at_least=1)
    for name, number in (("input", x.shape[1]), ("output", made)):
        if number % groups:
            possible = [g for g in range(1, number + 1) if number % g == 0]
            raise ValueError(
                f"groups is {groups} and there are {number} {name} channels; groups "
                f"must divide them: one of {possible}"
            )
    if x.shape[1] != channels:
        raise ValueError(
            f"x has {x.shape[1]} channels and the weight reads {channels} ({groups} "
            "groups); they must be equal"
        )


def check_bias(bias: Tensor | None, channels: int) -> None:
    """Raise ValueError unless there is one bias for each output channel."""
    if bias is not None and bias.shape != (channels,):
        raise ValueError(
            f"bias has the shape {tuple(bias.shape)}; with {channels} output channels "
            f"it must be ({channels},)"
        )
