"""The n-gram: the next word depends on the n − 1 before it, and is counted.

.. math::
    p(w \\mid h) = \\frac{\\#(h, w) + α}{\\#(h) + α V}

α = 0 is maximum likelihood: what was not seen is impossible. Adding α to every count
keeps a little probability for it. The counts of long histories are rare, so that a
higher order needs more text.

Symbols: n ``order``, h the history of n − 1 words, α ``smoothing``, V ``size``.
Shapes: t words, n − 1 words of a history, v vocabulary.
Source: Shannon, Bell System Technical Journal 27, 1948; smoothing: Jurafsky & Martin,
    Speech and Language Processing, 3rd ed., section 3.6.
Parity: the counting loop of the tests.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ift6135_lib.conv.whole import check_whole


class NGram:
    """Counts of what follows each history.

    Only histories that were seen take memory: their number times V counts. They are
    counted on the CPU, and laws are given there, wherever the text is.

    Args:
        order: n; 1 is the unigram, which has no history.
        size: V, words of the vocabulary.
        smoothing: α ≥ 0, added to every count.

    Raises:
        ValueError: an argument is out of range, or V^(n−1) histories cannot be
            numbered.

    Source:
        Jurafsky & Martin, Speech and Language Processing, 3rd ed., chapter 3.

    Example:
        >>> bigram = NGram(2, size=3).fit(torch.tensor([0, 1, 0, 2, 0, 1]))
        >>> bigram.probs(torch.tensor([[0]]))
        tensor([[0.0000, 0.6667, 0.3333]])
    """

    def __init__(self, order: int, size: int, *, smoothing: float = 0.0):
        check_whole("order", order)
        check_whole("size", size)
        if not 0 <= smoothing < float("inf"):
            raise ValueError(f"smoothing is {smoothing}; it must be 0 or more")
        if size ** (order - 1) >= 2**63:
            raise ValueError(
                f"an order of {order} over {size} words has {size}^{order - 1} "
                "histories, too many to number; lower one of both"
            )
        self.order, self.size, self.smoothing = order, size, smoothing
        self.powers = size ** torch.arange(order - 1)  # numbers in base V
        self.histories = torch.zeros(0, dtype=torch.long)  # seen, in increasing order
        self.counts = torch.zeros(0, size)  # (histories, v)

    def fit(self, codes: Int[Tensor, " t"]) -> NGram:
        """Count the words of a text, in place of what was counted before.

        Args:
            codes: numbers of the words (t,), at least n of them.

        Returns:
            Itself.

        Raises:
            ValueError: the text is shorter than n, or a number is not below V.
        """
        histories, words = self._split(codes)
        seen, row = torch.unique(histories @ self.powers, return_inverse=True)
        cells = (row * self.size + words).bincount(minlength=len(seen) * self.size)
        self.histories, self.counts = seen, cells.reshape(-1, self.size).float()
        return self

    def probs(self, history: Int[Tensor, "b past"]) -> Float[Tensor, "b v"]:
        """The law of the next word: uniform after a history with neither count nor α.

        .. math:: p(w \\mid h) = \\frac{\\#(h, w) + α}{\\#(h) + α V}

        Args:
            history: the last n − 1 words of each text (b, n − 1).

        Returns:
            Probabilities (b, v).

        Raises:
            ValueError: the histories have another length.
        """
        if history.shape[1] != self.order - 1:
            raise ValueError(
                f"the histories have {history.shape[1]} words; an order of "
                f"{self.order} takes {self.order - 1}"
            )
        number = history.cpu() @ self.powers
        if not len(self.histories):
            raise ValueError("nothing is counted yet; call fit(codes)")
        row = torch.searchsorted(self.histories, number)
        row = row.clamp(max=len(self.histories) - 1)
        seen = self.histories[row] == number
        counts = torch.where(seen[:, None], self.counts[row], 0.0) + self.smoothing
        total = counts.sum(-1, keepdim=True)
        return torch.where(total > 0, counts / total, 1 / self.size)

    def log_probs(self, codes: Int[Tensor, " t"]) -> Float[Tensor, " t2"]:
        """How likely each word of a text is, given those before.

        Args:
            codes: numbers of the words (t,), at least n of them.

        Returns:
            ln p of the words n, …, t, in nats: (t − n + 1,).

        Raises:
            ValueError: the text is shorter than n, or a number is not below V.
        """
        histories, words = self._split(codes)
        pairs = zip(histories.split(4096), words.split(4096), strict=True)
        p = [self.probs(h).gather(1, w[:, None])[:, 0] for h, w in pairs]
        return torch.cat(p).log()

    def sample(
        self,
        start: Int[Tensor, " past"],
        steps: int,
        *,
        generator: torch.Generator | None = None,
    ) -> Int[Tensor, " steps"]:
        """Continue a text, a word after the other.

        Args:
            start: the words before (past,), at least n − 1.
            steps: how many to add.
            generator: of the draws.

        Returns:
            The words added (steps,).

        Raises:
            ValueError: the start is too short, or steps is no whole number ≥ 1.
        """
        check_whole("steps", steps)
        if len(start) < self.order - 1:
            raise ValueError(
                f"the start has {len(start)} words; an order of {self.order} needs "
                f"{self.order - 1}"
            )
        codes = start.tolist()
        for _ in range(steps):
            history = codes[len(codes) - self.order + 1 :]
            probs = self.probs(torch.tensor([history], dtype=torch.long))
            codes += torch.multinomial(probs[0], 1, generator=generator).tolist()
        return torch.tensor(codes[len(start) :])

    def _split(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Histories (t − n + 1, n − 1) and the words that follow (t − n + 1,)."""
        codes = codes.cpu()
        if len(codes) < self.order:
            raise ValueError(
                f"the text has {len(codes)} words; an order of {self.order} needs as "
                "many"
            )
        if not 0 <= codes.min() <= codes.max() < self.size:
            raise ValueError(
                f"numbers go from {codes.min()} to {codes.max()}; a vocabulary of "
                f"{self.size} words has 0 to {self.size - 1}"
            )
        windows = codes.unfold(0, self.order, 1)
        return windows[:, :-1], windows[:, -1]
