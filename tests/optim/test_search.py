"""Grid and random search, against scikit-learn's, and why random wins."""

import math

import numpy as np
import pytest
from sklearn.model_selection import ParameterGrid

from ift6135_lib.optim import grid_search, log_uniform, random_search, uniform


def test_the_grid_is_scikit_learns():
    space = {"a": [1, 2, 3], "b": ["x", "y"], "c": [0.1]}
    ours = [trial.params for trial in grid_search(lambda **k: 0.0, space)]
    theirs = list(ParameterGrid(space))
    assert len(ours) == len(theirs) == 6
    assert all(point in theirs for point in ours)


def test_random_trials_come_from_the_space():
    space = {"a": [1, 2, 3], "rate": log_uniform(1e-4, 1.0), "x": uniform(-1, 1)}
    trials = random_search(lambda **k: 0.0, space, trials=2000, seed=3)
    picked = [trial.params["a"] for trial in trials]
    assert all(abs(picked.count(value) / 2000 - 1 / 3) < 0.05 for value in (1, 2, 3))
    logs = np.log10([trial.params["rate"] for trial in trials])
    assert logs.min() >= -4 and logs.max() <= 0 and abs(logs.mean() + 2) < 0.1
    xs = np.array([trial.params["x"] for trial in trials])
    assert abs(xs.mean()) < 0.05 and abs(xs.var() - 1 / 3) < 0.03


def test_the_seed_decides():
    def values(seed):
        trials = random_search(lambda x: x, {"x": uniform(0, 1)}, trials=5, seed=seed)
        return [trial.value for trial in trials]

    assert values(0) == values(0) != values(1)


def test_the_best_ignores_what_is_not_a_number():
    trials = grid_search(lambda x: math.nan if x == 0 else x, {"x": [0, 3, 2]})
    assert trials.best.params == {"x": 2}


def test_random_beats_the_grid_when_one_axis_is_useless():
    rng, wins = np.random.default_rng(0), 0
    for seed in range(200):
        optimum = rng.uniform()

        def objective(important, useless, optimum=optimum):
            return abs(important - optimum)

        axis = [1 / 6, 1 / 2, 5 / 6]
        grid = grid_search(objective, {"important": axis, "useless": axis})
        space = {"important": uniform(0, 1), "useless": uniform(0, 1)}
        drawn = random_search(objective, space, trials=9, seed=seed)
        wins += drawn.best.value < grid.best.value
    assert wins > 120


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grid_search(lambda: 0.0, {}), "space is empty"),
        (lambda: grid_search(lambda a: 0.0, {"a": []}), "'a'.* is empty"),
        (lambda: grid_search(lambda a: 0.0, {"a": uniform(0, 1)}), "needs a list"),
        (lambda: random_search(lambda a: 0.0, {"a": [1]}, trials=0), "trials is 0"),
        (lambda: uniform(1, 1), "low is 1"),
        (lambda: log_uniform(0, 1), "low is 0"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
