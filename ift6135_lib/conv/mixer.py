"""MLP-Mixer: neither convolution nor attention; MLPs across patches, then channels.

.. math::
    U &= X + W_2\\,\\mathrm{GELU}(W_1\\,\\mathrm{LN}(X)) \\quad\\text{on columns} \\\\
    Y &= U + W_4\\,\\mathrm{GELU}(W_3\\,\\mathrm{LN}(U)) \\quad\\text{on rows}

X has a row per patch, a column per channel. The first MLP mixes the patches, the same
way in every channel; the second one mixes the channels, the same way in every patch.

Symbols: W₁ W₂ ``tokens``, W₃ W₄ ``channels``, LN layer normalization over channels.
Source: Tolstikhin et al., NeurIPS 2021, arXiv:2105.01601, section 2, equation 1.
Parity: ``timm.models.mixer_b16_224``.
See: chapters/07-convnets
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from ..weights import placed
from . import names
from .checks import check_image, check_positive
from .weights import Entries


class MLP(nn.Module):
    """Two linear maps along the last axis: W₂ GELU(W₁ x).

    Args:
        d: size of the last axis, before and after.
        hidden: size in between.
    """

    def __init__(self, d: int, hidden: int):
        super().__init__()
        self.fc1 = nn.Linear(d, hidden)
        self.fc2 = nn.Linear(hidden, d)

    def forward(self, x: Float[Tensor, "*any d"]) -> Float[Tensor, "*any d"]:
        """W₂ GELU(W₁ x)."""
        return self.fc2(F.gelu(self.fc1(x)))


class MixerBlock(nn.Module):
    """Mix the patches, then the channels, each added to its input.

    Args:
        patches: number of patches.
        d: channels.
        d_tokens: hidden size of the MLP across patches.
        d_channels: hidden size of the MLP across channels.

    Raises:
        ValueError: a number is below 1.

    Source:
        Tolstikhin et al. 2021, equation 1.

    Example:
        >>> MixerBlock(16, 8, 4, 32)(torch.zeros(2, 16, 8)).shape
        torch.Size([2, 16, 8])
    """

    def __init__(self, patches: int, d: int, d_tokens: int, d_channels: int):
        super().__init__()
        check_positive(patches=patches, d=d, d_tokens=d_tokens, d_channels=d_channels)
        self.norm_tokens = nn.LayerNorm(d, eps=1e-6)
        self.tokens = MLP(patches, d_tokens)
        self.norm_channels = nn.LayerNorm(d, eps=1e-6)
        self.channels = MLP(d, d_channels)

    def forward(self, x: Float[Tensor, "b p d"]) -> Float[Tensor, "b p d"]:
        """U = X + MLP(LN(X)ᵀ)ᵀ, then U + MLP(LN(U))."""
        y = self.norm_tokens(x).transpose(1, 2)  # (b, d, p)
        x = x + self.tokens(y).transpose(1, 2)  # (b, p, d)
        return x + self.channels(self.norm_channels(x))


class MLPMixer(nn.Module):
    """MLP-Mixer: patches, blocks, mean over the patches, linear classifier.

    Weights start as N(0, 1/n) cut at two deviations, with n their inputs; biases and
    the classifier start at 0, as the authors' code.

    Args:
        image: height and width of the images, in pixels.
        patch: height and width of a patch; divides the image's.
        d: channels of a patch.
        depth: number of blocks.
        num_classes: number of logits.
        in_chans: channels of the images.
        d_tokens: hidden size of the MLPs across patches; d / 2 by default.
        d_channels: hidden size of the MLPs across channels; 4d by default.
        device: where the parameters are made.

    Raises:
        ValueError: the patches do not tile the image; a number is below 1; images of
            another size.

    Source:
        Tolstikhin et al. 2021, section 2, table 1.

    Example:
        >>> MLPMixer(32, 8, 64, 2, 10)(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        image: int,
        patch: int,
        d: int,
        depth: int,
        num_classes: int = 1000,
        in_chans: int = 3,
        *,
        d_tokens: int | None = None,
        d_channels: int | None = None,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(image=image, patch=patch, d=d, depth=depth)
        check_positive(num_classes=num_classes, in_chans=in_chans)
        if image % patch:
            raise ValueError(
                f"patches of {patch} pixels do not tile images of {image}; patch must "
                "divide image"
            )
        self.image, patches = image, (image // patch) ** 2
        hidden = (d_tokens or d // 2, d_channels or 4 * d)
        with placed(device):
            self.patches = nn.Conv2d(in_chans, d, patch, stride=patch)
            blocks = [MixerBlock(patches, d, *hidden) for _ in range(depth)]
            self.blocks = nn.Sequential(*blocks)
            self.norm = nn.LayerNorm(d, eps=1e-6)
            self.head = nn.Linear(d, num_classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                fan_in = math.prod(layer.weight.shape[1:])
                std = 1 / math.sqrt(fan_in) / 0.8796  # cutting at 2 takes 12 % off
                nn.init.trunc_normal_(layer.weight, std=std, a=-2 * std, b=2 * std)
                nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.head.weight)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b k"]:
        """Logits of images of the one size."""
        check_image(x, exactly=self.image)
        x = self.patches(x).flatten(2).transpose(1, 2)  # (b, p, d)
        x = self.norm(self.blocks(x))
        return self.head(x.mean(1))

    @classmethod
    def from_timm(cls, model: nn.Module) -> MLPMixer:
        """The same network, with the weights of timm's ``MlpMixer``.

        Args:
            model: the instance, of any size, number of classes and channels.

        Returns:
            A network with the same logits.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the logits
                differ.
        """
        entries = Entries(model, names.mixer)
        patch = entries.size("patches.weight", 2, 16)
        across = math.isqrt(entries.size("blocks.0.tokens.fc1.weight", 1, 196))
        ours = cls(
            across * patch,
            patch,
            entries.size("patches.weight", 0, 768),
            entries.count("blocks.") or 12,
            entries.size("head.weight", 0, 1000),
            entries.size("patches.weight", 1, 3),
            d_tokens=entries.size("blocks.0.tokens.fc1.weight", 0, 384),
            d_channels=entries.size("blocks.0.channels.fc1.weight", 0, 3072),
            device="meta",
        )
        return entries.take(ours, size=ours.image)


def mixer_s16_224(num_classes: int = 1000, in_chans: int = 3, **options) -> MLPMixer:
    """Mixer-S/16: 18,528,264 parameters. Arguments of :class:`MLPMixer`."""
    return MLPMixer(224, 16, 512, 8, num_classes, in_chans, **options)


def mixer_b16_224(num_classes: int = 1000, in_chans: int = 3, **options) -> MLPMixer:
    """Mixer-B/16: 59,880,472 parameters. Arguments of :class:`MLPMixer`."""
    return MLPMixer(224, 16, 768, 12, num_classes, in_chans, **options)
