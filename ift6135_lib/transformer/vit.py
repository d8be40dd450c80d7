"""ViT: a transformer that reads an image as a text of patches.

.. math::
    z^0 &= [x_{class};\\; E x_1;\\; …;\\; E x_p] + P \\\\
    z^ℓ &= \\mathrm{block}_ℓ(z^{ℓ-1}), \\qquad y = W\\, \\mathrm{LN}(z^L_0)

Nothing but the cut into patches knows that the image is flat; near and far are learned.
An added token, of no patch, gathers what the classifier reads.

Symbols: E ``patches``, x_class ``class_token``, P ``positions``, LN ``norm``, W
    ``head``.
Shapes: b batch, c channels, p patches, n = p + 1 tokens, d width, k classes.
Source: Dosovitskiy et al., ICLR 2021, arXiv:2010.11929, section 3.1, table 1; Ti and S:
    Touvron et al., ICML 2021, arXiv:2012.12877, table 1.
Parity: ``transformers.ViTModel``, ``transformers.ViTForImageClassification``,
    ``torchvision.models.vit_b_16``, ``timm.models.vit_base_patch16_224``.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ..conv.checks import check_image
from ..weights import Names, placed
from . import vision_names
from .block import EncoderBlock
from .checks import check_positive
from .patches import check_tiling
from .vision_weights import VisionEntries


class ViT(nn.Module):
    """A vision transformer, of any size.

    Weights start as Xavier's uniform law, P as N(0, 0.02²), biases, x_class and the
    head at 0, as the authors' code.

    Args:
        image: height and width of the images, in pixels.
        patch: height and width of a patch; divides the image's.
        d: width.
        layers: number of blocks.
        heads: number of heads, which divides d.
        num_classes: number of logits; None for the last states, without a head.
        in_chans: channels of the images.
        hidden: width inside the feed-forward networks; by default, 4d.
        class_token: whether a token is added to be read; without, the head reads the
            mean of the patches.
        positions: whether P is added; without, a permutation of the patches changes
            nothing.
        act: activation.
        dropout: in training.
        eps: added to the variances.
        device: where the parameters are made.

    Raises:
        ValueError: the patches do not tile the image; the heads do not divide the
            width; a number is below 1.

    Source:
        Dosovitskiy et al. 2021, section 3.1; the mean: appendix D.3.

    Example:
        >>> model = ViT(image=8, patch=2, d=16, layers=2, heads=4, num_classes=10)
        >>> model(torch.zeros(3, 3, 8, 8)).shape
        torch.Size([3, 10])
    """

    def __init__(
        self,
        image: int,
        patch: int,
        d: int,
        layers: int,
        heads: int,
        num_classes: int | None = 1000,
        in_chans: int = 3,
        *,
        hidden: int | None = None,
        class_token: bool = True,
        positions: bool = True,
        act: str = "gelu",
        dropout: float = 0.0,
        eps: float = 1e-6,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(image=image, patch=patch, layers=layers, in_chans=in_chans)
        check_tiling(image, image, patch)
        options = {"act": act, "dropout": dropout, "eps": eps}
        n = (image // patch) ** 2 + class_token
        self.image = image
        self.class_token = self.positions = self.head = None
        with placed(device):
            self.patches = nn.Conv2d(in_chans, d, patch, stride=patch)
            if class_token:
                self.class_token = nn.Parameter(torch.zeros(1, 1, d))
            if positions:
                self.positions = nn.Parameter(0.02 * torch.randn(1, n, d))
            self.drop = nn.Dropout(dropout)
            self.blocks = nn.Sequential(
                *(EncoderBlock(d, heads, hidden, **options) for _ in range(layers))
            )
            self.norm = nn.LayerNorm(d, eps=eps)
            if num_classes is not None:
                check_positive(num_classes=num_classes)
                self.head = nn.Linear(d, num_classes)
        for name, layer in self.named_modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                fan_in, fan_out = layer.weight[0].numel(), len(layer.weight)
                fan_out //= 3 if name.endswith("qkv") else 1  # of each of the three
                bound = math.sqrt(6 / (fan_in + fan_out))
                nn.init.uniform_(layer.weight, -bound, bound)
                nn.init.zeros_(layer.bias)
        if self.head is not None:
            nn.init.zeros_(self.head.weight)

    def embed(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n d"]:
        """The tokens that enter the first block.

        Args:
            x: images (b, c, h, w), of the one size.

        Returns:
            z⁰ (b, n, d).

        Raises:
            ValueError: the images have another size.
        """
        check_image(x, exactly=self.image)
        z = self.patches(x).flatten(2).transpose(1, 2)  # (b, p, d)
        if self.class_token is not None:
            z = torch.cat([self.class_token.expand(len(z), -1, -1), z], 1)
        return self.drop(z if self.positions is None else z + self.positions)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b ..."]:
        """Logits; the last states without a head.

        Args:
            x: images (b, c, h, w), of the one size.

        Returns:
            Logits (b, k), or LN(z^L) (b, n, d).
        """
        z = self.norm(self.blocks(self.embed(x)))
        if self.head is None:
            return z
        return self.head(z.mean(1) if self.class_token is None else z[:, 0])

    @classmethod
    def _from(cls, model: nn.Module, renamed: Names) -> ViT:
        entries = VisionEntries(model, renamed)
        ours = cls(**entries.vit_settings(), device="meta")
        return entries.take_images(ours, size=ours.image)

    @classmethod
    def from_huggingface(cls, model: nn.Module) -> ViT:
        """The same network, with the weights of one of ``transformers``.

        Args:
            model: a ViTModel or ViTForImageClassification of any size.

        Returns:
            A network with the same logits, or the same last states without a head.

        Raises:
            ValueError: the weights do not fit, or the outputs differ.
        """
        return cls._from(model, vision_names.vit_huggingface)

    @classmethod
    def from_timm(cls, model: nn.Module) -> ViT:
        """The same network as timm's ``VisionTransformer``.

        Args:
            model: the instance, of any size.

        Returns:
            A network with the same logits.
        """
        return cls._from(model, vision_names.vit_timm)

    @classmethod
    def from_torchvision(cls, model: nn.Module) -> ViT:
        """The same network as torchvision's ``VisionTransformer``.

        Args:
            model: the instance, of any size.

        Returns:
            A network with the same logits.
        """
        return cls._from(model, vision_names.vit_torchvision)
