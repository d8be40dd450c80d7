"""One training loop for the whole course, and the steps that it repeats.

A *step* takes a batch and returns its metrics; :func:`fit` repeats a step and records.
:func:`descend` makes the usual step: loss, gradient, update. Nothing else in the
package iterates over batches.

See: chapters/04-optimization/gradient-descent.md, where the bare loop is written out.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from ift6135_lib.averages import ema_

__all__ = [
    "History",
    "NonFiniteLoss",
    "descend",
    "ema_",
    "fit",
    "seed_everything",
]

Metrics = dict[str, float | Tensor]
"""The numbers of one step by their names, such as "loss"; a tensor is a scalar."""

Step = Callable[[Any], Metrics | float | Tensor]
"""Takes a batch, returns its metrics, or the loss alone."""


class NonFiniteLoss(ArithmeticError):
    """The loss became infinite or undefined: training diverged.

    Example:
        >>> fit(lambda batch: batch, [math.inf], steps=1)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ift6135_lib.train.NonFiniteLoss: the loss is inf at step 1: ...
    """


@dataclass
class History:
    """What a training recorded: ``history["loss"]``, a list, and ``history.steps``.

    Args:
        steps: the steps recorded, n numbers counted from 1.
        metrics: by name, the n values of each metric, in its own unit.

    Raises:
        KeyError: ``history[name]`` of a metric that was not recorded; the message
            lists those that were.

    Example:
        >>> history = History()
        >>> history.record(1, {"loss": 0.5})
        >>> history.steps, history["loss"]
        ([1], [0.5])
    """

    steps: list[int] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[float]:
        if name not in self.metrics:
            raise KeyError(f"{name!r} was not recorded; there are {[*self.metrics]}")
        return self.metrics[name]

    def record(self, step: int, metrics: dict[str, float]) -> None:
        """Append the metrics of one step.

        Args:
            step: its number.
            metrics: a number for each metric.

        Raises:
            ValueError: the metrics are not those of the steps before.
        """
        if self.metrics and metrics.keys() != self.metrics.keys():
            raise ValueError(
                f"step {step} returned the metrics {[*metrics]}, the first one "
                f"{[*self.metrics]}; every step must return the same"
            )
        self.steps.append(step)
        for name, value in metrics.items():
            self.metrics.setdefault(name, []).append(value)


def seed_everything(seed: int = 0) -> torch.Generator:
    """Seed Python's, NumPy's and PyTorch's generators.

    Args:
        seed: a whole number in [0, 2³²).

    Returns:
        PyTorch's generator of the CPU.

    Raises:
        ValueError: the seed is out of range.

    Example:
        >>> _ = seed_everything(0)
        >>> first = torch.rand(1)
        >>> _ = seed_everything(0)
        >>> bool(torch.rand(1) == first)
        True
    """
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed}; it must be a whole number in [0, 2**32)")
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the libraries used read this generator
    return torch.manual_seed(seed)


def fit(step: Step, batches: Iterable, *, steps: int, log_every: int = 1) -> History:
    """Repeat a step over batches; show the progress, record the metrics.

    Args:
        step: takes a batch, returns its metrics: a dict with the key "loss", or the
            loss alone (in nats, or in the loss's own unit).
        batches: an endless iterator, or a collection that is gone through again and
            again.
        steps: how many times to call the step.
        log_every: record every so many steps, and the last one.

    Returns:
        The recorded metrics; ``history.steps`` counts from 1.

    Raises:
        NonFiniteLoss: a recorded loss is infinite or undefined.
        ValueError: steps or log_every is not positive; the batches run out; the step
            returns no "loss", or not the same metrics each time.

    Example:
        >>> history = fit(lambda batch: batch**2, [1.0, 2.0], steps=4)
        >>> history["loss"]
        [1.0, 4.0, 1.0, 4.0]
    """
    for name, value in (("steps", steps), ("log_every", log_every)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")
    history = History()
    quiet = os.environ.get("IFT6135_BOOK") == "1"
    with tqdm(total=steps, unit="step", disable=quiet, leave=False) as bar:
        for number, batch in zip(range(1, steps + 1), _endless(batches), strict=False):
            metrics = step(batch)
            if number % log_every == 0 or number == steps:
                values = _numbers(metrics)
                _check_finite(values["loss"], number)
                history.record(number, values)
                bar.set_postfix(loss=f"{values['loss']:.3g}", refresh=False)
                bar.update(number - bar.n)
    if not history.steps or history.steps[-1] != steps:
        raise ValueError(
            f"the batches ran out before step {steps}; give an endless iterator, such "
            "as minibatches(...), or a collection that can be gone through again"
        )
    return history


def _endless(batches: Iterable) -> Iterator:
    """Go through a collection again and again; an iterator only once."""
    while True:
        empty = True
        for batch in batches:
            empty = False
            yield batch
        if empty or iter(batches) is batches:
            return


def _numbers(metrics: Metrics | float | Tensor) -> dict[str, float]:
    if not isinstance(metrics, dict):
        metrics = {"loss": metrics}
    if "loss" not in metrics:
        raise ValueError(f"the step returned {[*metrics]}; it must return a 'loss'")
    return {name: float(value) for name, value in metrics.items()}


def _check_finite(loss: float, number: int) -> None:
    if not math.isfinite(loss):
        raise NonFiniteLoss(
            f"the loss is {loss} at step {number}: training diverged. Lower the "
            "learning rate, warm it up, or clip the gradient (descend(..., clip=1.0))"
        )


def descend(
    loss: Callable[[Any], Metrics | Tensor],
    optimizer: torch.optim.Optimizer,
    *,
    clip: float | None = None,
    schedule: Callable[[int], float] | None = None,
) -> Step:
    """The usual step: compute the loss, back-propagate, update.

    .. math:: θ ← \\mathrm{update}(θ, ∇_θ L(θ; \\text{batch}))

    Args:
        loss: takes a batch, returns a scalar, or a dict with the scalar "loss".
        optimizer: holds the parameters and their update.
        clip: the largest Euclidean norm of the whole gradient; None leaves it alone.
        schedule: from the step's number t = 0, 1, … to the factor that multiplies the
            initial learning rate of every group.

    Returns:
        A step for :func:`fit`; its metrics are detached from the graph.

    Raises:
        ValueError: clip is not positive.

    Source:
        Clipping: Pascanu, Mikolov, Bengio, ICML 2013, arXiv:1211.5063, algorithm 1.

    Example:
        >>> θ = nn.Parameter(torch.tensor([2.0]))
        >>> step = descend(lambda _: (θ**2).sum(), torch.optim.SGD([θ], lr=0.25))
        >>> float(step(None)["loss"]), θ.item()
        (4.0, 1.0)
    """
    if clip is not None and not clip > 0:
        raise ValueError(f"clip is {clip}; it must be a positive norm, or None")
    initial = [group.get("initial_lr", group["lr"]) for group in optimizer.param_groups]
    taken = 0

    def step(batch: Any) -> Metrics:
        nonlocal taken
        if schedule is not None:
            for group, lr in zip(optimizer.param_groups, initial, strict=True):
                group["lr"] = lr * schedule(taken)
        taken += 1
        optimizer.zero_grad()
        metrics = loss(batch)
        if not isinstance(metrics, dict):
            metrics = {"loss": metrics}
        metrics["loss"].backward()
        if clip is not None:
            groups = optimizer.param_groups
            nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], clip)
        optimizer.step()
        return {
            name: value.detach() if isinstance(value, Tensor) else value
            for name, value in metrics.items()
        }

    return step
