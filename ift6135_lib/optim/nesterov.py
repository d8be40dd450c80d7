"""Nesterov's accelerated gradient: measure the slope where the momentum will lead.

The textbook form evaluates the gradient at the look-ahead point,

.. math:: v_t = ρ v_{t-1} - η ∇f(ϑ_{t-1} + ρ v_{t-1}), \\qquad ϑ_t = ϑ_{t-1} + v_t.

Written for the look-ahead points themselves, θ = ϑ + ρv, with η outside the velocity
(constant η), it needs only the gradient at the current θ:

.. math:: v_t = ρ v_{t-1} + g_t, \\qquad θ_t = θ_{t-1} - η (g_t + ρ v_t).

Symbols: v velocity, ρ ``momentum``, η ``lr``, λ ``weight_decay``.
Source: Nesterov, Soviet Math. Dokl. 27, 1983; Sutskever et al., ICML 2013, eq. 3-4;
    Bengio et al., arXiv:1212.0901, section 3.5 (the re-parametrised form).
Parity: ``torch.optim.SGD(momentum=ρ, nesterov=True)``.
See: chapters/04-optimization
"""

from .base import Optimizer


class Nesterov(Optimizer):
    """Gradient descent with Nesterov's momentum.

    .. math:: v ← ρ v + g, \\qquad θ ← θ - η (g + ρ v)

    Args:
        params: Parameters, or groups of them; they hold the look-ahead points.
        lr: Learning rate η ≥ 0.
        momentum: Fraction ρ of the velocity kept at each step, in [0, 1].
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Sutskever et al. 2013, section 2; Bengio et al. 2012, section 3.5.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> θ.grad = torch.tensor([2.0])
        >>> Nesterov([θ], lr=0.5, momentum=0.5).step()
        >>> θ.item()  # 3 - 0.5 * (2 + 0.5 * 2)
        1.5
    """

    states = ("v",)

    def __init__(
        self, params, lr=1e-3, momentum=0.9, weight_decay=0.0, *, maximize=False
    ):
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def update(θ, g, v, *, η, ρ):
        """v ← ρv + g, then θ ← θ − η(g + ρv)."""
        v = ρ * v + g
        θ = θ - η * (g + ρ * v)
        return θ, v

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {"η": group["lr"], "ρ": group["momentum"]}
