"""AdaDelta: steps in the units of the parameters, from a ratio of two mean squares.

.. math::
    r_t &= ρ r_{t-1} + (1-ρ)\\, g_t ⊙ g_t \\\\
    δ_t &= \\frac{\\sqrt{u_{t-1} + ε}}{\\sqrt{r_t + ε}} ⊙ g_t \\\\
    u_t &= ρ u_{t-1} + (1-ρ)\\, δ_t ⊙ δ_t \\\\
    θ_t &= θ_{t-1} - η δ_t

Multiply the loss by a constant and nothing changes (but for ε): g and √r scale alike.

Symbols: r mean square of the gradients, u mean square of the steps, δ step, ρ ``rho``,
    ε ``eps``, η ``lr`` (1 in the paper), λ ``weight_decay``.
Source: Zeiler, arXiv:1212.5701, Algorithm 1.
Parity: ``torch.optim.Adadelta`` (ε inside the roots, as in the paper).
See: chapters/04-optimization
"""

from torch import sqrt

from .base import Optimizer


class Adadelta(Optimizer):
    """Gradient descent, its rate a ratio of two fading root mean squares.

    .. math:: θ ← θ - η\\, g ⊙ \\sqrt{u + ε} / \\sqrt{r + ε}

    Args:
        params: Parameters, or groups of them.
        lr: Factor η ≥ 0 of the step; the paper's rule is η = 1.
        rho: Fraction ρ of both mean squares kept at each step, in [0, 1].
        eps: ε ≥ 0, inside both roots; √ε starts the first steps.
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Zeiler 2012, Algorithm 1.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> θ.grad = torch.tensor([4.0])
        >>> Adadelta([θ], rho=0.75, eps=1e-6).step()
        >>> round(3 - θ.item(), 4)  # sqrt(1e-6) / sqrt(0.25 * 16) * 4
        0.002
    """

    states = ("r", "u")

    def __init__(
        self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0.0, *, maximize=False
    ):
        defaults = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def update(θ, g, r, u, *, η, ρ, ε):
        """θ ← θ − ηδ, with the step δ = g √(u + ε) / √(r + ε)."""
        r = ρ * r + (1 - ρ) * g * g
        δ = sqrt(u + ε) / sqrt(r + ε) * g
        u = ρ * u + (1 - ρ) * δ * δ
        θ = θ - η * δ
        return θ, r, u

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {"η": group["lr"], "ρ": group["rho"], "ε": group["eps"]}
