"""Newton's method and the closed form, against L-BFGS, NumPy and scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression

from ift6135_lib.optim import newton, normal_equations, quadratic, rosenbrock

DOUBLE = torch.float64


def test_one_step_solves_a_quadratic():
    start = torch.tensor([3.0, -2.0, 5.0], dtype=DOUBLE)
    path = newton(quadratic(1e4, 3), start, steps=10)
    assert len(path.points) == 2 and path.points[1].norm() < 1e-10


def test_rosenbrock_in_fewer_than_thirty_steps_and_the_loss_only_falls():
    path = newton(rosenbrock, torch.tensor([-1.5, 2.0], dtype=DOUBLE), steps=100)
    assert len(path.points) < 30
    assert (path.points[-1] - 1).norm() < 1e-8
    assert (path.values.diff() < 0).all()


def test_the_optimum_is_that_of_lbfgs():
    start = torch.tensor([-1.2, 1.0], dtype=DOUBLE)
    θ = torch.nn.Parameter(start.clone())
    lbfgs = torch.optim.LBFGS(
        [θ],
        max_iter=200,
        tolerance_grad=1e-12,
        tolerance_change=1e-15,
        line_search_fn="strong_wolfe",
    )

    def closure():
        lbfgs.zero_grad()
        loss = rosenbrock(θ)
        loss.backward()
        return loss

    lbfgs.step(closure)
    ours = newton(rosenbrock, start, steps=100).points[-1]
    assert (ours - θ).abs().max() < 1e-5


def test_convergence_is_quadratic_near_the_minimum():
    def f(θ):
        return (θ**2).sum() + (θ**3).sum() / 3

    path = newton(f, torch.full((2,), 0.4, dtype=DOUBLE), steps=20, tol=1e-14)
    error = path.points.norm(dim=1)
    ratios = error[1:4] / error[:3] ** 2
    assert ratios.max() < 2


def test_it_turns_round_where_the_direction_climbs():
    path = newton(lambda θ: θ.cos().sum(), torch.tensor([0.3], dtype=DOUBLE), steps=50)
    assert path.values[-1] < path.values[0]


def test_a_singular_hessian_is_named():
    with pytest.raises(ValueError, match="Hessian is singular at"):
        newton(lambda θ: θ.sum(), torch.zeros(2, dtype=DOUBLE), steps=3)
    with pytest.raises(ValueError, match="steps is 0"):
        newton(rosenbrock, torch.zeros(2, dtype=DOUBLE), steps=0)


def test_normal_equations_are_scikit_learns_regression():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 4)), rng.normal(size=60)
    ours = normal_equations(torch.tensor(X), torch.tensor(y))
    theirs = LinearRegression(fit_intercept=False).fit(X, y).coef_
    assert np.abs(ours.numpy() - theirs).max() < 1e-10


def test_without_full_rank_the_smallest_solution_is_taken():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(10, 3))
    X = np.column_stack([X, X[:, 0] + X[:, 1]])
    y = rng.normal(size=10)
    ours = normal_equations(torch.tensor(X), torch.tensor(y)).numpy()
    assert np.abs(ours - np.linalg.lstsq(X, y, rcond=None)[0]).max() < 1e-10
    with pytest.raises(ValueError, match="10 rows and y 9"):
        normal_equations(torch.tensor(X), torch.tensor(y[:9]))
