"""RMSProp: AdaGrad with a memory that fades, so that the rate can grow again.

.. math:: v_t = α v_{t-1} + (1-α)\\, g_t ⊙ g_t, \\qquad
    θ_t = θ_{t-1} - \\frac{η}{\\sqrt{v_t} + ε} ⊙ g_t

*Centred*, it divides by an estimate of the standard deviation of the gradient,
√(v − m²), where m is the fading mean of g.  With *momentum* ρ the normalised
gradients are accumulated in b before the step.

Symbols: v mean square, m mean, b velocity, α ``alpha``, ρ ``momentum``, η ``lr``,
    ε ``eps``, λ ``weight_decay``.
Source: Tieleman & Hinton, Coursera *Neural Networks for Machine Learning*, lecture
    6.5, 2012; Graves, arXiv:1308.0850, eq. 38-41 (centred, with momentum).
Parity: ``torch.optim.RMSprop`` (ε outside the root, where Graves has it inside).
See: chapters/04-optimization
"""

from torch import sqrt

from .base import Optimizer


class RMSprop(Optimizer):
    """Gradient descent, divided by the root mean square of recent gradients.

    .. math:: v ← α v + (1-α)\\, g ⊙ g, \\qquad θ ← θ - η\\, g / (\\sqrt{v} + ε)

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0.
        alpha: Fraction α of the mean square kept at each step, in [0, 1].
        eps: ε ≥ 0, added to the root.
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        momentum: Fraction ρ of the velocity kept at each step, in [0, 1].
        centered: Divide by the standard deviation instead of the root mean square.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Tieleman & Hinton 2012, lecture 6.5; Graves 2013, eq. 38-41.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> θ.grad = torch.tensor([4.0])
        >>> RMSprop([θ], lr=0.5, alpha=0.75).step()
        >>> round(θ.item(), 4)  # 3 - 0.5 * 4 / (0.25 * 16) ** 0.5
        2.0
    """

    states = ("v", "m", "b")

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0.0,
        momentum=0.0,
        centered=False,
        *,
        maximize=False,
    ):
        defaults = {
            "lr": lr,
            "alpha": alpha,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "centered": centered,
        }
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def update(θ, g, v, m=None, b=None, *, η, α, ε, ρ=0.0):
        """v ← αv + (1 − α)g², then θ ← θ − ηg / (√v + ε)."""
        v = α * v + (1 - α) * g * g
        if m is None:
            step = g / (sqrt(v) + ε)
        else:  # centred
            m = α * m + (1 - α) * g
            step = g / (sqrt(v - m * m) + ε)
        if b is not None:  # with momentum
            b = step = ρ * b + step
        θ = θ - η * step
        return θ, v, m, b

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {
            "η": group["lr"],
            "α": group["alpha"],
            "ε": group["eps"],
            "ρ": group["momentum"],
        }

    def remembered(self, group):
        """See :class:`Optimizer`."""
        used = {"v": True, "m": group["centered"], "b": group["momentum"] > 0}
        return tuple(name for name in self.states if used[name])
