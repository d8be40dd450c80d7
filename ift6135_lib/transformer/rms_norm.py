"""RMSNorm: divide by the root mean square; nothing is subtracted.

.. math:: y = γ ⊙ \\frac{x}{\\sqrt{\\frac1d \\sum_i x_i^2 + ε}}

Symbols: γ ``weight``, ε ``epsilon``.
Source: Zhang & Sennrich, NeurIPS 2019, arXiv:1910.07467, equation 4.
Parity: ``torch.nn.RMSNorm``.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """Layer normalization without mean and without bias.

    .. math:: y = γ ⊙ x / \\sqrt{\\overline{x^2} + ε}

    Args:
        d: width of the positions.
        eps: ε, added to the mean square.

    Source:
        Zhang & Sennrich 2019, equation 4.

    Example:
        >>> RMSNorm(2, eps=0.0)(torch.tensor([3.0, 4.0]))
        tensor([0.8485, 1.1314], grad_fn=<MulBackward0>)
    """

    def __init__(self, d: int, eps: float = 1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.epsilon = eps

    def forward(self, x: Float[Tensor, "... d"]) -> Float[Tensor, "... d"]:
        """Normalize every position.

        Args:
            x: positions (…, d).

        Returns:
            y (…, d).
        """
        wide = x.to(torch.promote_types(x.dtype, torch.float32))  # half would overflow
        scale = torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)
        return self.weight * (wide * scale).to(x.dtype)
