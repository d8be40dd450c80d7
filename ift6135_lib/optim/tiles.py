"""Cuts large tensors and gathers small ones into lists of about the same size.

A list that fits the processor's cache is read from memory once, whatever the number of
operations on it; a list of many small tensors costs one call per operation instead of
one call per tensor.
"""


def tiles(rows, size):
    """Yield lists of corresponding tensors, of ``size`` elements at most if possible.

    Args:
        rows: Tuples of tensors of equal shape: (parameter, gradient, *state).  All but
            the gradient, at position 1, are views, so that they may be written to.
        size: Largest number of elements of a list; a tensor that cannot be cut because
            its memory has gaps makes a list of its own.

    Returns:
        Iterator over tuples of lists: parameters, gradients, each state.

    Example:
        >>> import torch
        >>> rows = [(torch.zeros(5), torch.ones(5)), (torch.zeros(2), torch.ones(2))]
        >>> [[len(θ) for θ in θs] for θs, gs in tiles(rows, 4)]
        [[4], [1, 2]]
    """
    columns, room = [], size
    for row in rows:
        for piece in _cut(row, size):
            n = piece[0].numel()
            if columns and n > room:
                yield tuple(zip(*columns, strict=True))
                columns, room = [], size
            columns.append(piece)
            room -= n
    if columns:
        yield tuple(zip(*columns, strict=True))


def _cut(row, size):
    """Yield the row in pieces of ``size`` elements."""
    θ, g, *state = row
    if θ.numel() <= size:
        return [row]
    # The order of the dimensions in memory: channels_last tensors can be cut too.
    order = sorted(range(θ.dim()), key=θ.stride, reverse=True)
    θ, g, *state = (x.permute(order) for x in row)
    if not all(x.is_contiguous() for x in (θ, *state)):
        return [row]
    pieces = (x.reshape(-1).split(size) for x in (θ, g, *state))
    return zip(*pieces, strict=True)
