"""The feed-forward part of a block: the same small network at every position.

.. math:: y = W_2\\, φ(W_1 x + b_1) + b_2

Symbols: W₁ ``expand``, W₂ ``project``, φ ``act``.
Source: Vaswani et al., NeurIPS 2017, arXiv:1706.03762, section 3.3; GELU: Hendrycks &
    Gimpel, arXiv:1606.08415.
See: chapters/09-transformers
"""

from __future__ import annotations

from functools import partial

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from .checks import check_positive

ACTIVATIONS = {
    "relu": torch.relu,
    "gelu": F.gelu,  # x Φ(x)
    "gelu_tanh": partial(F.gelu, approximate="tanh"),  # that of GPT and ALBERT
    "silu": F.silu,
    "tanh": torch.tanh,
}


class Activation(nn.Module):
    """A nonlinearity, by its name.

    Args:
        name: one of "relu", "gelu", "gelu_tanh", "silu", "tanh".

    Raises:
        ValueError: the name is none of these.

    Example:
        >>> Activation("relu")(torch.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """

    def __init__(self, name: str):
        super().__init__()
        if name not in ACTIVATIONS:
            raise ValueError(
                f"the activation is {name!r}; it must be one of {[*ACTIVATIONS]}"
            )
        self.name = name

    def forward(self, x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Apply it to every number.

        Args:
            x: numbers of any shape.

        Returns:
            φ(x), of the same shape.
        """
        return ACTIVATIONS[self.name](x)

    def extra_repr(self) -> str:
        """What is printed between the parentheses.

        Returns:
            The name.
        """
        return repr(self.name)


class FeedForward(nn.Module):
    """y = W₂ φ(W₁ x + b₁) + b₂, at every position.

    Args:
        d: width of the positions.
        hidden: width inside; by default, 4d.
        act: name of φ, see :class:`Activation`.
        bias: whether the layers add b₁ and b₂.

    Raises:
        ValueError: a width is below 1; no such activation.

    Source:
        Vaswani et al. 2017, equation 2.

    Example:
        >>> FeedForward(8)(torch.zeros(1, 5, 8)).shape
        torch.Size([1, 5, 8])
    """

    def __init__(
        self, d: int, hidden: int | None = None, *, act: str = "gelu", bias: bool = True
    ):
        super().__init__()
        hidden = 4 * d if hidden is None else hidden
        check_positive(d=d, hidden=hidden)
        self.expand = nn.Linear(d, hidden, bias=bias)
        self.act = Activation(act)
        self.project = nn.Linear(hidden, d, bias=bias)

    def forward(self, x: Float[Tensor, "... d"]) -> Float[Tensor, "... d"]:
        """Apply the network at every position.

        Args:
            x: positions (…, d).

        Returns:
            y (…, d).
        """
        return self.project(self.act(self.expand(x)))
