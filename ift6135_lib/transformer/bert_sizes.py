"""The sizes of BERT and of its family, as they were published.

Source: Devlin et al. 2019, section 3; Liu et al. 2019, section 5; Lan et al. 2020,
    table 1; Sanh et al. 2019, section 3.
See: chapters/09-transformers
"""

from __future__ import annotations

from .albert import ALBERT
from .bert import BERT
from .distilbert import DistilBERT
from .roberta import RoBERTa


def bert_base(**options) -> BERT:
    """BERT-base: 109,482,240 parameters, with its pooler.

    Args:
        options: the arguments of :class:`BERT` that are to differ.

    Returns:
        The model.

    Example:
        >>> sum(p.numel() for p in bert_base(device="meta").parameters())
        109482240
    """
    return BERT(**options)


def bert_large(**options) -> BERT:
    """BERT-large: 335,141,888 parameters, with its pooler.

    Args:
        options: the arguments of :class:`BERT` that are to differ.

    Returns:
        The model.

    Example:
        >>> sum(p.numel() for p in bert_large(device="meta").parameters())
        335141888
    """
    return BERT(**{"d": 1024, "layers": 24, "heads": 16, **options})


def roberta_base(**options) -> RoBERTa:
    """RoBERTa-base: 124,645,632 parameters, with its pooler.

    Args:
        options: the arguments of :class:`BERT` that are to differ.

    Returns:
        The model.

    Example:
        >>> sum(p.numel() for p in roberta_base(device="meta").parameters())
        124645632
    """
    return RoBERTa(**options)


def albert_base(**options) -> ALBERT:
    """ALBERT-base: 11,683,584 parameters, with its pooler.

    Args:
        options: the arguments of :class:`BERT` that are to differ.

    Returns:
        The model.

    Example:
        >>> sum(p.numel() for p in albert_base(device="meta").parameters())
        11683584
    """
    return ALBERT(**options)


def distilbert_base(**options) -> DistilBERT:
    """DistilBERT: 66,362,880 parameters, no pooler.

    Args:
        options: the arguments of :class:`BERT` that are to differ.

    Returns:
        The model.

    Example:
        >>> sum(p.numel() for p in distilbert_base(device="meta").parameters())
        66362880
    """
    return DistilBERT(**options)
