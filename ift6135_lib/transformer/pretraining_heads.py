"""The heads of BERT's pre-training: the masked tokens, and the pair of texts.

.. math:: \\text{masked token: } E\\, \\mathrm{LN}(φ(W h_t)) + b, \\qquad
    \\text{"B follows A": } V \\tanh(W' h_0)

Symbols: h states, W ``dense``, E the embeddings of tokens, ``decoder``, b its bias.
Source: Devlin et al., NAACL 2019, arXiv:1810.04805, section 3.1; the published code
    for W, φ and LN.
See: chapters/09-transformers
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

from .bert_heads import ClassificationHead
from .feed_forward import Activation


class MaskedHead(nn.Module):
    """The scores of every token, at every position.

    Args:
        d: width of the states.
        embeddings: of the tokens (v, e).
        tied: whether E is their weight, or has the same shape and values of its own.
        act: activation φ.
        eps: added to the variance.

    Source:
        Devlin et al. 2019, section 3.1, task 1.

    Example:
        >>> import torch
        >>> MaskedHead(8, nn.Embedding(10, 8))(torch.zeros(1, 3, 8)).shape
        torch.Size([1, 3, 10])
    """

    def __init__(
        self,
        d: int,
        embeddings: nn.Embedding,
        *,
        tied: bool = True,
        act: str = "gelu",
        eps: float = 1e-12,
    ):
        super().__init__()
        v, width = embeddings.weight.shape
        self.dense, self.act = nn.Linear(d, width), Activation(act)
        self.norm = nn.LayerNorm(width, eps=eps)
        self.decoder = nn.Linear(width, v)
        if tied:
            self.decoder.weight = embeddings.weight

    def forward(self, h: Float[Tensor, "b n d"]) -> Float[Tensor, "b n v"]:
        """E LN(φ(W h)) + b.

        Args:
            h: states (b, n, d).

        Returns:
            Logits (b, n, v).
        """
        return self.decoder(self.norm(self.act(self.dense(h))))


class PretrainingHead(nn.Module):
    """Both tasks of BERT's pre-training: the masked tokens, and the pair of texts.

    Args:
        masked: the head of the first task.
        pair: that of the second.

    Source:
        Devlin et al. 2019, section 3.1.

    Example:
        >>> import torch
        >>> masked = MaskedHead(8, nn.Embedding(10, 8))
        >>> head = PretrainingHead(masked, ClassificationHead(8, 2))
        >>> [tuple(logits.shape) for logits in head(torch.zeros(1, 3, 8))]
        [(1, 3, 10), (1, 2)]
    """

    def __init__(self, masked: MaskedHead, pair: ClassificationHead):
        super().__init__()
        self.masked, self.pair = masked, pair

    def forward(
        self, h: Float[Tensor, "b n d"]
    ) -> tuple[Float[Tensor, "b n v"], Float[Tensor, "b k"]]:
        """The scores of both tasks.

        Args:
            h: states (b, n, d).

        Returns:
            Logits of the tokens (b, n, v) and of the pair (b, 2).
        """
        return self.masked(h), self.pair(h)
