"""word2vec: gradients by hand, the closed form of the optimum, analogies."""

import math

import numpy as np
import pytest
import torch

from ift6135_lib.language import (
    CBOW,
    SkipGram,
    Vocab,
    analogy,
    context_pairs,
    context_windows,
    expected_loss,
    negative_sampling_gradients,
    negative_sampling_loss,
    noise_law,
    pmi,
    sampling_loss,
    tiny_world,
    world_analogies,
)
from ift6135_lib.train import descend, fit

PAIR = (torch.tensor([0]), torch.tensor([1]))


def draw(*shape):
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def test_the_loss_by_hand():
    v, u, noise = draw(3, 5), draw(3, 5), draw(3, 4, 5)
    losses = negative_sampling_loss(v, u, noise)
    losses, v, u, noise = (x.detach() for x in (losses, v, u, noise))
    for i in range(3):
        terms = [math.log1p(math.exp(-(u[i] @ v[i])))]
        terms += [math.log1p(math.exp(noise[i, j] @ v[i])) for j in range(4)]
        assert losses[i].item() == pytest.approx(sum(terms), abs=1e-12)


def test_the_gradients_by_hand_are_autograds():
    v, u, noise = draw(6, 5), draw(6, 5), draw(6, 3, 5)
    autograd = torch.autograd.grad(
        negative_sampling_loss(v, u, noise).sum(), (v, u, noise)
    )
    by_hand = negative_sampling_gradients(v, u, noise)
    for ours, theirs in zip(by_hand, autograd, strict=True):
        assert (ours - theirs).abs().max() < 1e-10
    assert torch.autograd.gradcheck(negative_sampling_loss, (v, u, noise))


def randomized(model):
    for p in model.parameters():
        torch.nn.init.normal_(p)
    return model.double()


def test_the_models_look_up_and_average():
    words, noise = torch.tensor([1, 4]), torch.tensor([[0, 2, 2], [3, 3, 5]])
    one = randomized(SkipGram(6, 3))
    v, u = one.inputs.weight, one.outputs.weight
    neighbours = torch.tensor([5, 0])
    expected = negative_sampling_loss(v[words], u[neighbours], u[noise])
    assert (one(words, neighbours, noise) == expected).all()
    many = randomized(CBOW(6, 3))
    v, u = many.inputs.weight, many.outputs.weight
    around = torch.tensor([[0, 2, 3], [5, 5, 1]])
    mean = torch.stack([(v[0] + v[2] + v[3]) / 3, (2 * v[5] + v[1]) / 3])
    expected = negative_sampling_loss(mean, u[words], u[noise])
    assert (many(words, around, noise) - expected).abs().max() < 1e-12
    # the word itself is read in neither input
    loss = many(words[:1], around[:1], noise[:1]).sum()
    (gradient,) = torch.autograd.grad(loss, [v])
    assert gradient[1].abs().max() == 0 < gradient[2].abs().max()


def test_it_starts_at_the_loss_of_a_coin():
    model = SkipGram(50, 8)
    words = torch.randint(50, (2, 100))
    metrics = sampling_loss(model, (*words,), torch.ones(50) / 50, negatives=4)
    assert metrics["loss"].item() == pytest.approx(5 * math.log(2), rel=1e-6)
    assert 0 < model.inputs.weight.abs().max() <= 0.5 / 8


def test_noise_is_flattened_by_a_power():
    counts = torch.tensor([1.0, 16.0, 81.0, 0.0])
    assert torch.allclose(noise_law(counts), torch.tensor([1, 8, 27, 0]) / 36)
    assert torch.allclose(noise_law(counts, 1), counts / 98)


def test_drawn_negatives_estimate_the_expected_loss():
    torch.manual_seed(3)
    joint = torch.rand(5, 5).double()
    joint = (joint + joint.T) / (2 * joint.sum())
    noise = noise_law(joint.sum(0), 0.75)
    model = randomized(SkipGram(5, 2))
    pairs = torch.multinomial(joint.flatten(), 100_000, replacement=True)
    drawn = sampling_loss(model, (pairs // 5, pairs % 5), noise, negatives=3)["loss"]
    exact = expected_loss(model, joint, 3, noise)
    assert drawn.item() == pytest.approx(exact.item(), rel=0.01)


@pytest.mark.parametrize(("negatives", "power"), [(1, 1.0), (5, 1.0), (3, 0.75)])
def test_the_optimum_is_the_shifted_pmi(negatives, power):
    torch.manual_seed(1)
    joint = torch.rand(6, 6).double() ** 2 + 0.02
    joint = (joint + joint.T) / (joint + joint.T).sum()
    noise = noise_law(joint.sum(0), power)
    model = randomized(SkipGram(6, 6))
    optimizer = torch.optim.LBFGS(
        model.parameters(), max_iter=2000, tolerance_grad=1e-12, tolerance_change=1e-16,
        line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure():
        optimizer.zero_grad()
        value = expected_loss(model, joint, negatives, noise)
        value.backward()
        return value

    optimizer.step(closure)
    scores = (model.inputs.weight @ model.outputs.weight.T).detach()
    # ln p(c, o) / (p(c) q(o)) - ln k; with q = p it is the shifted PMI
    optimum = (joint / (joint.sum(1, keepdim=True) * noise)).log()
    optimum = optimum - math.log(negatives)
    if power == 1:
        shifted = pmi(joint, shift=math.log(negatives))
        assert (optimum - shifted).abs().max() < 1e-12
    correlation = np.corrcoef(scores.flatten(), optimum.flatten())[0, 1]
    assert correlation >= 0.95
    assert (scores - optimum).abs().max() < 1e-3


@pytest.mark.parametrize("cls", [SkipGram, CBOW])
def test_it_answers_analogies(cls):
    words = tiny_world(6000)
    vocab = Vocab(words, unknown=None)
    codes = vocab.encode(words)
    make = context_windows if cls is CBOW else context_pairs
    examples = make(codes, 3)
    model = cls(len(vocab), 16)
    noise = noise_law(codes.bincount().float())
    generator = torch.Generator().manual_seed(0)

    def batches():
        while True:
            rows = torch.randint(len(examples[0]), (1024,), generator=generator)
            yield tuple(column[rows] for column in examples)

    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    step = descend(
        lambda batch: sampling_loss(model, batch, noise, generator=generator), optimizer
    )
    fit(step, batches(), steps=800)
    numbers = torch.stack([vocab.encode(question) for question in world_analogies()])
    answers = analogy(model.inputs.weight.detach(), *numbers[:, :3].T)
    accuracy = (answers == numbers[:, 3]).float().mean()
    assert accuracy >= 0.9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SkipGram(0, 3), "size .* got 0"),
        (lambda: CBOW(3, 0), "d .* got 0"),
        (lambda: noise_law(torch.tensor([1.0, -1.0])), "counts must be 0 or more"),
        (
            lambda: expected_loss(SkipGram(2, 2), torch.ones(2, 2), 0, torch.ones(2)),
            "negatives .* got 0",
        ),
        (
            lambda: sampling_loss(SkipGram(2, 2), PAIR, torch.ones(2), negatives=0),
            "negatives .* got 0",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_it_is_made_without_values():
    model = SkipGram(1_000_000, 300, device="meta")
    assert sum(p.numel() for p in model.parameters()) == 600_000_000
