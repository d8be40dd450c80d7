"""Vocabulary, co-occurrences, PMI, singular vectors, analogies."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from ift6135_lib.language import (
    Vocab,
    analogy,
    context_pairs,
    context_windows,
    cooccurrence,
    nearest,
    one_hot,
    pmi,
    svd_vectors,
    tiny_world,
    world_analogies,
)

TEXT = "the cat sat on the mat , the dog sat on the cat".split()


def test_the_vocabulary_counts_and_orders():
    vocab = Vocab(TEXT)
    counts = Counter(TEXT)
    assert vocab.words[0] == "<unk>" and len(vocab) == len(counts) + 1
    seen = [counts[word] for word in vocab.words[1:]]
    assert seen == sorted(seen, reverse=True)
    assert vocab.words[1:4] == ("the", "cat", "on")
    assert vocab.decode(vocab.encode(TEXT)) == TEXT
    assert vocab.decode(vocab.encode(["the", "bird"])) == ["the", "<unk>"]
    assert Vocab(TEXT, min_count=2).words == ("<unk>", "the", "cat", "on", "sat")
    assert len(vocab.encode([])) == 0
    # the entry for unknown words is not counted twice
    assert Vocab(["<unk>", "a"]).words == ("<unk>", "a")


def test_one_hot_vectors_are_torchs_and_orthogonal():
    codes = torch.randint(7, (3, 5))
    vectors = one_hot(codes, 7)
    assert (vectors == F.one_hot(codes, 7)).all()
    every = one_hot(torch.arange(7), 7)
    assert (every @ every.T == torch.eye(7)).all()


@pytest.mark.parametrize("window", [1, 2, 5, 50])
def test_cooccurrences_by_a_loop(window):
    codes = Vocab(TEXT).encode(TEXT)
    expected = np.zeros((9, 9))
    for t, i in enumerate(codes):
        for s, j in enumerate(codes):
            if 0 < abs(t - s) <= window:
                expected[i, j] += 1
    counts = cooccurrence(codes, 9, window)
    assert (counts.numpy() == expected).all()
    assert (counts == counts.T).all()
    words, neighbours = context_pairs(codes, window)
    pairs = (words * 9 + neighbours).bincount(minlength=81).reshape(9, 9)
    assert (pairs == counts).all()


def test_windows_hold_what_is_around():
    codes = torch.arange(10, 20)
    words, around = context_windows(codes, 2)
    assert words.tolist() == [*range(12, 18)]
    for word, neighbours in zip(words.tolist(), around.tolist(), strict=True):
        assert neighbours == [word - 2, word - 1, word + 1, word + 2]


def test_pmi_by_the_definition():
    counts = torch.randint(0, 5, (6, 4)).double()
    counts[0] = 0
    p = (counts / counts.sum()).numpy()
    values = pmi(counts, shift=math.log(3))
    ppmi = pmi(counts, positive=True)
    for i in range(6):
        for j in range(4):
            if p[i, j] == 0:
                assert values[i, j] == -math.inf and ppmi[i, j] == 0
                continue
            expected = math.log(p[i, j] / (p[i].sum() * p[:, j].sum()))
            assert values[i, j].item() == pytest.approx(expected - math.log(3))
            assert ppmi[i, j].item() == pytest.approx(max(expected, 0))


def test_independent_words_have_no_mutual_information():
    a, b = torch.rand(5).double(), torch.rand(7).double()
    assert pmi(a[:, None] * b).abs().max() < 1e-12
    assert (pmi(a[:, None] * b, positive=True) < 1e-12).all()


def test_singular_vectors_give_the_best_approximation():
    words = torch.randn(12, 3, dtype=torch.float64)
    matrix = words @ words.T  # of rank 3, positive semi-definite
    w = svd_vectors(matrix, 3)
    assert (w @ w.T - matrix).abs().max() < 1e-10
    other = torch.randn(12, 12, dtype=torch.float64)
    other = other + other.T
    singular = np.linalg.svd(other.numpy(), compute_uv=False)
    norms = (svd_vectors(other, 4) ** 2).sum(0)
    assert np.allclose(norms.numpy(), singular[:4], atol=1e-10)
    largest = w.gather(0, w.abs().argmax(0, keepdim=True))
    assert (largest > 0).all()


def test_analogies_by_cosine_similarity():
    vectors = torch.randn(20, 6, dtype=torch.float64)
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    a, b, c = torch.stack([torch.randperm(20)[:3] for _ in range(50)]).T
    found = analogy(vectors, a, b, c)
    for i in range(50):
        query = unit[b[i]] - unit[a[i]] + unit[c[i]]
        scores = F.cosine_similarity(query[None], vectors)
        scores[torch.stack([a[i], b[i], c[i]])] = -2
        assert found[i] == scores.argmax()
    assert (nearest(vectors, vectors, 1)[:, 0] == torch.arange(20)).all()


def test_kings_and_queens_keep_the_same_company():
    words = tiny_world(4000)
    vocab = Vocab(words, unknown=None)
    counts = cooccurrence(vocab.encode(words), len(vocab), 4)
    vectors = svd_vectors(pmi(counts, positive=True), 12)
    king, queen, france = vectors[vocab.encode(["king", "queen", "france"])]
    cosine = F.cosine_similarity
    assert cosine(king, queen, 0) > 0.5 > cosine(king, france, 0)
    questions = world_analogies()
    assert len(set(questions)) == len(questions) == 200
    numbers = torch.stack([vocab.encode(question) for question in questions])
    answers = analogy(vectors, *numbers[:, :3].T)
    assert (answers == numbers[:, 3]).float().mean() >= 0.9


def test_the_tiny_world_is_drawn_from_its_seed():
    assert tiny_world(30, seed=3) == tiny_world(30, seed=3) != tiny_world(30, seed=4)
    words = tiny_world(3000)
    assert words.count(".") == 3000
    assert {w for question in world_analogies() for w in question} <= {*words}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Vocab(TEXT, min_count=9), "none of the 7 words occurs 9 times"),
        (lambda: Vocab(TEXT, min_count=0), "min_count .* ≥ 1, got 0"),
        (
            lambda: Vocab(TEXT, unknown=None).encode(["a", "the", "b"]),
            "not in the vocabulary: 'a', 'b'",
        ),
        (lambda: one_hot(torch.tensor([0, 3]), 3), "from 0 to 3; .* 0 to 2"),
        (lambda: cooccurrence(torch.zeros(3).long(), 1, 0), "window .* got 0"),
        (lambda: context_pairs(torch.zeros(3).long(), 0), "window .* got 0"),
        (lambda: context_windows(torch.zeros(3).long(), 2), "3 words; .* needs 5"),
        (lambda: pmi(torch.tensor([[1.0, -1.0]])), "from -1.0 to 1.0"),
        (lambda: pmi(torch.zeros(2, 2)), "not all 0"),
        (lambda: svd_vectors(torch.zeros(3, 2), 3), "d is 3; .* 1 to 2"),
        (lambda: nearest(torch.eye(3), torch.eye(3), 4), "count is 4, there are 3"),
        (lambda: analogy(torch.eye(3), *torch.eye(3).long()), "takes four words"),
        (lambda: tiny_world(0), "sentences .* got 0"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
