"""Two measurements that guide the choice of a learning rate and of a batch size.

Source: learning-rate range test, Smith, WACV 2017, arXiv:1506.01186, section 3.3;
    gradient noise scale, McCandlish et al. 2018, arXiv:1812.06162, section 2 and
    appendix A.1.
See: chapters/04-optimization/in-practice.md and gradient-descent.md
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from ift6135_lib.train import descend


class RangeTest(NamedTuple):
    """Learning rates, and the loss of the batch just before each was used."""

    rates: list[float]  # of each update
    losses: list[float]  # of the batch, before the update


def lr_range_test(
    loss: Callable[[Any], Tensor],
    optimizer: torch.optim.Optimizer,
    batches: Iterable,
    *,
    low: float = 1e-5,
    high: float = 10.0,
    steps: int = 100,
    explode: float = 4.0,
) -> RangeTest:
    """Train while the learning rate grows geometrically; watch where the loss leaves.

    .. math:: η_t = η_{low} (η_{high} / η_{low})^{t / (T - 1)}

    The parameters, the optimizer's state and its rates are put back afterwards.

    Args:
        loss: takes a batch, returns a scalar.
        optimizer: holds the parameters to train.
        batches: an iterator of batches.
        low: first learning rate, positive.
        high: last learning rate, above low.
        steps: how many updates T, at least 2.
        explode: stop once the loss exceeds this many times the lowest one.

    Returns:
        The rates used and the losses met.

    Raises:
        ValueError: an argument lies outside its range.

    Source:
        Smith 2017, section 3.3.

    Example:
        >>> θ = torch.nn.Parameter(torch.tensor([1.0]))
        >>> sgd = torch.optim.SGD([θ], lr=0.1)
        >>> test = lr_range_test(lambda _: (θ**2).sum(), sgd, iter([0] * 100))
        >>> test.rates[0], θ.item()
        (1e-05, 1.0)
    """
    if not 0 < low < high:
        raise ValueError(f"low is {low} and high {high}; 0 < low < high is needed")
    if steps < 2:
        raise ValueError(f"steps is {steps}; it must be at least 2")
    groups = optimizer.param_groups
    parameters = [p for group in groups for p in group["params"]]
    before = [p.detach().clone() for p in parameters]
    state, rates = optimizer.state_dict(), [group["lr"] for group in groups]
    state = {
        "state": {k: _copied(v) for k, v in state["state"].items()},
        "param_groups": state["param_groups"],
    }
    step = descend(loss, optimizer)
    tried, losses = [], []
    for t, batch in zip(range(steps), batches, strict=False):
        rate = low * (high / low) ** (t / (steps - 1))
        for group in groups:
            group["lr"] = rate
        value = float(step(batch)["loss"])
        tried.append(rate)
        losses.append(value)
        if not math.isfinite(value) or value > explode * min(losses):
            break
    with torch.no_grad():
        for p, old in zip(parameters, before, strict=True):
            p.copy_(old)
    optimizer.load_state_dict(state)
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
    return RangeTest(tried, losses)


def _copied(state: dict) -> dict:
    return {k: v.clone() if isinstance(v, Tensor) else v for k, v in state.items()}


def gradient_noise_scale(gradients: Float[Tensor, "n p"]) -> float:
    """The batch size around which larger batches stop paying.

    .. math:: B_{noise} = \\frac{\\mathrm{tr}\\, Σ}{\\lVert G \\rVert^2}

    Σ is the covariance of one example's gradient, G its mean. The sample's mean square
    is too large by tr Σ / n on average; the estimate corrects it.

    Args:
        gradients: one row for each example, all at the same parameters.

    Returns:
        A number of examples; infinite when the mean gradient is lost in the noise.

    Raises:
        ValueError: fewer than two rows.

    Source:
        McCandlish et al. 2018, equations 2.8 and A.1-A.4.

    Example:
        >>> gradient_noise_scale(torch.tensor([[1.0], [3.0]]))  # Σ = 2, G² = 4 - 1
        0.6666666865348816
    """
    n = len(gradients)
    if n < 2:
        raise ValueError(f"gradients has {n} rows; at least 2 are needed")
    trace = gradients.var(0, unbiased=True).sum()
    square = gradients.mean(0).square().sum() - trace / n
    return float(trace / square) if square > 0 else math.inf
