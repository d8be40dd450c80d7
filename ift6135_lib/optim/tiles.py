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


def flat(row):
    """Return the tensors as vectors, in the order of the parameter's memory.

    Args:
        row: Tensors of equal shape: (parameter, gradient, *state).

    Returns:
        Views of one dimension, the gradient's possibly a copy; None if the memory of
        one of the others has gaps or another order.

    Example:
        >>> import torch
        >>> θ = torch.tensor([[1, 2], [3, 4]]).t()
        >>> flat((θ, 10 * θ))
        [tensor([1, 2, 3, 4]), tensor([10, 20, 30, 40])]
    """
    # channels_last, for instance, is a permutation of the dimensions
    order = sorted(range(row[0].dim()), key=row[0].stride, reverse=True)
    θ, g, *state = (x.permute(order) for x in row)
    if not all(x.is_contiguous() for x in (θ, *state)):
        return None
    return [x.reshape(-1) for x in (θ, g, *state)]


def _cut(row, size):
    """Return the row in pieces of ``size`` elements."""
    vectors = flat(row) if row[0].numel() > size else None
    if vectors is None:
        return [row]
    return zip(*(x.split(size) for x in vectors), strict=True)
