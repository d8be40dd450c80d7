"""Distillation: a small model learns from a large one, its teacher.

.. math:: L = τ^2\\, \\mathrm{KL}\\big(p^{τ}_{\\text{teacher}} \\,\\|\\, p^{τ}\\big)
    + L_{\\text{masked}} + 1 - \\cos(h_{\\text{teacher}}, h)

It learns from the softened scores of the teacher, from the masked tokens themselves
(``token_loss``), and to point its states where the teacher's point.  Softened scores
tell which wrong tokens are nearly right.

Symbols: τ ``temperature``, p^τ softmax of the scores over τ, h states.
Source: Hinton et al., arXiv:1503.02531, section 2; Sanh et al., arXiv:1910.01108,
    section 2.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .checks import check_temperature


def distillation_loss(
    logits: Float[Tensor, "*b v"],
    teacher: Float[Tensor, "*b v"],
    *,
    temperature: float = 2.0,
) -> Float[Tensor, ""]:
    """How far the softened scores are from the teacher's.

    .. math:: L = \\frac{τ^2}{n} \\sum_t
        \\mathrm{KL}(p^{τ}_{\\text{teacher},t} \\,\\|\\, p^{τ}_t)

    Args:
        logits: scores of the student (…, v).
        teacher: scores of the teacher (…, v), which gets no gradient.
        temperature: τ > 0; τ² keeps the size of the gradients.

    Returns:
        The loss, in nats per position.

    Raises:
        ValueError: the temperature is not above 0.

    Source:
        Hinton et al., arXiv:1503.02531, section 2; Sanh et al. 2019, section 2.

    Example:
        >>> import torch
        >>> logits = torch.tensor([[1.0, 2.0]])
        >>> distillation_loss(logits, logits)
        tensor(0.)
    """
    check_temperature(temperature)
    ours = (logits / temperature).log_softmax(-1).flatten(0, -2)  # (n, v)
    theirs = (teacher.detach() / temperature).log_softmax(-1).flatten(0, -2)
    kl = F.kl_div(ours, theirs, reduction="batchmean", log_target=True)
    return temperature**2 * kl


def cosine_loss(
    states: Float[Tensor, "*b d"], teacher: Float[Tensor, "*b d"]
) -> Float[Tensor, ""]:
    """How far the states are from pointing where the teacher's point.

    .. math:: L = 1 - \\frac1n \\sum_t \\cos(h_t, h_{\\text{teacher},t})

    Args:
        states: those of the student (…, d).
        teacher: those of the teacher (…, d), which get no gradient.

    Returns:
        The loss, from 0 to 2.

    Source:
        Sanh et al. 2019, section 2.

    Example:
        >>> import torch
        >>> cosine_loss(torch.tensor([[0.0, 2.0]]), torch.tensor([[3.0, 0.0]]))
        tensor(1.)
    """
    return 1 - F.cosine_similarity(states, teacher.detach(), dim=-1).mean()
