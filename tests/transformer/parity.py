"""Compare a module with its counterpart in another library, in double precision."""

import torch
from torch import nn

DOUBLE = torch.float64


@torch.no_grad()
def randomized(model, seed=0, scale=0.4):
    """The model with weights that are nothing special.

    A zero or a one would hide an exchange or an omission.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        noise = scale * torch.randn(p.shape, generator=generator, dtype=DOUBLE)
        norm = p.ndim == 1 and "weight" in name
        p.copy_(1 + noise if norm else noise)
    return model


def draw(*shape, seed=0):
    """Normal numbers, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=DOUBLE)


def tokens(b, n, vocabulary, seed=0):
    """Random texts."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(vocabulary, (b, n), generator=generator)


def close(ours, theirs, tolerance=1e-10):
    """Whether two tensors are equal up to tolerance · max(1, largest)."""
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    gap = (ours - theirs).abs().max().item()
    assert gap <= tolerance * max(1.0, theirs.abs().max().item()), f"{gap:.1e}"


def gradients(y, inputs, seed=9):
    """Those of a random mix of the outputs."""
    return torch.autograd.grad(y, inputs, draw(*y.shape, seed=seed).to(y))


def count(model: nn.Module) -> int:
    """Number of parameters, each shared one once."""
    return sum(p.numel() for p in model.parameters())
