"""Weights of another library's network: renamed, checked, copied, compared.

A network takes the weights of a counterpart in four steps: its entries are renamed,
the sizes of the network are read off their shapes, the entries are copied, and both
networks are compared on one random input.  What cannot be reproduced, an unknown entry
as well as a hidden difference such as another activation, is refused.

See: chapters/07-convnets, chapters/09-transformers
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

Rules = Sequence[tuple[str, str | Callable[[re.Match], str]]]
Names = Callable[[Iterable[str]], Mapping[str, str | None]]
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
        ift6135_lib.weights.WrongWeights: these weights do not fit this Linear; ...
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


def rename(names: Iterable[str], rules: Rules) -> dict[str, str]:
    """Apply the rules (pattern, replacement) to every name, one after the other.

    Example:
        >>> rename(["fc.weight", "fc.bias"], [(r"^fc\\.", "head.")])
        {'fc.weight': 'head.weight', 'fc.bias': 'head.bias'}
    """
    renamed = {}
    for name in names:
        ours = name
        for pattern, new in rules:
            ours = re.sub(pattern, new, ours)
        renamed[name] = ours
    return renamed


class Entries(dict[str, Tensor]):
    """The entries of another library's network, under our names.

    Args:
        reference: the network, with its weights.
        names: from its entries' names to ours.

    Raises:
        ValueError: the reference is not an instance of ``nn.Module``.
    """

    example = "timm.create_model('resnet18', pretrained=True)"

    def __init__(self, reference: nn.Module, names: Names):
        if not isinstance(reference, nn.Module):
            raise ValueError(
                f"got {reference!r}; give a network, such as {self.example}"
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

    def copy_to(self, model: Model) -> Model:
        """Give a model, made on the device meta, these weights.

        It also takes what is not a weight but changes the output: the ε and momentum of
        the normalizations, dtype, device, training mode. Parameters that the model
        shares stay shared.

        Args:
            model: its configuration fits the reference's.

        Returns:
            The model.

        Raises:
            WrongWeights: an entry does not fit.
        """
        floats = (x for x in self.values() if x.is_floating_point())
        like = next(floats, torch.zeros(()))
        first = {}  # under its first name, each parameter
        names = {
            name: first.setdefault(parameter, name)
            for name, parameter in model.named_parameters(remove_duplicate=False)
        }
        model = model.to_empty(device=like.device).to(like.dtype)
        for name, shared in names.items():  # a new device separates what was shared
            owner, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(owner), leaf, model.get_parameter(shared))
        for name, parameter in model.named_parameters():
            if name in self and self[name].shape == parameter.shape:
                # the reference's order in memory: W transposed answers one token sooner
                parameter.data = torch.empty_like(self[name], dtype=parameter.dtype)
        load(model, self)
        for name, layer in model.named_modules():
            if hasattr(layer, "eps"):
                theirs = self.module(name)
                layer.eps = theirs.eps
                if hasattr(layer, "momentum"):
                    layer.momentum = theirs.momentum
        return model.train(self.reference.training)


@torch.no_grad()
def compare(
    model: nn.Module,
    reference: nn.Module,
    inputs: Sequence[Tensor],
    output: Callable[..., Tensor] | None = None,
) -> None:
    """Raise ValueError unless two networks give the same on the same input.

    Args:
        model: ours.
        reference: the other library's.
        inputs: arguments of both.
        output: of the reference, called with it and the inputs; by default, what it
            returns.

    Raises:
        ValueError: the outputs differ.
    """
    like = next(model.parameters())
    if like.is_meta:  # no values to compare
        return
    modes = {m: m.training for net in (model, reference) for m in net.modules()}
    model.eval(), reference.eval()
    ours, theirs = model(*inputs), (output or nn.Module.__call__)(reference, *inputs)
    if isinstance(ours, tuple):  # of several heads
        ours, theirs = (torch.cat([y.flatten() for y in ys]) for ys in (ours, theirs))
    ours, theirs = ours.double(), theirs.double()
    for module, mode in modes.items():
        module.training = mode
    tolerance = 1e-4 if like.dtype.itemsize >= 4 else 0.1
    gap, scale = (ours - theirs).abs().max(), theirs.abs().max()
    if not gap <= tolerance * scale:
        raise ValueError(
            f"the weights fit, but the logits differ by {gap:.1e} where they reach "
            f"{scale:.1e}: {type(reference).__name__} computes something else, such as "
            "another padding or activation, that this network does not have"
        )
