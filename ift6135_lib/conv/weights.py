"""Weights: where they live, how they begin, how they come from another library.

A network takes the weights of a counterpart in timm or torchvision in four steps: its
entries are renamed (``names.py``), the sizes of the network are read off their shapes,
the entries are copied, and both networks are compared on one random input. What cannot
be reproduced, an unknown entry as well as a hidden difference such as another padding,
is refused.

Source of the initialization: He et al., ICCV 2015, arXiv:1502.01852, section 2.2.
See: chapters/07-convnets
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

from .names import Names

Model = TypeVar("Model", bound=nn.Module)
LISTED = 8  # entries of each kind that an error message spells out


class WrongWeights(ValueError):
    """Entries that do not fit a model.

    Attributes:
        missing: names that the model needs and was not given.
        unexpected: names that it was given and does not have.
        misshapen: names with both shapes, the model's and the one given.

    Example:
        >>> print(WrongWeights("LeNet", ["c1.weight"], [], []))  # doctest: +ELLIPSIS
        these weights do not fit this LeNet; ...
    """

    def __init__(
        self,
        model: str,
        missing: list[str],
        unexpected: list[str],
        misshapen: list[str],
    ):
        self.missing, self.unexpected = missing, unexpected
        self.misshapen = misshapen
        lines = [f"these weights do not fit this {model}; it needs the same network"]
        for kind, names in (
            ("missing", missing),
            ("unexpected", unexpected),
            ("misshapen", misshapen),
        ):
            more = len(names) - LISTED
            listed = [*names[:LISTED], *([f"and {more} more"] if more > 0 else [])]
            lines.append(f"  {kind} ({len(names)}): {', '.join(listed) or 'none'}")
        super().__init__("\n".join(lines))


def placed(device: torch.device | str | None) -> AbstractContextManager:
    """The context in which modules are made on a device; None changes nothing."""
    return nullcontext() if device is None else torch.device(device)


@torch.no_grad()
def he_normal_(model: nn.Module, *, linear: float = 0.01) -> None:
    """Draw convolutions so that ReLUs keep the gradients' variance, in place.

    .. math:: W ∼ N(0, 2 / n), \\qquad n = k^2 d_{out} / \\mathrm{groups}

    Args:
        model: whose convolutions and linear layers are drawn; biases become 0.
        linear: standard deviation of the linear layers.
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            fan_out = math.prod(layer.kernel_size) * layer.out_channels // layer.groups
            layer.weight.normal_(0, math.sqrt(2 / fan_out))
        elif isinstance(layer, nn.Linear):
            layer.weight.normal_(0, linear)
        else:
            continue
        if layer.bias is not None:
            layer.bias.zero_()


@torch.no_grad()
def load(
    model: nn.Module,
    state: Mapping[str, Tensor],
    names: Mapping[str, str | None] | None = None,
) -> None:
    """Copy a state into a model.

    Args:
        model: takes the values, keeps its dtype and device.
        state: tensors by name; one that has more axes than the model's, such as the
            kernel of a 1 × 1 convolution for a linear layer, is flattened.
        names: the model's name of each entry, None to leave it out; by default, its
            own.

    Raises:
        WrongWeights: an entry is missing, unexpected or misshapen; nothing is copied.

    Example:
        >>> layer = nn.Linear(2, 1)
        >>> load(layer, {"W": torch.ones(1, 2), "b": torch.zeros(1)})
        Traceback (most recent call last):
            ...
        ift6135_lib.conv.weights.WrongWeights: these weights do not fit this Linear; ...
          missing (2): weight, bias
          unexpected (2): W, b
          misshapen (0): none
        >>> names = {"W": "weight", "b": "bias"}
        >>> load(layer, {"W": torch.ones(1, 2), "b": torch.zeros(1)}, names)
        >>> layer.weight.tolist()
        [[1.0, 1.0]]
    """
    names = {name: name for name in state} if names is None else names
    given = {names.get(name, name): tensor for name, tensor in state.items()}
    given.pop(None, None)
    ours = model.state_dict()
    misshapen = []
    for name in ours.keys() & given.keys():
        want, tensor = ours[name], given[name]
        if tensor.ndim > want.ndim:
            tensor = tensor.flatten(max(want.ndim - 1, 0))
        if tensor.shape == want.shape:
            given[name] = tensor
        else:
            shapes = f"{(*want.shape,)} needed, {(*given[name].shape,)} given"
            misshapen.append(f"{name} ({shapes})")
    missing = [name for name in ours if name not in given]
    unexpected = [name for name in given if name not in ours]
    if missing or unexpected or misshapen:
        raise WrongWeights(type(model).__name__, missing, unexpected, sorted(misshapen))
    for name, tensor in ours.items():
        tensor.copy_(given[name])


class Entries(dict[str, Tensor]):
    """The entries of another library's network, under our names.

    Args:
        reference: the network, with its weights.
        names: from its entries' names to ours.

    Raises:
        ValueError: the reference is not an instance of ``nn.Module``.
    """

    def __init__(self, reference: nn.Module, names: Names):
        if not isinstance(reference, nn.Module):
            raise ValueError(
                f"got {reference!r}; give a network, such as "
                "timm.create_model('resnet18', pretrained=True)"
            )
        state = reference.state_dict()
        self.reference, self.names = reference, dict(names(state))
        pairs = ((self.names.get(name, name), state[name]) for name in state)
        super().__init__({ours: tensor for ours, tensor in pairs if ours is not None})

    def size(self, name: str, axis: int, default: int) -> int:
        """The length of an entry along an axis; the default if it has none."""
        tensor = self.get(name)
        return default if tensor is None or tensor.ndim <= axis else tensor.shape[axis]

    def count(self, prefix: str) -> int:
        """How many numbers follow a prefix, as in ``blocks.0``, ``blocks.1``."""
        n = len(prefix)
        found = {name[n:].split(".")[0] for name in self if name.startswith(prefix)}
        return sum(number.isdigit() for number in found)

    def module(self, ours: str) -> nn.Module | None:
        """The reference's module whose weight has our name ``ours``.weight."""
        for theirs, name in self.names.items():
            if name == f"{ours}.weight":
                return self.reference.get_submodule(theirs.removesuffix(".weight"))
        return None

    def take(self, model: Model, *, size: int) -> Model:
        """Give a model, made on the device meta, these weights; compare the outputs.

        It also takes what is not a weight but changes the output: the ε and momentum of
        the normalizations, dtype, device, training mode.

        Args:
            model: its configuration fits the reference's.
            size: height and width, in pixels, of the images compared.

        Returns:
            The model.

        Raises:
            WrongWeights: an entry does not fit.
            ValueError: the outputs differ all the same.
        """
        floats = (x for x in self.values() if x.is_floating_point())
        like = next(floats, torch.zeros(()))
        model = model.to_empty(device=like.device).to(like.dtype)
        load(model, self)
        for name, layer in model.named_modules():
            if hasattr(layer, "eps"):
                theirs = self.module(name)
                layer.eps = theirs.eps
                if hasattr(layer, "momentum"):
                    layer.momentum = theirs.momentum
        model.train(self.reference.training)
        compare(model, self.reference, size)
        return model


@torch.no_grad()
def compare(model: nn.Module, reference: nn.Module, size: int) -> None:
    """Raise ValueError unless two networks give the same logits on a random batch."""
    first = next(model.parameters())
    if first.is_meta:  # no values to compare
        return
    channels = next(p.shape[1] for p in model.parameters() if p.ndim == 4)
    x = torch.randn(2, channels, size, size, generator=torch.Generator().manual_seed(0))
    x = x.to(first)
    modes = {m: m.training for net in (model, reference) for m in net.modules()}
    ours, theirs = model.eval()(x).double(), reference.eval()(x).double()
    for module, mode in modes.items():
        module.training = mode
    tolerance = 1e-4 if first.dtype.itemsize >= 4 else 0.1
    gap, scale = (ours - theirs).abs().max(), theirs.abs().max()
    if gap > tolerance * scale:
        raise ValueError(
            f"the weights fit, but the logits differ by {gap:.1e} where they reach "
            f"{scale:.1e}: {type(reference).__name__} computes something else, such as "
            "another padding or activation, that this network does not have"
        )
