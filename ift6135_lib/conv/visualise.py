"""What a unit looks for: the image that excites it most, or its weights themselves.

.. math:: x^* = \\arg\\max_{\\lVert x \\rVert = ρ} a_{l,c}(x)

For a unit of the first layer the answer is its kernel, up to scale.

Symbols: a mean activation of channel c of layer l, ρ ``norm``.
Source: Erhan, Bengio, Courville & Vincent, Univ. de Montréal, report 1341, 2009,
    section 3; Zeiler & Fergus, ECCV 2014, arXiv:1311.2901.
See: chapters/07-convnets
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .arguments import whole


class Maximised(NamedTuple):
    """An image (c, h, w), and the activation before each step and after the last.

    Example:
        >>> conv = nn.Conv2d(1, 2, 3)
        >>> made = activation_maximisation(
        ...     conv, conv, 0, input_shape=(1, 5, 5), steps=2
        ... )
        >>> made.image.shape, len(made.activations)
        (torch.Size([1, 5, 5]), 3)
    """

    image: Tensor  # (c, h, w)
    activations: list[float]  # one more than there are steps


def activation_maximisation(
    model: nn.Module,
    layer: nn.Module,
    channel: int,
    *,
    input_shape: tuple[int, ...],
    steps: int = 100,
    lr: float = 0.5,
    norm: float = 1.0,
    seed: int = 0,
) -> Maximised:
    """Climb, from noise, to an image that excites a channel.

    .. math:: x ← ρ\\, \\frac{z}{\\lVert z \\rVert}, \\qquad
        z = x + ηρ \\frac{∇_x a}{\\lVert ∇_x a \\rVert}

    Args:
        model: takes one tensor (b, *input_shape); used in evaluation mode.
        layer: the module of the model whose output is watched, (b, c, …).
        channel: which of its c channels; a is its mean over places.
        input_shape: of one image, (channels, height, width).
        steps: how many steps.
        lr: length η of a step, relative to the norm.
        norm: of the image, ρ.
        seed: of the first image, noise.

    Returns:
        The image and the activations on the way.

    Raises:
        ValueError: the layer is not of the model or not called, the channel does not
            exist, an argument is out of range, or the activation has no slope.

    Source:
        Erhan et al. 2009, section 3.

    Example:
        >>> conv = nn.Conv2d(1, 4, 3, bias=False)
        >>> found = activation_maximisation(conv, conv, 2, input_shape=(1, 3, 3))
        >>> kernel = conv.weight[2] / conv.weight[2].norm()
        >>> torch.allclose(found.image, kernel, atol=1e-3)
        True
    """
    whole("steps", steps, at_least=0)
    for name, value in (("lr", lr), ("norm", norm)):
        if not value > 0:
            raise ValueError(f"{name} is {value}; it must be positive")
    if all(layer is not module for module in model.modules()):
        raise ValueError(
            f"the layer {type(layer).__name__} is not a module of the model; take one "
            "of model.named_modules()"
        )
    outputs: list[Tensor] = []
    hook = layer.register_forward_hook(lambda _, inputs, y: outputs.append(y))
    modes = {module: module.training for module in model.modules()}

    def activation(x: Tensor) -> Tensor:
        outputs.clear()
        model(x)
        if not outputs:
            raise ValueError(f"the model never calls the layer {type(layer).__name__}")
        channels = outputs[0].shape[1]
        if not 0 <= channel < channels:
            raise ValueError(
                f"channel is {channel}; the layer has {channels}: 0 to {channels - 1}"
            )
        return outputs[0][:, channel].mean()

    some = next(model.parameters(), torch.zeros(()))
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(1, *input_shape, generator=generator).to(some)
    x, activations = norm * x / x.norm(), []
    try:
        model.eval()
        for _ in range(steps):
            with torch.enable_grad():
                x.requires_grad_()
                a = activation(x)
                (slope,) = torch.autograd.grad(a, x)
            activations.append(a.item())
            if not slope.norm() > 0:
                raise ValueError(
                    f"the activation of channel {channel} has no slope at the image "
                    "reached: try another seed, or watch the layer before its ReLU"
                )
            z = x.detach() + lr * norm * slope / slope.norm()
            x = norm * z / z.norm()
        with torch.no_grad():
            activations.append(activation(x).item())
    finally:
        hook.remove()
        for module, training in modes.items():
            module.training = training
    return Maximised(x[0].detach(), activations)


def first_layer_filters(model: nn.Module) -> Float[Tensor, "o c p q"]:
    """The kernels of the first convolution, ready to be drawn.

    .. math:: \\frac{w_o}{\\max |w_o|}

    Args:
        model: a module with an ``nn.Conv2d``.

    Returns:
        Each kernel scaled into [-1, 1]; zero stays zero.

    Raises:
        ValueError: the model has no such layer.

    Source:
        Zeiler & Fergus 2014, section 4.1.

    Example:
        >>> first_layer_filters(nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU())).shape
        torch.Size([8, 1, 5, 5])
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            w = module.weight.detach()
            largest = w.abs().amax((1, 2, 3), keepdim=True)
            return w / largest.clamp_min(torch.finfo(w.dtype).tiny)
    raise ValueError(f"{type(model).__name__} has no Conv2d: it has no filters to draw")
