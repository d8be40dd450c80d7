"""Swin: attention inside shifted windows, in stages that shrink as a convnet's.

.. math:: (\\tfrac h4, \\tfrac w4, d) → (\\tfrac h8, \\tfrac w8, 2d) →
    (\\tfrac h{16}, \\tfrac w{16}, 4d) → (\\tfrac h{32}, \\tfrac w{32}, 8d)

The cost is linear in the number of pixels, and the maps are those of ResNet: Swin can
replace it below a detector or a segmenter.

Symbols: d ``d``, width of the first stage.
Shapes: b batch, c channels, h height, w width, k classes.
Source: Liu et al., ICCV 2021, arXiv:2103.14030, section 3.
Deviation: no stochastic depth (chapter 6).
Parity: ``transformers.SwinModel``, ``transformers.SwinForImageClassification``,
    ``torchvision.models.swin_t``, ``timm.models.swin_tiny_patch4_window7_224``.
See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..conv.checks import check_stages
from ..weights import Names, placed
from . import vision_names
from .checks import check_positive
from .patches import check_tiling
from .swin_block import PatchMerging, SwinBlock
from .vision_weights import VisionEntries


class Swin(nn.Module):
    """A Swin transformer; every second block shifts its windows by half.

    Weights start as N(0, 0.02²), biases at 0.

    Args:
        d: width of the first stage; each next one doubles it.
        depths: number of blocks of each stage.
        heads: number of heads of each stage.
        num_classes: number of logits; None for the last states, without a head.
        in_chans: channels of the images.
        patch: height and width of a patch, in pixels.
        window: height and width of a window, in patches.
        hidden: width inside the feed-forward networks, as a multiple of the stage's.
        act: activation.
        dropout: in training.
        device: where the parameters are made.

    Raises:
        ValueError: not as many depths as heads; heads do not divide their width; a
            number is below 1.

    Source:
        Liu et al. 2021, section 3.3.

    Example:
        >>> model = Swin(16, (2, 2), (2, 4), 10, patch=1, window=4)
        >>> model(torch.zeros(3, 3, 8, 8)).shape
        torch.Size([3, 10])
    """

    def __init__(
        self,
        d: int,
        depths: Sequence[int],
        heads: Sequence[int],
        num_classes: int | None = 1000,
        in_chans: int = 3,
        *,
        patch: int = 4,
        window: int = 7,
        hidden: float = 4.0,
        act: str = "gelu",
        dropout: float = 0.0,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(d=d, in_chans=in_chans, patch=patch, window=window)
        check_stages(depths, heads)
        self.patch, self.window, self.head = patch, window, None
        options = {"window": window, "act": act, "dropout": dropout}
        with placed(device):
            self.patches = nn.Conv2d(in_chans, d, patch, stride=patch)
            self.norm_patches = nn.LayerNorm(d)
            self.drop = nn.Dropout(dropout)
            self.stages, self.merges = nn.ModuleList(), nn.ModuleList()
            for i, (depth, number) in enumerate(zip(depths, heads, strict=True)):
                if i > 0:
                    self.merges.append(PatchMerging(d))
                    d *= 2
                options["hidden"] = int(hidden * d)
                blocks = (
                    SwinBlock(d, number, shift=window // 2 if j % 2 else 0, **options)
                    for j in range(depth)
                )
                self.stages.append(nn.Sequential(*blocks))
            self.norm = nn.LayerNorm(d)
            if num_classes is not None:
                check_positive(num_classes=num_classes)
                self.head = nn.Linear(d, num_classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    @property
    def multiple(self) -> int:
        """What height and width of the images must be multiples of.

        Returns:
            A number of pixels.
        """
        return self.patch * self.window * 2 ** len(self.merges)

    def maps(self, x: Float[Tensor, "b c h w"]) -> list[Float[Tensor, "b h2 w2 d"]]:
        """The maps at the end of each stage.

        Args:
            x: images (b, c, h, w), whose sides are multiples of ``multiple``.

        Returns:
            One map for each stage (b, h / 4, w / 4, d), (b, h / 8, w / 8, 2d), …

        Raises:
            ValueError: the windows of a stage do not tile the images.
        """
        check_tiling(*x.shape[-2:], self.multiple)
        x = self.patches(x).permute(0, 2, 3, 1)  # (b, h / 4, w / 4, d)
        x = self.drop(self.norm_patches(x))
        found = []
        for i, stage in enumerate(self.stages):
            x = stage(x if i == 0 else self.merges[i - 1](x))
            found.append(x)
        return found

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b ..."]:
        """Logits; the last states without a head.

        Args:
            x: images (b, c, h, w), whose sides are multiples of ``multiple``.

        Returns:
            Logits (b, k), or states (b, h / 32 · w / 32, 8d).
        """
        x = self.norm(self.maps(x)[-1]).flatten(1, 2)
        return x if self.head is None else self.head(x.mean(1))

    @classmethod
    def _from(cls, model: nn.Module, renamed: Names) -> Swin:
        entries = VisionEntries(model, renamed)
        ours = cls(**entries.swin_settings(), device="meta")
        return entries.take_images(ours, size=entries.image(ours.multiple))

    @classmethod
    def from_huggingface(cls, model: nn.Module) -> Swin:
        """The same network, with the weights of one of ``transformers``.

        Args:
            model: a SwinModel or SwinForImageClassification of any size.

        Returns:
            A network with the same logits, or the same last states without a head.

        Raises:
            ValueError: the weights do not fit, or the outputs differ.
        """
        return cls._from(model, vision_names.swin_huggingface)

    @classmethod
    def from_timm(cls, model: nn.Module) -> Swin:
        """The same network as timm's ``SwinTransformer``.

        Args:
            model: the instance, of any size.

        Returns:
            A network with the same logits.
        """
        return cls._from(model, vision_names.swin_timm)

    @classmethod
    def from_torchvision(cls, model: nn.Module) -> Swin:
        """The same network as torchvision's ``SwinTransformer``.

        Args:
            model: the instance, of any size.

        Returns:
            A network with the same logits.
        """
        return cls._from(model, vision_names.swin_torchvision)
