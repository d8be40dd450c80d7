"""The values and images that the architectures accept, and the errors for others."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def check_positive(**values: int) -> None:
    """Raise ValueError unless every value is a whole number, at least 1."""
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} is {value!r}; it must be a whole number ≥ 1")


def check_stages(depths: Sequence[int], widths: Sequence[int]) -> None:
    """Raise ValueError unless each stage has a depth and a width, at least 1."""
    if len(depths) != len(widths) or not depths:
        raise ValueError(
            f"depths are {(*depths,)} and widths {(*widths,)}; each stage needs one of "
            "both"
        )
    for depth, width in zip(depths, widths, strict=True):
        check_positive(depth=depth, width=width)


def check_image(x: Tensor, *, smallest: int = 1, exactly: int | None = None) -> None:
    """Raise ValueError unless images (b, c, h, w) have a height and width that fit.

    Args:
        x: the images.
        smallest: least height and width, in pixels.
        exactly: the only height and width, in pixels; None accepts several.
    """
    h, w = x.shape[-2:]
    if exactly is not None and (h, w) != (exactly, exactly):
        raise ValueError(
            f"the images are {h} × {w} pixels; this network takes exactly "
            f"{exactly} × {exactly}: resize or pad them"
        )
    if min(h, w) < smallest:
        raise ValueError(
            f"the images are {h} × {w} pixels; this network shrinks them to nothing "
            f"below {smallest} × {smallest}: enlarge them"
        )
