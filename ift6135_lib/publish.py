"""What a notebook hands to the book's page: figures, sliders and numbers.

In the book's build each goes, in both languages at once, into one output that myst-nb
keeps aside under its label; the page places it with ``{plot}`` or ``{value}``.
"""

from __future__ import annotations

import re

PREFIX = "application/papermill.record/"
MIME = "application/x-ift6135+json"
LABEL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check_label(label: str, name: str = "label") -> str:
    """Refuse a label that cannot be an address on the page.

    Args:
        label: words of lower-case letters and digits, between hyphens.
        name: the argument's name, for the message.

    Returns:
        The label.

    Raises:
        ValueError: any other text.

    Example:
        >>> check_label("fig-momentum-path")
        'fig-momentum-path'
    """
    if not isinstance(label, str) or not LABEL.fullmatch(label):
        raise ValueError(
            f"{name} is {label!r}; it must be lower-case words and digits between "
            "hyphens, such as 'fig-momentum-path'"
        )
    return label


def publish(label: str, kind: str, plain: str, **by_language: object) -> None:
    """Hand something to the page.

    Args:
        label: the name by which the page asks for it.
        kind: "figure", "slider" or "value".
        plain: a short text for whoever reads the notebook's outputs.
        by_language: the content, for ``en`` and ``fr``.

    Example:
        >>> publish("final-loss", "value", "final-loss: 0.5", en="0.5", fr="0,5")
        ... # doctest: +ELLIPSIS
        {'application/papermill.record/application/x-ift6135+json': ...
    """
    from IPython.display import display

    display(
        {
            f"{PREFIX}{MIME}": {"kind": kind, **by_language},
            f"{PREFIX}text/plain": plain,
        },
        metadata={"scrapbook": {"name": label, "mime_prefix": PREFIX}},
        raw=True,
    )
