"""Test functions, Hessians against finite differences, critical points, planes."""

import pytest
import torch
from scipy.optimize import rosen, rosen_der

from ift6135_lib.optim import (
    SGD,
    classify_critical_point,
    hessian_eigenvalues,
    himmelblau,
    plane,
    quadratic,
    rosenbrock,
    saddle,
    trajectory,
)

DOUBLE = torch.float64


def points(n=5, d=2, seed=0):
    return torch.randn(
        n, d, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE
    )


def test_rosenbrock_is_scipys():
    for θ in points():
        assert rosenbrock(θ).item() == pytest.approx(rosen(θ.numpy()), rel=1e-12)
        slope = torch.func.grad(rosenbrock)(θ)
        assert torch.allclose(slope, torch.tensor(rosen_der(θ.numpy())), rtol=1e-10)


@pytest.mark.parametrize(
    "minimum",
    [(3.0, 2.0), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848126)],
)
def test_himmelblau_has_four_minima_of_value_zero(minimum):
    θ = torch.tensor(minimum, dtype=DOUBLE)
    assert himmelblau(θ) < 1e-9
    assert torch.func.grad(himmelblau)(θ).norm() < 1e-3
    assert (hessian_eigenvalues(himmelblau, θ) > 0).all()


@pytest.mark.parametrize("d", [2, 5])
def test_the_quadratic_has_the_curvatures_it_says(d):
    λ = hessian_eigenvalues(quadratic(100.0, d), points(1, d)[0])
    expected = torch.logspace(0, 2, d, dtype=DOUBLE)
    assert torch.allclose(λ, expected)
    assert quadratic(100.0, d)(torch.zeros(d)) == 0


@pytest.mark.parametrize("f", [rosenbrock, himmelblau])
def test_eigenvalues_agree_with_finite_differences(f):
    h = 1e-4
    for θ in points():
        eye = h * torch.eye(2, dtype=DOUBLE)
        rows = [
            (torch.func.grad(f)(θ + e) - torch.func.grad(f)(θ - e)) / (2 * h)
            for e in eye
        ]
        numeric = torch.linalg.eigvalsh(torch.stack(rows))
        assert torch.allclose(hessian_eigenvalues(f, θ), numeric, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("f", "kind"),
    [
        (saddle, "saddle"),
        (quadratic(3.0), "minimum"),
        (lambda θ: -(θ**2).sum(), "maximum"),
        (lambda θ: θ[0] ** 2 + θ[1] ** 4, "degenerate"),
        (lambda θ: θ[0] ** 2 - θ[1] ** 2 + 0 * θ[0] * θ[1], "saddle"),
    ],
)
def test_critical_points_are_classified(f, kind):
    assert classify_critical_point(f, torch.zeros(2, dtype=DOUBLE)) == kind


def test_a_slope_is_no_critical_point():
    with pytest.raises(ValueError, match="gradient of norm 2.* at most 1e-06"):
        classify_critical_point(saddle, torch.tensor([1.0, 0.0], dtype=DOUBLE))


def test_a_trajectory_of_gradient_descent_on_a_quadratic():
    f, start = quadratic(4.0), torch.tensor([1.0, 1.0], dtype=DOUBLE)
    path = trajectory(f, start, lambda p: SGD(p, lr=0.1), 20)
    t = torch.arange(21, dtype=DOUBLE)[:, None]
    expected = (1 - 0.1 * torch.tensor([1.0, 4.0], dtype=DOUBLE)) ** t
    assert torch.allclose(path, expected, rtol=1e-12)
    assert torch.equal(start, torch.ones(2, dtype=DOUBLE))
    with pytest.raises(ValueError, match="steps is -1"):
        trajectory(f, start, lambda p: SGD(p, lr=0.1), -1)


def test_a_plane_is_the_loss_on_its_points():
    centre, u, v = points(3, 4)
    f = quadratic(10.0, 4)
    along, losses = plane(f, centre, u, v, radius=0.5, resolution=5)
    assert losses.shape == (5, 5)
    assert losses[1, 3] == f(centre + along[3] * u + along[1] * v)
    assert losses[2, 2] == f(centre)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: quadratic(0.5), "kappa is 0.5"),
        (lambda: quadratic(2.0, 1), "d is 1"),
        (lambda: plane(saddle, *points(3), radius=0.0), "radius is 0.0"),
        (lambda: plane(saddle, *points(3), resolution=1), "resolution is 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
