"""SENet: each block weighs its channels by what the whole image shows.

.. math::
    z_c &= \\frac{1}{HW} \\sum_{i,j} u_{cij} \\\\
    s &= σ(W_2 \\, \\mathrm{ReLU}(W_1 z)) \\\\
    \\tilde u_c &= s_c \\, u_c

Symbols: u the maps of a block, z their means, s weights in (0, 1), r the reduction:
    W₁ is C/r × C, W₂ is C × C/r.
Source: Hu, Shen & Sun, CVPR 2018, arXiv:1709.01507, section 3, equations 2 to 4.
Deviations: the two linear maps have biases, as the authors' networks; a basic block has
    at least 8 squeezed channels, as timm's (matters in SE-ResNet-18 and 34 only).
Parity: ``timm.models.seresnet50``.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_positive
from .residual import BasicBlock, Bottleneck
from .resnet import ResNet


def squeeze(u: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c 1 1"]:
    """The mean of each map.

    .. math:: z_c = \\frac{1}{HW} \\sum_{i,j} u_{cij}

    Args:
        u: maps.

    Returns:
        One number z for each map.

    Source:
        Hu et al. 2018, equation 2.

    Example:
        >>> squeeze(torch.arange(8.0).reshape(1, 2, 2, 2)).flatten().tolist()
        [1.5, 5.5]
    """
    return u.mean((2, 3), keepdim=True)


class SqueezeExcitation(nn.Module):
    """Weigh the channels: ũ = s u, with s = σ(W₂ ReLU(W₁ z)).

    Args:
        channels: C, of the input and output.
        reduction: r; C/r channels remain in between.
        squeezed: number of channels in between, in the place of C/r.
        act: class of the activation in between.

    Raises:
        ValueError: the reduction does not divide the channels; a number is below 1.

    Source:
        Hu et al. 2018, equations 2 to 4. It has 2C²/r weights, and C + C/r biases.

    Example:
        >>> se = SqueezeExcitation(64, reduction=16)
        >>> sum(p.numel() for p in se.parameters())
        580
    """

    def __init__(
        self,
        channels: int,
        reduction: int = 16,
        *,
        squeezed: int | None = None,
        act: type[nn.Module] = nn.ReLU,
    ):
        super().__init__()
        check_positive(channels=channels, reduction=reduction)
        if squeezed is None:
            if channels % reduction:
                raise ValueError(
                    f"reduction is {reduction}; it must divide {channels} channels; "
                    "or give squeezed"
                )
            squeezed = channels // reduction
        check_positive(squeezed=squeezed)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)  # W₁, a linear map of z
        self.act = act(inplace=True)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)  # W₂

    def gates(self, u: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c 1 1"]:
        """The weights s of the channels.

        Args:
            u: maps (b, c, h, w).

        Returns:
            s (b, c, 1, 1), each in (0, 1).
        """
        return torch.sigmoid(self.fc2(self.act(self.fc1(squeeze(u)))))

    def forward(self, u: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """s u."""
        return u * self.gates(u)


class SEBasicBlock(BasicBlock):
    """Basic block whose F ends with a squeeze-and-excitation, before the sum.

    Arguments of :class:`BasicBlock`; the reduction is 16, to at least 8 channels.
    """

    def __init__(self, d_in: int, d: int, *, stride: int = 1, residual: bool = True):
        super().__init__(d_in, d, stride=stride, residual=residual)
        se = SqueezeExcitation(d, squeezed=max(d // 16, 8))
        self.residual.add_module("se", se)


class SEBottleneck(Bottleneck):
    """Bottleneck whose F ends with a squeeze-and-excitation, before the sum.

    Arguments of :class:`Bottleneck`; the reduction is 16.
    """

    def __init__(self, d_in: int, d: int, *, stride: int = 1, residual: bool = True):
        super().__init__(d_in, d, stride=stride, residual=residual)
        self.residual.add_module("se", SqueezeExcitation(4 * d, 16))


class SEResNet(ResNet):
    """ResNet whose blocks weigh their channels. Arguments of :class:`ResNet`.

    ``from_timm`` takes the weights of timm's ``seresnet18`` to ``seresnet152``.

    Source:
        Hu et al. 2018, table 1, middle.

    Example:
        >>> net = SEResNet(SEBasicBlock, (1, 1), 10, widths=(16, 32), small=True)
        >>> net(torch.zeros(2, 3, 16, 16)).shape
        torch.Size([2, 10])
    """

    _blocks = (SEBasicBlock, SEBottleneck)


def seresnet50(num_classes: int = 1000, in_chans: int = 3, **options) -> SEResNet:
    """SE-ResNet-50: 28,088,024 parameters. Arguments of :class:`ResNet`."""
    return SEResNet(SEBottleneck, (3, 4, 6, 3), num_classes, in_chans, **options)
