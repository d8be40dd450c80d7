"""Search for hyper-parameters: every point of a grid, or points drawn at random.

With n trials and one axis that does not matter, a grid tries only √n values of the axis
that does; random search tries n.

Source: Bergstra & Bengio, JMLR 13, 2012, sections 1-2.
See: chapters/04-optimization/in-practice.md
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from tqdm.auto import tqdm

Parameters = dict[str, Any]
"""A value for each hyperparameter, by its name."""

Draw = Callable[[np.random.Generator], Any]
"""Draws a value from a NumPy generator."""


@dataclass(frozen=True)
class Trial:
    """Hyper-parameters and the value of the objective there."""

    params: Parameters  # by the axis's name
    value: float  # lower is better


class Trials(list[Trial]):
    """The trials, in the order they were made."""

    @property
    def best(self) -> Trial:
        """The trial of lowest value; one that is not a number never wins.

        Raises:
            ValueError: there is no trial.
        """
        return min(self, key=lambda t: math.inf if math.isnan(t.value) else t.value)


def uniform(low: float, high: float) -> Draw:
    """Draw evenly between two numbers.

    .. math:: x \\sim \\mathcal U(a, b)

    Args:
        low: a, the lower end.
        high: b, above a.

    Returns:
        A function from a NumPy generator to a number, for :func:`random_search`.

    Raises:
        ValueError: low is not below high.

    Example:
        >>> 2 <= uniform(2, 3)(np.random.default_rng(0)) <= 3
        True
    """
    if not low < high:
        raise ValueError(f"low is {low} and high {high}; low must be below high")
    return lambda random: float(random.uniform(low, high))


def log_uniform(low: float, high: float) -> Draw:
    """Draw evenly in logarithm, as suits a learning rate.

    .. math:: \\log x \\sim \\mathcal U(\\log a, \\log b)

    Args:
        low: a, positive.
        high: b, above a.

    Returns:
        A function from a NumPy generator to a number, for :func:`random_search`.

    Raises:
        ValueError: not 0 < low < high.

    Source:
        Bergstra & Bengio 2012, section 2 ("drawn geometrically").

    Example:
        >>> 1e-4 <= log_uniform(1e-4, 1)(np.random.default_rng(0)) <= 1
        True
    """
    if not 0 < low < high:
        raise ValueError(f"low is {low} and high {high}; 0 < low < high is needed")
    return lambda random: float(math.exp(random.uniform(math.log(low), math.log(high))))


def grid_search(objective: Callable[..., float], space: Mapping[str, Any]) -> Trials:
    """Try every combination of the values given for each axis.

    Args:
        objective: called with one keyword argument per axis; lower is better.
        space: the values to try on each axis.

    Returns:
        One trial per combination, the last axis changing fastest.

    Raises:
        ValueError: no axis, an axis without values, or one that draws at random.

    Example:
        >>> grid_search(lambda a, b: a * b, {"a": [1, -1], "b": [2, 3]}).best.params
        {'a': -1, 'b': 3}
    """
    _check(space)
    for name, values in space.items():
        if callable(values):
            raise ValueError(
                f"space[{name!r}] draws at random; a grid needs a list of values"
            )
    points = [
        dict(zip(space, values, strict=True)) for values in product(*space.values())
    ]
    return _try(objective, points)


def random_search(
    objective: Callable[..., float],
    space: Mapping[str, Any],
    *,
    trials: int,
    seed: int = 0,
) -> Trials:
    """Try points drawn at random, each axis on its own.

    Args:
        objective: called with one keyword argument per axis; lower is better.
        space: for each axis a list of values, or a function that draws one from a NumPy
            generator, such as :func:`log_uniform`.
        trials: how many, at least 1.
        seed: of the draws.

    Returns:
        The trials.

    Raises:
        ValueError: no axis, an axis without values, or no trial.

    Source:
        Bergstra & Bengio 2012, section 2.

    Example:
        >>> space = {"x": uniform(-1, 1)}
        >>> abs(random_search(lambda x: x**2, space, trials=50).best.params["x"]) < 0.1
        True
    """
    _check(space)
    if trials < 1:
        raise ValueError(f"trials is {trials}; it must be at least 1")
    random = np.random.default_rng(seed)
    points = [
        {
            name: axis(random) if callable(axis) else axis[random.integers(len(axis))]
            for name, axis in space.items()
        }
        for _ in range(trials)
    ]
    return _try(objective, points)


def _check(space: Mapping) -> None:
    if not space:
        raise ValueError("space is empty; give at least one axis")
    for name, values in space.items():
        if not callable(values) and len(values) == 0:
            raise ValueError(f"space[{name!r}] is empty; give at least one value")


def _try(objective: Callable[..., float], points: Iterable[Parameters]) -> Trials:
    quiet = os.environ.get("IFT6135_BOOK") == "1"
    trials = Trials()
    for params in tqdm(points, unit="trial", disable=quiet, leave=False):
        trials.append(Trial(params, float(objective(**params))))
    return trials
