"""Windows of an image: cut out, put back, shifted around the edges.

.. math:: \\text{cost: } O(p^2) \\text{ for all pairs of } p \\text{ patches}, \\quad
    O(p\\, m^2) \\text{ inside windows of } m × m

Windows that never moved would never speak to one another: every second block shifts
them by half a window. What leaves on one side enters on the other, so that all windows
stay full; a mask keeps apart what does not touch in the image.

Symbols: m ``window``, in patches; s ``shift``.
Shapes: b batch, h height, w width, d width of a patch's vector; v windows of all
    images, those of an image in rows; n = m² patches of a window.
Source: Liu et al., ICCV 2021, arXiv:2103.14030, section 3.2, figures 2 and 4.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .checks import check_positive


def window_partition(
    x: Float[Tensor, "b h w d"], window: int
) -> Float[Tensor, "v n d"]:
    """Cut images into windows.

    Args:
        x: images (b, h, w, d).
        window: height and width m of a window.

    Returns:
        Windows (b · h/m · w/m, m², d).

    Raises:
        ValueError: the windows do not tile the images.

    Source:
        Liu et al. 2021, section 3.2.

    Example:
        >>> x = torch.arange(8.0).reshape(1, 2, 4, 1)
        >>> window_partition(x, 2)[..., 0]
        tensor([[0., 1., 4., 5.],
                [2., 3., 6., 7.]])
    """
    check_windows(*x.shape[1:3], window)
    x = x.unflatten(2, (-1, window)).unflatten(1, (-1, window))  # (b, i, m, j, m, d)
    return x.transpose(2, 3).flatten(3, 4).flatten(0, 2)


def window_reverse(
    windows: Float[Tensor, "v n d"], h: int, w: int
) -> Float[Tensor, "b h w d"]:
    """Put windows back in their images.

    Args:
        windows: of the images (b · h/m · w/m, m², d).
        h: height of the images.
        w: width of the images.

    Returns:
        Images (b, h, w, d).

    Raises:
        ValueError: the windows are no squares, or do not tile the images.

    Source:
        Liu et al. 2021, section 3.2.

    Example:
        >>> x = torch.randn(3, 4, 6, 5)
        >>> bool((window_reverse(window_partition(x, 2), 4, 6) == x).all())
        True
    """
    v, n, _ = windows.shape
    window = round(n**0.5)
    check_windows(h, w, window)
    i, j = h // window, w // window
    if window**2 != n or v % (i * j):
        raise ValueError(
            f"{v} windows of {n} patches make no images of {h} × {w}; each needs "
            f"{i * j} windows of a square number of patches"
        )
    x = windows.unflatten(1, (window, window)).unflatten(0, (-1, i, j))
    return x.transpose(2, 3).flatten(3, 4).flatten(1, 2)


def shift_mask(
    h: int,
    w: int,
    window: int,
    shift: tuple[int, int],
    *,
    device: torch.device | str | None = None,
) -> Bool[Tensor, "v n n"]:
    """Which patches of a shifted window touch in the image.

    Args:
        h: height of the image.
        w: width of the image.
        window: height and width m of a window.
        shift: by how much the image was rolled, upwards and to the left, below m.
        device: where the mask lies.

    Returns:
        True where a patch may read another (h/m · w/m, m², m²).

    Raises:
        ValueError: the windows do not tile the image, or a shift is not below m.

    Source:
        Liu et al. 2021, section 3.2, figure 4.

    Example:
        >>> shift_mask(4, 2, 2, (1, 0))[:, 0].int()  # the last row came from the top
        tensor([[1, 1, 1, 1],
                [1, 1, 0, 0]], dtype=torch.int32)
    """
    check_windows(h, w, window)
    if not all(0 <= s < window for s in shift):
        raise ValueError(f"shift is {shift}; it must be from 0 to {window - 1}")
    rolled = [  # the rows, and the columns, that came around
        torch.arange(size, device=device) >= size - s
        for size, s in zip((h, w), shift, strict=True)
    ]
    region = 2.0 * rolled[0][:, None] + rolled[1]  # (h, w)
    region = window_partition(region[None, ..., None], window)[..., 0]  # (v, n)
    return region[:, :, None] == region[:, None, :]


def window_offsets(
    window: int, *, device: torch.device | str | None = None
) -> Int[Tensor, "n n"]:
    """The number of the offset between two patches of a window.

    .. math:: (y_i - y_j + m - 1)(2m - 1) + (x_i - x_j + m - 1)

    Args:
        window: height and width m of a window.
        device: where the numbers lie.

    Returns:
        Numbers from 0 to (2m − 1)² − 1, for query i and key j (m², m²).

    Raises:
        ValueError: the window is below 1.

    Source:
        Liu et al. 2021, section 3.2, equation 4.

    Example:
        >>> window_offsets(2)[0]
        tensor([4, 3, 1, 0])
    """
    check_positive(window=window)
    place = torch.arange(window, device=device)
    y, x = place.repeat_interleave(window), place.repeat(window)  # (n,)
    dy, dx = y[:, None] - y + window - 1, x[:, None] - x + window - 1
    return dy * (2 * window - 1) + dx


def check_windows(h: int, w: int, window: int) -> None:
    """Raise ValueError unless windows tile an image.

    Args:
        h: its height, in patches.
        w: its width, in patches.
        window: height and width of a window, in patches.
    """
    check_positive(window=window)
    if h % window or w % window:
        raise ValueError(
            f"windows of {window} × {window} do not tile {h} × {w} patches; height and "
            "width must be multiples of the window"
        )
