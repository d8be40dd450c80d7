"""What the rules are known to do, in formulas and on the papers' own examples."""

import math

import pytest
import torch
from torch.optim.lr_scheduler import LambdaLR

from ift6135_lib import optim


def parameter(*values):
    return torch.nn.Parameter(torch.tensor(values, dtype=torch.float64))


def run(optimizer, θ, gradient, steps):
    """Return the iterates of θ, start included; ``gradient(θ, t)``, t from 1."""
    path = [θ.detach().clone()]
    for t in range(1, steps + 1):
        θ.grad = gradient(θ.detach(), t)
        optimizer.step()
        path.append(θ.detach().clone())
    return torch.stack(path)


CURVATURES = torch.tensor([1.0, 10.0], dtype=torch.float64)


def quadratic(θ, t):
    return CURVATURES * θ


def test_sgd_with_l2_multiplies_by_one_minus_rate_times_decay():
    θ = parameter(1.0, -2.0)
    path = run(
        optim.SGD([θ], lr=0.1, weight_decay=0.5), θ, lambda θ, t: 0 * θ, steps=20
    )
    expected = path[0] * 0.95 ** torch.arange(21.0, dtype=torch.float64)[:, None]
    torch.testing.assert_close(path, expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("decay", [1.0, 0.8])
def test_momentum_and_the_form_with_the_rate_inside(decay):
    """v ← ρv − ηg, θ ← θ + v: the same path while η is constant, and only then."""
    η, ρ, steps = 0.05, 0.9, 30
    θ = parameter(1.0, 1.0)
    optimizer = optim.Momentum([θ], lr=η, momentum=ρ)
    scheduler = LambdaLR(optimizer, lambda t: decay**t)
    path = [θ.detach().clone()]
    other, v = θ.detach().clone(), torch.zeros_like(θ)
    others = [other]
    for t in range(steps):
        θ.grad = quadratic(θ.detach(), t)
        optimizer.step()
        scheduler.step()
        path.append(θ.detach().clone())
        v = ρ * v - η * decay**t * quadratic(other, t)
        other = other + v
        others.append(other)
    gap = (torch.stack(path) - torch.stack(others)).abs().max()
    assert gap < 1e-12 if decay == 1 else gap > 1e-2


def test_nesterov_holds_the_look_ahead_points():
    η, ρ = 0.05, 0.9
    θ = parameter(1.0, 1.0)
    path = run(optim.Nesterov([θ], lr=η, momentum=ρ), θ, quadratic, steps=50)
    ϑ, v = path[0], torch.zeros(2, dtype=torch.float64)
    look_ahead = [ϑ]
    for t in range(50):
        v = ρ * v - η * quadratic(ϑ + ρ * v, t)
        ϑ = ϑ + v
        look_ahead.append(ϑ + ρ * v)
    assert (path - torch.stack(look_ahead)).abs().max() <= 1e-12


def test_adagrad_slows_down_like_the_inverse_root_of_time():
    θ = parameter(0.0)
    path = run(optim.Adagrad([θ], lr=0.1, eps=0), θ, lambda θ, t: 3 + 0 * θ, steps=100)
    steps = (path[:-1] - path[1:])[:, 0]
    expected = 0.1 / torch.arange(1, 101, dtype=torch.float64).sqrt()
    torch.testing.assert_close(steps, expected, rtol=1e-10, atol=0)


def test_adadelta_does_not_see_the_scale_of_the_loss():
    paths = []
    for scale in (1.0, 1000.0):
        θ = parameter(1.0, 1.0)
        optimizer = optim.Adadelta([θ], eps=1e-8)

        def gradient(θ, t, scale=scale):
            return scale * quadratic(θ, t)

        paths.append(run(optimizer, θ, gradient, steps=500))
    torch.testing.assert_close(*paths, rtol=0, atol=1e-3)
    assert (paths[0][0] - paths[0][-1]).abs().min() > 0.05
    sgd = parameter(1.0, 1.0)
    path = run(
        optim.SGD([sgd], lr=0.1), sgd, lambda θ, t: 1000 * quadratic(θ, t), steps=9
    )
    assert path[-1].abs().max() > 1e9  # the same rate at scale 1 is stable


@pytest.mark.parametrize("rule", [optim.Adam, optim.AMSGrad])
def test_first_step_of_adam_is_the_sign_of_the_gradient(rule):
    θ = parameter(1.0, 1.0, 1.0)
    g = torch.tensor([1e-5, -3.0, 1e4], dtype=torch.float64)
    path = run(rule([θ], lr=0.01, eps=0), θ, lambda θ, t: g, steps=1)
    torch.testing.assert_close(path[1], 1 - 0.01 * g.sign(), rtol=1e-13, atol=0)


def test_first_step_of_adam_without_bias_correction_is_3_16_times_as_long():
    θ, g = torch.zeros(1).double(), torch.ones(1).double()
    rule = {"η": 1.0, "β1": 0.9, "β2": 0.999, "ε": 0.0}
    corrected, *_ = optim.Adam.update(θ, g, 0 * g, 0 * g, t=1, **rule)
    raw, *_ = optim.Adam.update(θ, g, 0 * g, 0 * g, t=math.inf, **rule)
    assert (raw / corrected).item() == pytest.approx(0.1 / math.sqrt(0.001))
    assert (raw / corrected).item() == pytest.approx(3.16, abs=0.005)


def test_adam_ignores_the_scale_of_the_gradient():
    paths = []
    for scale in (1.0, 1e6):
        θ = parameter(1.0, 1.0)
        optimizer = optim.Adam([θ], lr=0.05, eps=0)

        def gradient(θ, t, scale=scale):
            return scale * quadratic(θ, t)

        paths.append(run(optimizer, θ, gradient, steps=100))
    torch.testing.assert_close(*paths, rtol=1e-9, atol=1e-9)


def test_adamw_decays_a_weight_without_gradient_geometrically():
    η, λ = 0.1, 0.3
    θ = parameter(2.0)
    path = run(optim.AdamW([θ], lr=η, weight_decay=λ), θ, lambda θ, t: 0 * θ, steps=50)
    expected = 2 * (1 - η * λ) ** torch.arange(51.0, dtype=torch.float64)
    torch.testing.assert_close(path[:, 0], expected, rtol=1e-13, atol=0)


def test_adamw_decays_alike_where_adam_with_l2_does_not():
    """Two weights with gradients ±1 and ±100 that cancel over two steps."""
    shrunk = {}
    for rule in (optim.Adam, optim.AdamW):
        θ = parameter(1.0, 1.0)
        optimizer = rule([θ], lr=1e-3, betas=(0.0, 0.999), weight_decay=0.1)
        sizes = torch.tensor([1.0, 100.0], dtype=torch.float64)

        def gradient(θ, t, sizes=sizes):
            return sizes * (-1) ** t

        path = run(optimizer, θ, gradient, steps=400)
        shrunk[rule] = 1 - path[-1]
    ratios = {rule: (x[0] / x[1]).item() for rule, x in shrunk.items()}
    assert ratios[optim.AdamW] == pytest.approx(1, abs=0.01)
    assert ratios[optim.Adam] > 5


@pytest.mark.parametrize(
    ("rule", "end"), [(optim.Adam, 1.0), (optim.AMSGrad, -1.0)], ids=["Adam", "AMSGrad"]
)
def test_reddi_counter_example(rule, end):
    """Losses 3x, −x, −x, 3x, … on [−1, 1]: the best point is −1 (theorem 1, C = 3)."""
    θ = parameter(0.0)
    optimizer = rule([θ], lr=0.5, betas=(0.0, 1 / (1 + 3**2)))
    scheduler = LambdaLR(optimizer, lambda t: 1 / math.sqrt(t + 1))
    for t in range(1500):
        θ.grad = torch.full_like(θ, 3.0 if t % 3 == 0 else -1.0)
        optimizer.step()
        scheduler.step()
        with torch.no_grad():
            θ.clamp_(-1, 1)
    assert abs(θ.item() - end) < 0.05


def test_second_moment_of_amsgrad_never_decreases():
    torch.manual_seed(0)
    θ = parameter(*torch.randn(20).tolist())
    optimizer = optim.AMSGrad([θ], betas=(0.9, 0.5))
    last, decreased = torch.zeros_like(θ), False
    for _ in range(100):
        θ.grad = torch.randn(20).double()
        optimizer.step()
        v_max, v = (optimizer.state[θ][name] for name in ("v_max", "v"))
        assert (v_max >= last).all() and (v_max >= v).all()
        decreased |= bool((v < last).any())
        last = v_max.clone()
    assert decreased  # v, for its part, does


def test_adabound_without_bounds_is_adam():
    paths = []
    for rule, arguments in ((optim.AdaBound, {"gamma": 0.0}), (optim.Adam, {})):
        θ = parameter(1.0, 1.0)
        optimizer = rule([θ], lr=0.05, eps=0, **arguments)
        paths.append(run(optimizer, θ, quadratic, steps=100))
    torch.testing.assert_close(*paths, rtol=0, atol=1e-12)


def test_adabound_with_equal_bounds_follows_the_momentum():
    g = torch.tensor([1.0, -20.0], dtype=torch.float64)
    m = torch.tensor([3.0, 5.0], dtype=torch.float64)
    rule = {"t": 7, "η": 0.3, "β1": 0.9, "β2": 0.999, "ε": 1e-8}
    θ, m, _ = optim.AdaBound.update(g, g, m, g * g, **rule, η_l=0.02, η_u=0.02)
    torch.testing.assert_close(θ, g - 0.02 * m, rtol=1e-15, atol=0)


def test_bounds_of_adabound():
    low, high = zip(
        *(optim.AdaBound.bounds(t, η_final=0.1, γ=0.01) for t in range(1, 10**4)),
        strict=True,
    )
    assert sorted(low) == list(low) and sorted(high, reverse=True) == list(high)
    assert low[0] == pytest.approx(0.1 * 0.01 / 1.01) and high[0] == pytest.approx(10.1)
    assert low[-1] == pytest.approx(0.1, rel=0.02) == high[-1]
    assert optim.AdaBound.bounds(5, η_final=0.1, γ=0.0) == (0.0, math.inf)


def test_final_rate_of_adabound_follows_the_schedule():
    θ = parameter(0.0)
    optimizer = optim.AdaBound([θ], lr=0.5, final_lr=0.1, gamma=1e9, betas=(0.0, 0.9))
    optimizer.param_groups[0]["lr"] = 0.25
    path = run(optimizer, θ, lambda θ, t: 2 + 0 * θ, steps=1)
    assert path[1].item() == pytest.approx(-0.05 * 2)
