"""Compare a vision transformer with its counterpart in another library."""

import copy

import torch

from ift6135_lib.transformer.vision_weights import seen

JOINED = (".q.", ".k.", ".v.")


@torch.no_grad()
def randomized(model, seed=1):
    """The model with weights that are nothing special: a zero would hide a fault."""
    generator = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        if p.ndim == 1 and name.endswith("weight"):  # of a normalization
            p.copy_(0.5 + torch.rand(p.shape, generator=generator))
        elif p.ndim == 1:
            p.copy_(0.6 * torch.rand(p.shape, generator=generator) - 0.3)
        else:
            p.normal_(0, (1.5 / p[0].numel()) ** 0.5, generator=generator)
    return model.eval()


def count(model):
    """Number of parameters."""
    return sum(p.numel() for p in model.parameters())


def gradients(model, y, names=None):
    """By our names, with the three layers of attention joined."""
    model.zero_grad()
    weights = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).reshape(y.shape)
    (y * weights).sum().backward()
    names = names or {}
    found = {names.get(k, k): p.grad for k, p in model.named_parameters()}
    found.pop(None, None)  # what is left out
    for name in [name for name in found if ".q." in name]:
        parts = [found.pop(name.replace(".q.", part)) for part in JOINED]
        found[name.replace(".q.", ".qkv.")] = torch.cat(parts)
    return found


def assert_parity(reference, convert, names, x):
    """Same outputs in single and double precision, same gradients."""
    randomized(reference)
    ours = convert(reference)
    assert not ours.training
    with torch.no_grad():
        y, expected = ours(x), seen(reference, x)
    assert y.shape == expected.shape
    assert (y - expected).abs().max() <= 1e-5 * expected.abs().max().clamp(min=1)

    reference, x = copy.deepcopy(reference).double(), x.double()
    ours = convert(reference)
    inputs = [x.clone().requires_grad_() for _ in range(2)]
    y, expected = ours(inputs[0]), seen(reference, inputs[1])
    scale = expected.abs().max().clamp(min=1)
    assert (y - expected).abs().max() <= 1e-10 * scale
    mine = gradients(ours, y)
    theirs = gradients(reference, expected, names(reference.state_dict()))
    assert mine.keys() == theirs.keys()
    pairs = {name: (mine[name], theirs[name]) for name in mine}
    pairs["images"] = [each.grad for each in inputs]
    for name, (a, b) in pairs.items():
        gap = (a.flatten() - b.flatten()).abs().max()
        assert gap <= 1e-10 * b.abs().max().clamp(min=1), name
