"""A neural language model: an MLP on the last words, as vectors.

.. math:: y = b + W x + U \\tanh(d + H x), \\qquad
    x = [C_{w_{t-1}}; …; C_{w_{t-n+1}}], \\qquad
    p(w_t \\mid w_{t-1}, …, w_{t-n+1}) = \\mathrm{softmax}(y)_{w_t}

As the n-gram, it sees n − 1 words. Unlike it, it treats words with near vectors alike,
so that a sentence that was read informs about others that were not. The limit is the
fixed window, not the MLP.

Symbols: C ``embedding``, H and d ``hidden``, U and b ``output``, W ``direct``.
Shapes: b batch, n1 = n − 1 words before, v vocabulary, m width of a word.
Source: Bengio, Ducharme, Vincent & Jauvin, JMLR 3, 2003, section 2, equation 1.
Parity: the equation in NumPy, and the paper's number of parameters.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from ift6135_lib.conv.whole import check_whole
from ift6135_lib.weights import placed


class NPLM(nn.Module):
    """Bengio et al.'s neural probabilistic language model.

    It has V(1 + nm + h) + h(1 + (n − 1)m) parameters, and V(n − 1)m fewer without the
    direct connections.

    Args:
        size: V, words of the vocabulary.
        order: n; the model sees n − 1 words.
        d: m, width of a word's vector.
        hidden: h, width of the hidden layer.
        direct: whether W connects the vectors to the logits.
        device: where the parameters are made.

    Raises:
        ValueError: a size is no whole number ≥ 1, or the order is below 2.

    Source:
        Bengio et al. 2003, section 2.

    Example:
        >>> model = NPLM(17, order=4, d=5, hidden=8)
        >>> model(torch.zeros(2, 3, dtype=torch.long)).shape
        torch.Size([2, 17])
    """

    def __init__(
        self,
        size: int,
        order: int,
        d: int,
        hidden: int,
        *,
        direct: bool = True,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_whole("size", size)
        check_whole("order", order, at_least=2)
        check_whole("d", d)
        check_whole("hidden", hidden)
        self.order = order
        with placed(device):
            self.embedding = nn.Embedding(size, d)
            self.hidden = nn.Linear((order - 1) * d, hidden)
            self.output = nn.Linear(hidden, size)
            self.direct = (
                nn.Linear((order - 1) * d, size, bias=False) if direct else None
            )

    def forward(self, history: Int[Tensor, "b n1"]) -> Float[Tensor, "b v"]:
        """y = b + W x + U tanh(d + H x).

        Args:
            history: the last n − 1 words of each text (b, n − 1), in order.

        Returns:
            Logits of the next word (b, v).

        Raises:
            ValueError: the histories have another length.
        """
        if history.shape[1] != self.order - 1:
            raise ValueError(
                f"the histories have {history.shape[1]} words; an order of "
                f"{self.order} takes {self.order - 1}"
            )
        x = self.embedding(history).flatten(1)  # (b, (n - 1) m)
        y = self.output(torch.tanh(self.hidden(x)))
        return y if self.direct is None else y + self.direct(x)

    @torch.no_grad()
    def log_probs(self, codes: Int[Tensor, " t"]) -> Float[Tensor, " t2"]:
        """How likely each word of a text is, given the n − 1 before.

        Args:
            codes: numbers of the words (t,), at least n of them.

        Returns:
            ln p of the words n, …, t, in nats: (t − n + 1,).

        Raises:
            ValueError: the text is shorter than n.
        """
        windows = ngrams(codes, self.order)
        found = []
        for part in windows.split(4096):
            law = F.log_softmax(self(part[:, :-1]), -1)
            found.append(law.gather(1, part[:, -1:])[:, 0])
        return torch.cat(found)

    @torch.no_grad()
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
        codes = start
        for _ in range(steps):
            logits = self(codes[None, len(codes) - self.order + 1 :])
            probs = F.softmax(logits[0], -1)
            word = torch.multinomial(probs, 1, generator=generator)
            codes = torch.cat([codes, word])
        return codes[len(start) :]


def ngrams(codes: Int[Tensor, " t"], order: int) -> Int[Tensor, "t2 n"]:
    """Every run of n words of a text: the examples of an n-gram, counted or neural.

    Args:
        codes: numbers of the words (t,).
        order: n, words of a run.

    Returns:
        The t − n + 1 runs, a row for each.

    Raises:
        ValueError: the order is no whole number ≥ 1, or the text is shorter.

    Example:
        >>> ngrams(torch.tensor([5, 6, 7, 8]), 3)
        tensor([[5, 6, 7],
                [6, 7, 8]])
    """
    check_whole("order", order)
    if len(codes) < order:
        raise ValueError(
            f"the text has {len(codes)} words; an order of {order} needs as many"
        )
    return codes.unfold(0, order, 1)


def loss(model: NPLM, batch: tuple[Tensor]) -> dict[str, Tensor]:
    """Mean negative log-likelihood of the last word of each run.

    .. math:: L = -\\frac1b \\sum_i \\ln p(w_n \\mid w_{n-1}, …, w_1)

    Args:
        model: of the text.
        batch: runs of n words (b, n), as :func:`ngrams` makes them.

    Returns:
        "loss" in nats for each word.

    Example:
        >>> runs = torch.zeros(4, 3, dtype=torch.long)
        >>> loss(NPLM(5, order=3, d=2, hidden=3), (runs,))["loss"].shape
        torch.Size([])
    """
    (runs,) = batch
    return {"loss": F.cross_entropy(model(runs[:, :-1]), runs[:, -1])}
