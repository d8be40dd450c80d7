"""word2vec: vectors that tell the true neighbours of a word from drawn ones.

.. math::
    ℓ = -\\ln σ(u_o^⊤ v) - \\sum_{j=1}^{k} \\ln σ(-u_{n_j}^⊤ v)

Skip-gram: v is the vector of the word in the middle, o one of its neighbours. CBOW: v
is the mean of the neighbours' vectors, o the word in the middle. Nothing is labelled:
the text itself says which pairs are true; the others n are drawn from a law q.

With q the words' frequencies and vectors long enough, the minimum of skip-gram is the
shifted PMI of ``cooccurrence.py``: u_o·v_c = ln(p(c, o) / p(c) q(o)) − ln k.

Symbols: v ``inputs``' rows, u ``outputs``' rows, σ the logistic function, k number of
    negatives, m ``window``.
Shapes: b batch, k negatives, n neighbours, v vocabulary, d width.
Source: Mikolov et al., arXiv:1301.3781 (CBOW, skip-gram) and NeurIPS 2013,
    arXiv:1310.4546, equation 4; the optimum: Levy & Goldberg, NeurIPS 2014, section 3.
Deviations: no subsampling of frequent words; every pair of the window counts once.
Parity: the closed form of the optimum; the loss by hand.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from ift6135_lib.conv.whole import check_whole
from ift6135_lib.weights import placed

from .negative_sampling import negative_sampling_loss


class SkipGram(nn.Module):
    """Skip-gram: from the word in the middle to each neighbour.

    Input vectors start as U(−1/2d, 1/2d), output vectors at 0, as the authors' program.

    Args:
        size: V, words of the vocabulary.
        d: width of the vectors.
        device: where the parameters are made.

    Raises:
        ValueError: a size is no whole number ≥ 1.

    Source:
        Mikolov et al., arXiv:1310.4546, section 2.

    Example:
        >>> model = SkipGram(10, 4)
        >>> one = torch.tensor([1])
        >>> model(one, one, torch.tensor([[2, 3]]))  # 3 ln 2
        tensor([2.0794], grad_fn=<SubBackward0>)
    """

    def __init__(self, size: int, d: int, *, device: torch.device | str | None = None):
        super().__init__()
        check_whole("size", size)
        check_whole("d", d)
        with placed(device):
            self.inputs = nn.Embedding(size, d)
            self.outputs = nn.Embedding(size, d)
        nn.init.uniform_(self.inputs.weight, -0.5 / d, 0.5 / d)
        nn.init.zeros_(self.outputs.weight)

    def forward(
        self,
        words: Int[Tensor, " b"],
        neighbours: Int[Tensor, " b"],
        noise: Int[Tensor, "b k"],
    ) -> Float[Tensor, " b"]:
        """The loss of each pair, with its negatives.

        Args:
            words: in the middle (b,).
            neighbours: one for each (b,).
            noise: negatives drawn for each (b, k).

        Returns:
            Losses (b,), in nats.
        """
        v, u = self.inputs(words), self.outputs(neighbours)
        return negative_sampling_loss(v, u, self.outputs(noise))


class CBOW(SkipGram):
    """CBOW, a continuous bag of words: from all neighbours to the word in the middle.

    .. math:: v = \\frac1n \\sum_{i=1}^{n} v_{c_i}

    Args:
        size: V, words of the vocabulary.
        d: width of the vectors.
        device: where the parameters are made.

    Raises:
        ValueError: a size is no whole number ≥ 1.

    Source:
        Mikolov et al., arXiv:1301.3781, section 3.1.

    Example:
        >>> model = CBOW(10, 4)
        >>> model(torch.tensor([1]), torch.tensor([[0, 2]]), torch.tensor([[3]])).shape
        torch.Size([1])
    """

    def forward(
        self,
        words: Int[Tensor, " b"],
        neighbours: Int[Tensor, "b n"],
        noise: Int[Tensor, "b k"],
    ) -> Float[Tensor, " b"]:
        """The loss of each word, with its negatives.

        Args:
            words: in the middle (b,).
            neighbours: around each (b, n).
            noise: negatives drawn for each (b, k).

        Returns:
            Losses (b,), in nats.
        """
        v = self.inputs(neighbours).mean(1)  # (b, d)
        return negative_sampling_loss(v, self.outputs(words), self.outputs(noise))


def expected_loss(
    model: SkipGram,
    joint: Float[Tensor, "v v"],
    negatives: int,
    noise: Float[Tensor, " v"],
) -> Float[Tensor, ""]:
    """Skip-gram's loss, with every pair and every negative weighed instead of drawn.

    .. math::
        L = -\\sum_{c, o} \\left[ p(c, o) \\ln σ(u_o^⊤ v_c)
        + k\\, p(c)\\, q(o) \\ln σ(-u_o^⊤ v_c) \\right]

    Args:
        model: of V words.
        joint: p(c, o), the law of the pairs (v, v).
        negatives: k, words drawn for each pair.
        noise: q, the law of the negatives (v,).

    Returns:
        The mean loss of a pair, in nats.

    Source:
        Levy & Goldberg 2014, equation 4.

    Example:
        >>> law = torch.full((2, 2), 0.25)
        >>> expected_loss(SkipGram(2, 3), law, 1, law.sum(0)).item()  # 2 ln 2
        1.386294...
    """
    check_whole("negatives", negatives)
    scores = model.inputs.weight @ model.outputs.weight.T  # (v, v)
    drawn = negatives * joint.sum(1, keepdim=True) * noise
    return -(joint * F.logsigmoid(scores) + drawn * F.logsigmoid(-scores)).sum()


def sampling_loss(
    model: SkipGram,
    batch: tuple[Tensor, Tensor],
    noise: Float[Tensor, " v"],
    *,
    negatives: int = 5,
    generator: torch.Generator | None = None,
) -> dict[str, Tensor]:
    """Draw the negatives of a batch, and take the mean loss.

    Args:
        model: a :class:`SkipGram` or a :class:`CBOW`.
        batch: words (b,) and their neighbours, (b,) or (b, n).
        noise: q, the law of the negatives (v,).
        negatives: k, words drawn for each pair.
        generator: of the draws.

    Returns:
        "loss" in nats for each word or pair.

    Raises:
        ValueError: the number of negatives is no whole number ≥ 1.

    Example:
        >>> one = torch.tensor([1])
        >>> sampling_loss(SkipGram(2, 3), (one, one), torch.ones(2) / 2)["loss"].item()
        4.158883...
    """
    check_whole("negatives", negatives)
    words, neighbours = batch
    drawn = torch.multinomial(
        noise, len(words) * negatives, replacement=True, generator=generator
    )
    drawn = drawn.reshape(len(words), negatives)
    return {"loss": model(words, neighbours, drawn).mean()}
