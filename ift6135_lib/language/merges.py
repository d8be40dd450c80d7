"""The two halves of a step of byte-pair encoding: count the pairs, merge one.

.. math:: (a, b)^* = \\arg\\max_{(a, b)} \\#(a, b), \\qquad a\\,b → ab

Source: Sennrich, Haddow & Birch, ACL 2016, arXiv:1508.07909, section 3.2, algorithm 1;
    GPT-2's order of the bytes: Radford et al. 2019, section 2.2.
Parity: ``tokenizers.trainers.BpeTrainer``.
See: chapters/09-transformers
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

Pair = tuple[int, int]
"""Two tokens side by side."""

# GPT-2 numbers the bytes that print first, and writes the others as letters beyond them
PRINTED = [*range(33, 127), *range(161, 173), *range(174, 256)]
BYTES = [*PRINTED, *(b for b in range(256) if b not in PRINTED)]
LETTERS = {chr(b): b for b in PRINTED}
LETTERS |= {chr(256 + i): b for i, b in enumerate(BYTES[len(PRINTED) :])}


def pair_counts(words: Mapping[Sequence[int], int]) -> Counter[Pair]:
    """How often each pair of tokens stands side by side.

    .. math:: \\#(a, b) = \\sum_w \\#(w) \\, \\#\\{i : w_i = a,\\ w_{i+1} = b\\}

    Args:
        words: how often each word, a sequence of tokens, occurs.

    Returns:
        The count of each pair.

    Source:
        Sennrich et al. 2016, algorithm 1.

    Example:
        >>> pair_counts({(1, 2, 2): 3, (2, 2): 1})
        Counter({(2, 2): 4, (1, 2): 3})
    """
    counts = Counter()
    for word, n in words.items():
        for pair in pairwise(word):
            counts[pair] += n
    return counts


def merge(word: Sequence[int], pair: Pair, token: int) -> tuple[int, ...]:
    """Replace a pair by one token, from the left.

    Args:
        word: tokens.
        pair: two of them.
        token: what replaces both.

    Returns:
        The word's tokens, fewer or the same.

    Source:
        Sennrich et al. 2016, algorithm 1.

    Example:
        >>> merge((1, 1, 1, 2), (1, 1), 9)
        (9, 1, 2)
    """
    merged, i = [], 0
    while i < len(word):
        both = tuple(word[i : i + 2]) == pair
        merged.append(token if both else word[i])
        i += 2 if both else 1
    return tuple(merged)
