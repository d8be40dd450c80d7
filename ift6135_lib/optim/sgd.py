"""Gradient descent: a step against the gradient, of length η times its norm.

.. math:: θ_t = θ_{t-1} - η\\, g_t

Whether it is *batch*, *stochastic* or *mini-batch* gradient descent depends on what
the gradient g was computed from, not on the rule.

Symbols: θ parameters, g gradient, η ``lr``, λ ``weight_decay``.
Source: Cauchy 1847; Robbins & Monro, Ann. Math. Statist. 22, 1951.
Parity: ``torch.optim.SGD``.
See: chapters/04-optimization
"""

from .base import Optimizer


class SGD(Optimizer):
    """Gradient descent: a step against the gradient, whatever batch it is of.

    .. math:: θ ← θ - η\\, g

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0.
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Robbins & Monro 1951.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> θ.grad = torch.tensor([2.0])
        >>> SGD([θ], lr=0.5).step()
        >>> θ.item()
        2.0
    """

    def __init__(self, params, lr=1e-3, weight_decay=0.0, *, maximize=False):
        super().__init__(
            params, {"lr": lr, "weight_decay": weight_decay}, maximize=maximize
        )

    @staticmethod
    def update(θ, g, *, η):
        """θ ← θ − ηg."""
        θ = θ - η * g
        return (θ,)

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {"η": group["lr"]}
