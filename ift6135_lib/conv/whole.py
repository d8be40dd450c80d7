"""The sizes that the sequence models accept, and the error for others."""

from numbers import Integral


def check_whole(name: str, value: int, *, at_least: int = 1) -> int:
    """The value, unless it is no whole number or too small.

    Args:
        name: of the argument, for the message.
        value: what was given.
        at_least: the least value accepted.

    Returns:
        The value.

    Raises:
        ValueError: the value is not accepted.

    Example:
        >>> check_whole("dilation", 2)
        2
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be a whole number ≥ {at_least}, got {value!r}")
    return value
