"""Draw from a softmax, sharper or flatter than the model's.

.. math:: p(q) ∝ \\exp(\\mathrm{logit}_q / T)

At T = 1 these are the model's probabilities; as T → 0 the likeliest class takes all.

Symbols: T ``temperature``.  Shapes: b batch, q classes.
Source: Ackley, Hinton & Sejnowski, Cognitive Science 9, 1985 (T of the Boltzmann
    distribution).
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor


def sample_softmax(
    logits: Float[Tensor, "b q"],
    temperature: Float[Tensor, "b 1"],
    generator: torch.Generator | None = None,
) -> Int[Tensor, "b 1"]:
    """Draw a class from a softmax at a temperature; at 0, take the likeliest.

    .. math:: p(q) ∝ \\exp(\\mathrm{logit}_q / T)

    Args:
        logits: of the classes (b, q).
        temperature: T ≥ 0 of each row (b, 1).
        generator: of the draw.

    Returns:
        One class for each row (b, 1).

    Raises:
        ValueError: a temperature is negative or undefined.

    Example:
        >>> sample_softmax(torch.tensor([[0.0, 1.0, 0.5]]), torch.zeros(1, 1))
        tensor([[1]])
    """
    if not (temperature >= 0).all():
        raise ValueError(f"temperature is {temperature.tolist()}; it must be 0 or more")
    likeliest = temperature == 0
    probs = torch.softmax(logits / temperature.masked_fill(likeliest, 1), -1)
    drawn = torch.multinomial(probs, 1, generator=generator)
    return torch.where(likeliest, logits.argmax(-1, keepdim=True), drawn)
