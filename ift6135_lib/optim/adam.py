"""Adam: momentum, on gradients divided by their root mean square.

.. math::
    m_t &= β_1 m_{t-1} + (1-β_1)\\, g_t \\\\
    v_t &= β_2 v_{t-1} + (1-β_2)\\, g_t ⊙ g_t \\\\
    θ_t &= θ_{t-1} - η\\, \\frac{m_t / (1-β_1^t)}{\\sqrt{v_t / (1-β_2^t)} + ε}

m and v start at zero and hence too small; the divisions by 1 − β^t correct that bias
exactly for gradients of constant mean.  v estimates the *uncentred* second moment
E[g²], not the variance.

Symbols: m, v first and second moments, m_hat, v_hat the same corrected, β1 β2
    ``betas``, ε ``eps``, η ``lr``, λ ``weight_decay``, t step, from 1.
Source: Kingma & Ba, ICLR 2015, arXiv:1412.6980, Algorithm 1.
Parity: ``torch.optim.Adam``; its ``amsgrad=True`` is the class ``AMSGrad`` here.
See: chapters/04-optimization
"""

from torch import sqrt

from .base import Optimizer


class Adam(Optimizer):
    """Momentum, divided by the root mean square of the gradients.

    .. math:: θ ← θ - η\\, \\hat m / (\\sqrt{\\hat v} + ε)

    Args:
        params: Parameters, or groups of them.
        lr: Learning rate η ≥ 0.
        betas: Fractions (β1, β2) of the two moments kept at each step, in [0, 1).
        eps: ε ≥ 0, added to the root.
        weight_decay: Factor λ ≥ 0 of the L2 penalty λ‖θ‖²/2.
        maximize: Climb instead of descending.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Kingma & Ba 2015, Algorithm 1.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.tensor([3.0, 3.0]))
        >>> θ.grad = torch.tensor([100.0, -0.01])
        >>> Adam([θ], lr=0.5).step()  # the first step is η sign(g)
        >>> [round(x, 4) for x in θ.tolist()]
        [2.5, 3.5]
    """

    states = ("m", "v")

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0.0,
        *,
        maximize=False,
    ):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize)

    @staticmethod
    def update(θ, g, m, v, *, t, η, β1, β2, ε):
        """θ ← θ − η m̂ / (√v̂ + ε)."""
        m = β1 * m + (1 - β1) * g
        v = β2 * v + (1 - β2) * g * g
        m_hat = m / (1 - β1**t)
        v_hat = v / (1 - β2**t)
        θ = θ - η * m_hat / (sqrt(v_hat) + ε)
        return θ, m, v

    def hyperparameters(self, group, t):
        """See :class:`Optimizer`."""
        β1, β2 = group["betas"]
        return {"t": t, "η": group["lr"], "β1": β1, "β2": β2, "ε": group["eps"]}
