"""The sizes of Swin, for patches of 4 pixels and windows of 7 × 7 patches.

Source: Liu et al., ICCV 2021, arXiv:2103.14030, section 3.3.
See: chapters/09-transformers
"""

from __future__ import annotations

from .swin import Swin


def swin_t(num_classes: int | None = 1000, in_chans: int = 3, **options) -> Swin:
    """Swin-T: 28,288,354 parameters, for patches of 4 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`Swin`.

    Returns:
        The network, with new weights.

    Source:
        Liu et al. 2021, section 3.3.

    Example:
        >>> sum(p.numel() for p in swin_t(device="meta").parameters())
        28288354
    """
    return Swin(96, (2, 2, 6, 2), (3, 6, 12, 24), num_classes, in_chans, **options)


def swin_s(num_classes: int | None = 1000, in_chans: int = 3, **options) -> Swin:
    """Swin-S: 49,606,258 parameters, for patches of 4 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`Swin`.

    Returns:
        The network, with new weights.

    Source:
        Liu et al. 2021, section 3.3.

    Example:
        >>> sum(p.numel() for p in swin_s(device="meta").parameters())
        49606258
    """
    return Swin(96, (2, 2, 18, 2), (3, 6, 12, 24), num_classes, in_chans, **options)


def swin_b(num_classes: int | None = 1000, in_chans: int = 3, **options) -> Swin:
    """Swin-B: 87,768,224 parameters, for patches of 4 pixels.

    Args:
        num_classes: number of logits; None for no head.
        in_chans: channels of the images.
        options: the other arguments of :class:`Swin`.

    Returns:
        The network, with new weights.

    Source:
        Liu et al. 2021, section 3.3.

    Example:
        >>> sum(p.numel() for p in swin_b(device="meta").parameters())
        87768224
    """
    return Swin(128, (2, 2, 18, 2), (4, 8, 16, 32), num_classes, in_chans, **options)
