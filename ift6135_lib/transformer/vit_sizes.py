"""The sizes of ViT, for images of 224 pixels and patches of 16.

Source: B and L: Dosovitskiy et al., ICLR 2021, arXiv:2010.11929, table 1; Ti and S:
    Touvron et al., ICML 2021, arXiv:2012.12877, table 1.
See: chapters/09-transformers
"""

from __future__ import annotations

from .vit import ViT


def vit_ti_16(num_classes: int | None = 1000, in_chans: int = 3, **options) -> ViT:
    """ViT-Ti/16: 5,717,416 parameters, for images of 224 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`ViT`.

    Returns:
        The network, with new weights.

    Source:
        Touvron et al. 2021, table 1.

    Example:
        >>> sum(p.numel() for p in vit_ti_16(device="meta").parameters())
        5717416
    """
    return ViT(224, 16, 192, 12, 3, num_classes, in_chans, **options)


def vit_s_16(num_classes: int | None = 1000, in_chans: int = 3, **options) -> ViT:
    """ViT-S/16: 22,050,664 parameters, for images of 224 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`ViT`.

    Returns:
        The network, with new weights.

    Source:
        Touvron et al. 2021, table 1.

    Example:
        >>> sum(p.numel() for p in vit_s_16(device="meta").parameters())
        22050664
    """
    return ViT(224, 16, 384, 12, 6, num_classes, in_chans, **options)


def vit_b_16(num_classes: int | None = 1000, in_chans: int = 3, **options) -> ViT:
    """ViT-B/16: 86,567,656 parameters, for images of 224 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`ViT`.

    Returns:
        The network, with new weights.

    Source:
        Dosovitskiy et al. 2021, table 1.

    Example:
        >>> sum(p.numel() for p in vit_b_16(device="meta").parameters())
        86567656
    """
    return ViT(224, 16, 768, 12, 12, num_classes, in_chans, **options)


def vit_l_16(num_classes: int | None = 1000, in_chans: int = 3, **options) -> ViT:
    """ViT-L/16: 304,326,632 parameters, for images of 224 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`ViT`.

    Returns:
        The network, with new weights.

    Source:
        Dosovitskiy et al. 2021, table 1.

    Example:
        >>> sum(p.numel() for p in vit_l_16(device="meta").parameters())
        304326632
    """
    return ViT(224, 16, 1024, 24, 16, num_classes, in_chans, **options)
