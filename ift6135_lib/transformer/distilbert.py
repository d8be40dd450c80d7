"""DistilBERT: BERT with half its blocks, taught by BERT.

What it changes: no segments and no pooler; the head of texts has a ReLU.  How it learns
from its teacher is in ``distillation.py``.

Source: Sanh et al., arXiv:1910.01108, sections 2 and 3.
Parity: ``transformers.DistilBertModel`` and its heads.
See: chapters/09-transformers
"""

from __future__ import annotations

from . import names
from .bert import BERT


class DistilBERT(BERT):
    """BERT with half as many blocks, without segments and pooler.

    Args:
        vocabulary: number of tokens.
        context: the longest text, in tokens.
        d: width.
        layers: number of blocks.
        heads: number of heads, which divides d.
        options: the other arguments of :class:`BERT`.

    Raises:
        ValueError: see :class:`BERT`.

    Source:
        Sanh et al. 2019, section 3.

    Example:
        >>> import torch
        >>> model = DistilBERT(10, 16, d=8, layers=1, heads=2)
        >>> model(torch.tensor([[1, 2, 3]])).shape
        torch.Size([1, 3, 8])
    """

    names = staticmethod(names.distilbert)
    pooling = "relu"

    def __init__(
        self,
        vocabulary: int = 30522,
        context: int = 512,
        d: int = 768,
        layers: int = 6,
        heads: int = 12,
        **options,
    ):
        options = {"pooler": False, "segments": 0, **options}
        super().__init__(vocabulary, context, d, layers, heads, **options)
