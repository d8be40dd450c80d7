"""What an exercise says before it is written."""

from __future__ import annotations

from ift6135_lib.catalogue import language
from ift6135_lib.exercises.reference import load

TO_WRITE = {
    "en": "○ {title}: yours to write. {asks}",
    "fr": "○ {title}\u00a0: à vous d’écrire. {asks}",
}
UNKNOWN = {
    "en": "○ {id}: yours to write.",
    "fr": "○ {id}\u00a0: à vous d’écrire.",
}


def invitation(exercise_id: str, lang: str) -> str:
    """What an exercise asks, on one line.

    Args:
        exercise_id: its id.
        lang: "en" or "fr".

    Returns:
        Its title and first sentence; its id, if it is not known.

    Example:
        >>> invitation("no-such-step", "en")
        '○ no-such-step: yours to write.'
    """
    try:
        reference = load(exercise_id)
        title, asks = reference.title[lang], reference.asks[lang]
    except (ValueError, LookupError, OSError):
        return UNKNOWN[lang].format(id=exercise_id)
    return TO_WRITE[lang].format(title=title, asks=asks)


class Unanswered(NotImplementedError):
    """Stands for the answer in a fresh notebook; shown as one line, without a trace.

    Args:
        exercise_id: the exercise's id.

    Example:
        >>> raise Unanswered("no-such-step")
        Traceback (most recent call last):
        ift6135_lib.exercises.unanswered.Unanswered: ○ no-such-step: yours to write.
    """

    def __init__(self, exercise_id: str):
        super().__init__(exercise_id)
        self.exercise_id = exercise_id

    def __str__(self) -> str:
        try:
            lang = language()
        except ValueError:  # IFT6135_LANG names another one
            lang = "en"
        return invitation(self.exercise_id, lang)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of the stack."""
        return [str(self)]
