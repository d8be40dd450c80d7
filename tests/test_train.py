"""The training loop: the bare one, bit for bit, and its errors."""

import itertools
import math

import pytest
import torch
from torch import nn

from ift6135_lib.data import minibatches
from ift6135_lib.train import NonFiniteLoss, descend, ema_, fit, seed_everything


def problem(seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(64, 5, generator=generator, dtype=torch.float64)
    y = x @ torch.arange(1.0, 6.0, dtype=torch.float64)
    torch.manual_seed(seed)
    return x, y, nn.Linear(5, 1, dtype=torch.float64)


def test_fit_is_the_bare_loop_bit_for_bit():
    x, y, model = problem()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    losses = []
    batches = minibatches(x, y, batch_size=16, seed=3)
    for inputs, targets in itertools.islice(batches, 25):
        optimizer.zero_grad()
        loss = ((model(inputs)[:, 0] - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    x, y, other = problem()
    optimizer = torch.optim.SGD(other.parameters(), lr=0.05)
    step = descend(
        lambda batch: ((other(batch[0])[:, 0] - batch[1]) ** 2).mean(), optimizer
    )
    history = fit(step, minibatches(x, y, batch_size=16, seed=3), steps=25)
    assert history["loss"] == losses and history.steps == list(range(1, 26))
    assert all(
        torch.equal(a, b)
        for a, b in zip(model.parameters(), other.parameters(), strict=True)
    )


def test_fit_records_every_so_many_steps_and_the_last():
    history = fit(
        lambda batch: {"loss": batch, "square": batch**2},
        itertools.count(1),
        steps=7,
        log_every=3,
    )
    assert history.steps == [3, 6, 7]
    assert history["loss"] == [3.0, 6.0, 7.0] and history["square"] == [9.0, 36.0, 49.0]
    with pytest.raises(KeyError, match="accuracy.*loss.*square"):
        history["accuracy"]


def test_a_collection_is_gone_through_again_and_a_generator_runs_out():
    assert fit(lambda b: b, [1.0, 2.0, 3.0], steps=5)["loss"] == [1, 2, 3, 1, 2]
    with pytest.raises(ValueError, match="ran out before step 5"):
        fit(lambda b: b, iter([1.0, 2.0]), steps=5)
    with pytest.raises(ValueError, match="ran out before step 1"):
        fit(lambda b: b, [], steps=1)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_not_finite_stops_the_training(bad):
    with pytest.raises(NonFiniteLoss, match="at step 3.*learning rate"):
        fit(lambda b: b, [1.0, 2.0, bad, 4.0], steps=4)


@pytest.mark.parametrize("argument", ["steps", "log_every"])
def test_counts_must_be_positive(argument):
    with pytest.raises(ValueError, match=f"{argument} is 0; it must be at least 1"):
        fit(lambda b: b, [1.0], **{"steps": 3, argument: 0})


def test_metrics_must_be_the_same_and_have_a_loss():
    with pytest.raises(ValueError, match="must return a 'loss'"):
        fit(lambda b: {"error": b}, [1.0], steps=1)
    with pytest.raises(ValueError, match="step 2 returned"):
        fit(
            lambda b: {"loss": b} if b < 2 else {"loss": b, "x": b}, [1.0, 2.0], steps=2
        )


def test_the_schedule_multiplies_each_groups_initial_rate():
    a, b = (nn.Parameter(torch.ones(1)) for _ in "ab")
    optimizer = torch.optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1)
    seen = []

    def loss(_):
        seen.append([group["lr"] for group in optimizer.param_groups])
        return (a * b).sum()

    fit(descend(loss, optimizer, schedule=lambda t: 1 / (t + 1)), [None], steps=3)
    assert torch.tensor(seen).allclose(
        torch.tensor([[1.0, 5], [0.5, 2.5], [1 / 3, 5 / 3]]) / 10
    )


def test_clipping_bounds_the_norm_and_keeps_the_direction():
    θ = nn.Parameter(torch.zeros(2, dtype=torch.float64))
    direction = torch.tensor([3.0, 4.0], dtype=torch.float64)
    step = descend(lambda _: θ @ direction, torch.optim.SGD([θ], lr=1.0), clip=0.5)
    step(None)
    assert torch.allclose(-θ, 0.1 * direction, atol=1e-6)
    with pytest.raises(ValueError, match="clip is -1"):
        descend(lambda _: θ.sum(), torch.optim.SGD([θ], lr=1.0), clip=-1)


def test_metrics_are_detached():
    θ = nn.Parameter(torch.ones(3))
    step = descend(lambda _: {"loss": θ.sum(), "norm": θ.norm()}, torch.optim.SGD([θ]))
    assert not any(value.requires_grad for value in step(None).values())


def test_ema_of_modules_averages_parameters_and_copies_buffers():
    average, value = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
    nn.init.constant_(value.weight, 3.0)
    value.running_mean += 7
    ema_(average, value, decay=0.9)
    assert torch.allclose(average.weight, torch.full((3,), 1.2))
    assert torch.equal(average.running_mean, value.running_mean)
    with pytest.raises(ValueError, match="decay is 1.5"):
        ema_(average, value, decay=1.5)
    with pytest.raises(ValueError, match="longer"):
        ema_([torch.ones(1)], [torch.ones(1), torch.ones(1)], decay=0.5)


def test_seed_everything_repeats_all_three_generators():
    import random

    import numpy as np

    def draw():
        seed_everything(5)
        return random.random(), np.random.rand(), torch.rand(1).item()

    assert draw() == draw()
    with pytest.raises(ValueError, match="seed is -1"):
        seed_everything(-1)


def test_the_loop_runs_on_the_meta_device():
    """Nothing is left on the CPU: a GPU would see the same."""
    model = nn.Linear(4, 2, device="meta")
    step = descend(
        lambda x: model(x).square().mean(), torch.optim.SGD(model.parameters(), lr=0.1)
    )
    assert step(torch.empty(8, 4, device="meta"))["loss"].device.type == "meta"
