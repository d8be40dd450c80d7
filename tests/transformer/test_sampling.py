"""Sampling: the law, its limits, what is cut; the draws follow it."""

import math

import pytest
import torch

from ift6135_lib.transformer import sample, token_entropy, token_law
from tests.transformer.parity import close, draw


def test_temperature():
    z = draw(3, 11)
    close(token_law(z), z.softmax(-1))
    for t in (0.2, 1.0, 5.0):
        p = token_law(z, t)
        close(p, (z / t).softmax(-1))
        assert (p.sum(-1) - 1).abs().max() < 1e-12


def test_limits_of_the_temperature():
    z = torch.tensor([1.0, 3.0, 2.9])
    assert torch.equal(token_law(z, 1e-30), torch.tensor([0.0, 1.0, 0.0]))
    assert (token_law(z, 1e30) - 1 / 3).abs().max() < 1e-6
    big = torch.tensor([1e30, 2e30, 0.0])
    assert torch.equal(token_law(big, 1e-20), torch.tensor([0.0, 1.0, 0.0]))


def test_entropy_grows_with_the_temperature():
    z = draw(4, 20)
    entropies = torch.stack([token_entropy(z, t) for t in (0.1, 0.5, 1, 2, 10, 100)])
    assert (entropies.diff(dim=0) > 0).all()
    assert (entropies[-1] <= math.log(20)).all()
    p = z.softmax(-1)
    close(token_entropy(z), -(p * p.log()).sum(-1))
    assert token_entropy(torch.tensor([0.0, -math.inf])).item() == 0


def test_the_k_best():
    z = draw(5, 12)
    for k in (1, 3, 12):
        p = token_law(z, 0.7, top_k=k)
        full = token_law(z, 0.7)
        for row, whole in zip(p, full, strict=True):
            best = sorted(range(12), key=lambda i: -whole[i])[:k]
            assert sorted(row.nonzero().flatten().tolist()) == sorted(best)
            close(row[best], whole[best] / whole[best].sum())
    assert (token_law(torch.zeros(6), top_k=2) > 0).sum() == 2  # ties as well


def test_the_nucleus():
    z = draw(5, 12)
    for share in (0.05, 0.5, 0.9, 1.0):
        p, full = token_law(z, top_p=share), token_law(z)
        for row, whole in zip(p, full, strict=True):
            order, held, best = sorted(range(12), key=lambda i: -whole[i]), 0.0, []
            for i in order:
                if held >= share:
                    break
                best.append(i)
                held += whole[i].item()
            assert sorted(row.nonzero().flatten().tolist()) == sorted(best)
            close(row[best], whole[best] / whole[best].sum())
    law = token_law(torch.tensor([0.4, 0.3, 0.2, 0.1]).log(), top_k=3, top_p=0.7)
    close(law, torch.tensor([4 / 7, 3 / 7, 0.0, 0.0]), 1e-6)


def test_the_draws_follow_the_law():
    z, n = draw(9), 20_000
    for settings in ({}, {"temperature": 0.5}, {"top_k": 4}, {"top_p": 0.8}):
        p = token_law(z, **settings)
        generator = torch.Generator().manual_seed(0)
        drawn = sample(z.expand(n, 9), **settings, generator=generator)
        counts = torch.bincount(drawn, minlength=9).double()
        assert not counts[p == 0].any()
        kept = p > 0
        chi2 = ((counts - n * p)[kept].square() / (n * p)[kept]).sum()
        assert chi2 < 30  # 8 degrees of freedom: one in 5000


def test_shapes_and_seeds():
    z = draw(2, 3, 7)
    one, two = (sample(z, generator=torch.Generator().manual_seed(1)) for _ in "ab")
    assert one.shape == (2, 3) and torch.equal(one, two)
    assert torch.equal(sample(z, top_k=1), z.argmax(-1))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"temperature": 0.0}, r"temperature is 0\.0; it must be above 0"),
        ({"temperature": -1.0}, r"temperature is -1\.0.*argmax"),
        ({"temperature": math.nan}, "temperature is nan"),
        ({"top_k": 0}, "top_k is 0; it must be from 1 to 7"),
        ({"top_k": 8}, "top_k is 8; it must be from 1 to 7"),
        ({"top_p": 0.0}, r"top_p is 0\.0; it must be above 0 and at most 1"),
        ({"top_p": 1.1}, r"top_p is 1\.1"),
    ],
)
def test_errors(settings, message):
    for function in (token_law, sample):
        with pytest.raises(ValueError, match=message):
            function(draw(7), **settings)
    if "temperature" in settings:
        with pytest.raises(ValueError, match=message):
            token_entropy(draw(7), **settings)
