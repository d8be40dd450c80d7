"""Loss landscapes: critical points, planes, and paths across them.

A *critical point* has a zero gradient; the signs of the Hessian's eigenvalues say which
kind it is.

Source: Dauphin et al., NeurIPS 2014, arXiv:1406.2572; planes, Li et al., NeurIPS 2018,
    arXiv:1712.09913, section 3.
See: chapters/04-optimization/landscape.md
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

Objective = Callable[[Tensor], Tensor]
"""From a point (d,) to a scalar, or from points (…, d) to their values (…)."""


def trajectory(
    f: Objective,
    start: Float[Tensor, " d"],
    make_optimizer: Callable[[list[nn.Parameter]], torch.optim.Optimizer],
    steps: int,
) -> Float[Tensor, "n d"]:
    """The points an optimizer goes through, the start included.

    Args:
        f: from (d,) to a scalar.
        start: where it starts.
        make_optimizer: makes the optimizer of a list of parameters.
        steps: how many updates.

    Returns:
        Points (steps + 1, d).

    Raises:
        ValueError: steps is negative.

    Example:
        >>> from ift6135_lib.optim import quadratic
        >>> start = torch.tensor([1.0, 1.0])
        >>> trajectory(quadratic(2.0), start, lambda p: torch.optim.SGD(p, lr=0.5), 1)
        tensor([[1.0000, 1.0000],
                [0.5000, 0.0000]])
    """
    if steps < 0:
        raise ValueError(f"steps is {steps}; it must be 0 or more")
    θ = nn.Parameter(start.detach().clone())
    optimizer = make_optimizer([θ])
    points = [θ.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        f(θ).backward()
        optimizer.step()
        points.append(θ.detach().clone())
    return torch.stack(points)


def hessian_eigenvalues(f: Objective, θ: Float[Tensor, " d"]) -> Float[Tensor, " d"]:
    """The curvatures of f at a point, in its principal directions.

    .. math:: λ_1 ≤ … ≤ λ_d, \\quad \\text{eigenvalues of } H_{ij} = ∂^2 f / ∂θ_i ∂θ_j

    Args:
        f: from (d,) to a scalar, twice differentiable.
        θ: the point.

    Returns:
        The eigenvalues, in increasing order.

    Example:
        >>> from ift6135_lib.optim import saddle
        >>> hessian_eigenvalues(saddle, torch.zeros(2))
        tensor([-2.,  2.])
    """
    return torch.linalg.eigvalsh(torch.func.hessian(f)(θ.detach()))


def classify_critical_point(
    f: Objective, θ: Float[Tensor, " d"], *, tolerance: float = 1e-6
) -> str:
    """What kind of critical point this is.

    Args:
        f: from (d,) to a scalar, twice differentiable.
        θ: a point of zero gradient.
        tolerance: the gradient's largest norm; eigenvalues this small, relative to the
            largest, count as zero.

    Returns:
        "minimum", "maximum", "saddle", or "degenerate": some curvature is zero and the
        others have one sign, so that second order does not tell.

    Raises:
        ValueError: the gradient is not zero there.

    Example:
        >>> from ift6135_lib.optim import saddle
        >>> classify_critical_point(saddle, torch.zeros(2))
        'saddle'
    """
    slope = torch.func.grad(f)(θ.detach()).norm().item()
    if slope > tolerance:
        raise ValueError(
            f"θ has a gradient of norm {slope:.2g}; at a critical point it must be at "
            f"most {tolerance:g}"
        )
    λ = hessian_eigenvalues(f, θ)
    flat = tolerance * max(λ.abs().max().item(), 1e-300)
    up, down = bool((λ > flat).any()), bool((λ < -flat).any())
    if up and down:
        return "saddle"
    if (λ.abs() <= flat).any():
        return "degenerate"
    return "minimum" if up else "maximum"


def plane(
    loss: Objective,
    centre: Float[Tensor, " d"],
    u: Float[Tensor, " d"],
    v: Float[Tensor, " d"],
    *,
    radius: float = 1.0,
    resolution: int = 41,
) -> tuple[Float[Tensor, " n"], Float[Tensor, "n n"]]:
    """The loss on a plane through a point of parameter space.

    .. math:: L(α, β) = L(θ^* + α u + β v), \\qquad -r ≤ α, β ≤ r

    Args:
        loss: from (d,) to a scalar.
        centre: the point θ*, such as trained parameters as one vector.
        u: first direction.
        v: second direction.
        radius: how far to go along each direction.
        resolution: points along each direction, at least 2.

    Returns:
        The n coordinates, and the losses: rows follow β, columns α.

    Raises:
        ValueError: radius is not positive or resolution below 2.

    Source:
        Li et al. 2018, section 3; there, random directions are rescaled by filter.

    Example:
        >>> from ift6135_lib.optim import saddle
        >>> u, v = torch.eye(2)
        >>> plane(saddle, torch.zeros(2), u, v, resolution=3)[1][1]
        tensor([1., 0., 1.])
    """
    if not radius > 0:
        raise ValueError(f"radius is {radius}; it must be positive")
    if resolution < 2:
        raise ValueError(f"resolution is {resolution}; it must be at least 2")
    along = torch.linspace(-radius, radius, resolution, dtype=centre.dtype)
    along = along.to(centre.device)
    with torch.no_grad():
        rows = [
            torch.stack([loss(centre + α * u + β * v) for α in along]) for β in along
        ]
    return along, torch.stack(rows)
