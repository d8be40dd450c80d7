"""AdaBound: Adam whose rates are clipped between two bounds that close on one value.

.. math:: θ_t = θ_{t-1} - \\operatorname{clip}\\!\\left(
    \\frac{η_t}{\\sqrt{v_t} + ε},\\, η_l(t),\\, η_u(t)\\right) ⊙ m_t

The bounds start at (0, ∞), where the rule is Adam, and meet at the final rate, where
it is gradient descent with momentum.

Symbols: m, v as in Adam; η_t = η √(1 − β2^t) / (1 − β1^t), η ``lr``; η_l, η_u bounds;
    η* ``final_lr``; γ ``gamma``, how fast they close; λ ``weight_decay``.
Source: Luo, Xiong, Liu & Sun, ICLR 2019, arXiv:1902.09843, Algorithm 2 and section 4.
Deviation: as the authors' code, with Adam's bias correction (ε added to the
    *uncorrected* root), and without the 1/√t of the analysis.
Parity: ``pytorch_optimizer.AdaBound(weight_decouple=False)``; that library decouples
    the weight decay by default, the authors' AdaBound (and ours) adds λθ to g.
See: chapters/04-optimization
"""

import math

from torch import clip, sqrt

from .base import Optimizer


class AdaBound(Optimizer):
    """Adam, its rates held between two bounds that close on a single one.

    .. math:: θ ← θ - \\operatorname{clip}(η_t / (\\sqrt{v} + ε), η_l, η_u) ⊙ m

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0 of the Adam it starts as.
        betas: Fractions (β1, β2) of the two moments kept at each step, in [0, 1).
        final_lr: Rate η* ≥ 0 of the gradient descent it ends as; a schedule that
            multiplies ``lr`` multiplies it too.
        gamma: γ ≥ 0, how fast the bounds close; at step 1/γ they are (η*/2, 2η*).
        eps: ε ≥ 0, added to the root.
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Luo et al. 2019, Algorithm 2 and section 4.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0]))
        >>> θ.grad = torch.tensor([2.0])
        >>> AdaBound([θ], lr=0.5, final_lr=0.1, gamma=1e9).step()
        >>> round(θ.item(), 4)  # the bounds have met: 3 - 0.1 * m, m = 0.1 * 2
        2.98
    """

    states = ("m", "v")

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        final_lr=0.1,
        gamma=1e-3,
        eps=1e-8,
        weight_decay=0.0,
        *,
        maximize=False,
    ):
        defaults = {
            "lr": lr,
            "betas": betas,
            "final_lr": final_lr,
            "gamma": gamma,
            "eps": eps,
            "weight_decay": weight_decay,
        }
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def bounds(t, *, η_final, γ):
        """Return the bounds (η_l, η_u) of the rate at step ``t``.

        .. math:: η_l(t) = η^* \\left(1 - \\frac{1}{γt + 1}\\right), \\qquad
            η_u(t) = η^* \\left(1 + \\frac{1}{γt}\\right)

        Args:
            t: Step, from 1.
            η_final: Rate η* where both end.
            γ: How fast they close; with 0 they stay at (0, ∞).

        Returns:
            Two numbers.

        Source:
            Luo et al. 2019, section 4.

        Example:
            >>> AdaBound.bounds(1000, η_final=0.1, γ=1e-3)
            (0.05, 0.2)
        """
        η_l = η_final * (1 - 1 / (γ * t + 1))
        η_u = η_final * (1 + 1 / (γ * t)) if γ > 0 else math.inf
        return η_l, η_u

    @staticmethod
    def update(θ, g, m, v, *, t, η, β1, β2, ε, η_l, η_u):
        """θ ← θ − clip(η_t / (√v + ε), η_l, η_u) m."""
        m = β1 * m + (1 - β1) * g
        v = β2 * v + (1 - β2) * g * g
        η_t = η * (1 - β2**t) ** 0.5 / (1 - β1**t)
        θ = θ - clip(η_t / (sqrt(v) + ε), η_l, η_u) * m
        return θ, m, v

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        β1, β2 = group["betas"]
        initial = group["base_lr"]
        η_final = group["final_lr"] * group["lr"] / initial if initial else 0.0
        η_l, η_u = self.bounds(t, η_final=η_final, γ=group["gamma"])
        return {
            "t": t,
            "η": group["lr"],
            "β1": β1,
            "β2": β2,
            "ε": group["eps"],
            "η_l": η_l,
            "η_u": η_u,
        }

    def add_param_group(self, param_group):
        """See :class:`Optimizer`; the group's initial rate is kept as "base_lr"."""
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        group.setdefault("base_lr", float(group["lr"]))
