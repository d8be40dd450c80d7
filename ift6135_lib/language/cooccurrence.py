"""Words by the company they keep: co-occurrences, PPMI, and a singular decomposition.

.. math::
    C_{ij} &= \\#\\{(t, s) : w_t = i,\\ w_s = j,\\ 0 < |t - s| ≤ m\\} \\\\
    \\mathrm{PMI}_{ij} &= \\ln \\frac{p(i, j)}{p(i)\\, p(j)}, \\qquad
    \\mathrm{PPMI} = \\max(0, \\mathrm{PMI})

The rows of C are sparse vectors, as long as the vocabulary. A truncated singular value
decomposition of the PPMI makes them short and dense.

Symbols: m ``window``, in words on each side; C ``counts``; p(i, j) = C_ij / ΣC, and
    p(i), p(j) its margins; k ``shift`` = ln(number of negatives) in word2vec's optimum.
Shapes: t words of the text, v vocabulary, d width.
Source: Church & Hanks, Computational Linguistics 16, 1990; Levy & Goldberg, NeurIPS
    2014, sections 2 and 3.
Parity: ``numpy.linalg.svd``, and the counting loop of the tests.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ift6135_lib.conv.whole import check_whole


def cooccurrence(
    codes: Int[Tensor, " t"], size: int, window: int
) -> Float[Tensor, "v v"]:
    """How often each word stands near each other word.

    .. math:: C_{ij} = \\#\\{(t, s) : w_t = i,\\ w_s = j,\\ 0 < |t - s| ≤ m\\}

    Args:
        codes: numbers w_t of the text's words (t,).
        size: V, number of words of the vocabulary.
        window: m, words on each side that count as near.

    Returns:
        Symmetric counts (v, v).

    Raises:
        ValueError: the size or the window is no whole number ≥ 1.

    Source:
        Levy & Goldberg 2014, section 2.

    Example:
        >>> cooccurrence(torch.tensor([0, 1, 0, 2]), 3, window=1)
        tensor([[0., 2., 1.],
                [2., 0., 0.],
                [1., 0., 0.]])
    """
    check_whole("size", size)
    check_whole("window", window)
    counts = torch.zeros(size * size, device=codes.device)
    for distance in range(1, min(window, len(codes) - 1) + 1):
        cells = codes[:-distance] * size + codes[distance:]
        counts += cells.bincount(minlength=size * size)
    counts = counts.reshape(size, size)
    return counts + counts.T


def pmi(
    counts: Float[Tensor, "v c"], *, shift: float = 0.0, positive: bool = False
) -> Float[Tensor, "v c"]:
    """Pointwise mutual information: how much more often than by chance.

    .. math:: \\mathrm{PMI}_{ij} = \\ln \\frac{p(i, j)}{p(i)\\, p(j)} - \\ln k

    Args:
        counts: of pairs, or their probabilities: no negative number.
        shift: ln k, subtracted, in nats.
        positive: negative values become 0 (PPMI); those of pairs never seen, −∞, too.

    Returns:
        In nats; 0 means as often as by chance.

    Raises:
        ValueError: a count is negative, or all are 0.

    Source:
        Church & Hanks 1990; shifted: Levy & Goldberg 2014, section 3.

    Example:
        >>> pmi(torch.tensor([[2.0, 0.0], [0.0, 2.0]]), positive=True)
        tensor([[0.6931, 0.0000],
                [0.0000, 0.6931]])
    """
    if (counts < 0).any() or not counts.sum() > 0:
        raise ValueError(
            f"counts go from {counts.min()} to {counts.max()}; they must be 0 or more, "
            "and not all 0"
        )
    p = counts / counts.sum()
    margins = p.sum(1, keepdim=True) * p.sum(0)  # (v, c)
    values = p.log() - margins.log() - shift
    values = values.masked_fill(p == 0, -torch.inf)  # words never seen: 0 / 0
    return values.clamp(min=0) if positive else values


def svd_vectors(matrix: Float[Tensor, "v c"], d: int) -> Float[Tensor, "v d"]:
    """Short vectors whose products are the best approximation of a matrix of rank d.

    .. math:: M = U Σ R^⊤, \\qquad W = U_{1:d} \\sqrt{Σ_{1:d}}

    Args:
        matrix: M, such as the PPMI.
        d: width of the vectors, at most the matrix's smaller side.

    Returns:
        W, a row for each word; signs are such that each column's largest is positive.

    Raises:
        ValueError: d is not between 1 and the smaller side.

    Source:
        Levy & Goldberg 2014, section 4.2 (the symmetric variant).

    Example:
        >>> svd_vectors(torch.diag(torch.tensor([4.0, 1.0])), 1)
        tensor([[2.],
                [0.]])
    """
    if not 1 <= d <= min(matrix.shape):
        raise ValueError(
            f"d is {d}; a matrix {(*matrix.shape,)} has vectors of 1 to "
            f"{min(matrix.shape)} numbers"
        )
    u, singular, _ = torch.linalg.svd(matrix, full_matrices=False)
    w = u[:, :d] * singular[:d].sqrt()
    largest = w.gather(0, w.abs().argmax(0, keepdim=True))  # (1, d)
    return w * torch.where(largest < 0, -1.0, 1.0).to(w) + 0.0  # no negative zero
