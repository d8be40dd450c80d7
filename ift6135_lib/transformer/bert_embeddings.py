"""What BERT reads: the sum of what, where and in which of two texts a token is.

.. math:: x^0_t = U\\, \\mathrm{LN}(E_{w_t} + P_t + S_{s_t})

U is only in ALBERT, whose vectors of tokens are narrower than its blocks.

Symbols: E ``tokens``, P ``positions``, S ``segments``, LN ``norm``, U ``widen``.
Source: Devlin et al., NAACL 2019, arXiv:1810.04805, figure 2; U: Lan et al., ICLR 2020,
    arXiv:1909.11942, section 3.1.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from .checks import check_positive, check_tokens


class BERTEmbeddings(nn.Module):
    """LN(E + P + S), widened if its width is not the model's.

    Args:
        vocabulary: number of tokens.
        context: the longest text, in tokens.
        d: width of the model.
        width: of the vectors; by default, d.
        segments: number of texts told apart; 0 for none.
        padding: the token that fills up: positions are counted without it, from
            padding + 1 on, as in RoBERTa; None counts all, from 0 on.
        dropout: in training.
        eps: added to the variance.

    Raises:
        ValueError: a size is below 1.

    Source:
        Devlin et al. 2019, figure 2.

    Example:
        >>> BERTEmbeddings(10, 8, 4)(torch.tensor([[1, 2, 3]])).shape
        torch.Size([1, 3, 4])
    """

    def __init__(
        self,
        vocabulary: int,
        context: int,
        d: int,
        *,
        width: int | None = None,
        segments: int = 2,
        padding: int | None = None,
        dropout: float = 0.0,
        eps: float = 1e-12,
    ):
        super().__init__()
        width = d if width is None else width
        check_positive(vocabulary=vocabulary, context=context, d=d, width=width)
        self.context, self.padding = context, padding
        first = 0 if padding is None else padding + 1
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(first + context, width)
        self.segments = nn.Embedding(segments, width) if segments else None
        self.norm = nn.LayerNorm(width, eps=eps)
        self.drop = nn.Dropout(dropout)
        self.widen = nn.Linear(width, d) if width != d else None

    def places(self, tokens: Int[Tensor, "b n"]) -> Int[Tensor, "b n"]:
        """Which vector of P each token takes.

        Args:
            tokens: the texts (b, n).

        Returns:
            Numbers of positions (b, n).
        """
        if self.padding is None:
            return torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        real = (tokens != self.padding).long()
        return real.cumsum(1) * real + self.padding

    def forward(
        self, tokens: Int[Tensor, "b n"], segments: Int[Tensor, "b n"] | None = None
    ) -> Float[Tensor, "b n d"]:
        """The vectors of the texts.

        Args:
            tokens: the texts (b, n).
            segments: to which text each token belongs; by default, all to the first.

        Returns:
            Positions (b, n, d).

        Raises:
            ValueError: a text is empty, or longer than the context; a token or segment
                is unknown; segments are given to a model that has none.
        """
        known = self.tokens.num_embeddings
        check_tokens(tokens, vocabulary=known, context=self.context)
        x = self.tokens(tokens) + self.positions(self.places(tokens))
        if self.segments is None and segments is not None:
            raise ValueError("this model has no segments; leave them out")
        if self.segments is not None:
            segments = torch.zeros_like(tokens) if segments is None else segments
            count = self.segments.num_embeddings
            if not segments.is_meta and int(segments.max()) >= count:
                raise ValueError(
                    f"segment {int(segments.max())} is unknown; they go from 0 to "
                    f"{count - 1}"
                )
            x = x + self.segments(segments)
        x = self.drop(self.norm(x))
        return x if self.widen is None else self.widen(x)
