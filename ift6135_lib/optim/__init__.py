"""Optimizers, schedules and the tools of chapter 4, each beside its equation."""

from .adabound import AdaBound
from .adadelta import Adadelta
from .adagrad import Adagrad
from .adam import Adam
from .adamw import AdamW
from .amsgrad import AMSGrad
from .base import Optimizer
from .evolution import evolution_strategy
from .landscape import (
    classify_critical_point,
    hessian_eigenvalues,
    plane,
    trajectory,
)
from .momentum import Momentum
from .nesterov import Nesterov
from .newton import newton, normal_equations
from .rmsprop import RMSprop
from .schedules import cosine, exponential, step_decay, warm_restarts, warm_up
from .search import grid_search, log_uniform, random_search, uniform
from .sgd import SGD
from .surfaces import himmelblau, quadratic, rosenbrock, saddle
from .tuning import gradient_noise_scale, lr_range_test

__all__ = [
    "SGD",
    "AMSGrad",
    "AdaBound",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "classify_critical_point",
    "cosine",
    "evolution_strategy",
    "exponential",
    "gradient_noise_scale",
    "grid_search",
    "hessian_eigenvalues",
    "himmelblau",
    "log_uniform",
    "lr_range_test",
    "newton",
    "normal_equations",
    "plane",
    "quadratic",
    "random_search",
    "rosenbrock",
    "saddle",
    "step_decay",
    "trajectory",
    "uniform",
    "warm_restarts",
    "warm_up",
]
