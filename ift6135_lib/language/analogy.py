"""Analogies: a is to b as c is to … the word nearest to b − a + c.

.. math:: d^* = \\arg\\max_{d ∉ \\{a, b, c\\}} \\cos(w_d,\\, ŵ_b - ŵ_a + ŵ_c), \\qquad
    ŵ = w / ‖w‖

Symbols: w a row of ``vectors``, ŵ the same of length 1.  Shapes: v words, d width,
    n questions.
Source: Mikolov, Yih & Zweig, NAACL 2013, section 4 (3CosAdd).
Parity: ``torch.nn.functional.cosine_similarity``.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from ift6135_lib.conv.whole import check_whole


def nearest(
    vectors: Float[Tensor, "v d"], query: Float[Tensor, "n d"], count: int = 1
) -> Int[Tensor, "n count"]:
    """The words whose vectors point most nearly in the same direction.

    Args:
        vectors: one for each word (v, d).
        query: directions looked for (n, d).
        count: how many words for each, at most v.

    Returns:
        Their numbers, nearest first.

    Raises:
        ValueError: the count is not between 1 and v.

    Source:
        Mikolov, Yih & Zweig 2013, section 4.

    Example:
        >>> nearest(torch.eye(3), torch.tensor([[1.0, 2.0, 0.0]]), 2)
        tensor([[1, 0]])
    """
    check_whole("count", count)
    if count > len(vectors):
        raise ValueError(f"count is {count}, there are {len(vectors)} words")
    cosines = F.normalize(query, dim=-1) @ F.normalize(vectors, dim=-1).T  # (n, v)
    return cosines.topk(count).indices


def analogy(
    vectors: Float[Tensor, "v d"],
    a: Int[Tensor, " n"],
    b: Int[Tensor, " n"],
    c: Int[Tensor, " n"],
) -> Int[Tensor, " n"]:
    """a is to b as c is to this word, which is none of the three.

    .. math:: \\arg\\max_{d ∉ \\{a, b, c\\}} \\cos(w_d,\\, ŵ_b - ŵ_a + ŵ_c)

    Args:
        vectors: one for each word (v, d), v ≥ 4.
        a: numbers of the first words (n,).
        b: of the second ones.
        c: of the third ones.

    Returns:
        Numbers of the fourth ones (n,).

    Raises:
        ValueError: fewer than four words.

    Source:
        Mikolov, Yih & Zweig 2013, section 4.

    Example:
        >>> words = torch.tensor([[1.0, 0.0], [1.0, 1.0], [-1.0, 0.0], [-1.0, 1.0]])
        >>> analogy(words, *torch.tensor([[0], [1], [2]]))
        tensor([3])
    """
    if len(vectors) < 4:
        raise ValueError(f"an analogy takes four words, got {len(vectors)}")
    unit = F.normalize(vectors, dim=-1)
    query = unit[b] - unit[a] + unit[c]  # (n, d)
    found = nearest(vectors, query, 4)  # of four words, one is none of the three
    asked = torch.stack([a, b, c], -1)  # (n, 3)
    allowed = (found[..., None] != asked[:, None]).all(-1)  # (n, 4)
    first = allowed.float().argmax(-1, keepdim=True)
    return found.gather(-1, first)[:, 0]
