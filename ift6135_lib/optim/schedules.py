"""Learning-rate schedules: how the rate changes with the step.

Each function returns a schedule, ``t -> factor``: the rate at step t = 0, 1, 2, … is
the initial rate times the factor.  Schedules go to ``descend(..., schedule=...)`` or
to ``torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)``.

Symbols: t step (or epoch), γ ``gamma``, T ``T_max``, T_0 ``T_0``.
Parity: ``torch.optim.lr_scheduler``.
See: chapters/04-optimization
"""

from collections.abc import Callable
from math import cos, inf, pi
from numbers import Integral, Real

Schedule = Callable[[int], float]
"""From the step t = 0, 1, … to the factor of the initial rate."""


def step_decay(step_size: int, gamma: float = 0.1) -> Schedule:
    r"""Multiply the rate by γ every ``step_size`` steps.

    .. math:: f(t) = γ^{⌊t / s⌋}

    Args:
        step_size: Number of steps s ≥ 1 between two drops.
        gamma: Factor γ > 0 of each drop.

    Returns:
        The schedule.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Goodfellow, Bengio & Courville, *Deep Learning*, 2016, section 8.3.1.

    Example:
        >>> schedule = step_decay(2, gamma=0.5)
        >>> [schedule(t) for t in range(5)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    _whole("step_size", step_size, at_least=1)
    _between("gamma", gamma, above=0)
    return lambda t: gamma ** (t // step_size)


def exponential(gamma: float) -> Schedule:
    r"""Multiply the rate by γ at every step.

    .. math:: f(t) = γ^t

    Args:
        gamma: Factor γ > 0 of each step.

    Returns:
        The schedule.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Goodfellow, Bengio & Courville, *Deep Learning*, 2016, section 8.3.1.

    Example:
        >>> schedule = exponential(0.5)
        >>> [schedule(t) for t in range(4)]
        [1.0, 0.5, 0.25, 0.125]
    """
    _between("gamma", gamma, above=0)
    return lambda t: gamma**t


def cosine(T_max: int, eta_min: float = 0.0) -> Schedule:
    r"""Bring the rate down to a fraction of itself along half a cosine.

    .. math:: f(t) = f_{\min} + \tfrac12 (1 - f_{\min}) \left(1 + \cos(π t / T)\right)

    After T the cosine goes up again, as in PyTorch: stop there.

    Args:
        T_max: Number of steps T ≥ 1 from the initial rate to the lowest.
        eta_min: Lowest rate, a fraction of the initial one, in [0, 1].

    Returns:
        The schedule.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Loshchilov & Hutter, ICLR 2017, arXiv:1608.03983, eq. 5 (a single run).

    Example:
        >>> schedule = cosine(4)
        >>> [round(schedule(t), 4) for t in range(5)]
        [1.0, 0.8536, 0.5, 0.1464, 0.0]
    """
    _whole("T_max", T_max, at_least=1)
    _between("eta_min", eta_min, at_least=0, at_most=1)
    return lambda t: eta_min + (1 - eta_min) * (1 + cos(pi * t / T_max)) / 2


def warm_restarts(T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> Schedule:
    r"""Anneal along a cosine, then start again at the initial rate (SGDR).

    .. math:: f(t) = f_{\min} + \tfrac12 (1 - f_{\min})
        \left(1 + \cos(π\, t_i / T_i)\right), \qquad T_{i+1} = T_i\, T_{mult}

    where t_i is the number of steps since the last restart.

    Args:
        T_0: Length T_0 ≥ 1 of the first run, in steps.
        T_mult: Whole factor ≥ 1 by which each run is longer than the one before.
        eta_min: Lowest rate, a fraction of the initial one, in [0, 1].

    Returns:
        The schedule.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Loshchilov & Hutter, ICLR 2017, arXiv:1608.03983, eq. 5.

    Example:
        >>> schedule = warm_restarts(2, T_mult=2)
        >>> [round(schedule(t), 4) for t in range(7)]
        [1.0, 0.5, 1.0, 0.8536, 0.5, 0.1464, 1.0]
    """
    _whole("T_0", T_0, at_least=1)
    _whole("T_mult", T_mult, at_least=1)
    _between("eta_min", eta_min, at_least=0, at_most=1)

    def schedule(t: int) -> float:
        length = T_0
        if T_mult == 1:
            t = t % T_0
        else:
            while t >= length:
                t, length = t - length, length * T_mult
        return eta_min + (1 - eta_min) * (1 + cos(pi * t / length)) / 2

    return schedule


def warm_up(steps: int, then: Schedule | None = None) -> Schedule:
    r"""Raise the rate linearly during the first steps, then follow another schedule.

    .. math:: f(t) = \frac{t + 1}{s + 1} \quad (t < s), \qquad f(t) = f_{then}(t - s)
        \quad (t ≥ s)

    Args:
        steps: Number s ≥ 0 of steps below the full rate; none of them is zero.
        then: Schedule that follows, from its own step 0; None keeps the full rate.

    Returns:
        The schedule.

    Raises:
        ValueError: An argument lies outside its range.

    Source:
        Goyal et al., arXiv:1706.02677, section 2.2 (gradual warm-up).

    Example:
        >>> schedule = warm_up(3, then=exponential(0.5))
        >>> [schedule(t) for t in range(6)]
        [0.25, 0.5, 0.75, 1.0, 0.5, 0.25]
    """
    _whole("steps", steps, at_least=0)
    if then is not None and not callable(then):
        raise ValueError(f"then must be a schedule (t -> factor) or None, got {then!r}")

    def schedule(t: int) -> float:
        if t < steps:
            return (t + 1) / (steps + 1)
        return 1.0 if then is None else then(t - steps)

    return schedule


def _whole(name, value, *, at_least):
    """Raise ValueError unless ``value`` is a whole number, ``at_least`` or more."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be a whole number ≥ {at_least}, got {value!r}")


def _between(name, value, *, above=None, at_least=None, at_most=inf):
    """Raise ValueError unless ``value`` is a finite number within the limits."""
    low = f"({above}" if at_least is None else f"[{at_least}"
    inside = isinstance(value, Real) and (
        value > above if at_least is None else value >= at_least
    )
    if not inside or value > at_most or value == inf:
        high = f"{at_most}]" if at_most < inf else "∞)"
        raise ValueError(f"{name} must lie in {low}, {high}, got {value!r}")
