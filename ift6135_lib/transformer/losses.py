"""Losses of language models: the token that follows, the tokens hidden.

.. math:: L = -\\frac1n \\sum_t \\ln p(w_t \\mid \\text{what the model sees})

A target of −100 is left out of the mean, as everywhere in PyTorch.

Source: Radford et al. 2018, section 3.1.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


def token_loss(
    logits: Float[Tensor, "*b v"], targets: Int[Tensor, "*b"]
) -> dict[str, Tensor]:
    """Mean negative log-likelihood of the targets, −100 left out.

    .. math:: L = -\\frac1n \\sum_t \\ln \\mathrm{softmax}(z_t)_{w_t}

    Args:
        logits: scores z of each token (…, v).
        targets: the tokens w (…); −100 where there is nothing to predict.

    Returns:
        "loss" in nats per token, "accuracy" the fraction found.

    Example:
        >>> import torch
        >>> token_loss(torch.zeros(1, 3, 4), torch.tensor([[0, 1, -100]]))["loss"]
        tensor(1.3863)
    """
    logits, targets = logits.flatten(0, -2), targets.flatten()  # (n, v), (n,)
    kept = targets != -100
    right = (logits.detach().argmax(-1) == targets) & kept
    loss = F.cross_entropy(logits, targets)
    return {"loss": loss, "accuracy": right.sum() / kept.sum()}


def next_token_loss(
    model: nn.Module, batch: tuple[Int[Tensor, "b n"], Int[Tensor, "b n"]]
) -> dict[str, Tensor]:
    """Mean negative log-likelihood of the tokens that follow.

    .. math:: L = -\\frac1n \\sum_t \\ln p(w_{t+1} \\mid w_{≤ t})

    Args:
        model: gives logits (b, n, v).
        batch: tokens (b, n), and the token that follows each one; −100 is left out.

    Returns:
        "loss" in nats per token, "accuracy" the fraction found.

    Source:
        Radford et al. 2018, equation 1.

    Example:
        >>> import torch
        >>> from ift6135_lib.transformer import GPT
        >>> model = GPT(vocabulary=10, context=16, d=8, layers=1, heads=2)
        >>> text = torch.tensor([[1, 2, 3, 4]])
        >>> sorted(next_token_loss(model, (text[:, :-1], text[:, 1:])))
        ['accuracy', 'loss']
    """
    tokens, following = batch
    return token_loss(model(tokens), following)
