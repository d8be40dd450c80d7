"""The range test puts everything back; the noise scale agrees with its formula."""

import itertools
import math

import pytest
import torch
from torch import nn

from ift6135_lib.data import minibatches
from ift6135_lib.optim import Adam, gradient_noise_scale, lr_range_test

DOUBLE = torch.float64


def problem():
    torch.manual_seed(0)
    model = nn.Linear(3, 1, dtype=DOUBLE)
    x = torch.randn(64, 3, dtype=DOUBLE)
    y = x.sum(1, keepdim=True)
    return model, x, y


def test_the_range_test_puts_everything_back():
    model, x, y = problem()
    optimizer = Adam(model.parameters(), lr=0.02)

    def loss(batch):
        return ((model(batch[0]) - batch[1]) ** 2).mean()

    for _ in range(3):
        optimizer.zero_grad()
        loss((x, y)).backward()
        optimizer.step()
    before = [p.detach().clone() for p in model.parameters()]
    state = [s["m"].clone() for s in optimizer.state.values()]
    steps = [s["step"] for s in optimizer.state.values()]
    batches = minibatches(x, y, batch_size=16)
    test = lr_range_test(loss, optimizer, batches, low=1e-4, high=10, steps=40)
    assert all(
        torch.equal(p, b) for p, b in zip(model.parameters(), before, strict=True)
    )
    after = optimizer.state.values()
    assert all(torch.equal(s["m"], m) for s, m in zip(after, state, strict=True))
    assert [s["step"] for s in after] == steps
    assert optimizer.param_groups[0]["lr"] == 0.02
    ratios = [b / a for a, b in itertools.pairwise(test.rates)]
    assert max(ratios) == pytest.approx(min(ratios)) == pytest.approx(1e5 ** (1 / 39))
    assert len(test.losses) == len(test.rates) <= 40


def test_the_range_test_stops_when_the_loss_explodes():
    θ = nn.Parameter(torch.ones(1, dtype=DOUBLE))
    sgd = torch.optim.SGD([θ], lr=0.1)
    test = lr_range_test(
        lambda _: (θ**2).sum(), sgd, itertools.repeat(0), low=0.01, high=1e4, steps=200
    )
    assert len(test.rates) < 200 and 1 < test.rates[-1] < 10


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"low": 0.0}, "low is 0.0"),
        ({"low": 20.0}, "low is 20"),
        ({"steps": 1}, "steps"),
    ],
)
def test_bad_arguments_are_named(options, message):
    θ = nn.Parameter(torch.ones(1))
    with pytest.raises(ValueError, match=message):
        lr_range_test(lambda _: θ.sum(), torch.optim.SGD([θ]), iter([0]), **options)


def test_the_noise_scale_of_a_known_distribution():
    generator = torch.Generator().manual_seed(0)
    mean = torch.tensor([1.0, -2.0, 0.5], dtype=DOUBLE)
    spread = torch.tensor([3.0, 1.0, 2.0], dtype=DOUBLE)
    rows = mean + spread * torch.randn(20_000, 3, generator=generator, dtype=DOUBLE)
    exact = (spread**2).sum() / (mean**2).sum()
    assert gradient_noise_scale(rows) == pytest.approx(exact.item(), rel=0.03)


def test_the_mean_square_is_corrected():
    """On average over samples, the two estimates are the true ones."""
    generator = torch.Generator().manual_seed(1)
    traces, squares = [], []
    for _ in range(4000):
        rows = 1 + 2 * torch.randn(5, 1, generator=generator, dtype=DOUBLE)
        trace = rows.var(0).sum()
        traces.append(trace)
        squares.append(rows.mean(0).square().sum() - trace / 5)
    assert torch.stack(traces).mean() == pytest.approx(4, rel=0.05)
    assert torch.stack(squares).mean() == pytest.approx(1, rel=0.15)


def test_pure_noise_has_an_infinite_scale():
    rows = torch.tensor([[1.0], [-1.0], [1.0], [-1.0]])
    assert gradient_noise_scale(rows) == math.inf
    with pytest.raises(ValueError, match="1 rows"):
        gradient_noise_scale(rows[:1])


def test_the_variance_of_a_mini_batch():
    """σ²/B · (N − B)/(N − 1), drawn without replacement."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(100, generator=generator, dtype=DOUBLE)
    batches = minibatches(x, batch_size=20, seed=0)
    means = torch.stack([next(batches)[0].mean() for _ in range(20_000)])
    expected = x.var(unbiased=False) / 20 * (100 - 20) / 99
    assert means.var().item() == pytest.approx(expected.item(), rel=0.05)
