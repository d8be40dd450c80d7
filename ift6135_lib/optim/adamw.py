"""AdamW: Adam, with the weight decay taken out of the adaptive step.

.. math:: θ_t = (1 - ηλ)\\, θ_{t-1} - η\\, \\frac{\\hat m_t}{\\sqrt{\\hat v_t} + ε}

An L2 penalty adds λθ to the gradient, which Adam then divides by √v̂: weights with
large gradients are hardly decayed.  Decoupled, every weight shrinks by 1 − ηλ.

Symbols: as in Adam; λ ``weight_decay``.
Source: Loshchilov & Hutter, ICLR 2019, arXiv:1711.05101, Algorithm 2.
Parity: ``torch.optim.AdamW`` (λ multiplied by η, as there).
See: chapters/04-optimization
"""

from torch import sqrt

from .adam import Adam


class AdamW(Adam):
    """Adam with decoupled weight decay.

    .. math:: θ ← (1 - ηλ)\\, θ - η\\, \\hat m / (\\sqrt{\\hat v} + ε)

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0.
        betas: Fractions (β1, β2) of the two moments kept at each step, in [0, 1).
        eps: ε ≥ 0, added to the root.
        weight_decay: λ ≥ 0; each step multiplies the weights by 1 − ηλ.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Loshchilov & Hutter 2019, Algorithm 2.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([1.0]))
        >>> θ.grad = torch.zeros(1)
        >>> AdamW([θ], lr=0.1, weight_decay=0.5).step()
        >>> round(θ.item(), 4)
        0.95
    """

    decoupled = True

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=1e-2,
        *,
        maximize=False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, maximize=maximize)

    @staticmethod
    def update(θ, g, m, v, *, t, η, β1, β2, ε, λ):
        """θ ← (1 − ηλ)θ − η m̂ / (√v̂ + ε)."""
        m = β1 * m + (1 - β1) * g
        v = β2 * v + (1 - β2) * g * g
        m_hat = m / (1 - β1**t)
        v_hat = v / (1 - β2**t)
        θ = (1 - η * λ) * θ - η * m_hat / (sqrt(v_hat) + ε)
        return θ, m, v

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        return {**super().hyperparameters(group, t), "λ": group["weight_decay"]}
