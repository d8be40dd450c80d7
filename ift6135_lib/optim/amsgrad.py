"""AMSGrad: Adam, with a second moment that never decreases.

.. math:: \\hat v_t = \\max(\\hat v_{t-1}, v_t), \\qquad
    θ_t = θ_{t-1} - η\\, \\frac{m_t / (1-β_1^t)}{\\sqrt{\\hat v_t / (1-β_2^t)} + ε}

Adam can forget a rare, large gradient faster than it comes back, and then diverge
even on a convex problem.  A non-decreasing v̂ makes the effective rate η/√v̂
non-increasing, as the paper has it; with the bias correction below, the rate can still
grow while 1 - β_2^t does.

Symbols: as in Adam; v_max the paper's v̂, the largest v so far.
Source: Reddi, Kale & Kumar, ICLR 2018, arXiv:1904.09237, Algorithm 2.
Deviation: the paper has no bias correction; here, as in PyTorch, the maximum is taken
    of the *uncorrected* v and then corrected.
Parity: ``torch.optim.Adam(amsgrad=True)``.
See: chapters/04-optimization
"""

from torch import maximum, sqrt

from .adam import Adam


class AMSGrad(Adam):
    """Adam, divided by the largest second moment met so far.

    .. math:: \\hat v ← \\max(\\hat v, v), \\qquad
        θ ← θ - η\\, \\hat m / (\\sqrt{\\hat v / (1-β_2^t)} + ε)

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
        Reddi, Kale & Kumar 2018, Algorithm 2.

    Example:
        >>> import torch
        >>> θ = torch.nn.Parameter(torch.zeros(1))
        >>> optimizer = AMSGrad([θ])
        >>> for g in (10.0, 0.1):
        ...     θ.grad = torch.tensor([g])
        ...     optimizer.step()
        >>> optimizer.state[θ]["v"].item() < optimizer.state[θ]["v_max"].item()
        True
    """

    states = ("m", "v", "v_max")

    @staticmethod
    def update(θ, g, m, v, v_max, *, t, η, β1, β2, ε):
        """θ ← θ − η m̂ / (√v̂ + ε), with v̂ from the largest v so far."""
        m = β1 * m + (1 - β1) * g
        v = β2 * v + (1 - β2) * g * g
        v_max = maximum(v_max, v)
        m_hat = m / (1 - β1**t)
        v_hat = v_max / (1 - β2**t)
        θ = θ - η * m_hat / (sqrt(v_hat) + ε)
        return θ, m, v, v_max
