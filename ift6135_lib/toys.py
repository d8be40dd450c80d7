"""Small data sets of the plane, whose densities and boundaries can be drawn.

Points are (n, 2) of float32, labels (n,) the part of the figure a point belongs to.

Source: pinwheel, Johnson et al. 2016, arXiv:1603.06277; eight Gaussians, rings and
    checkerboard as used to compare density models, Grathwohl et al. 2019,
    arXiv:1810.01367, section 4.1.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ift6135_lib.device import default_device

Sample = tuple[Tensor, Tensor]
"""Points (n, 2) of float32 and labels (n,) of int64."""


def _generator(n: int, noise: float, seed: int) -> torch.Generator:
    if n < 1:
        raise ValueError(f"n is {n}; it must be at least 1")
    if noise < 0:
        raise ValueError(f"noise is {noise}; it must be 0 or more")
    return torch.Generator().manual_seed(seed)


def _sample(x: Tensor, y: Tensor, device) -> Sample:
    device = default_device() if device is None else device
    return x.to(torch.float32).to(device), y.to(torch.long).to(device)


def moons(
    n: int, *, noise: float = 0.1, seed: int = 0, device: str | None = None
) -> Sample:
    """Two interleaved half circles of radius 1.

    Args:
        n: number of points.
        noise: standard deviation of what is added to each coordinate.
        seed: of the draw.
        device: where the tensors go; this machine's fastest by default.

    Returns:
        Points (n, 2) and the half circle, 0 or 1, of each.

    Raises:
        ValueError: n is below 1 or the noise negative.

    Example:
        >>> x, y = moons(6, device="cpu")
        >>> x.shape, sorted(set(y.tolist()))
        (torch.Size([6, 2]), [0, 1])
    """
    generator = _generator(n, noise, seed)
    y = torch.arange(n) % 2
    angle = math.pi * torch.rand(n, generator=generator)
    upper = torch.stack([angle.cos(), angle.sin()], -1)
    lower = torch.stack([1 - angle.cos(), 0.5 - angle.sin()], -1)
    x = torch.where(y[:, None] == 0, upper, lower)
    return _sample(x + noise * torch.randn(n, 2, generator=generator), y, device)


def eight_gaussians(
    n: int, *, noise: float = 0.2, seed: int = 0, device: str | None = None
) -> Sample:
    """Eight Gaussians around a circle of radius 2.

    Args:
        n: number of points.
        noise: standard deviation of each Gaussian.
        seed: of the draw.
        device: where the tensors go; this machine's fastest by default.

    Returns:
        Points (n, 2) and the Gaussian, 0–7, of each.

    Raises:
        ValueError: n is below 1 or the noise negative.

    Example:
        >>> x, _ = eight_gaussians(8, noise=0, device="cpu")
        >>> [round(radius, 3) for radius in x.norm(dim=1).tolist()][:3]
        [2.0, 2.0, 2.0]
    """
    generator = _generator(n, noise, seed)
    y = torch.arange(n) % 8
    angle = y * (math.pi / 4)
    centres = 2 * torch.stack([angle.cos(), angle.sin()], -1)
    return _sample(centres + noise * torch.randn(n, 2, generator=generator), y, device)


def rings(
    n: int, *, noise: float = 0.05, seed: int = 0, device: str | None = None
) -> Sample:
    """Four concentric rings of radius 0.5, 1, 1.5 and 2.

    Args:
        n: number of points.
        noise: standard deviation of what is added to each coordinate.
        seed: of the draw.
        device: where the tensors go; this machine's fastest by default.

    Returns:
        Points (n, 2) and the ring, 0–3 outwards, of each.

    Raises:
        ValueError: n is below 1 or the noise negative.

    Example:
        >>> rings(4, noise=0, device="cpu")[0].norm(dim=1)
        tensor([0.5000, 1.0000, 1.5000, 2.0000])
    """
    generator = _generator(n, noise, seed)
    y = torch.arange(n) % 4
    angle = 2 * math.pi * torch.rand(n, generator=generator)
    x = (0.5 * (y + 1))[:, None] * torch.stack([angle.cos(), angle.sin()], -1)
    return _sample(x + noise * torch.randn(n, 2, generator=generator), y, device)


def pinwheel(
    n: int, *, noise: float = 0.1, seed: int = 0, device: str | None = None
) -> Sample:
    """Five arms twisted around the centre.

    Args:
        n: number of points.
        noise: standard deviation across an arm.
        seed: of the draw.
        device: where the tensors go; this machine's fastest by default.

    Returns:
        Points (n, 2) and the arm, 0–4, of each.

    Raises:
        ValueError: n is below 1 or the noise negative.

    Example:
        >>> pinwheel(10, device="cpu")[1].bincount()
        tensor([2, 2, 2, 2, 2])
    """
    generator = _generator(n, noise, seed)
    y = torch.arange(n) % 5
    spread = torch.tensor([0.3, noise])
    arm = spread * torch.randn(n, 2, generator=generator) + torch.tensor([1.0, 0.0])
    angle = y * (2 * math.pi / 5) + 0.25 * torch.exp(arm[:, 0])
    cos, sin = angle.cos(), angle.sin()
    x = 2 * torch.stack(
        [cos * arm[:, 0] - sin * arm[:, 1], sin * arm[:, 0] + cos * arm[:, 1]], -1
    )
    return _sample(x, y, device)


def checkerboard(
    n: int, *, noise: float = 0.0, seed: int = 0, device: str | None = None
) -> Sample:
    """The eight dark squares of a 4 × 4 board of side 4, uniformly.

    Args:
        n: number of points.
        noise: standard deviation of what is added to each coordinate.
        seed: of the draw.
        device: where the tensors go; this machine's fastest by default.

    Returns:
        Points (n, 2) in [-2, 2]² and the square, 0–7, of each.

    Raises:
        ValueError: n is below 1 or the noise negative.

    Example:
        >>> x, _ = checkerboard(100, device="cpu")
        >>> bool((x.floor().sum(1) % 2 == 0).all())
        True
    """
    generator = _generator(n, noise, seed)
    y = torch.arange(n) % 8
    row = y // 2
    column = 2 * (y % 2) + row % 2
    corner = torch.stack([column, row], -1) - 2
    x = corner + torch.rand(n, 2, generator=generator)
    return _sample(x + noise * torch.randn(n, 2, generator=generator), y, device)
