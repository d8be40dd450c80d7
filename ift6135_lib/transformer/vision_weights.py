"""The weights of a vision transformer of another library, compared on an image.

See: chapters/09-transformers
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from ..weights import Model, compare
from .weights import Entries


class VisionEntries(Entries):
    """The entries of a network that reads images, under our names.

    Args:
        reference: the network, with its weights.
        names: from its entries' names to ours.

    Raises:
        ValueError: the reference is not an instance of ``nn.Module``.
    """

    example = "timm.create_model('vit_tiny_patch16_224', pretrained=True)"

    def heads(self, d: int) -> int:
        """The number of heads; 1 if it cannot cut the width, for ``load`` to refuse.

        timm and torchvision have no configuration; their layers say it.
        """
        found = (getattr(m, "num_heads", None) for m in self.reference.modules())
        said = next((number for number in found if isinstance(number, int)), 1)
        heads = self.setting(said, "num_attention_heads")
        return 1 if d % heads else heads

    def image(self, default: int) -> int:
        """Height and width of the images that the reference accepts, in pixels."""
        cut = getattr(self.reference, "patch_embed", None)  # timm's
        sizes = getattr(cut, "img_size", None) or self.setting(default, "image_size")
        return sizes if isinstance(sizes, int) else sizes[0]

    def classes(self) -> int | None:
        """The number of logits; None without a head."""
        head = self.get("head.weight")
        return None if head is None else len(head)

    def vit_settings(self) -> dict[str, Any]:
        """The arguments that make the same ViT; of another network, any possible."""
        d = self.size("patches.weight", 0, 768)
        patch = self.size("patches.weight", 2, 16)
        tokens = "class_token" in self
        across = math.isqrt(max(self.size("positions", 1, 197) - tokens, 1))
        return {
            "image": across * patch,
            "patch": patch,
            "d": d,
            "layers": self.count("blocks.") or 12,
            "heads": self.heads(d),
            "num_classes": self.classes(),
            "in_chans": self.size("patches.weight", 1, 3),
            "hidden": self.size("blocks.0.mlp.expand.weight", 0, 4 * d),
            "class_token": tokens,
            "act": self.activation("hidden_act"),
        }

    def swin_settings(self) -> dict[str, Any]:
        """The arguments that make the same Swin; of another network, any possible."""
        d = self.size("patches.weight", 0, 96)
        stages = range(self.count("stages.") or 4)
        heads = [self.size(f"stages.{i}.0.table", 1, 1) for i in stages]
        return {
            "d": d,
            "depths": [self.count(f"stages.{i}.") or 2 for i in stages],
            "heads": [h if d * 2**i % h == 0 else 1 for i, h in enumerate(heads)],
            "num_classes": self.classes(),
            "in_chans": self.size("patches.weight", 1, 3),
            "patch": self.size("patches.weight", 2, 4),
            "window": (math.isqrt(self.size("stages.0.0.table", 0, 169)) + 1) // 2,
            "hidden": self.size("stages.0.0.mlp.expand.weight", 0, 4 * d) / d,
            "act": self.activation("hidden_act"),
        }

    def take_images(self, model: Model, *, size: int) -> Model:
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
        model, generator = self.copy_to(model), torch.Generator().manual_seed(0)
        channels = self.size("patches.weight", 1, 3)
        x = torch.randn(2, channels, size, size, generator=generator)
        compare(model, self.reference, [x.to(next(model.parameters()))], seen)
        return model


def seen(reference: nn.Module, x: Tensor) -> Tensor:
    """What a network answers to images: its logits, or its last states."""
    out = reference(x)
    if isinstance(out, Tensor):
        return out
    return out.logits if hasattr(out, "logits") else out.last_hidden_state
