"""The sizes of GPT-1 and GPT-2, as they were published.

Source: Radford et al. 2018, section 4.1; Radford et al. 2019, table 2.
See: chapters/09-transformers
"""

from __future__ import annotations

from .gpt import GPT


def gpt1(**options) -> GPT:
    """GPT-1: 116,534,784 parameters, post-norm, a context of 512.

    Args:
        options: the arguments of :class:`GPT` that are to differ.

    Returns:
        The model.

    Example:
        >>> len(gpt1(device="meta").blocks)
        12
    """
    sizes = {"vocabulary": 40478, "context": 512, "d": 768, "layers": 12, "heads": 12}
    return GPT(**{**sizes, "norm_first": False, **options})


def gpt2(**options) -> GPT:
    """GPT-2, the smallest: 124,439,808 parameters.

    Args:
        options: the arguments of :class:`GPT` that are to differ.

    Returns:
        The model.

    Example:
        >>> gpt2(device="meta").context
        1024
    """
    return GPT(**options)


def gpt2_medium(**options) -> GPT:
    """GPT-2 medium: 354,823,168 parameters.

    Args:
        options: the arguments of :class:`GPT` that are to differ.

    Returns:
        The model.

    Example:
        >>> len(gpt2_medium(device="meta").blocks)
        24
    """
    return GPT(**{"d": 1024, "layers": 24, "heads": 16, **options})


def gpt2_large(**options) -> GPT:
    """GPT-2 large: 774,030,080 parameters.

    Args:
        options: the arguments of :class:`GPT` that are to differ.

    Returns:
        The model.

    Example:
        >>> len(gpt2_large(device="meta").blocks)
        36
    """
    return GPT(**{"d": 1280, "layers": 36, "heads": 20, **options})


def gpt2_xl(**options) -> GPT:
    """GPT-2 XL, the whole: 1,557,611,200 parameters.

    Args:
        options: the arguments of :class:`GPT` that are to differ.

    Returns:
        The model.

    Example:
        >>> len(gpt2_xl(device="meta").blocks)
        48
    """
    return GPT(**{"d": 1600, "layers": 48, "heads": 25, **options})
