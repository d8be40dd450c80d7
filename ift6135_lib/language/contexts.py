"""The examples of word2vec: words and what stands around them.

.. math:: \\{(w_t, w_{t+j}) : 0 < |j| ≤ m\\}

Symbols: w words of the text, m ``window``, words on each side.  Shapes: t words of the
    text, n pairs.
Source: Mikolov et al., arXiv:1301.3781, section 3.
Parity: ``ift6135_lib.language.cooccurrence``, which counts the same pairs.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Int
from torch import Tensor

from ift6135_lib.conv.whole import check_whole


def context_pairs(
    codes: Int[Tensor, " t"], window: int
) -> tuple[Int[Tensor, " n"], Int[Tensor, " n"]]:
    """Every word with every neighbour: the examples of skip-gram.

    Args:
        codes: numbers of the text's words (t,).
        window: m, words on each side.

    Returns:
        The words in the middle and their neighbours, both (n,).

    Raises:
        ValueError: the window is no whole number ≥ 1.

    Source:
        Mikolov et al., arXiv:1310.4546, equation 1.

    Example:
        >>> [x.tolist() for x in context_pairs(torch.tensor([7, 8, 9]), 1)]
        [[7, 8, 8, 9], [8, 9, 7, 8]]
    """
    check_whole("window", window)
    distances = range(1, min(window, len(codes) - 1) + 1)
    left = torch.cat([codes[:0], *(codes[:-j] for j in distances)])
    right = torch.cat([codes[:0], *(codes[j:] for j in distances)])
    return torch.cat([left, right]), torch.cat([right, left])


def context_windows(
    codes: Int[Tensor, " t"], window: int
) -> tuple[Int[Tensor, " n"], Int[Tensor, "n m2"]]:
    """Every word that has m neighbours on each side, with all of them: for CBOW.

    Args:
        codes: numbers of the text's words (t,).
        window: m, words on each side.

    Returns:
        The t − 2m words in the middle (n,), and their neighbours in order (n, 2m).

    Raises:
        ValueError: the window is no whole number ≥ 1, or the text is too short.

    Source:
        Mikolov et al., arXiv:1301.3781, section 3.1.

    Example:
        >>> [x.tolist() for x in context_windows(torch.tensor([6, 7, 8, 9]), 1)]
        [[7, 8], [[6, 8], [7, 9]]]
    """
    check_whole("window", window)
    if len(codes) < 2 * window + 1:
        raise ValueError(
            f"the text has {len(codes)} words; a window of {window} on each side needs "
            f"{2 * window + 1}"
        )
    around = codes.unfold(0, 2 * window + 1, 1)  # (t - 2m, 2m + 1)
    neighbours = torch.cat([around[:, :window], around[:, window + 1 :]], 1)
    return around[:, window], neighbours
