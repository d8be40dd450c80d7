"""A vocabulary: each word has a number; a number stands for a one-hot vector.

.. math:: e_i ∈ \\{0, 1\\}^V, \\qquad (e_i)_j = 1 \\text{ if } i = j, \\text{ else } 0

Two one-hot vectors are orthogonal, whatever the words mean: e_cat is as far from e_dog
as from e_justice. What words share has to come from elsewhere: from their contexts.

Symbols: V ``len(vocab)``, i the number of a word.
Source: Jurafsky & Martin, Speech and Language Processing, 3rd ed., chapter 6.
Parity: ``torch.nn.functional.one_hot``.
See: chapters/09-transformers
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ift6135_lib.conv.whole import check_whole

UNKNOWN = "<unk>"


class Vocab:
    """The words that a model knows, the most frequent ones first.

    Words of the same frequency are in alphabetical order.

    Args:
        words: of the text, in order, with their repetitions.
        min_count: how often a word must occur to have a number of its own.
        unknown: the entry, numbered 0, that replaces the other words; None refuses
            them.

    Raises:
        ValueError: no word is left, or min_count is no whole number ≥ 1.

    Source:
        Jurafsky & Martin, Speech and Language Processing, 3rd ed., section 3.2.

    Example:
        >>> vocab = Vocab("the cat saw the dog".split(), unknown=None)
        >>> vocab.words
        ('the', 'cat', 'dog', 'saw')
        >>> vocab.encode(["the", "dog"])
        tensor([0, 2])
    """

    def __init__(
        self,
        words: Iterable[str],
        *,
        min_count: int = 1,
        unknown: str | None = UNKNOWN,
    ):
        check_whole("min_count", min_count)
        counts = Counter(words)
        kept = [w for w, n in counts.items() if n >= min_count and w != unknown]
        kept.sort(key=lambda word: (-counts[word], word))
        self.unknown = unknown
        self.words = (*([] if unknown is None else [unknown]), *kept)
        if not kept:
            raise ValueError(
                f"none of the {len(counts)} words occurs {min_count} times; give a "
                "longer text or a lower min_count"
            )
        self.number = {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, words: Iterable[str]) -> Int[Tensor, " t"]:
        """The numbers of words.

        Args:
            words: t of them.

        Returns:
            Numbers (t,), each below V.

        Raises:
            ValueError: a word is not known and the vocabulary has no entry for it.
        """
        words = list(words)
        strangers = sorted({word for word in words if word not in self.number})
        if strangers and self.unknown is None:
            raise ValueError(
                f"not in the vocabulary: {', '.join(map(repr, strangers[:8]))}; "
                "it has no entry for unknown words"
            )
        return torch.tensor([self.number.get(w, 0) for w in words], dtype=torch.long)

    def decode(self, codes: Int[Tensor, " t"]) -> list[str]:
        """The words of numbers.

        Args:
            codes: numbers (t,), each below V.

        Returns:
            The t words.

        Raises:
            IndexError: a number stands for no word.
        """
        return [self.words[i] for i in codes.tolist()]


def one_hot(codes: Int[Tensor, "*t"], size: int) -> Float[Tensor, "*t v"]:
    """A vector of zeros with a one at the word's number.

    .. math:: (e_i)_j = 1 \\text{ if } i = j, \\text{ else } 0

    Args:
        codes: numbers i, of any shape, from 0 to size - 1.
        size: length V of the vectors.

    Returns:
        One vector for each number.

    Raises:
        ValueError: a number has no place in the vector.

    Source:
        Jurafsky & Martin, Speech and Language Processing, 3rd ed., chapter 6.

    Example:
        >>> one_hot(torch.tensor([2, 0]), 3)
        tensor([[0., 0., 1.],
                [1., 0., 0.]])
    """
    check_whole("size", size)
    if codes.numel() and not 0 <= codes.min() <= codes.max() < size:
        raise ValueError(
            f"numbers go from {codes.min()} to {codes.max()}; a vocabulary of {size} "
            f"words has 0 to {size - 1}"
        )
    return (codes[..., None] == torch.arange(size, device=codes.device)).float()
