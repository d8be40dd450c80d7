"""AlexNet: a deep convolutional network, with ReLUs and dropout, wins ImageNet.

Five convolutions (kernels 11, 5, 3, 3, 3), three max poolings that overlap (3 × 3 every
2 pixels), three linear layers, the first two behind dropout.

Source: Krizhevsky, Sutskever & Hinton, NeurIPS 2012, section 3; widths of Krizhevsky
    2014, arXiv:1404.5997, the network that torchvision calls AlexNet.
Deviations: one column instead of two GPUs; no local response normalization; an average
    to 6 × 6 before the linear layers, so that other sizes than 224 are accepted.
Parity: ``torchvision.models.alexnet``.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import placed
from .checks import check_image, check_positive
from .names import unchanged
from .weights import Entries


class AlexNet(nn.Module):
    """AlexNet in one column, for one processor.

    Weights start as N(0, 0.01²); biases at 1 in convolutions 2, 4, 5 and the hidden
    linear layers, to feed their ReLUs, else at 0.

    Args:
        num_classes: number of logits.
        in_chans: channels of the images.
        dropout: probability of zeroing an input of the hidden linear layers.
        hidden: units of each of the two hidden linear layers.
        device: where the parameters are made.

    Raises:
        ValueError: a number is below 1; images smaller than 63 pixels.

    Source:
        Krizhevsky et al. 2012, sections 3 and 5.

    Example:
        >>> model = AlexNet(device="meta")
        >>> f"{sum(p.numel() for p in model.parameters()):,}"
        '61,100,840'
    """

    def __init__(
        self,
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        dropout: float = 0.5,
        hidden: int = 4096,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(num_classes=num_classes, in_chans=in_chans, hidden=hidden)
        with placed(device):
            self.features = nn.Sequential(  # shapes at 224 pixels
                nn.Conv2d(in_chans, 64, 11, stride=4, padding=2),  # (b, 64, 55, 55)
                nn.ReLU(inplace=True),
                nn.MaxPool2d(3, stride=2),  # (b, 64, 27, 27)
                nn.Conv2d(64, 192, 5, padding=2),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(3, stride=2),  # (b, 192, 13, 13)
                nn.Conv2d(192, 384, 3, padding=1),
                nn.ReLU(inplace=True),
                nn.Conv2d(384, 256, 3, padding=1),
                nn.ReLU(inplace=True),
                nn.Conv2d(256, 256, 3, padding=1),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(3, stride=2),  # (b, 256, 6, 6)
            )
            self.pool = nn.AdaptiveAvgPool2d(6)
            self.classifier = nn.Sequential(
                nn.Dropout(dropout),
                nn.Linear(256 * 6 * 6, hidden),
                nn.ReLU(inplace=True),
                nn.Dropout(dropout),
                nn.Linear(hidden, hidden),
                nn.ReLU(inplace=True),
                nn.Linear(hidden, num_classes),
            )
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw the weights as the paper's section 5."""
        layers = [m for m in self.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
        for number, layer in enumerate(layers, 1):
            layer.weight.normal_(0, 0.01)
            layer.bias.fill_(1.0 if number in (2, 4, 5, 6, 7) else 0.0)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of at least 63 × 63 pixels."""
        check_image(x, smallest=63)
        x = self.pool(self.features(x))  # (b, 256, 6, 6)
        return self.classifier(x.flatten(1))

    @classmethod
    def from_torchvision(cls, model: nn.Module) -> AlexNet:
        """The same network, with the weights of torchvision's.

        Args:
            model: an instance of ``torchvision.models.AlexNet``.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the logits
                differ.
        """
        entries = Entries(model, unchanged)
        ours = cls(
            entries.size("classifier.6.weight", 0, 1000),
            entries.size("features.0.weight", 1, 3),
            hidden=entries.size("classifier.4.weight", 0, 4096),
            device="meta",
        )
        return entries.take(ours, size=64)


def alexnet(num_classes: int = 1000, in_chans: int = 3, **options) -> AlexNet:
    """AlexNet: 61,100,840 parameters. Arguments of :class:`AlexNet`."""
    return AlexNet(num_classes, in_chans, **options)
