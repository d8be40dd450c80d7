"""The sizes of T5.

Source: Raffel et al., JMLR 21, 2020, arXiv:1910.10683, sections 3.1.1 and 3.7.
See: chapters/09-transformers
"""

from __future__ import annotations

from .t5 import T5


def t5_small(**options) -> T5:
    """T5-small: 60,506,624 parameters, 6 layers on each side.

    Args:
        options: arguments of :class:`T5`.

    Returns:
        The network, with new weights.

    Source:
        Raffel et al. 2020, section 3.7.

    Example:
        >>> sum(p.numel() for p in t5_small(device="meta").parameters())
        60506624
    """
    return T5(**{"d": 512, "layers": 6, "heads": 8, **options})


def t5_base(**options) -> T5:
    """T5-base: 222,903,552 parameters, 12 layers on each side.

    Args:
        options: arguments of :class:`T5`.

    Returns:
        The network, with new weights.

    Source:
        Raffel et al. 2020, section 3.1.1.

    Example:
        >>> sum(p.numel() for p in t5_base(device="meta").parameters())
        222903552
    """
    return T5(**{"d": 768, "layers": 12, "heads": 12, **options})
