"""Evolution strategy: no gradient, only which points are better.

.. math:: θ_k = \\bar θ + σ_k z_k, \\qquad σ_k = \\bar σ\\, e^{τ ξ_k},
    \\qquad z_k \\sim \\mathcal N(0, I),\\; ξ_k \\sim \\mathcal N(0, 1)

The μ best of λ offspring are averaged into the next parent: θ̄ their mean, σ̄ the
geometric mean of their step sizes, which adapt because good steps are inherited.

Symbols: μ ``mu`` parents, λ ``lam`` offspring, σ step size, τ = 1/√(2d) learning rate
    of the step size.
Source: Rechenberg, Evolutionsstrategie, 1973; Beyer & Schwefel, Natural Computing 1,
    2002, sections 3-4.
See: chapters/04-optimization/landscape.md
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor


class Search(NamedTuple):
    """The best point met, and the path of the parents."""

    best: Tensor  # (d,)
    values: Tensor  # (steps + 1,) loss of each parent
    points: Tensor  # (steps + 1, d)


def evolution_strategy(
    loss: Callable[[Tensor], Tensor],
    start: Float[Tensor, " d"],
    *,
    mu: int,
    lam: int,
    sigma: float,
    steps: int,
    seed: int = 0,
) -> Search:
    """A (μ/μ, λ) evolution strategy with self-adapted step size.

    Args:
        loss: from points (λ, d) to their losses (λ,); it need not be differentiable,
            nor even continuous.
        start: the first parent.
        mu: parents μ, at least 1.
        lam: offspring λ, more than μ.
        sigma: first step size σ, positive.
        steps: generations, at least 1.
        seed: of the draws.

    Returns:
        The best point met and the path.

    Raises:
        ValueError: an argument lies outside its range.

    Source:
        Beyer & Schwefel 2002, section 4.

    Example:
        >>> found = evolution_strategy(
        ...     lambda θ: (θ**2).sum(-1), torch.ones(3), mu=3, lam=12, sigma=1, steps=60
        ... )
        >>> bool(found.values[-1] < 1e-4)
        True
    """
    if not 1 <= mu < lam:
        raise ValueError(f"mu is {mu} and lam {lam}; they must satisfy 1 <= mu < lam")
    if not sigma > 0:
        raise ValueError(f"sigma is {sigma}; it must be positive")
    if steps < 1:
        raise ValueError(f"steps is {steps}; it must be at least 1")
    generator = torch.Generator().manual_seed(seed)
    d, like = len(start), {"dtype": start.dtype, "device": start.device}
    τ = (2 * d) ** -0.5

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator).to(**like)

    parent = best = start.detach().clone()
    σ = torch.full((), sigma, **like)
    value = lowest = loss(parent[None])[0]
    points, values = [parent], [value]
    for _ in range(steps):
        σs = σ * torch.exp(τ * normal(lam))
        offspring = parent + σs[:, None] * normal(lam, d)
        losses = loss(offspring)
        chosen = losses.argsort(stable=True)[:mu]
        if losses[chosen[0]] < lowest:
            best, lowest = offspring[chosen[0]], losses[chosen[0]]
        parent = offspring[chosen].mean(0)
        σ = σs[chosen].log().mean().exp()
        points.append(parent)
        values.append(loss(parent[None])[0])
    if values[-1] < lowest:
        best = parent
    return Search(best, torch.stack(values), torch.stack(points))
