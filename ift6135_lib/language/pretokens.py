"""Cut a text into the pieces inside which a byte-pair tokenizer may merge.

A piece is a word with the space before it, a number, a run of other signs, or a run of
white space; an English contraction ('s, 'll …) is a piece of its own. No token then
spans two words, and pieces put side by side are the text again.

Source: Radford et al. 2019 (GPT-2), section 2.2 and the authors' program.
Parity: ``tokenizers.pre_tokenizers.ByteLevel``.
See: chapters/09-transformers
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache


@cache
def _pattern() -> re.Pattern:
    """Letters are the categories L of Unicode, numbers N; ``re`` does not name them."""
    others = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isnumeric()]
    numbers = "".join(c for c in others if unicodedata.category(c)[0] == "N")
    letter = rf"(?:(?![{numbers}])[^\W_])"
    space = r"[^\S\x1c-\x1f]"  # four signs are white space in Python only
    return re.compile(
        rf"'(?:s|t|re|ve|m|ll|d)| ?{letter}+| ?[{numbers}]+"
        rf"| ?(?:(?!{space}|{letter}|[{numbers}])[\s\S])+"
        rf"|{space}+(?={space}|\Z)|{space}+"
    )


def pieces(text: str) -> list[str]:
    """The pieces of a text, in order.

    Args:
        text: any.

    Returns:
        Pieces, whose concatenation is the text.

    Source:
        Radford et al. 2019, section 2.2.

    Example:
        >>> pieces("L'été 1789, it's late")
        ['L', "'", 'été', ' 1789', ',', ' it', "'s", ' late']
    """
    return _pattern().findall(text)
