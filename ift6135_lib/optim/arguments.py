"""The values that the arguments of optimizers accept, and the errors for others."""

import math
from numbers import Real

import torch
from torch import Tensor

# lowest value, highest value, is the highest one accepted?
NON_NEGATIVE = (0.0, math.inf, False)
FRACTION = (0.0, 1.0, True)
RANGES = {
    "lr": NON_NEGATIVE,
    "weight_decay": NON_NEGATIVE,
    "momentum": FRACTION,
    "dampening": FRACTION,
    "lr_decay": NON_NEGATIVE,
    "initial_accumulator_value": NON_NEGATIVE,
    "eps": NON_NEGATIVE,
    "alpha": FRACTION,
    "rho": FRACTION,
    "betas": (0.0, 1.0, False),
    "final_lr": NON_NEGATIVE,
    "gamma": NON_NEGATIVE,
}


def check_number(name, value):
    """Raise ValueError unless the argument, or each of a pair, is within its range."""
    low, high, closed = RANGES[name]
    pair = name == "betas"
    values = value if pair and isinstance(value, tuple | list) else [value]
    inside = all(
        isinstance(x, Real | Tensor) and (low <= x < high or (closed and x == high))
        for x in values
    )
    if not inside or len(values) != 1 + pair:
        kind = "be a pair of numbers in" if pair else "lie in"
        end = "∞)" if high == math.inf else f"{high:g}{']' if closed else ')'}"
        raise ValueError(f"{name} must {kind} [{low:g}, {end}, got {value!r}")


def check_parameter(name, p, known):
    """Raise ValueError unless ``p`` is a new parameter that can be optimized."""
    if p in known:
        raise ValueError(f"{name} is given twice; params must be distinct")
    if not p.is_floating_point():
        raise ValueError(f"{name} must be real floating point, got {p.dtype}")
    if not p.requires_grad:
        raise ValueError(
            f"{name} must require a gradient, got requires_grad=False; "
            "leave frozen parameters out"
        )


def check_gradients(params):
    """Raise ValueError if a gradient is sparse."""
    for i, p in enumerate(params):
        if p.grad is not None and p.grad.layout != torch.strided:
            raise ValueError(
                f"the gradient of params[{i}], of shape {tuple(p.shape)}, must be "
                f"dense, got {p.grad.layout}; an embedding needs sparse=False"
            )
