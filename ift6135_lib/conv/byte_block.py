"""ByteNet's residual block: narrow, convolve with dilation, widen.

.. math:: y = x + W_3\\, φ(K * φ(W_1\\, φ(x))), \\qquad φ = \\mathrm{ReLU} ∘ LN

Symbols: x input, y output, W_1 ``narrow``, K ``conv``, W_3 ``widen``, LN ``norms``.
Shapes: b batch, t time, c = 2d channels.
Source: Kalchbrenner et al., arXiv:1610.10099, section 3.6 and figure 3 (left).
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from .causal import CausalConv1d, Ring


class ByteBlock(nn.Module):
    """A residual block: narrow, convolve with dilation, widen; each after a norm.

    .. math:: y = x + W_3\\, φ(K * φ(W_1\\, φ(x)))

    φ is a ReLU after a layer normalization over the channels of one time step: over
    time as well, it would look ahead.
    """

    def __init__(self, d: int, k: int, dilation: int, *, causal: bool):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(n) for n in (2 * d, d, d))
        self.narrow, self.widen = nn.Linear(2 * d, d), nn.Linear(d, 2 * d)
        if causal:
            self.conv = CausalConv1d(d, d, k, dilation=dilation)
        else:
            self.conv = nn.Conv1d(d, d, k, dilation=dilation, padding="same")

    def phi(self, i: int, x: Tensor) -> Tensor:
        return F.relu(self.norms[i](x))

    def forward(self, x: Float[Tensor, "b t c"], valid=None) -> Float[Tensor, "b t c"]:
        """All time steps at once; those that are not valid count as outside."""
        y = self.phi(1, self.narrow(self.phi(0, x)))
        if valid is not None:
            y = y * valid
        y = self.conv(y.mT).mT  # the channels second, and back
        return x + self.widen(self.phi(2, y))

    def step(self, x: Float[Tensor, "b c"], ring: Ring) -> Float[Tensor, "b c"]:
        """One time step of a causal block."""
        y = self.conv.step(self.phi(1, self.narrow(self.phi(0, x))), ring)
        return x + self.widen(self.phi(2, y))
