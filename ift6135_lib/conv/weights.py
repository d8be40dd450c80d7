"""Weights of convolutional networks: how they begin, how they come from elsewhere.

The names of other libraries are in ``names.py``; what is common to all networks, in
``ift6135_lib/weights.py``.

Source of the initialization: He et al., ICCV 2015, arXiv:1502.01852, section 2.2.
See: chapters/07-convnets
"""

from __future__ import annotations

import math

import torch
from torch import nn

from .. import weights
from ..weights import Model, compare


@torch.no_grad()
def he_normal_(model: nn.Module, *, linear: float = 0.01) -> None:
    """Draw convolutions so that ReLUs keep the gradients' variance, in place.

    .. math:: W ∼ N(0, 2 / n), \\qquad n = k^2 d_{out} / \\mathrm{groups}

    Args:
        model: whose convolutions and linear layers are drawn; biases become 0.
        linear: standard deviation of the linear layers.
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            fan_out = math.prod(layer.kernel_size) * layer.out_channels // layer.groups
            layer.weight.normal_(0, math.sqrt(2 / fan_out))
        elif isinstance(layer, nn.Linear):
            layer.weight.normal_(0, linear)
        else:
            continue
        if layer.bias is not None:
            layer.bias.zero_()


class Entries(weights.Entries):
    """The entries of timm's or torchvision's network, under our names.

    Args:
        reference: the network, with its weights.
        names: from its entries' names to ours.

    Raises:
        ValueError: the reference is not an instance of ``nn.Module``.
    """

    def take(self, model: Model, *, size: int) -> Model:
        """Give a model, made on the device meta, these weights; compare the outputs.

        Args:
            model: its configuration fits the reference's.
            size: height and width, in pixels, of the images compared.

        Returns:
            The model.

        Raises:
            WrongWeights: an entry does not fit.
            ValueError: the outputs differ all the same.
        """
        model = self.copy_to(model)
        channels = next(p.shape[1] for p in model.parameters() if p.ndim == 4)
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(2, channels, size, size, generator=generator)
        compare(model, self.reference, [x.to(next(model.parameters()))])
        return model
