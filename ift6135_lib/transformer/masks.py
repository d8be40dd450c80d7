"""Masks: which positions a query may read.  True: it may.

.. math:: M^{\\text{causal}}_{ij} = [j ≤ i], \\qquad
    M^{\\text{padding}}_{bj} = [j < \\text{length}_b], \\qquad
    M^{\\text{band}}_{ij} = [-\\text{before} ≤ j - i ≤ \\text{after}]

Masks combine with ``&``: a batch of sequences of unequal length, read causally, has
the mask ``causal_mask(n) & padding_mask(lengths, n)``.

Symbols: i query (row), j key (column), both counted from the end of the sequences.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.2.3; the band: Beltagy
    et al., arXiv:2004.05150, section 3.1.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from .checks import check_positive


def causal_mask(
    n: int, m: int | None = None, *, device: torch.device | str | None = None
) -> Bool[Tensor, "n m"]:
    """The past and the present: [j ≤ i], the last query at the last key.

    Args:
        n: number of queries.
        m: number of keys, n by default; with m > n, the first m − n are all past.
        device: where the mask lies.

    Returns:
        True where query i may read key j, (n, m).

    Raises:
        ValueError: a number is below 1; there are fewer keys than queries.

    Source:
        Vaswani et al. 2017, section 3.2.3.

    Example:
        >>> causal_mask(2, 3).int()
        tensor([[1, 1, 0],
                [1, 1, 1]], dtype=torch.int32)
    """
    m = n if m is None else m
    check_positive(n=n, m=m)
    if m < n:
        raise ValueError(f"there are {m} keys for {n} queries; give at least {n}")
    return torch.ones(n, m, dtype=torch.bool, device=device).tril(m - n)


def padding_mask(
    lengths: Int[Tensor, " b"], m: int | None = None
) -> Bool[Tensor, "b 1 1 m"]:
    """The real positions of each sequence, and not the padding after them.

    Args:
        lengths: number of real positions of each sequence.
        m: length of the padded batch; by default, that of the longest sequence.

    Returns:
        True where key j is real, (b, 1, 1, m): the same for all heads and queries.

    Raises:
        ValueError: a length is negative or above m.

    Example:
        >>> padding_mask(torch.tensor([1, 3])).squeeze().int()
        tensor([[1, 0, 0],
                [1, 1, 1]], dtype=torch.int32)
    """
    longest = int(lengths.max())
    m = longest if m is None else m
    check_positive(m=m)
    if longest > m or int(lengths.min()) < 0:
        raise ValueError(
            f"the lengths are {lengths.tolist()}; they must be between 0 and {m}"
        )
    real = torch.arange(m, device=lengths.device) < lengths[:, None]  # (b, m)
    return real[:, None, None]


def band_mask(
    n: int,
    before: int,
    after: int = 0,
    *,
    m: int | None = None,
    device: torch.device | str | None = None,
) -> Bool[Tensor, "n m"]:
    """A window around each position: [−before ≤ j − i ≤ after].

    Args:
        n: number of queries.
        before: how many positions before its own a query reads.
        after: how many after its own.
        m: number of keys, n by default; the last query stands at the last key.
        device: where the mask lies.

    Returns:
        True where query i may read key j, (n, m).

    Raises:
        ValueError: a number of positions is below 1, or a side of the window below 0;
            there are fewer keys than queries.

    Source:
        Beltagy et al. 2020, section 3.1.

    Example:
        >>> band_mask(3, before=1).int()
        tensor([[1, 0, 0],
                [1, 1, 0],
                [0, 1, 1]], dtype=torch.int32)
    """
    m = n if m is None else m
    check_positive(n=n, m=m)
    if m < n:
        raise ValueError(f"there are {m} keys for {n} queries; give at least {n}")
    if min(before, after) < 0:
        raise ValueError(
            f"the window reaches {before} before and {after} after; both must be ≥ 0"
        )
    ones = torch.ones(n, m, dtype=torch.bool, device=device)
    return ones.tril(m - n + after).triu(m - n - before)
