"""The evolution strategy: properties that need no other implementation."""

import pytest
import torch

from ift6135_lib.optim import evolution_strategy, rosenbrock


def sphere(θ):
    return (θ**2).sum(-1)


def stairs(θ):
    return (θ - 3).abs().round().sum(-1)


OPTIONS = {"mu": 3, "lam": 12, "sigma": 0.5, "steps": 80}


def test_it_reaches_the_centre_of_a_sphere():
    found = evolution_strategy(sphere, torch.ones(5, dtype=torch.float64), **OPTIONS)
    assert found.values[-1] < 1e-3 * found.values[0]
    assert found.points.shape == (81, 5) and found.values.shape == (81,)


def test_it_needs_no_gradient():
    start = torch.zeros(4, dtype=torch.float64)
    found = evolution_strategy(stairs, start, mu=5, lam=30, sigma=1.0, steps=60)
    assert stairs(found.best) == 0
    leaf = start.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(stairs(leaf), leaf)
    assert gradient.norm() == 0


def test_it_sees_only_the_order_of_the_losses():
    """A monotone change of the loss changes nothing."""
    start = torch.ones(3, dtype=torch.float64)
    plain = evolution_strategy(sphere, start, **OPTIONS)
    changed = evolution_strategy(lambda θ: (5 * sphere(θ)).exp(), start, **OPTIONS)
    assert torch.equal(plain.points, changed.points)


def test_it_is_the_same_wherever_the_origin_is():
    start, shift = torch.ones(3, dtype=torch.float64), 7.0
    plain = evolution_strategy(sphere, start, **OPTIONS)
    moved = evolution_strategy(lambda θ: sphere(θ - shift), start + shift, **OPTIONS)
    assert torch.allclose(plain.points, moved.points - shift, atol=1e-9)


def test_the_best_is_the_best_met_and_the_seed_decides():
    seen = []

    def watched(θ):
        losses = rosenbrock(θ)
        seen.append(losses.min())
        return losses

    start = torch.tensor([-1.0, 1.0], dtype=torch.float64)
    found = evolution_strategy(watched, start, **OPTIONS)
    assert rosenbrock(found.best) == torch.stack(seen).min()
    again = evolution_strategy(rosenbrock, start, **OPTIONS)
    other = evolution_strategy(rosenbrock, start, **OPTIONS, seed=1)
    assert torch.equal(found.points, again.points)
    assert not torch.equal(found.points, other.points)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"mu": 0}, "mu is 0"),
        ({"mu": 12}, "1 <= mu < lam"),
        ({"sigma": 0.0}, "sigma is 0.0"),
        ({"steps": 0}, "steps is 0"),
    ],
)
def test_bad_arguments_are_named(changed, message):
    with pytest.raises(ValueError, match=message):
        evolution_strategy(sphere, torch.ones(2), **{**OPTIONS, **changed})
