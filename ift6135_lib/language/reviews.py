"""Toy reviews: short texts in which some words follow from words far from them.

Two clauses say each what a thing is like. Eight words come in pairs, and the text tells
which of the two it is: this or these, is or are, with the number of the noun; luckily
or sadly, so or too, with what the clause says, praise or blame; and or but, with
whether the two clauses say the same. No text says that "superb" is a praise: it only
keeps the company of praises.

Source: conjunctions tell praise from blame: Hatzivassiloglou & McKeown, ACL 1997.
See: chapters/09-transformers
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from ift6135_lib.conv.whole import check_whole

from .vocabulary import Vocab

NOUNS = (
    "actor director singer writer villain critic plot song scene joke costume poem"
).split()
PRAISES = (
    "superb brilliant moving charming witty elegant graceful splendid clever fresh "
    "subtle vivid tender lively funny good"
).split()
BLAMES = (
    "dull boring clumsy awful tedious bland shallow sloppy stale vulgar ugly weak "
    "noisy silly trite bad"
).split()
PAIRS = (  # a word of the text is one of the two, and the others tell which
    ("this", "these"),
    ("is", "are"),
    ("luckily", "sadly"),
    ("so", "too"),
    ("and", "but"),
)
SPECIAL = ("[CLS]", "[MASK]", "[PAD]", "[SEP]")
LONGEST = 16  # [CLS], twice six words, a conjunction, a full stop, [SEP]


def review_vocabulary() -> Vocab:
    """Every word of the toy reviews, and [CLS], [MASK], [PAD] and [SEP].

    Returns:
        The vocabulary; each word has a number of its own.

    Example:
        >>> len(review_vocabulary())
        71
    """
    forms = [word for pair in PAIRS for word in pair]
    nouns = [*NOUNS, *(f"{noun}s" for noun in NOUNS)]
    return Vocab([*SPECIAL, ".", *forms, *nouns, *PRAISES, *BLAMES], unknown=None)


def toy_reviews(reviews: int, *, clauses: int = 2, seed: int = 0) -> list[list[str]]:
    """Random reviews, word by word.

    Args:
        reviews: how many.
        clauses: of each review, 1 or 2.
        seed: of the draw.

    Returns:
        The words of each review, all in lower case; the last one is ".".

    Raises:
        ValueError: the number of reviews is no whole number ≥ 1; the clauses are not 1
            or 2.

    Example:
        >>> " ".join(toy_reviews(1, seed=3)[0])
        'this singer is too dull but luckily this writer is so graceful .'
    """
    check_whole("reviews", reviews)
    if clauses not in (1, 2):
        raise ValueError(f"clauses is {clauses}; a review has 1 or 2")
    draw = np.random.default_rng(seed)
    this, be, luckily, so, conjunction = PAIRS

    def clause(blame):
        many = draw.integers(2)
        noun = NOUNS[draw.integers(len(NOUNS))]
        adjectives = (PRAISES, BLAMES)[blame]
        return [
            *([luckily[blame]] if draw.random() < 0.8 else []),
            *(this[many], f"{noun}s" if many else noun, be[many]),
            *([so[blame]] if draw.random() < 0.6 else []),
            adjectives[draw.integers(len(adjectives))],
        ]

    texts = []
    for _ in range(reviews):
        first, second = draw.integers(2, size=2)
        words = clause(first)
        if clauses == 2:
            words += [conjunction[int(first != second)], *clause(second)]
        texts.append([*words, "."])
    return texts


def encode_reviews(texts: list[list[str]]) -> Int[Tensor, "n 16"]:
    """The numbers of the words of reviews, as an encoder reads them.

    Args:
        texts: the words of n reviews, at most 14 in each.

    Returns:
        [CLS], the words, [SEP], then [PAD] up to 16 tokens (n, 16).

    Raises:
        ValueError: a word is not of the grammar; a text is too long.

    Example:
        >>> encode_reviews(toy_reviews(2)).shape
        torch.Size([2, 16])
    """
    vocab, rows = review_vocabulary(), []
    for text in texts:
        if len(text) > LONGEST - 2:
            raise ValueError(
                f"a text has {len(text)} words; give at most {LONGEST - 2}"
            )
        padding = ["[PAD]"] * (LONGEST - 2 - len(text))
        rows.append(vocab.encode(["[CLS]", *text, "[SEP]", *padding]))
    return torch.stack(rows)
