"""Fertility: how many tokens a tokenizer makes of a word.

.. math:: \\frac{\\text{tokens}}{\\text{words}}

A language that a tokenizer has hardly seen costs more tokens for the same words: more
computation, and less text in the same context.

Source: Rust et al., ACL 2021, arXiv:2012.15613, section 3.
See: chapters/09-transformers
"""

from __future__ import annotations

from .bpe import BPE


def fertility(bpe: BPE, text: str) -> float:
    """How many tokens a word takes, on average.

    .. math:: \\text{tokens} / \\text{words}

    Args:
        bpe: the tokenizer.
        text: of one word at least, words being what white space separates.

    Returns:
        Tokens per word.

    Raises:
        ValueError: the text has no word.

    Source:
        Rust et al., ACL 2021, arXiv:2012.15613, section 3.

    Example:
        >>> fertility(BPE(), "le lait")  # bytes, the space among them
        3.5
    """
    if not text.split():
        raise ValueError("the text has no word")
    return len(bpe.encode(text)) / len(text.split())
