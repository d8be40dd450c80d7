"""n-grams, counted and neural, and perplexity."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from ift6135_lib.corpus import shakespeare
from ift6135_lib.language import (
    NPLM,
    NGram,
    ngrams,
    perplexity,
    perplexity_from_probs,
)
from ift6135_lib.language.neural_ngram import loss
from ift6135_lib.train import descend, fit

CODES = torch.tensor([0, 1, 2, 0, 1, 1, 0, 2, 0, 1, 2, 2, 0, 1])


# --- perplexity --------------------------------------------------------------


def test_the_product_is_the_exponential_of_the_cross_entropy():
    logits = torch.randn(60, 7, dtype=torch.float64)
    words = torch.randint(7, (60,))
    log_probs = F.log_softmax(logits, -1).gather(1, words[:, None])
    expected = F.cross_entropy(logits, words).exp()
    assert perplexity(log_probs).item() == pytest.approx(expected.item(), rel=1e-12)
    product = perplexity_from_probs(log_probs.exp())
    assert product.item() == pytest.approx(expected.item(), rel=1e-12)


def test_uniform_certain_and_impossible():
    uniform = torch.full((11,), 1 / 65, dtype=torch.float64)
    assert perplexity(uniform.log()).item() == pytest.approx(65)
    assert perplexity_from_probs(uniform).item() == pytest.approx(65)
    assert perplexity(torch.zeros(5)) == 1
    assert perplexity(torch.tensor([0.0, -math.inf])) == math.inf
    # a long text: the product is 0, the sum is not
    many = torch.full((5000,), 0.5)
    assert perplexity_from_probs(many) == math.inf
    assert perplexity(many.log()).item() == pytest.approx(2)


# --- the n-gram --------------------------------------------------------------


@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_counts_by_a_loop(order, smoothing):
    model = NGram(order, 3, smoothing=smoothing).fit(CODES)
    codes = CODES.tolist()
    runs = Counter(tuple(codes[i : i + order]) for i in range(15 - order))
    for number in range(3 ** (order - 1)):
        digits = [number // 3**i % 3 for i in range(order - 1)]
        law = model.probs(torch.tensor([digits], dtype=torch.long))[0]
        seen = np.array([runs[*digits, w] for w in range(3)]) + smoothing
        expected = seen / seen.sum() if seen.sum() else np.full(3, 1 / 3)
        assert np.allclose(law.numpy(), expected, atol=1e-7)
        assert law.sum().item() == pytest.approx(1, abs=1e-6)


def test_log_probabilities_of_a_text():
    model = NGram(3, 3, smoothing=0.5).fit(CODES)
    text = torch.randint(3, (40,))
    found = model.log_probs(text)
    for t in range(2, 40):
        law = model.probs(text[None, t - 2 : t])[0]
        assert found[t - 2].item() == pytest.approx(math.log(law[text[t]]))


def test_maximum_likelihood_has_the_lowest_perplexity_of_its_own_text():
    best = perplexity(NGram(2, 3).fit(CODES).log_probs(CODES))
    for smoothing in (0.1, 1.0, 10.0):
        other = NGram(2, 3, smoothing=smoothing).fit(CODES)
        assert perplexity(other.log_probs(CODES)) > best
    smooth = NGram(2, 3, smoothing=1e9).fit(CODES)
    assert perplexity(smooth.log_probs(CODES)).item() == pytest.approx(3, rel=1e-5)


def test_a_longer_memory_helps_on_shakespeare():
    text = shakespeare(device="cpu")
    values = []
    for order in (1, 2, 3):
        model = NGram(order, len(text.vocabulary), smoothing=0.1).fit(text.train)
        values.append(perplexity(model.log_probs(text.val)).item())
    assert values[0] > 1.4 * values[1] > 1.4 * 1.2 * values[2]
    assert values[2] < 10 < len(text.vocabulary)


def test_samples_follow_the_law():
    model = NGram(2, 3).fit(CODES)
    generator = torch.Generator().manual_seed(0)
    made = model.sample(torch.tensor([0]), 6_000, generator=generator)
    again = NGram(2, 3).fit(made)
    histories = torch.arange(3)[:, None]
    gap = (again.probs(histories) - model.probs(histories)).abs().max()
    assert gap < 0.04
    # nothing that was not seen is said
    assert (again.counts[model.counts == 0] == 0).all()
    assert NGram(1, 3).fit(CODES).sample(torch.tensor([], dtype=torch.long), 5).shape


# --- the neural one ----------------------------------------------------------


@pytest.mark.parametrize("direct", [True, False])
def test_the_neural_model_in_numpy(direct):
    model = NPLM(6, order=4, d=3, hidden=5, direct=direct).double()
    p = {k: v.detach().numpy() for k, v in model.state_dict().items()}
    histories = torch.randint(6, (7, 3))
    logits = model(histories).detach()
    for i, history in enumerate(histories.tolist()):
        x = np.concatenate([p["embedding.weight"][w] for w in history])
        hidden = np.tanh(p["hidden.bias"] + p["hidden.weight"] @ x)
        y = p["output.bias"] + p["output.weight"] @ hidden
        if direct:
            y = y + p["direct.weight"] @ x
        assert np.allclose(logits[i].numpy(), y, atol=1e-12)


@pytest.mark.parametrize("direct", [True, False])
def test_the_paper_counts_the_parameters(direct):
    size, n, m, h = 17_964, 5, 30, 100
    model = NPLM(size, n, m, h, direct=direct, device="meta")
    expected = size * (1 + n * m + h) + h * (1 + (n - 1) * m)
    expected -= 0 if direct else size * (n - 1) * m
    assert sum(p.numel() for p in model.parameters()) == expected


def test_it_learns_what_an_n_gram_counts():
    runs = ngrams(CODES, 3)
    model = NPLM(3, order=3, d=4, hidden=16)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    step = descend(lambda batch: loss(model, batch), optimizer)
    history = fit(step, [(runs,)], steps=300)
    counted = -NGram(3, 3).fit(CODES).log_probs(CODES).mean().item()
    assert counted - 1e-4 < history["loss"][-1] < counted + 0.02
    assert -model.log_probs(CODES).mean().item() == pytest.approx(
        history["loss"][-1], abs=0.01
    )
    generator = torch.Generator().manual_seed(0)
    made = model.sample(CODES[:2], 500, generator=generator)
    gap = NGram(2, 3).fit(made).probs(torch.tensor([[0]]))
    assert (gap - NGram(2, 3).fit(CODES).probs(torch.tensor([[0]]))).abs().max() < 0.1


def test_only_the_window_is_seen():
    model = NPLM(6, order=3, d=3, hidden=5)
    text = torch.randint(6, (10,))
    other = text.clone()
    other[0] = (other[0] + 1) % 6
    gap = (model.log_probs(text) - model.log_probs(other)).abs()
    assert gap[0] > 0 and (gap[1:] == 0).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: perplexity(torch.zeros(0)), "there is no token"),
        (lambda: perplexity(torch.tensor([0.5])), "0.5; none is above 0"),
        (lambda: perplexity_from_probs(torch.tensor([1.5])), "all in \\[0, 1\\]"),
        (lambda: NGram(0, 3), "order .* got 0"),
        (lambda: NGram(2, 3, smoothing=-1.0), "smoothing is -1.0"),
        (lambda: NGram(12, 1000), "1000\\^11 histories"),
        (lambda: NGram(3, 3).fit(CODES[:2]), "2 words; an order of 3"),
        (lambda: NGram(2, 2).fit(CODES), "from 0 to 2; .* 0 to 1"),
        (lambda: NGram(2, 3).probs(torch.zeros(1, 1).long()), "call fit"),
        (lambda: NGram(2, 3).fit(CODES).probs(CODES[None]), "14 words; .* takes 1"),
        (lambda: NGram(3, 3).fit(CODES).sample(CODES[:1], 2), "start has 1 words"),
        (lambda: NPLM(3, 1, 2, 2), "order .* ≥ 2, got 1"),
        (lambda: NPLM(3, 3, 2, 2)(CODES[None]), "14 words; .* takes 2"),
        (lambda: NPLM(3, 3, 2, 2).sample(CODES[:1], 2), "start has 1 words"),
        (lambda: ngrams(CODES, 15), "14 words; an order of 15"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
