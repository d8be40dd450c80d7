"""The gated unit: a filter, and a gate that decides how much of it passes.

.. math:: z = \\tanh(W_f * x + V_f h) ⊙ σ(W_g * x + V_g h)

Symbols: x input, h ``condition``'s input, z the unit's output, W_f and W_g the halves
of ``conv``, V_f and V_g those of ``condition``.  Shapes: b batch, c channels, t time.
Source: van den Oord et al., arXiv:1609.03499, sections 2.3–2.5 and figure 4.
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from .causal import CausalConv1d, Ring


def gated_activation(
    f: Float[Tensor, "*shape"], g: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """A filter, and a gate that lets it pass or not.

    .. math:: z = \\tanh(f) ⊙ σ(g)

    Args:
        f: the filter's input, W_f * x.
        g: the gate's input, W_g * x.

    Returns:
        Values in (-1, 1).

    Source:
        van den Oord et al., arXiv:1609.03499, eq. 2.

    Example:
        >>> gated_activation(torch.tensor([9.0, 9.0]), torch.tensor([-99.0, 0.0]))
        tensor([0.0000, 0.5000])
    """
    return torch.tanh(f) * torch.sigmoid(g)


def pointwise(conv: nn.Conv1d, x: Float[Tensor, "b c"]) -> Float[Tensor, "b out"]:
    """A 1 × 1 convolution at one time step: a linear layer.

    Args:
        conv: with a kernel of one tap.
        x: its input at one time step (b, c).

    Returns:
        Its output (b, out).

    Example:
        >>> pointwise(nn.Conv1d(2, 3, 1), torch.zeros(1, 2)).shape
        torch.Size([1, 3])
    """
    return F.linear(x, conv.weight[..., 0], conv.bias)


class GatedBlock(nn.Module):
    """A gated causal convolution, with a residual and a skip connection."""

    def __init__(self, c: int, skip: int, k: int, dilation: int, conditions: int = 0):
        super().__init__()
        self.conv = CausalConv1d(c, 2 * c, k, dilation=dilation)  # W_f, W_g
        self.condition = (
            nn.Linear(conditions, 2 * c, bias=False) if conditions else None
        )
        self.residual = nn.Conv1d(c, c, 1)
        self.skip = nn.Conv1d(c, skip, 1)

    def gate(self, y: Tensor, h: Tensor | None) -> Tensor:
        """The unit's output z from W * x; channels stand second."""
        if self.condition is not None:
            v = self.condition(h)  # (b, 2c)
            y = y + v.reshape(*v.shape, *[1] * (y.dim() - 2))
        return gated_activation(*y.chunk(2, dim=1))

    def forward(self, x: Float[Tensor, "b c t"], h=None) -> tuple[Tensor, Tensor]:
        """The next block's input (b, c, t) and the skip connection (b, skip, t)."""
        z = self.gate(self.conv(x), h)
        return x + self.residual(z), self.skip(z)

    def step(self, x: Float[Tensor, "b c"], ring: Ring, h=None):
        """The same at one time step."""
        z = self.gate(self.conv.step(x, ring), h)
        return x + pointwise(self.residual, z), pointwise(self.skip, z)
