"""The best span of a text: an answer starts somewhere, and ends there or after.

.. math:: (\\hat s, \\hat e) = \\arg\\max_{s ≤ e < s + ℓ} a_s + b_e

The two largest scores, taken apart, may end before they start.

Symbols: a scores of the starts, b of the ends, ℓ ``longest``.
Source: Devlin et al., NAACL 2019, arXiv:1810.04805, section 4.2.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .checks import check_positive


def best_span(
    logits: Float[Tensor, "b n 2"],
    mask: Bool[Tensor, "b n"] | None = None,
    *,
    longest: int | None = None,
) -> Int[Tensor, "b 2"]:
    """Where the likeliest answer starts and ends.

    .. math:: (\\hat s, \\hat e) = \\arg\\max_{s ≤ e < s + ℓ} a_s + b_e

    Args:
        logits: scores of the starts and of the ends (b, n, 2).
        mask: True for the tokens that an answer may hold; by default, all.
        longest: ℓ, the longest answer in tokens; by default, n.

    Returns:
        First and last token of each answer (b, 2).

    Raises:
        ValueError: the longest answer is below 1; a text has no token allowed.

    Source:
        Devlin et al. 2019, section 4.2.

    Example:
        >>> logits = torch.tensor([[[0.0, 9.0], [5.0, 1.0], [1.0, 2.0]]])
        >>> best_span(logits)  # apart: 1 to 0
        tensor([[0, 0]])
        >>> best_span(logits, torch.tensor([[False, True, True]]))
        tensor([[1, 2]])
    """
    n = logits.shape[1]
    longest = n if longest is None else longest
    check_positive(longest=longest)
    if mask is not None and not mask.any(1).all():
        raise ValueError("a text has no token that an answer may hold; open its mask")
    sums = logits[:, :, None, 0] + logits[:, None, :, 1]  # (b, s, e)
    ones = torch.ones(n, n, dtype=torch.bool, device=logits.device)
    kept = (ones.triu() & ones.tril(longest - 1)).expand_as(sums)
    if mask is not None:
        kept = kept & mask[:, :, None] & mask[:, None, :]
    best = sums.masked_fill(~kept, -torch.inf).flatten(1).argmax(1)  # s n + e
    return torch.stack([best // n, best % n], 1)
