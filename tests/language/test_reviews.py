"""The toy reviews: every word of a pair follows from the others."""

import pytest
import torch

from ift6135_lib.language import encode_reviews, review_vocabulary, toy_reviews
from ift6135_lib.language.reviews import BLAMES, NOUNS, PRAISES


def clauses(text):
    """The clauses of a review, and the conjunction between them."""
    (middle,) = [i for i, word in enumerate(text) if word in ("and", "but")]
    return text[:middle], text[middle + 1 : -1], text[middle]


@pytest.mark.parametrize("seed", [0, 1])
def test_pairs_agree(seed):
    for text in toy_reviews(300, seed=seed):
        first, second, conjunction = clauses(text)
        blames = []
        for clause in (first, second):
            many, blame = "these" in clause, clause[-1] in BLAMES
            assert clause[-1] in (BLAMES if blame else PRAISES)
            (noun,) = [w for w in clause if w in NOUNS or w[:-1] in NOUNS]
            assert (noun not in NOUNS) == many == ("are" in clause)
            assert not blame or not {"luckily", "so"} & {*clause}
            assert blame or not {"sadly", "too"} & {*clause}
            blames.append(blame)
        assert conjunction == ("and" if blames[0] == blames[1] else "but")


def test_one_clause():
    for text in toy_reviews(50, clauses=1):
        assert not {"and", "but"} & {*text}


def test_words_are_balanced():
    words = [word for text in toy_reviews(4000) for word in text]
    for one, other in (("this", "these"), ("and", "but"), ("luckily", "sadly")):
        assert words.count(one) / words.count(other) == pytest.approx(1, abs=0.08)


def test_encoding_round_trip():
    vocab, texts = review_vocabulary(), toy_reviews(20)
    tokens = encode_reviews(texts)
    assert tokens.shape == (20, 16) and tokens.dtype == torch.long
    for text, row in zip(texts, tokens, strict=True):
        words = [w for w in vocab.decode(row) if w != "[PAD]"]
        assert words == ["[CLS]", *text, "[SEP]"]


def test_errors():
    with pytest.raises(ValueError, match="has 1 or 2"):
        toy_reviews(1, clauses=3)
    with pytest.raises(ValueError, match="at most 14"):
        encode_reviews([["."] * 15])
