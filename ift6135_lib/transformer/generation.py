"""Generation: a token is drawn, joins the text, and the next one is drawn.

.. math:: x_{t+1} \\sim p(· \\mid x_{≤ t})

With a cache, each step computes one position, and reads the keys and values of the
others; without, it computes them all again.  The tokens are the same.

See: chapters/09-transformers
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Int
from torch import Tensor

from .cache import KVCache
from .checks import check_positive
from .sampling import sample


@runtime_checkable
class CausalModel(Protocol):
    """What generation asks of a model: to be called, and to make caches, as GPT."""

    context: int  # the longest text, in tokens
    training: bool  # whether it is being trained

    def caches(self, batch: int, room: int) -> list[KVCache]:
        """One empty cache for each block."""

    def train(self, mode: bool) -> CausalModel:
        """Set the mode."""

    def __call__(
        self, tokens: Tensor, *, caches: list[KVCache] | None, last: bool
    ) -> Tensor:
        """The logits (b, 1, v) of what follows the last token."""


def generate(
    model: CausalModel,
    prompt: Int[Tensor, "b n"],
    steps: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    greedy: bool = False,
    cache: bool = True,
    generator: torch.Generator | None = None,
) -> Int[Tensor, "b total"]:
    """Continue texts, token after token.

    .. math:: x_{t+1} \\sim p(· \\mid x_{≤ t})

    Args:
        model: a causal model that gives logits; it generates in evaluation mode.
        prompt: the texts to continue (b, n), of at least one token.
        steps: how many tokens to add.
        temperature: T > 0 of the draw.
        top_k: how many tokens may be drawn, the likeliest; None for all.
        top_p: share of the probability that may be drawn, in (0, 1]; None for all.
        greedy: True takes the likeliest token each time, the limit T → 0; the other
            settings do not matter then.
        cache: whether keys and values are kept; the same tokens, in less time.
        generator: of random numbers; by default, torch's.

    Returns:
        Prompts and continuations (b, n + steps).

    Raises:
        ValueError: the prompt is empty, or the whole is longer than the context; a
            token is unknown; a setting is outside its range.

    Source:
        The cache: Pope et al., MLSys 2023, arXiv:2211.05102, section 2.

    Example:
        >>> from ift6135_lib.transformer import GPT
        >>> model = GPT(vocabulary=10, context=16, d=8, layers=1, heads=2)
        >>> generate(model, torch.tensor([[1, 2]]), 5).shape
        torch.Size([1, 7])
    """
    check_positive(steps=steps)
    settings = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
    settings["generator"] = generator
    b, n = prompt.shape
    if n == 0:
        raise ValueError(
            "the prompt is empty; give at least one token, such as a start"
        )
    if n + steps > model.context:
        raise ValueError(
            f"a prompt of {n} tokens and {steps} more make {n + steps}, and the "
            f"model has a context of {model.context}: generate at most "
            f"{max(model.context - n, 0)}"
        )
    text = prompt.new_empty(b, n + steps)
    text[:, :n] = prompt
    training = model.training
    model.train(False)
    try:
        with torch.inference_mode():
            caches = model.caches(b, n + steps) if cache else None
            for t in range(n, n + steps):
                # the whole prompt first; then, with a cache, the last token alone
                start = t - 1 if cache and t > n else 0
                logits = model(text[:, start:t], caches=caches, last=True)[:, -1]
                text[:, t] = logits.argmax(-1) if greedy else sample(logits, **settings)
    finally:
        model.train(training)
    return text
