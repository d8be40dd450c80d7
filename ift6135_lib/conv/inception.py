"""GoogLeNet: several kernel sizes side by side, their outputs put end to end.

.. math:: y = [W_1 * x,\\; W_3 * W_3' * x,\\; W_5 * W_5' * x,\\; W_p * \\max(x)]

The 1 × 1 convolutions W' reduce the channels before the large kernels, where products
are dear.

Symbols: [·, ·] concatenation of channels, W a convolution with normalization and ReLU,
    max a pooling of 3 × 3 at stride 1.
Source: Szegedy et al., CVPR 2015, arXiv:1409.4842, sections 4 and 5, table 1.
Deviations, those of torchvision: batch normalization (arXiv:1502.03167), 3 × 3 in the
    place of 5 × 5, no auxiliary classifiers, dropout 0.2; weights start as He et al.'s.
Parity: ``torchvision.models.googlenet(aux_logits=False)``.
See: chapters/07-convnets
"""

from __future__ import annotations

from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import placed
from .checks import check_image, check_positive
from .conv_norm import ConvNorm
from .names import googlenet as names_of_torchvision
from .weights import Entries, he_normal_

# what the weights of torchvision expect, from what it advises to normalize with
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class InceptionBlock(nn.Module):
    """Four branches in parallel, concatenated.

    .. math:: y = [W_1 * x, W_3 * W_3' * x, W_5 * W_5' * x, W_p * \\max(x)]

    Args:
        d_in: input channels.
        b1: channels of the 1 × 1 branch.
        b3: channels of the 3 × 3 branch, reduced to, then convolved to.
        b5: the same for the largest kernel.
        pool: channels of the pooling branch.
        kernel: the largest kernel, odd: 5 in the paper.
        eps: added to the variance by the normalizations.

    Raises:
        ValueError: a number is below 1, the kernel even.

    Source:
        Szegedy et al. 2015, figure 2(b).

    Example:
        >>> block = InceptionBlock(192, 64, (96, 128), (16, 32), 32)
        >>> block(torch.zeros(1, 192, 28, 28)).shape
        torch.Size([1, 256, 28, 28])
    """

    def __init__(
        self,
        d_in: int,
        b1: int,
        b3: tuple[int, int],
        b5: tuple[int, int],
        pool: int,
        *,
        kernel: int = 5,
        eps: float = 1e-5,
    ):
        super().__init__()
        if kernel % 2 == 0:
            raise ValueError(f"kernel is {kernel}; it must be odd to keep the size")
        brick = partial(ConvNorm, eps=eps)
        self.b1 = brick(d_in, b1)
        self.b3 = nn.Sequential(brick(d_in, b3[0]), brick(*b3, 3))
        self.b5 = nn.Sequential(brick(d_in, b5[0]), brick(*b5, kernel))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), brick(d_in, pool))
        self.d_out = b1 + b3[1] + b5[1] + pool

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d h w"]:
        """The branches' outputs, one after the other along the channels."""
        return torch.cat([self.b1(x), self.b3(x), self.b5(x), self.pool(x)], dim=1)


# b1, b3, b5, pool of table 1, by stage
TABLE = (
    ((64, (96, 128), (16, 32), 32), (128, (128, 192), (32, 96), 64)),
    (
        (192, (96, 208), (16, 48), 64),
        (160, (112, 224), (24, 64), 64),
        (128, (128, 256), (24, 64), 64),
        (112, (144, 288), (32, 64), 64),
        (256, (160, 320), (32, 128), 128),
    ),
    ((256, (160, 320), (32, 128), 128), (384, (192, 384), (48, 128), 128)),
)


class GoogLeNet(nn.Module):
    """GoogLeNet with batch normalization: nine Inception blocks in three stages.

    Args:
        num_classes: number of logits.
        in_chans: channels of the images.
        dropout: probability of zeroing a feature before the classifier.
        transform_input: whether images normalized with ImageNet's mean and deviation
            are brought to [−1, 1] first, as the weights that torchvision offers need.
        device: where the parameters are made.

    Raises:
        ValueError: a number is below 1; other channels than 3 to transform; images
            smaller than 15 pixels.

    Source:
        Szegedy et al. 2015, table 1.

    Example:
        >>> model = GoogLeNet(device="meta")
        >>> f"{sum(p.numel() for p in model.parameters()):,}"
        '6,624,904'
    """

    def __init__(
        self,
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        dropout: float = 0.2,
        transform_input: bool = False,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans)
        if transform_input and in_chans != 3:
            raise ValueError(
                f"transform_input is for 3 channels, red, green, blue, got {in_chans}"
            )
        self.transform_input = transform_input
        brick = partial(ConvNorm, eps=1e-3)

        def pool(kernel: int) -> nn.MaxPool2d:
            return nn.MaxPool2d(kernel, stride=2, ceil_mode=True)

        with placed(device):
            self.stem = nn.Sequential(
                brick(in_chans, 64, 7, stride=2),  # (b, 64, 112, 112) at 224 pixels
                pool(3),
                brick(64, 64),
                brick(64, 192, 3),
                pool(3),  # (b, 192, 28, 28)
            )
            d, stages = 192, []
            for rows in TABLE:
                blocks = []
                for row in rows:
                    blocks.append(InceptionBlock(d, *row, kernel=3, eps=1e-3))
                    d = blocks[-1].d_out
                stages.append(nn.Sequential(*blocks))
            self.stage3, self.stage4, self.stage5 = stages
            self.pool3, self.pool4 = pool(3), pool(2)
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(d, num_classes)
        he_normal_(self)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of at least 15 × 15 pixels."""
        check_image(x, smallest=15)
        if self.transform_input:
            mean, std = (x.new_tensor(v)[:, None, None] for v in (MEAN, STD))
            x = (x * std + mean - 0.5) / 0.5  # [−1, 1]
        x = self.pool3(self.stage3(self.stem(x)))  # (b, 480, 14, 14)
        x = self.pool4(self.stage4(x))  # (b, 832, 7, 7)
        x = self.stage5(x).mean((2, 3))  # (b, 1024)
        return self.head(self.dropout(x))

    @classmethod
    def from_torchvision(cls, model: nn.Module) -> GoogLeNet:
        """The same network, with the weights of ``torchvision.models.GoogLeNet``.

        Args:
            model: the instance; its auxiliary classifiers are left out.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit, or the logits differ.
        """
        entries = Entries(model, names_of_torchvision)
        ours = cls(
            entries.size("head.weight", 0, 1000),
            entries.size("stem.0.conv.weight", 1, 3),
            transform_input=getattr(model, "transform_input", False),
            device="meta",
        )
        return entries.take(ours, size=64)


def googlenet(num_classes: int = 1000, in_chans: int = 3, **options) -> GoogLeNet:
    """GoogLeNet: 6,624,904 parameters. Arguments of :class:`GoogLeNet`."""
    return GoogLeNet(num_classes, in_chans, **options)
