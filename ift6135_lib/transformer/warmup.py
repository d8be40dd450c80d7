"""The learning rate of the first transformer: up in a line, down as 1/√step.

.. math:: η_s = a\\, d^{-1/2} \\min(s^{-1/2},\\; s\\, w^{-3/2})

It meets its maximum, a (d w)^{-1/2}, at step w.  Post-norm needs the slow start: at the
first steps its last layers have large gradients.

Symbols: s ``step``, w ``warmup``, d ``d`` width, a ``scale``.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 5.3, equation 3.
See: chapters/09-transformers
"""

from __future__ import annotations

from .checks import check_positive


def noam_rate(step: int, *, d: int, warmup: int = 4000, scale: float = 1.0) -> float:
    """The learning rate at a step.

    .. math:: η_s = a\\, d^{-1/2} \\min(s^{-1/2},\\; s\\, w^{-3/2})

    Args:
        step: s, counted from 1.
        d: width of the model.
        warmup: w, how many steps the rate grows.
        scale: a, which multiplies it.

    Returns:
        The learning rate.

    Raises:
        ValueError: a number is below 1.

    Source:
        Vaswani et al. 2017, equation 3.

    Example:
        >>> noam_rate(4000, d=512)  # its maximum
        0.0006987712429686843
    """
    check_positive(step=step, d=d, warmup=warmup)
    return scale * d**-0.5 * min(step**-0.5, step * warmup**-1.5)
