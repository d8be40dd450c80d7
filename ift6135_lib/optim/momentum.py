"""Momentum (heavy ball): descend along an accumulated velocity.

.. math:: v_t = ρ v_{t-1} + (1-τ) g_t, \\qquad θ_t = θ_{t-1} - η v_t

The learning rate stays *outside* the velocity.  The other common form keeps it
inside, v ← ρv − ηg and θ ← θ + v: the same iterates while η is constant, other ones
as soon as η changes.

Symbols: v velocity, ρ ``momentum``, τ ``dampening``, η ``lr``, λ ``weight_decay``.
Source: Polyak, USSR Comput. Math. 4, 1964; Sutskever et al., ICML 2013, eq. 1-2.
Parity: ``torch.optim.SGD(momentum=ρ)``: the first velocity is the first gradient.
See: chapters/04-optimization
"""

from .base import Optimizer


class Momentum(Optimizer):
    """Gradient descent with momentum.

    .. math:: v ← ρ v + (1-τ) g, \\qquad θ ← θ - η v

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0.
        momentum: Fraction ρ of the velocity kept at each step, in [0, 1].
        dampening: Fraction τ of the gradient left out of the velocity, in [0, 1],
            from the second step on.
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Polyak 1964; Sutskever et al. 2013, section 2.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> optimizer = Momentum([θ], lr=0.5, momentum=0.5)
        >>> for _ in range(2):
        ...     θ.grad = torch.tensor([2.0])
        ...     optimizer.step()
        >>> θ.item()  # 3 - 0.5 * 2 - 0.5 * (0.5 * 2 + 2)
        0.5
    """

    states = ("v",)

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0.9,
        dampening=0.0,
        weight_decay=0.0,
        *,
        maximize=False,
    ):
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
        }
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def update(θ, g, v, *, t, η, ρ, τ):
        """v ← ρv + (1 − τ)g, then θ ← θ − ηv; the first v is g."""
        v = ρ * v + (1 - τ) * g if t > 1 else g
        θ = θ - η * v
        return θ, v

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {
            "t": t,
            "η": group["lr"],
            "ρ": group["momentum"],
            "τ": group["dampening"],
        }
