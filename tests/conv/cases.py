"""Random images and kernels, and the settings on which convolutions are compared."""

import torch

DOUBLE = torch.float64

# (in, out, groups), kernel, stride, padding, dilation; strides that skip the end, even
# kernels, padding beyond the kernel, groups, axes that differ
SETTINGS = [
    ((1, 1, 1), (3, 3), 1, 0, 1),
    ((2, 3, 1), (3, 3), 1, 1, 1),
    ((2, 3, 1), (2, 4), 1, 0, 1),
    ((2, 4, 2), (3, 2), 2, 1, 1),
    ((3, 3, 3), (3, 3), (2, 3), (1, 2), 1),
    ((4, 6, 2), (2, 3), (1, 2), (2, 0), (2, 1)),
    ((2, 2, 1), (3, 3), 3, 2, 2),
    ((2, 3, 1), (1, 1), 2, 1, 1),
    ((1, 2, 1), (3, 1), 1, (3, 1), 1),
    ((2, 4, 2), (2, 2), 4, 0, 3),
]


def draw(*shape, seed=0):
    """Normal numbers, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=DOUBLE)


def layer(channels, kernel, size=(9, 10), seed=0):
    """Images, weight and bias that require gradients."""
    c, o, groups = channels
    tensors = (
        draw(2, c, *size, seed=seed),
        draw(o, c // groups, *kernel, seed=seed + 1),
        draw(o, seed=seed + 2),
    )
    return [tensor.requires_grad_() for tensor in tensors]


def agree(ours, theirs, inputs, tolerance=1e-10, seed=9):
    """Whether two outputs, and the gradients of the same random mix, are equal."""
    assert ours.shape == theirs.shape
    dy = draw(*theirs.shape, seed=seed)
    gradients = [
        torch.autograd.grad(y, inputs, dy, retain_graph=True) for y in (ours, theirs)
    ]
    pairs = [(ours, theirs), *zip(*gradients, strict=True)]
    return max((a - b).abs().max().item() for a, b in pairs) <= tolerance
