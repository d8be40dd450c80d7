"""Scenes of several digits, with the class of every pixel: something to segment.

Source: made from the digits of :func:`ift6135_lib.data.digits`.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ift6135_lib.data import Part

from .arguments import whole


def digit_scenes(
    images: Float[Tensor, "m 1 k k"],
    labels: Int[Tensor, " m"],
    n: int,
    *,
    cells: int = 2,
    presence: float = 0.75,
    noise: float = 0.1,
    threshold: float = 0.4,
    seed: int = 0,
) -> Part:
    """Scatter digits over noisy images: one at most in each cell of a grid.

    A cell is one and a half times as large as a digit, which lies anywhere inside.

    Args:
        images: digits to choose from, square, in [0, 1].
        labels: their classes.
        n: number of scenes.
        cells: cells along each side.
        presence: probability that a cell holds a digit, in [0, 1].
        noise: standard deviation of what is added to each pixel.
        threshold: intensity above which a pixel belongs to its digit.
        seed: of the draw.

    Returns:
        Scenes (n, 1, h, h) with h = cells · 3k / 2, and the class of each pixel
        (n, h, h): 0 for the background, 1 + label for a digit.

    Raises:
        ValueError: an argument is out of range.

    Example:
        >>> x, y = digit_scenes(torch.ones(1, 1, 8, 8), torch.tensor([4]), 3)
        >>> x.shape, y.shape, y.unique().tolist()
        (torch.Size([3, 1, 24, 24]), torch.Size([3, 24, 24]), [0, 5])
    """
    whole("n", n, at_least=1)
    whole("cells", cells, at_least=1)
    if not 0 <= presence <= 1:
        raise ValueError(f"presence is {presence}; it must lie in [0, 1]")
    if noise < 0:
        raise ValueError(f"noise is {noise}; it must be 0 or more")
    generator = torch.Generator().manual_seed(seed)
    m, _, k, _ = images.shape
    cell = k + k // 2
    count = n * cells**2
    which = torch.randint(m, (count,), generator=generator)
    corner = torch.randint(cell - k + 1, (count, 2), generator=generator)
    there = torch.rand(count, generator=generator) < presence
    # paste each digit into its cell: rows and columns (count, k) of the cell
    rows, columns = (corner[:, axis, None] + torch.arange(k) for axis in (0, 1))
    each = torch.arange(count)[:, None, None]
    digits = images[which.to(images.device), 0] * there[:, None, None].to(images)
    x = images.new_zeros(count, cell, cell)
    x[each, rows[:, :, None], columns[:, None, :]] = digits
    classes = (1 + labels[which.to(labels.device)])[:, None, None]
    y = torch.where(x > threshold, classes, 0)

    def assemble(parts: Tensor) -> Tensor:
        # (n cells², cell, cell) -> (n, down, across, cell, cell) -> (n, h, h)
        parts = parts.reshape(n, cells, cells, cell, cell).transpose(2, 3)
        return parts.reshape(n, cells * cell, cells * cell)

    x, y = assemble(x), assemble(y)
    x = x + noise * torch.randn(x.shape, generator=generator).to(x)
    return Part(x[:, None], y)
