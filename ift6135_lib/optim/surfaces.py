"""Functions with a shape worth crossing: a bowl, a valley, several minima, a saddle.

See: chapters/04-optimization/landscape.md
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .landscape import Objective


def quadratic(kappa: float, d: int = 2) -> Objective:
    """A bowl whose curvatures spread evenly, in logarithm, from 1 to κ.

    .. math:: f(θ) = \\tfrac12 \\sum_i λ_i θ_i^2, \\qquad 1 = λ_1 < … < λ_d = κ

    Args:
        kappa: condition number κ ≥ 1.
        d: dimension, at least 2.

    Returns:
        f, from (…, d) to (…); its minimum is 0 at 0.

    Raises:
        ValueError: κ below 1 or d below 2.

    Example:
        >>> quadratic(100.0)(torch.tensor([1.0, 1.0])).item()
        50.5
    """
    if not kappa >= 1:
        raise ValueError(f"kappa is {kappa}; it must be at least 1")
    if d < 2:
        raise ValueError(f"d is {d}; it must be at least 2")
    curvatures = [kappa ** (i / (d - 1)) for i in range(d)]

    def f(θ: Tensor) -> Tensor:
        λ = torch.tensor(curvatures, dtype=θ.dtype, device=θ.device)
        return 0.5 * (λ * θ * θ).sum(-1)

    return f


def rosenbrock(θ: Float[Tensor, "*n 2"]) -> Float[Tensor, "*n"]:
    """Rosenbrock's curved valley; its minimum is 0 at (1, 1).

    .. math:: f(x, y) = (1 - x)^2 + 100\\,(y - x^2)^2

    Args:
        θ: points.

    Returns:
        The values.

    Source:
        Rosenbrock, Computer Journal 3, 1960.

    Example:
        >>> rosenbrock(torch.tensor([1.0, 1.0])).item()
        0.0
    """
    x, y = θ[..., 0], θ[..., 1]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def himmelblau(θ: Float[Tensor, "*n 2"]) -> Float[Tensor, "*n"]:
    """Himmelblau's function: four minima of value 0, four saddles and a maximum.

    .. math:: f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2

    Args:
        θ: points.

    Returns:
        The values.

    Source:
        Himmelblau, Applied Nonlinear Programming, 1972.

    Example:
        >>> himmelblau(torch.tensor([3.0, 2.0])).item()
        0.0
    """
    x, y = θ[..., 0], θ[..., 1]
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def saddle(θ: Float[Tensor, "*n 2"]) -> Float[Tensor, "*n"]:
    """The simplest saddle: a valley along x, a ridge along y.

    .. math:: f(x, y) = x^2 - y^2

    Args:
        θ: points.

    Returns:
        The values.

    Example:
        >>> saddle(torch.tensor([2.0, 1.0])).item()
        3.0
    """
    return θ[..., 0] ** 2 - θ[..., 1] ** 2
