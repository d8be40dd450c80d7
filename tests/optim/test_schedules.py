"""Schedules against ``torch.optim.lr_scheduler``, and their errors."""

import math
import warnings

import pytest
import torch
from torch.optim import lr_scheduler

from ift6135_lib import optim

LR = 0.3


def rates(make_scheduler, steps):
    """Return the learning rates of an SGD under a scheduler of PyTorch."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR)
    scheduler = make_scheduler(optimizer)
    seen = []
    with warnings.catch_warnings():
        # SequentialLR calls its schedulers in a way that PyTorch itself deprecates
        warnings.filterwarnings("ignore", message="The epoch parameter")
        for _ in range(steps):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return seen


def warm_up_then_cosine(optimizer):
    first = lr_scheduler.LinearLR(optimizer, start_factor=1 / 8, total_iters=7)
    then = lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)
    return lr_scheduler.SequentialLR(optimizer, [first, then], milestones=[7])


@pytest.mark.parametrize(
    ("schedule", "reference"),
    [
        (optim.step_decay(7), lambda o: lr_scheduler.StepLR(o, 7)),
        (optim.step_decay(3, gamma=0.7), lambda o: lr_scheduler.StepLR(o, 3, 0.7)),
        (optim.exponential(0.9), lambda o: lr_scheduler.ExponentialLR(o, 0.9)),
        (optim.cosine(20), lambda o: lr_scheduler.CosineAnnealingLR(o, 20)),
        (
            optim.cosine(13, eta_min=0.1),
            lambda o: lr_scheduler.CosineAnnealingLR(o, 13, eta_min=0.1 * LR),
        ),
        (
            optim.warm_restarts(9),
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 9),
        ),
        (
            optim.warm_restarts(4, T_mult=2, eta_min=0.2),
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 4, 2, 0.2 * LR),
        ),
        (optim.warm_up(7, then=optim.cosine(20)), warm_up_then_cosine),
    ],
)
def test_same_rates_as_torch(schedule, reference):
    ours = rates(lambda o: lr_scheduler.LambdaLR(o, schedule), 60)
    assert ours == pytest.approx(rates(reference, 60), rel=0, abs=1e-12)
    assert [LR * schedule(t) for t in range(60)] == pytest.approx(ours)
    assert len(set(ours)) > 5  # the rate does change


def test_cosine_ends():
    schedule = optim.cosine(10, eta_min=0.25)
    assert schedule(0) == 1 and schedule(10) == 0.25
    assert schedule(5) == pytest.approx((1 + 0.25) / 2)


def test_restarts_come_at_the_sums_of_the_periods():
    schedule = optim.warm_restarts(5, T_mult=3)
    tops = [t for t in range(100) if schedule(t) == 1]
    assert tops == [0, 5, 5 + 15, 5 + 15 + 45]


def test_warm_up_rises_by_equal_amounts_and_then_holds():
    schedule = optim.warm_up(4)
    assert [schedule(t) for t in range(6)] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 1])
    assert optim.warm_up(0)(0) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optim.step_decay(0), r"step_size .* ≥ 1, got 0"),
        (lambda: optim.step_decay(5, gamma=0.0), r"gamma .*\(0, ∞\), got 0"),
        (lambda: optim.exponential(-0.5), r"gamma .*\(0, ∞\), got -0.5"),
        (lambda: optim.exponential(math.nan), r"gamma .*\(0, ∞\), got nan"),
        (lambda: optim.cosine(-1), r"T_max .* ≥ 1, got -1"),
        (lambda: optim.cosine(5, eta_min=1.5), r"eta_min .*\[0, 1\], got 1.5"),
        (lambda: optim.warm_restarts(0), r"T_0 .* ≥ 1, got 0"),
        (lambda: optim.warm_restarts(5, T_mult=0), r"T_mult .* ≥ 1, got 0"),
        (lambda: optim.warm_restarts(5, eta_min=-0.1), r"eta_min .*\[0, 1\], got -0.1"),
        (lambda: optim.warm_up(-3), r"steps .* ≥ 0, got -3"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
