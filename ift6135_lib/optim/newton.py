"""Second order and closed form: go where the local parabola has its minimum.

.. math:: θ ← θ - H(θ)^{-1} ∇f(θ)

On a quadratic one step is enough; linear regression is a quadratic, and its step from
any point is the solution of the normal equations.

Source: Nocedal & Wright, Numerical Optimization, 2nd ed., 2006, sections 3.1 and 3.3.
See: chapters/04-optimization/landscape.md
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

Objective = Callable[[Tensor], Tensor]
"""From a point (d,) to a scalar."""

SUFFICIENT = 1e-4  # Armijo's constant c₁


class Descent(NamedTuple):
    """The points gone through, the start included, and their values."""

    points: Tensor  # (n, d)
    values: Tensor  # (n,)


def newton_direction(
    f: Objective, θ: Float[Tensor, " d"]
) -> tuple[Float[Tensor, " d"], Float[Tensor, " d"]]:
    """Newton's direction, and the gradient.

    .. math:: p = -H(θ)^{-1} ∇f(θ)

    Args:
        f: from (d,) to a scalar, twice differentiable.
        θ: the point.

    Returns:
        p and ∇f(θ).

    Raises:
        ValueError: the Hessian is singular.

    Example:
        >>> newton_direction(lambda θ: (θ**2).sum(), torch.tensor([3.0]))[0]
        tensor([-3.])
    """
    g = torch.func.grad(f)(θ)
    H = torch.func.hessian(f)(θ)
    try:
        return -torch.linalg.solve(H, g), g
    except torch.linalg.LinAlgError:
        raise ValueError(
            f"the Hessian is singular at θ = {θ.tolist()}: Newton's step is not "
            "defined there; start elsewhere or add a quadratic penalty"
        ) from None


def newton(
    f: Objective, start: Float[Tensor, " d"], *, steps: int, tol: float = 1e-10
) -> Descent:
    """Newton's method, its step halved until the loss falls enough.

    The direction is turned round where it climbs, as it does near a maximum; near a
    saddle, where curvatures of both signs meet, it is attracted all the same.

    Args:
        f: from (d,) to a scalar, twice differentiable.
        start: where it starts.
        steps: at most how many steps.
        tol: stop when the gradient's norm is at most this.

    Returns:
        The path.

    Raises:
        ValueError: steps is below 1, or the Hessian is singular.

    Source:
        Nocedal & Wright 2006, algorithm 3.2 (backtracking line search).

    Example:
        >>> path = newton(lambda θ: 5 * (θ**2).sum(), torch.tensor([3.0]), steps=10)
        >>> len(path.points) - 1, path.values[-1].item()
        (1, 0.0)
    """
    if steps < 1:
        raise ValueError(f"steps is {steps}; it must be at least 1")
    θ = start.detach().clone()
    points, values = [θ], [f(θ)]
    for _ in range(steps):
        p, g = newton_direction(f, θ)
        if g.norm() <= tol:
            break
        slope = g @ p
        if slope > 0:
            p, slope = -p, -slope
        length = 1.0
        while f(θ + length * p) > values[-1] + SUFFICIENT * length * slope:
            length /= 2
            if length < 1e-12:
                return Descent(torch.stack(points), torch.stack(values))
        θ = θ + length * p
        points.append(θ)
        values.append(f(θ))
    return Descent(torch.stack(points), torch.stack(values))


def normal_equations(
    X: Float[Tensor, "n d"], y: Float[Tensor, " m"]
) -> Float[Tensor, " d"]:
    """The weights of least squares, in closed form.

    .. math:: w = X^+ y, \\qquad X^⊤ X w = X^⊤ y

    Args:
        X: one example per row; a column of ones gives an intercept.
        y: targets.

    Returns:
        The weights; where several fit as well, those of smallest norm.

    Raises:
        ValueError: X and y do not have the same number of rows.

    Source:
        Golub & Van Loan, Matrix Computations, 4th ed., 2013, section 5.5.

    Example:
        >>> X = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
        >>> w = normal_equations(X, torch.tensor([1.0, 3.0, 5.0]))
        >>> [round(x, 4) for x in w.tolist()]
        [1.0, 2.0]
    """
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y {len(y)}; they must be as many")
    return torch.linalg.pinv(X) @ y
