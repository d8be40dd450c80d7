"""A verdict: a line that says it, the facts behind it, a hint."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

COLON = {"en": ":", "fr": "\u00a0:"}
HINT = {"en": "Hint", "fr": "Indice"}
# legible on white and on black; the mark and the words say the same
EDGE = {True: "#2e8b57", False: "#c8553d"}
BOX = "border-left: 4px solid {edge}; padding: 0.2em 0 0.2em 0.8em; margin: 0.3em 0"
CODE = "white-space: pre-wrap; overflow-wrap: anywhere; background: none"


@dataclass(frozen=True, repr=False)
class Verdict:
    """What :func:`ift6135_lib.check` says of an answer; true if it is right.

    Args:
        passed: whether the answer is right.
        headline: one line.
        facts: pairs of a name and what is to be read, as code.
        hint: what may be wrong, "" if nothing can be said.
        lang: of the texts.
        inputs: the arguments on which the answer is wrong first.

    Example:
        >>> verdict = Verdict(False, "✗ Step: wrong.", (("Got", "1"),), "Try `-1`.")
        >>> bool(verdict)
        False
        >>> verdict
        ✗ Step: wrong.
          Got: 1
          Hint: Try `-1`.
    """

    passed: bool
    headline: str
    facts: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    lang: str = "en"
    inputs: tuple = ()

    def __bool__(self) -> bool:
        return self.passed

    @property
    def text(self) -> str:
        """All of it, in plain text."""
        colon = COLON[self.lang]
        lines = [f"  {name}{colon} {said}" for name, said in self.facts]
        if self.hint:
            lines.append(f"  {HINT[self.lang]}{colon} {self.hint}")
        return "\n".join([self.headline, *lines])

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        colon = COLON[self.lang]
        rows = "".join(
            f"<div>{html.escape(name)}{colon} "
            f'<code style="{CODE}">{html.escape(said)}</code></div>'
            for name, said in self.facts
        )
        if self.hint:
            name = f"<strong>{HINT[self.lang]}</strong>"
            rows += f"<div>{name}{colon} {_prose(self.hint)}</div>"
        return (
            f'<div role="status" lang="{self.lang}" '
            f'style="{BOX.format(edge=EDGE[self.passed])}">'
            f"<div><strong>{_prose(self.headline)}</strong></div>{rows}</div>"
        )


def _prose(text: str) -> str:
    """Escaped, its `code` set as code."""
    code = rf'<code style="{CODE}">\1</code>'
    return re.sub(r"`([^`]*)`", code, html.escape(text))
