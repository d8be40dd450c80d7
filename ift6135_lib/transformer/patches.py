"""Images as sequences: squares of pixels, cut out and put in rows.

.. math:: x_p ∈ \\mathbb{R}^{c P^2}, \\qquad
    z_p = W x_p + b \\quad\\Longleftrightarrow\\quad z = W * x \\text{ at stride } P

A linear map of each patch is a convolution whose kernel and stride have its size.

Symbols: P ``patch``, W and b of the convolution.
Shapes: b batch, c channels, h height, w width, p patches, in rows from the top left.
Source: Dosovitskiy et al., ICLR 2021, arXiv:2010.11929, section 3.1, equation 1.
Parity: ``torch.nn.functional.conv2d``, ``torch.nn.functional.unfold``.
See: chapters/09-transformers
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from .checks import check_positive


def patchify(x: Float[Tensor, "b c h w"], patch: int) -> Float[Tensor, "b p e"]:
    """The patches of images, each as one vector.

    Args:
        x: images (b, c, h, w).
        patch: height and width P of a patch, in pixels.

    Returns:
        Vectors (b, p, c · P²); the channels come first, then the rows.

    Raises:
        ValueError: the patches do not tile the images.

    Source:
        Dosovitskiy et al. 2021, section 3.1.

    Example:
        >>> import torch
        >>> patchify(torch.arange(8.0).reshape(1, 1, 2, 4), 2)
        tensor([[[0., 1., 4., 5.],
                 [2., 3., 6., 7.]]])
    """
    check_tiling(*x.shape[-2:], patch)
    x = x.unflatten(3, (-1, patch)).unflatten(2, (-1, patch))  # (b, c, i, P, j, P)
    return x.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)


def unpatchify(
    patches: Float[Tensor, "b p e"], patch: int, rows: int
) -> Float[Tensor, "b c h w"]:
    """The images that patches were cut from.

    Args:
        patches: vectors (b, p, c · P²).
        patch: height and width P of a patch, in pixels.
        rows: how many patches stand above one another.

    Returns:
        Images (b, c, h, w).

    Raises:
        ValueError: the patches cannot stand in as many rows, or are of another size.

    Example:
        >>> import torch
        >>> x = torch.randn(2, 3, 8, 12)
        >>> bool((unpatchify(patchify(x, 4), 4, rows=2) == x).all())
        True
    """
    check_positive(patch=patch, rows=rows)
    _, p, e = patches.shape
    if p % rows or e % patch**2:
        raise ValueError(
            f"{p} vectors of {e} numbers are no {rows} rows of patches of {patch} × "
            f"{patch} pixels"
        )
    x = patches.unflatten(2, (-1, patch, patch)).unflatten(1, (rows, -1))
    return x.permute(0, 3, 1, 4, 2, 5).flatten(4).flatten(2, 3)


def check_tiling(h: int, w: int, patch: int) -> None:
    """Raise ValueError unless patches tile an image.

    Args:
        h: its height, in pixels.
        w: its width, in pixels.
        patch: height and width of a patch, in pixels.
    """
    check_positive(patch=patch)
    if h % patch or w % patch:
        raise ValueError(
            f"patches of {patch} pixels do not tile images of {h} × {w}; height and "
            "width must be multiples of the patch"
        )
