"""Convolution, batch normalization, activation: the brick of most networks here.

.. math:: y = φ(\\mathrm{BN}(W * x))

The convolution has no bias: the normalization would subtract it.

Source: Ioffe & Szegedy, ICML 2015, arXiv:1502.03167, section 3.2.
See: chapters/07-convnets
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_positive


class ConvNorm(nn.Module):
    """Convolution, batch normalization, activation.

    .. math:: y = φ(\\mathrm{BN}(W * x))

    Args:
        d_in: input channels.
        d_out: output channels.
        kernel: height and width of the kernel.
        stride: of the convolution.
        padding: zeros on each side; by default k // 2, which keeps the size at
            stride 1 for odd kernels.
        groups: into which the channels are cut; d_in of them make it depthwise.
        act: class of the activation φ, or None for none.
        eps: added to the variance.
        momentum: weight of a batch in the running mean and variance.

    Raises:
        ValueError: the channels cannot be cut into the groups; a size is below 1.

    Example:
        >>> import torch
        >>> ConvNorm(3, 8, 3, stride=2)(torch.zeros(1, 3, 32, 32)).shape
        torch.Size([1, 8, 16, 16])
    """

    def __init__(
        self,
        d_in: int,
        d_out: int,
        kernel: int = 1,
        *,
        stride: int = 1,
        padding: int | None = None,
        groups: int = 1,
        act: type[nn.Module] | None = nn.ReLU,
        eps: float = 1e-5,
        momentum: float = 0.1,
    ):
        super().__init__()
        check_positive(
            d_in=d_in, d_out=d_out, kernel=kernel, stride=stride, groups=groups
        )
        if d_in % groups or d_out % groups:
            raise ValueError(
                f"{d_in} → {d_out} channels cannot be cut into {groups} groups; both "
                "numbers must be multiples of the groups"
            )
        padding = kernel // 2 if padding is None else padding
        self.conv = nn.Conv2d(
            d_in, d_out, kernel, stride, padding, groups=groups, bias=False
        )
        self.norm = nn.BatchNorm2d(d_out, eps=eps, momentum=momentum)
        # in place: the normalization does not need its output for its gradient
        self.act = nn.Identity() if act is None else act(inplace=True)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h2 w2"]:
        """φ(BN(W ∗ x))."""
        return self.act(self.norm(self.conv(x)))
