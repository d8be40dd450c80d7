"""Masking: some tokens are hidden, and the model is to find them.

.. math:: P(t ∈ C) = 0.15, \\qquad \\tilde w_t = \\text{[MASK]},
    \\text{ a random token, or } w_t,
    \\text{ with probabilities } 0.8,\\ 0.1,\\ 0.1 \\text{ for } t ∈ C

No text has a [MASK] after pre-training: two chosen tokens in ten look like any other,
so that no state can be careless.  BERT masks each text once (*static*), RoBERTa anew
each time it is read (*dynamic*).

Symbols: w the tokens, C those chosen, w̃ what the model reads.
Source: Devlin et al., NAACL 2019, arXiv:1810.04805, section 3.1 and appendix A.1;
    dynamic: Liu et al., arXiv:1907.11692, section 4.1.
See: chapters/09-transformers
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor, nn

from .losses import token_loss

IGNORED = -100  # a target that is left out of the loss


class MaskedTokens(NamedTuple):
    """Texts in which tokens are hidden, and what was there.

    Args:
        tokens: the texts, with some tokens replaced (b, n).
        targets: the tokens to find (b, n); −100 where there is none.

    Example:
        >>> MaskedTokens(torch.tensor([[4, 0]]), torch.tensor([[-100, 7]])).targets
        tensor([[-100,    7]])
    """

    tokens: Int[Tensor, "b n"]  # the texts, with some tokens replaced
    targets: Int[Tensor, "b n"]  # the tokens to find; −100 where there is none


def mask_tokens(
    tokens: Int[Tensor, "b n"],
    *,
    vocabulary: int,
    mask_token: int,
    special: Bool[Tensor, "b n"] | None = None,
    rate: float = 0.15,
    masked: float = 0.8,
    random: float = 0.1,
    generator: torch.Generator | None = None,
) -> MaskedTokens:
    """Choose tokens, each with the same probability, and hide most of them.

    Args:
        tokens: texts (b, n), from 0 to the vocabulary − 1; not changed.
        vocabulary: number of tokens, from which the random ones are drawn.
        mask_token: the number of [MASK].
        special: True where a token is never chosen, such as padding and [CLS].
        rate: probability with which a token is chosen.
        masked: share of the chosen that becomes [MASK].
        random: share of the chosen that becomes a random token; the rest stays.
        generator: of random numbers; by default, torch's.  The same seed for a text
            each time is static masking; one generator that goes on, dynamic.

    Returns:
        The texts with tokens hidden, and the tokens to find.

    Raises:
        ValueError: a probability is outside [0, 1], or the two shares exceed 1; [MASK]
            is not in the vocabulary.

    Source:
        Devlin et al. 2019, appendix A.1.

    Example:
        >>> text = torch.tensor([[5, 6, 7]])
        >>> masked = mask_tokens(text, vocabulary=10, mask_token=1, rate=1, masked=1)
        Traceback (most recent call last):
        ValueError: masked is 1 and random 0.1; the two shares cannot exceed 1
        >>> mask_tokens(
        ...     text, vocabulary=10, mask_token=1, rate=1, masked=1, random=0
        ... ).tokens
        tensor([[1, 1, 1]])
    """
    for name, share in {"rate": rate, "masked": masked, "random": random}.items():
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is {share}; it must be from 0 to 1")
    if masked + random > 1 + 1e-9:
        raise ValueError(
            f"masked is {masked} and random {random}; the two shares cannot exceed 1"
        )
    if not 0 <= mask_token < vocabulary:
        raise ValueError(
            f"the mask is token {mask_token}; tokens go from 0 to {vocabulary - 1}"
        )

    def uniform():
        numbers = torch.rand(tokens.shape, generator=generator, device=place)
        return numbers.to(tokens.device)

    place = tokens.device if generator is None else generator.device
    chosen = uniform() < rate
    if special is not None:
        chosen = chosen & ~special
    fate = uniform()  # of the chosen: hidden, replaced or left
    others = (uniform() * vocabulary).long().clamp(max=vocabulary - 1)
    hidden = tokens.masked_fill(chosen & (fate < masked), mask_token)
    replaced = chosen & (fate >= masked) & (fate < masked + random)
    targets = tokens.masked_fill(~chosen, IGNORED)
    return MaskedTokens(torch.where(replaced, others, hidden), targets)


def masked_loss(model: nn.Module, batch: MaskedTokens) -> dict[str, Tensor]:
    """Mean negative log-likelihood of the hidden tokens.

    .. math:: L = -\\frac{1}{|C|} \\sum_{t ∈ C} \\ln p(w_t \\mid \\tilde w)

    Args:
        model: gives logits (b, n, v), such as :class:`BERT` with its head "masked".
        batch: the texts with tokens hidden, and the tokens to find.

    Returns:
        "loss" in nats per chosen token, "accuracy" the fraction found.

    Source:
        Devlin et al. 2019, section 3.1.

    Example:
        >>> from ift6135_lib.transformer import BERT
        >>> model = BERT(10, 16, d=8, layers=1, heads=2, head="masked")
        >>> text = torch.tensor([[5, 6, 7, 8]])
        >>> batch = mask_tokens(text, vocabulary=10, mask_token=1, rate=0.9)
        >>> sorted(masked_loss(model, batch))
        ['accuracy', 'loss']
    """
    tokens, targets = batch
    return token_loss(model(tokens), targets)
