"""Compare a network with its counterpart in another library."""

import copy

import torch
from torch import nn

from ift6135_lib.conv.weights import Entries


@torch.no_grad()
def randomized(model: nn.Module, seed: int = 0) -> nn.Module:
    """The model with weights, running statistics and scales that are nothing special.

    A zero, a one or γ = 10⁻⁶ would hide an exchange or an omission.
    """
    generator = torch.Generator().manual_seed(seed)

    def uniform(tensor, low, high):
        tensor.copy_(low + (high - low) * torch.rand(tensor.shape, generator=generator))

    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if name.endswith("num_batches_tracked"):
            tensor.fill_(7)
        elif name.endswith("running_var"):
            uniform(tensor, 0.5, 1.5)
        elif tensor.ndim > 1 and not name.endswith("layer_scale"):
            fan_in = tensor[0].numel()
            tensor.normal_(0, (1.5 / fan_in) ** 0.5, generator=generator)
        elif name.endswith(("bias", "running_mean")):
            uniform(tensor, -0.3, 0.3)
        else:  # weights of normalizations, γ
            uniform(tensor, 0.5, 1.5)
    return model


def step(model: nn.Module, x: torch.Tensor):
    """Logits, gradient of the input, and gradients of the parameters by name."""
    x = x.clone().requires_grad_()
    y = model(x)
    model.zero_grad()
    weights = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).reshape(y.shape)
    (y * weights).sum().backward()
    return y.detach(), x.grad, {n: p.grad for n, p in model.named_parameters()}


def assert_close(ours, theirs, tolerance, what):
    assert ours.numel() == theirs.numel(), what
    gap = (ours.flatten() - theirs.flatten()).abs().max()
    assert gap <= tolerance * max(1.0, theirs.abs().max()), f"{what}: {gap:.1e}"


def assert_parity(reference, convert, names, *, size=64, channels=3):
    """Same logits and gradients, in evaluation and in training, and same statistics.

    Args:
        reference: the other library's network.
        convert: our ``from_timm`` or ``from_torchvision``.
        names: the map of names, which pairs the gradients.
        size: of the images, in pixels.
        channels: of the images.
    """
    randomized(reference).eval()
    x = torch.randn(2, channels, size, size)
    ours = convert(reference)
    assert not ours.training
    with torch.no_grad():
        assert_close(ours(x), reference(x), 1e-5, "logits in float32")

    reference, x = copy.deepcopy(reference).double(), x.double()
    ours = convert(reference)
    assert {p.dtype for p in ours.parameters()} == {torch.float64}
    assert_step(ours, reference, names, x, 1e-10, "evaluation")

    for model in (ours.train(), reference.train()):
        for layer in model.modules():
            if isinstance(layer, nn.Dropout):
                layer.p = 0.0
    assert_step(ours, reference, names, x, 1e-8, "training")
    running = Entries(reference, names)
    for name, buffer in ours.named_buffers():
        assert_close(buffer, running[name], 1e-10, name)


def assert_step(ours, reference, names, x, tolerance, mode):
    """Same logits, gradient of the input, gradients of every parameter."""
    pairs = dict(names(reference.state_dict()))
    (y, dx, mine), (y2, dx2, theirs) = (step(m, x) for m in (ours, reference))
    assert_close(y, y2, tolerance, f"logits in {mode}")
    assert_close(dx, dx2, tolerance, f"gradient of the images in {mode}")
    theirs = {pairs.get(n, n): g for n, g in theirs.items()}
    assert mine.keys() == theirs.keys()
    for name, gradient in mine.items():
        assert_close(gradient, theirs[name], tolerance, f"{name} in {mode}")


def count(model: nn.Module) -> int:
    """Number of parameters."""
    return sum(p.numel() for p in model.parameters())


def geometry(model: nn.Module):
    """Kernel, stride, padding and groups of every convolution, in order."""
    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    return [(m.kernel_size, m.stride, m.padding, m.groups) for m in layers]
