"""Span corruption: T5 reads a text with holes, and writes what filled them.

.. math::
    \\text{inputs: } & x_1\\, x_2\\, ⟨0⟩\\, x_5\\, ⟨1⟩\\, x_7 \\\\
    \\text{targets: } & ⟨0⟩\\, x_3\\, x_4\\, ⟨1⟩\\, x_6\\, ⟨2⟩

Each hole is one token, a *sentinel*, however long the span. The targets are short: they
hold only what is missing, each span after its sentinel, and one sentinel more to end.

Symbols: ⟨i⟩ the token ``sentinel`` − i.  Shapes: t tokens of the text, n of the inputs,
    m of the targets.
Source: Raffel et al., JMLR 21, 2020, arXiv:1910.10683, section 3.1.4, figure 2; lengths
    of the spans: section 3.3.4.
Deviation: no end-of-text token is added.
See: chapters/09-transformers
"""

from __future__ import annotations

from itertools import pairwise

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from .checks import check_positive


def span_mask(
    length: int,
    *,
    density: float = 0.15,
    mean_span: float = 3.0,
    generator: torch.Generator | None = None,
) -> Bool[Tensor, " t"]:
    """Draw the spans to hide: a given share of the text, in spans of a given mean.

    Tokens hidden and tokens kept are each cut at random into as many runs, which take
    turns; the first run is kept.

    Args:
        length: t ≥ 2, tokens of the text.
        density: share of the tokens to hide, in (0, 1); one at least is hidden, and
            one is kept.
        mean_span: mean length of a span, at least 1, in tokens.
        generator: of the draw.

    Returns:
        True for tokens to hide (t,).

    Raises:
        ValueError: an argument is out of range.

    Source:
        Raffel et al. 2020, section 3.3.4, and the authors' program.

    Example:
        >>> int(span_mask(100).sum())
        15
    """
    check_positive(length=length)
    if length < 2 or not 0 < density < 1 or not mean_span >= 1:
        raise ValueError(
            f"length is {length}, density {density} and mean_span {mean_span}; they "
            "must be at least 2, between 0 and 1, and at least 1"
        )
    hidden = min(max(round(length * density), 1), length - 1)
    spans = min(max(round(hidden / mean_span), 1), length - hidden)

    def cut(tokens: int) -> Tensor:
        """Lengths of the runs, all at least 1: spans − 1 places to cut."""
        places = torch.randperm(tokens - 1, generator=generator)[: spans - 1] + 1
        ends = torch.cat([places.sort().values, torch.tensor([tokens])])
        return ends.diff(prepend=torch.tensor([0]))

    runs = torch.stack([cut(length - hidden), cut(hidden)], 1).flatten()  # in turn
    return torch.tensor([False, True]).repeat(spans).repeat_interleave(runs)


def corrupt_spans(
    tokens: Int[Tensor, " t"], hidden: Bool[Tensor, " t"], sentinel: int
) -> tuple[Int[Tensor, " n"], Int[Tensor, " m"]]:
    """The text with holes, and what fills them.

    Args:
        tokens: of the text (t,), all below the sentinels.
        hidden: True for the tokens to hide (t,); neighbours are one span.
        sentinel: ⟨0⟩, the first sentinel; the next ones are one below the other.

    Returns:
        Inputs (n,) and targets (m,).

    Raises:
        ValueError: a token of the text is a sentinel.

    Source:
        Raffel et al. 2020, section 3.1.4.

    Example:
        >>> hidden = torch.tensor([False, True, True, False, True])
        >>> corrupt_spans(torch.tensor([5, 6, 7, 8, 9]), hidden, sentinel=99)
        (tensor([ 5, 99,  8, 98]), tensor([99,  6,  7, 98,  9, 97]))
    """
    hidden = hidden.to(tokens.device)
    starts = hidden & ~torch.cat([hidden.new_zeros(1), hidden[:-1]])
    spans = int(starts.sum())
    if len(tokens) and int(tokens.max()) >= sentinel - spans:
        raise ValueError(
            f"the text holds the token {int(tokens.max())}, and its sentinels are "
            f"{sentinel - spans} to {sentinel}; sentinels must stand above all tokens"
        )
    holes = sentinel - torch.cumsum(starts, 0) + 1  # the sentinel of each place
    inputs = torch.where(starts, holes, tokens)[~hidden | starts]
    pairs = torch.stack([holes, tokens], 1)  # a span's first token follows its sentinel
    targets = pairs[torch.stack([starts, hidden], 1)]
    return inputs, torch.cat([targets, targets.new_tensor([sentinel - spans])])


def fill_spans(
    inputs: Int[Tensor, " n"], targets: Int[Tensor, " m"], sentinel: int
) -> Int[Tensor, " t"]:
    """The text again: each hole filled with its span.

    Args:
        inputs: the text with holes (n,).
        targets: the spans, each after its sentinel (m,).
        sentinel: ⟨0⟩, the first sentinel.

    Returns:
        The text (t,).

    Raises:
        ValueError: the targets do not hold the holes' sentinels in order.

    Source:
        Raffel et al. 2020, figure 2.

    Example:
        >>> fill_spans(torch.tensor([5, 99, 8]), torch.tensor([99, 6, 7, 98]), 99)
        tensor([5, 6, 7, 8])
    """
    reading, writing = inputs.tolist(), targets.tolist()
    last = writing[-1] if writing else sentinel + 1
    marks = [i for i, token in enumerate(writing) if last <= token <= sentinel]
    named = [writing[i] for i in marks]
    holes = [token for token in reading if last < token <= sentinel]
    first = bool(marks) and marks[0] == 0
    if not first or named != [*range(sentinel, last - 1, -1)] or named[:-1] != holes:
        raise ValueError(
            f"the sentinels of the inputs are {holes}, those of the targets {named}; "
            f"both must go down from {sentinel}, and the targets have one more"
        )
    spans = {writing[i]: writing[i + 1 : j] for i, j in pairwise(marks)}
    text = [each for token in reading for each in spans.get(token, [token])]
    return inputs.new_tensor(text)
