"""A small convolutional network, whose every size can be followed by hand.

Three 3 × 3 convolutions without padding, a 2 × 2 pooling after the first two, two
linear layers.  On 32 × 32 colour images:

=========  ============  ==========
layer      output        parameters
=========  ============  ==========
conv1      32 × 30 × 30         896
pool       32 × 15 × 15           0
conv2      64 × 13 × 13      18,496
pool       64 × 6 × 6             0
conv3      64 × 4 × 4        36,928
flatten    1024                   0
hidden     64                65,600
output     10                   650
=========  ============  ==========

In all 122,570 parameters, more than half of them in the first linear layer.

Source: the example of the course's notes (after a tutorial of Keras for CIFAR-10).
See: chapters/07-convnets
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

from .arguments import whole
from .arithmetic import output_size


class SmallCNN(nn.Module):
    """Three convolutions, two poolings, two linear layers.

    .. math:: D_{out} (K^2 D_{in} + 1) \\text{ parameters for each convolution}

    Args:
        in_channels: of the images, 3 for colour.
        classes: number of logits.
        size: height and width of the images.
        third_pool: pool after the third convolution, too.

    Raises:
        ValueError: the images are too small, or an argument is below 1.

    Example:
        >>> model = SmallCNN()
        >>> sum(p.numel() for p in model.parameters())
        122570
        >>> sum(p.numel() for p in SmallCNN(third_pool=True).parameters())
        73418
    """

    def __init__(
        self,
        in_channels: int = 3,
        classes: int = 10,
        size: int = 32,
        third_pool: bool = False,
    ):
        super().__init__()
        whole("in_channels", in_channels, at_least=1)
        whole("classes", classes, at_least=1)
        side = size
        for pooled in (True, True, third_pool):
            side = output_size(side, kernel=3)
            if pooled:
                side = output_size(side, kernel=2, stride=2)
        self.conv1 = nn.Conv2d(in_channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.pool1, self.pool2 = nn.MaxPool2d(2), nn.MaxPool2d(2)
        self.pool3 = nn.MaxPool2d(2) if third_pool else None
        self.flatten = nn.Flatten()
        self.hidden = nn.Linear(64 * side * side, 64)
        self.output = nn.Linear(64, classes)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b classes"]:
        """Return the logits."""
        x = self.pool1(self.conv1(x).relu())
        x = self.pool2(self.conv2(x).relu())
        x = self.conv3(x).relu()
        if self.pool3 is not None:
            x = self.pool3(x)
        x = self.flatten(x)  # (b, 64, i, j) -> (b, 64 ij)
        return self.output(self.hidden(x).relu())
