"""Effective receptive field: how much an output depends on each input pixel.

.. math:: e_{uv} ∝ \\mathbb E \\Big\\| \\frac{∂ y_{\\text{centre}}}{∂ x_{uv}} \\Big\\|^2

The many paths through the middle outweigh the few along the border: e is roughly
Gaussian, and its radius grows as the square root of the depth only, when the
theoretical field grows as the depth.

Symbols: x input, y the middle place of the output, e share of energy.
Source: Luo, Li, Urtasun & Zemel, NeurIPS 2016, arXiv:1701.04128, sections 2 and 3.
See: chapters/07-convnets
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .arguments import whole


def effective_receptive_field(
    model: nn.Module,
    input_shape: tuple[int, int, int],
    *,
    samples: int = 8,
    seed: int = 0,
) -> Float[Tensor, "h w"]:
    """The energy of the gradient of the middle output, on random images.

    .. math:: e_{uv} ∝ \\sum_{n,c} \\Big( \\frac{∂ ⟨v_n, y_{\\text{centre}}(x_n)⟩}
        {∂ x_{n,c,u,v}} \\Big)^2, \\qquad x_n, v_n \\sim \\mathcal N(0, I)

    Args:
        model: from (b, c, h, w) to (b, c', h', w').
        input_shape: of one image, (c, h, w).
        samples: number of random images x, each with its own mix v of the channels.
        seed: of the images and of the mixes.

    Returns:
        The share of each pixel; the shares add up to 1.

    Raises:
        ValueError: samples is below 1, the output is no image, or it does not depend on
            the input.

    Source:
        Luo et al. 2016, section 3.1.

    Example:
        >>> effective_receptive_field(nn.AvgPool2d((1, 3)), (1, 1, 3))
        tensor([[0.3333, 0.3333, 0.3333]])
    """
    whole("samples", samples, at_least=1)
    some = next(model.parameters(), torch.zeros(()))
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(samples, *input_shape, generator=generator).to(some)
    x.requires_grad_()
    with torch.enable_grad():
        y = model(x)
    if y.ndim != 4:
        raise ValueError(
            f"the model's output has the shape {tuple(y.shape)}; its middle is that of "
            "an image (b, c, h, w): leave out what follows the last convolution"
        )
    middle = y[:, :, y.shape[2] // 2, y.shape[3] // 2]  # (b, c')
    mix = torch.randn(middle.shape, generator=generator).to(some)
    (gradient,) = torch.autograd.grad((mix * middle).sum(), x)
    energy = gradient.square().sum((0, 1))  # (h, w)
    if not energy.sum() > 0:
        raise ValueError(
            "the gradient of the middle output is zero everywhere: a dead layer, or an "
            "activation without slope"
        )
    return energy / energy.sum()


def energy_radius(energy: Float[Tensor, "h w"]) -> float:
    """How far the energy lies from its centre, as a root mean square.

    .. math:: ρ^2 = \\sum_{u,v} e_{uv}\\, \\big((u - \\bar u)^2 + (v - \\bar v)^2\\big)

    Args:
        energy: shares, as `effective_receptive_field` returns them.

    Returns:
        The radius ρ, in pixels.

    Example:
        >>> energy_radius(torch.tensor([[0.5, 0.0, 0.5]]))
        1.0
    """
    energy = energy / energy.sum()
    variance = 0.0
    for axis, n in enumerate(energy.shape):
        share = energy.sum(1 - axis)
        place = torch.arange(n, dtype=share.dtype, device=share.device)
        mean = (share * place).sum()
        variance += (share * (place - mean) ** 2).sum().item()
    return variance**0.5
