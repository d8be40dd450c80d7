"""What BERT's states are used for: the classes of a text, or of each token.

.. math:: \\text{text: } V φ(W h_0), \\qquad \\text{token, span: } V h_t

The state of the first token, [CLS], stands for the whole text.  Two classes for each
token, "starts here" and "ends here", mark the span of an answer.

Symbols: h states, W ``dense``, V ``out``, φ ``act``.
Source: Devlin et al., NAACL 2019, arXiv:1810.04805, sections 3.1 and 4; the published
    code for W.
See: chapters/09-transformers
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_positive
from .feed_forward import Activation


class ClassificationHead(nn.Module):
    """The scores of the classes of a text, or of "B follows A".

    Args:
        d: width of the states.
        classes: number of classes.
        act: activation after W.
        dropout: in training, before V.

    Raises:
        ValueError: the number of classes is below 1.

    Source:
        Devlin et al. 2019, section 3.1, task 2, and section 4.1.

    Example:
        >>> import torch
        >>> ClassificationHead(8, 3)(torch.zeros(1, 5, 8)).shape
        torch.Size([1, 3])
    """

    def __init__(
        self, d: int, classes: int = 2, *, act: str = "tanh", dropout: float = 0.0
    ):
        super().__init__()
        check_positive(classes=classes)
        self.dense, self.act = nn.Linear(d, d), Activation(act)
        self.drop, self.out = nn.Dropout(dropout), nn.Linear(d, classes)

    def forward(self, h: Float[Tensor, "b n d"]) -> Float[Tensor, "b k"]:
        """V tanh(W h₀).

        Args:
            h: states (b, n, d).

        Returns:
            Logits (b, k).
        """
        return self.out(self.drop(self.act(self.dense(h[:, 0]))))


class TokenHead(nn.Module):
    """The scores of the classes of each token; with two, where a span starts and ends.

    Args:
        d: width of the states.
        classes: number of classes.
        dropout: in training, before V.

    Raises:
        ValueError: the number of classes is below 1.

    Source:
        Devlin et al. 2019, sections 4.2 and 5.3.

    Example:
        >>> import torch
        >>> TokenHead(8, 5)(torch.zeros(1, 3, 8)).shape
        torch.Size([1, 3, 5])
    """

    def __init__(self, d: int, classes: int = 2, *, dropout: float = 0.0):
        super().__init__()
        check_positive(classes=classes)
        self.drop, self.out = nn.Dropout(dropout), nn.Linear(d, classes)

    def forward(self, h: Float[Tensor, "b n d"]) -> Float[Tensor, "b n k"]:
        """V h.

        Args:
            h: states (b, n, d).

        Returns:
            Logits (b, n, k).
        """
        return self.out(self.drop(h))
