"""T5's relative positions: a number for each head and distance, added to the scores.

.. math:: \\mathrm{score}_{ij} = q_i · k_j + B_{h, \\mathrm{bucket}(j - i)}

Near distances have a bucket each; far ones share, in steps that grow as logarithms, up
to a distance beyond which all are alike. So a model can read longer texts than those it
was trained on.

Symbols: B ``table``; j − i ``offsets``, negative for the past.
Source: Raffel et al., JMLR 21, 2020, arXiv:1910.10683, section 2.1.
Parity: ``transformers.models.t5.modeling_t5.T5Attention._relative_position_bucket``.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from .checks import check_positive


def relative_buckets(
    offsets: Int[Tensor, "*any"],
    buckets: int = 32,
    max_distance: int = 128,
    *,
    bidirectional: bool = True,
) -> Int[Tensor, "*any"]:
    """The bucket of each distance between a query and a key.

    .. math::
        e &= \\lfloor k / 2 \\rfloor, \\qquad
        \\mathrm{bucket}(r) = r \\quad \\text{if } r < e, \\text{ else} \\\\
        & \\min\\left(k - 1,\\ e + \\left\\lfloor \\frac{\\ln (r / e)}{\\ln (R / e)}
        (k - e) \\right\\rfloor\\right)

    In both directions, the k buckets of the future come after the k of the past.

    Args:
        offsets: j − i, position of the key minus that of the query.
        buckets: how many there are; k is half of them in both directions.
        max_distance: R, from which on all distances share the last bucket.
        bidirectional: whether the future is read; without, it shares bucket 0.

    Returns:
        Numbers from 0 to buckets − 1.

    Raises:
        ValueError: too few buckets, or max_distance is not above the exact distances.

    Source:
        Raffel et al. 2020, section 2.1.

    Example:
        >>> relative_buckets(torch.tensor([-200, -20, -3, 0, 3, 20]))
        tensor([15, 10,  3,  0, 19, 26])
    """
    check_positive(buckets=buckets, max_distance=max_distance)
    k = buckets // 2 if bidirectional else buckets
    exact = k // 2
    if exact < 1 or max_distance <= exact:
        raise ValueError(
            f"{buckets} buckets have {exact} exact distances and end at "
            f"{max_distance}; give at least {4 if bidirectional else 2} buckets, and a "
            "larger max_distance"
        )
    r = offsets.abs() if bidirectional else (-offsets).clamp(min=0)
    far = torch.log(r.clamp(min=1).float() / exact) / math.log(max_distance / exact)
    far = (exact + (far * (k - exact)).long()).clamp(max=k - 1)
    bucket = torch.where(r < exact, r, far)
    return bucket + k * (offsets > 0) if bidirectional else bucket


class RelativeBias(nn.Module):
    """The bias of every head for every pair of positions.

    Args:
        heads: number of heads.
        buckets: how many numbers each head has.
        max_distance: from which on all distances are alike.
        bidirectional: whether the future is read.

    Raises:
        ValueError: see :func:`relative_buckets`.

    Source:
        Raffel et al. 2020, section 2.1.

    Example:
        >>> RelativeBias(heads=8)(3, 5).shape
        torch.Size([8, 3, 5])
    """

    def __init__(
        self,
        heads: int,
        buckets: int = 32,
        max_distance: int = 128,
        *,
        bidirectional: bool = True,
    ):
        super().__init__()
        check_positive(heads=heads)
        self.settings = {
            "buckets": buckets,
            "max_distance": max_distance,
            "bidirectional": bidirectional,
        }
        relative_buckets(torch.zeros(1, dtype=torch.long), **self.settings)
        self.table = nn.Embedding(buckets, heads)

    def forward(self, n: int, m: int) -> Float[Tensor, "h n m"]:
        """The bias of n queries on m keys; the last query stands at the last key.

        Args:
            n: number of queries.
            m: number of keys.

        Returns:
            Numbers to add to the scores (h, n, m).
        """
        place = torch.arange(m, device=self.table.weight.device)
        offsets = place - place[m - n :, None]  # (n, m)
        buckets = relative_buckets(offsets, **self.settings)
        return self.table(buckets).permute(2, 0, 1)
