"""AdaGrad: a learning rate for each parameter, smaller where gradients were large.

.. math:: r_t = r_{t-1} + g_t ⊙ g_t, \\qquad
    θ_t = θ_{t-1} - \\frac{η_t}{\\sqrt{r_t} + ε} ⊙ g_t

Made for sparse features: a weight whose feature is rare keeps a large rate.  The sum
r only grows, hence the effective rate decays, like t^(−1/2) for gradients of constant
size.

Symbols: r sum of squares, η ``lr``, η_t = η / (1 + (t − 1) ``lr_decay``), ε ``eps``,
    λ ``weight_decay``.
Source: Duchi, Hazan & Singer, JMLR 12, 2011, section 1.1 (diagonal version).
Parity: ``torch.optim.Adagrad``.
See: chapters/04-optimization
"""

import torch
from torch import sqrt

from .base import Optimizer


class Adagrad(Optimizer):
    """Gradient descent, divided by the root of all squared gradients so far.

    .. math:: r ← r + g ⊙ g, \\qquad θ ← θ - η_t\\, g / (\\sqrt{r} + ε)

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0.
        lr_decay: Rate ≥ 0 of η_t = η / (1 + (t − 1) lr_decay).
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        initial_accumulator_value: Value ≥ 0 of r before the first step.
        eps: ε ≥ 0, added to the root.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Duchi, Hazan & Singer 2011, section 1.1.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> optimizer = Adagrad([θ], lr=0.5)
        >>> for g in (3.0, 4.0):
        ...     θ.grad = torch.tensor([g])
        ...     optimizer.step()
        >>> round(θ.item(), 4)  # 3 - 0.5 * 3 / 3 - 0.5 * 4 / 5
        2.1
    """

    states = ("r",)

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0.0,
        weight_decay=0.0,
        initial_accumulator_value=0.0,
        eps=1e-10,
        *,
        maximize=False,
    ):
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
        }
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def update(θ, g, r, *, η, ε):
        """r ← r + g², then θ ← θ − ηg / (√r + ε)."""
        r = r + g * g
        θ = θ - η * g / (sqrt(r) + ε)
        return θ, r

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {
            "η": group["lr"] / (1 + (t - 1) * group["lr_decay"]),
            "ε": group["eps"],
        }

    def initial(self, name, parameter, group):
        """See :class:`Optimizer`."""
        return torch.full_like(
            parameter,
            group["initial_accumulator_value"],
            memory_format=torch.preserve_format,
        )
