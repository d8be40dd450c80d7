"""A small network for images of 32 × 32 pixels, to count sizes and parameters with.

Three 3 × 3 convolutions without padding, pooling after the first two, a hidden layer.

.. math:: \\text{size} → \\text{size} - 2, \\qquad
    \\text{parameters} = d_{out} (3^2 d_{in} + 1)

Source: the example of the ISMIN notes, after the image classification tutorial of
    TensorFlow's documentation (CIFAR-10).
Correction: the notes say that *each* convolution is followed by a pooling; their table,
    and this network, pool after two of the three (erratum E094).
See: chapters/07-convnets
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_image, check_positive
from .weights import he_normal_, placed


class Line(NamedTuple):
    """A line of the table: a layer, the shape that comes out, its parameters."""

    layer: str
    shape: tuple[int, ...]  # of one image
    parameters: int


class SmallCNN(nn.Module):
    """Convolutions of 32, 64 and 64 maps, a hidden layer of 64 units, a classifier.

    Args:
        num_classes: number of logits.
        in_chans: channels of the images.
        third_pool: whether a third pooling follows the third convolution.
        device: where the parameters are made.

    Raises:
        ValueError: a number is below 1; images of another size than 32 × 32.

    Source:
        The notes' table: 896, 18,496, 36,928, 65,600 and 650 parameters.

    Example:
        >>> SmallCNN()(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        num_classes: int = 10,
        in_chans: int = 3,
        *,
        third_pool: bool = False,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans)
        side = 2 if third_pool else 4
        with placed(device):
            self.layers = nn.Sequential(
                nn.Conv2d(in_chans, 32, 3),  # (b, 32, 30, 30)
                nn.ReLU(),
                nn.MaxPool2d(2),  # (b, 32, 15, 15)
                nn.Conv2d(32, 64, 3),  # (b, 64, 13, 13)
                nn.ReLU(),
                nn.MaxPool2d(2),  # (b, 64, 6, 6)
                nn.Conv2d(64, 64, 3),  # (b, 64, 4, 4)
                nn.ReLU(),
                *([nn.MaxPool2d(2)] if third_pool else []),  # (b, 64, 2, 2)
                nn.Flatten(),
                nn.Linear(64 * side * side, 64),
                nn.ReLU(),
                nn.Linear(64, num_classes),
            )
        he_normal_(self, linear=0.1)
        self.in_chans = in_chans

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of 32 × 32 pixels."""
        check_image(x, exactly=32)
        return self.layers(x)

    @torch.no_grad()
    def table(self) -> list[Line]:
        """The layers that change the shape, what comes out of them, their parameters.

        Returns:
            One line for each convolution, pooling, flattening and linear layer.

        Example:
            >>> SmallCNN().table()[0]
            Line(layer='Conv2d', shape=(32, 30, 30), parameters=896)
        """
        x = next(self.parameters()).new_zeros(1, self.in_chans, 32, 32)
        lines = []
        for layer in self.layers:
            x = layer(x)
            if not isinstance(layer, nn.ReLU):
                count = sum(p.numel() for p in layer.parameters())
                lines.append(Line(type(layer).__name__, tuple(x.shape[1:]), count))
        return lines
