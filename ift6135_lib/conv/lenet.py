"""LeNet-5: convolve, shrink, convolve, shrink, classify; trained end to end.

.. math:: φ(a) = A \\tanh(S a), \\qquad A = 1.7159, \\; S = 2/3

C1 (6 maps of 28 × 28), S2, C3 (16 of 10 × 10), S4, C5 (120), F6 (84), output.

Symbols: A, S amplitude and slope of the activation, a weighted sum.
Source: LeCun, Bottou, Bengio & Haffner, Proc. IEEE 86(11), 1998, section II.B and
    appendix A.
Deviations: C3 sees all the maps of S2 (the paper's table I connects a part of them);
    S2 and S4 average without coefficients to learn; the output is linear, for a cross
    entropy, where the paper compares F6 with drawings of the characters.
See: chapters/07-convnets
"""

from __future__ import annotations

import math
from collections import OrderedDict

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_image, check_positive
from .weights import placed


def scaled_tanh(a: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """The activation of LeNet-5: odd, and φ(±1) = ±1.

    .. math:: φ(a) = 1.7159 \\tanh(2a/3)

    Args:
        a: weighted sums.

    Returns:
        Activations, in (−1.7159, 1.7159).

    Source:
        LeCun et al. 1998, appendix A.

    Example:
        >>> [round(x, 3) for x in scaled_tanh(torch.tensor([-1.0, 0.0, 1.0])).tolist()]
        [-1.0, 0.0, 1.0]
    """
    return 1.7159 * torch.tanh(2 / 3 * a)


class ScaledTanh(nn.Module):
    """The layer of :func:`scaled_tanh`."""

    def forward(self, a: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
        """A tanh(S a)."""
        return scaled_tanh(a)


class LeNet(nn.Module):
    """LeNet-5, for images of 32 × 32 pixels.

    Weights start uniform in ±2.4 / n, with n the inputs of the unit (appendix A).

    Args:
        num_classes: number of logits.
        in_chans: channels of the images, 1 for grey levels.
        device: where the parameters are made.

    Raises:
        ValueError: a number is below 1; images of another size.

    Source:
        LeCun et al. 1998, section II.B.

    Example:
        >>> LeNet()(torch.zeros(2, 1, 32, 32)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        num_classes: int = 10,
        in_chans: int = 1,
        *,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans)
        with placed(device):
            layers = [
                ("c1", nn.Conv2d(in_chans, 6, 5)),  # (b, 6, 28, 28)
                ("act1", ScaledTanh()),
                ("s2", nn.AvgPool2d(2)),  # (b, 6, 14, 14)
                ("c3", nn.Conv2d(6, 16, 5)),  # (b, 16, 10, 10)
                ("act3", ScaledTanh()),
                ("s4", nn.AvgPool2d(2)),  # (b, 16, 5, 5)
                ("c5", nn.Conv2d(16, 120, 5)),  # (b, 120, 1, 1)
                ("act5", ScaledTanh()),
                ("flatten", nn.Flatten()),
                ("f6", nn.Linear(120, 84)),
                ("act6", ScaledTanh()),
                ("output", nn.Linear(84, num_classes)),
            ]
            self.layers = nn.Sequential(OrderedDict(layers))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw the weights uniformly in ±2.4 / n, as the paper's appendix A."""
        for layer in self.layers:
            if isinstance(layer, nn.Conv2d | nn.Linear):
                bound = 2.4 / math.prod(layer.weight.shape[1:])
                layer.weight.uniform_(-bound, bound)
                layer.bias.uniform_(-bound, bound)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of 32 × 32 pixels."""
        check_image(x, exactly=32)
        return self.layers(x)


def lenet5(num_classes: int = 10, in_chans: int = 1, **options) -> LeNet:
    """LeNet-5: 61,706 parameters. Arguments of :class:`LeNet`."""
    return LeNet(num_classes, in_chans, **options)
