"""Parameters and multiplications of a network, counted while it runs.

.. math:: \\text{MACs of a convolution} = H_{out} W_{out}\\; C_{out}
    \\frac{C_{in}}{g}\\; k^2

A MAC is one multiplication with its addition, 2 FLOPs.  What is counted is what
`forward` really does, whatever the constructor promised.  Biases, normalizations,
activations and poolings are left out: they cost little, and the papers leave them out.

Symbols: H W height and width, C channels, g groups, k taps along an axis.
Source: Howard et al. 2017, arXiv:1704.04861, section 3.1.
Parity: ``torch.utils.flop_counter`` (FLOPs = 2 MACs), for these layers.
See: chapters/07-convnets
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from .locally_connected import LocallyConnected2d

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


class LayerRow(NamedTuple):
    """A layer as it ran: its name, its output's shape, its parameters, its MACs.

    Example:
        >>> layer_table(nn.Conv2d(3, 8, 3), (3, 32, 32))[0].macs
        194400
    """

    name: str  # in the model
    output_shape: tuple[int, ...]  # without the batch
    parameters: int  # of this layer
    macs: int  # multiply–accumulates for one example


def parameter_count(model: nn.Module, *, trainable: bool = False) -> int:
    """How many numbers a network learns; shared parameters count once.

    Args:
        model: any module.
        trainable: leave out those that are frozen.

    Returns:
        The number of parameters.

    Example:
        >>> parameter_count(nn.Conv2d(3, 32, 3))  # 32 * (3 * 9 + 1)
        896
    """
    return sum(
        p.numel() for p in model.parameters() if p.requires_grad or not trainable
    )


def layer_table(model: nn.Module, input_shape: tuple[int, ...]) -> list[LayerRow]:
    """The layers a forward pass goes through, in the order it ends them.

    One example of zeros is run through the model, in evaluation mode.  On
    ``device="meta"`` nothing is computed, however large the model.

    Args:
        model: any module that takes one tensor.
        input_shape: of one example, without the batch: (channels, height, width).

    Returns:
        One row for each call of a module that holds parameters or has no modules
        inside.  Shapes are without the batch; a module called again has the parameters
        of its first row only.  The MACs are those of convolutions (plain, transposed,
        locally connected) and linear layers; what `forward` does by functions is not
        seen.

    Example:
        >>> model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(32, 10))
        >>> for row in layer_table(model, (3, 4, 4)):
        ...     print(*row)
        0 (8, 2, 2) 224 864
        1 (32,) 0 0
        2 (10,) 330 320
    """
    rows: list[LayerRow] = []
    counted: set[int] = set()

    def record(name: str, layer: nn.Module, inputs: tuple, output: object) -> None:
        new = [p for p in layer.parameters(recurse=False) if id(p) not in counted]
        counted.update(map(id, new))
        y = _first_tensor(output)
        rows.append(
            LayerRow(
                name or type(layer).__name__,
                () if y is None else tuple(y.shape[1:]),
                sum(p.numel() for p in new),
                _macs(layer, inputs, y),
            )
        )

    def hook(name: str):
        return lambda layer, inputs, output: record(name, layer, inputs, output)

    modes = {layer: layer.training for layer in model.modules()}
    hooks = [
        layer.register_forward_hook(hook(name))
        for name, layer in model.named_modules()
        if not list(layer.children()) or list(layer.parameters(recurse=False))
    ]
    some = next(model.parameters(), torch.zeros(()))
    try:
        model.eval()
        with torch.no_grad():
            model(torch.zeros(1, *input_shape, dtype=some.dtype, device=some.device))
    finally:
        for handle in hooks:
            handle.remove()
        for layer, training in modes.items():
            layer.training = training
    return rows


def macs(model: nn.Module, input_shape: tuple[int, ...]) -> int:
    """How many multiplications one example takes.

    .. math:: \\text{FLOPs} = 2\\,\\text{MACs}

    Args:
        model: any module that takes one tensor.
        input_shape: of one example, without the batch: (channels, height, width).

    Returns:
        The MACs of convolutions and linear layers, as `layer_table` counts them.

    Source:
        Howard et al. 2017, section 3.1.

    Example:
        >>> macs(nn.Conv2d(3, 8, 3), (3, 4, 4))  # 2 * 2 * 8 * 3 * 9
        864
    """
    return sum(row.macs for row in layer_table(model, input_shape))


def _macs(layer: nn.Module, inputs: tuple, y: Tensor | None) -> int:
    """MACs of one call: entries of the output, times what each adds up."""
    if isinstance(layer, CONVOLUTIONS):
        return y.numel() * layer.weight[0].numel()  # weight (o, c/g, taps)
    if isinstance(layer, TRANSPOSED):
        # each entry of the input is multiplied by a kernel, cut off or not
        return inputs[0].numel() * layer.weight[0].numel()  # weight (c, o/g, taps)
    if isinstance(layer, nn.Linear):
        return y.numel() * layer.in_features
    if isinstance(layer, LocallyConnected2d):
        return layer.weight.numel()
    return 0


def _first_tensor(output: object) -> Tensor | None:
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, tuple | list):
        return next((t for t in map(_first_tensor, output) if t is not None), None)
    return output if isinstance(output, Tensor) else None
