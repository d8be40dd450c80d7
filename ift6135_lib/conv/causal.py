"""Causal convolution: an output sees the present and the past, never the future.

.. math:: y_t = b + \\sum_{j=0}^{k-1} W_j\\, x_{t - d\\,(k-1-j)}, \\qquad x_s = 0
    \\text{ for } s < 0

The zeros stand on the left only, d(k−1) of them, so that the output is as long as the
input.  A sequence can be convolved at once, or one time step after the other with the
last d(k−1) inputs kept in a ring: the same numbers.

Symbols: x input, y output, W ``weight``, b ``bias``, k ``kernel_size``, d ``dilation``,
t time.  Shapes: b batch, c channels, t time.
Source: van den Oord et al., arXiv:1609.03499, section 2.1; dilation: Yu & Koltun,
    arXiv:1511.07122, section 2.
Parity: ``torch.nn.Conv1d``, whose parameters and state_dict it has.
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from .whole import check_whole


def causal_conv1d(
    x: Float[Tensor, "b c t"],
    weight: Float[Tensor, "out c_in k"],
    bias: Float[Tensor, " out"] | None = None,
    *,
    dilation: int = 1,
    groups: int = 1,
) -> Float[Tensor, "b out t"]:
    """Convolve a sequence with zeros on its left: nothing comes from the future.

    .. math:: y_t = b + \\sum_{j=0}^{k-1} W_j\\, x_{t - d\\,(k-1-j)}

    Args:
        x: input (b, c, t).
        weight: kernel (out, c / groups, k); the last tap meets the present.
        bias: one number for each output channel, or None.
        dilation: distance d ≥ 1 between two taps, in time steps.
        groups: number of groups of channels that do not mix.

    Returns:
        Output (b, out, t), as long as the input.

    Source:
        van den Oord et al., arXiv:1609.03499, section 2.1.

    Example:
        >>> x, weight = torch.tensor([[[1.0, 2.0, 3.0]]]), torch.tensor([[[10.0, 1.0]]])
        >>> causal_conv1d(x, weight)
        tensor([[[ 1., 12., 23.]]])
    """
    past = dilation * (weight.shape[-1] - 1)
    x = F.pad(x, (past, 0))  # (b, c, past + t)
    return F.conv1d(x, weight, bias, dilation=dilation, groups=groups)


def causal_receptive_field(kernel_size: int, dilations: Sequence[int]) -> int:
    """How many inputs, the present one included, an output of a stack sees.

    .. math:: r = 1 + \\sum_\\ell d_\\ell\\, (k - 1)

    Args:
        kernel_size: taps k ≥ 1 of each layer.
        dilations: dilation d ≥ 1 of each layer; none for no layer.

    Returns:
        The receptive field r, in time steps.

    Raises:
        ValueError: an argument is no whole number ≥ 1.

    Source:
        van den Oord et al., arXiv:1609.03499, section 2.1.

    Example:
        >>> causal_receptive_field(2, [1, 2, 4, 8])
        16
    """
    for name, value in [
        ("kernel_size", kernel_size),
        *(("dilation", d) for d in dilations),
    ]:
        check_whole(name, value)
    return 1 + sum(d * (kernel_size - 1) for d in dilations)


@dataclass
class Ring:
    """The last inputs of a layer, in a ring that is written in place.

    ``values[..., t % n]`` holds x_{t−n} until x_t takes its place.
    """

    values: Float[Tensor, "b c n"]
    t: int = 0


class CausalConv1d(nn.Conv1d):
    """A causal convolution, in parallel over time or step by step.

    .. math:: y_t = b + \\sum_{j=0}^{k-1} W_j\\, x_{t - d\\,(k-1-j)}

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        kernel_size: taps k ≥ 1.
        dilation: distance d ≥ 1 between two taps, in time steps.
        groups: divides both numbers of channels.
        bias: whether to add one number per output channel.

    Raises:
        ValueError: a size is no whole number ≥ 1, or groups does not divide.

    Source:
        van den Oord et al., arXiv:1609.03499, section 2.1.

    Example:
        >>> conv = CausalConv1d(3, 5, kernel_size=2, dilation=4)
        >>> conv(torch.zeros(1, 3, 10)).shape, conv.receptive_field
        (torch.Size([1, 5, 10]), 5)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
    ):
        for name, value in {
            "in_channels": in_channels,
            "out_channels": out_channels,
            "kernel_size": kernel_size,
            "dilation": dilation,
            "groups": groups,
        }.items():
            check_whole(name, value)
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            dilation=dilation,
            groups=groups,
            bias=bias,
        )

    @property
    def receptive_field(self) -> int:
        """1 + d(k−1), in time steps."""
        return causal_receptive_field(self.kernel_size[0], self.dilation)

    def forward(self, x: Float[Tensor, "b c t"]) -> Float[Tensor, "b out t"]:
        """The whole sequence at once."""
        return causal_conv1d(
            x,
            self.weight,
            self.bias,
            dilation=self.dilation[0],
            groups=self.groups,
        )

    def ring(self, batch: int) -> Ring:
        """An empty past for :meth:`step`: zeros, as before the sequence's start.

        Args:
            batch: number of sequences.

        Returns:
            The ring, that each step changes.
        """
        shape = (batch, self.in_channels, self.receptive_field - 1)
        return Ring(self.weight.new_zeros(shape))

    def step(self, x: Float[Tensor, "b c"], ring: Ring) -> Float[Tensor, "b out"]:
        """The output of one time step; its input goes into the ring.

        The cost depends neither on the dilation nor on what came before.

        Args:
            x: input x_t of each sequence (b, c).
            ring: the past, from :meth:`ring` and the steps before.

        Returns:
            Output y_t (b, out).
        """
        n = ring.values.shape[-1]
        places = [(ring.t + j) % n for j in range(0, n, self.dilation[0])]
        past = [ring.values[..., place] for place in places]  # oldest first
        window = torch.stack([*past, x], -1)  # (b, c, k)
        if n:
            ring.values[..., ring.t % n] = x
            ring.t += 1
        if self.groups == 1:
            return F.linear(window.flatten(1), self.weight.flatten(1), self.bias)
        return F.conv1d(window, self.weight, self.bias, groups=self.groups)[..., 0]
