"""Figures, quoted numbers and source code, in the page's language."""

from __future__ import annotations

import ast
import base64
import inspect
import io
import math
import textwrap

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

from ift6135_lib.catalogue import (
    LANGUAGES,
    in_book,
    language,
    translate,
    translate_live,
)
from ift6135_lib.figures import draw, free_images, spoken
from ift6135_lib.frames import check_size
from ift6135_lib.publish import check_label, publish
from ift6135_lib.svg import clean, markup
from ift6135_lib.texts import verbatim
from ift6135_lib.typography import localise

__all__ = [
    "PALETTE",
    "glue",
    "show",
    "show_source",
    "translate",
    "use_style",
    "verbatim",
]

PALETTE = ["#0072b2", "#d55e00", "#00a5a5", "#782dff", "#96694b", "#7f7f7f"]
"""The colours C0 to C5 are blue, vermilion, teal, violet, brown, a grey for guides.

Each stands out from white and from the dark theme by a contrast of 3 or more; C0 to C4
stand out from each other for colour-blind readers too.

Source:
    The first two are Okabe & Ito's, 2008; contrast: WCAG 2.2, criterion 1.4.11.
"""
STYLE = {
    "figure.figsize": (6.4, 3.6),
    "figure.constrained_layout.use": True,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 12,
    "axes.titlesize": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "black",
    "grid.alpha": 0.12,
    "axes.formatter.limits": (-4, 5),
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "legend.frameon": False,
    "image.interpolation": "none",
    "image.cmap": "viridis",
}


def use_style() -> None:
    """Draw the figures that follow in the course's style.

    Lines take the colours of :data:`PALETTE` in turn. Sizes suit a figure 6.4 inches
    wide, with letters of 12 points.

    Example:
        >>> use_style()
        >>> plt.rcParams["legend.frameon"]
        False
    """
    mpl.rcParams.update(STYLE)


def show(figure: Figure, label: str, *, sound: bytes | None = None) -> None:
    """Show a figure, and close it; let hear what it shows.

    In a live notebook it is displayed in the notebook's language; in the book's build
    both languages are handed to the page, which places the figure with ``{plot}``.

    Args:
        figure: a figure whose texts are English.
        label: the figure's label on the page, such as "fig-momentum-path".
        sound: a WAV file's bytes, see :func:`ift6135_lib.sound.wav`; below the figure
            stands a player.

    Raises:
        ValueError: the label is no address, or the figure is too heavy for a page.
        UntranslatedLabel: in the book's build, a text has no French.

    Example:
        >>> show(plt.figure(), "fig-empty")  # doctest: +ELLIPSIS
        <...
    """
    check_label(label)
    plt.close(figure)
    if not in_book():
        display_live(figure)
        if sound is not None:
            _play_live(sound)
        return
    heard = {} if sound is None else {"sound": base64.b64encode(sound).decode()}
    drawn = {}
    for lang in LANGUAGES:
        with spoken(figure, lang):
            drawn[lang] = {"svg": markup(clean(draw(figure), label)), **heard}
        check_size(label, *drawn[lang].values())
    publish(label, "figure", f"figure {label}", **drawn)


def display_live(figure: Figure) -> None:
    """Display a figure in the live notebook's language, sharp on any screen.

    Args:
        figure: a figure whose texts are English.

    Example:
        >>> display_live(plt.figure())  # doctest: +ELLIPSIS
        <...
    """
    from IPython.display import Image, display

    buffer = io.BytesIO()
    free_images(figure)
    with spoken(figure, language(), translate_live):
        figure.savefig(buffer, format="png", dpi=2 * figure.dpi)
    display(Image(buffer.getvalue(), retina=True))


def _play_live(sound: bytes) -> None:
    from IPython.display import Audio, display

    display(Audio(data=sound))


def glue(key: str, value: object, spec: str = "") -> None:
    """Keep a number, or a short text, that the prose quotes with ``{value}``.

    Args:
        key: the name by which the prose quotes it, such as "final-loss".
        value: a finite number, or a text of the catalogue.
        spec: Python's format specification, such as ".2f".

    Raises:
        ValueError: the key is no name, or the number is not finite.

    Example:
        >>> glue("final-loss", 0.0512, ".2f")
        final-loss: 0.05
    """
    check_label(key, "key")
    english = value_text(value, spec, "en")
    if in_book():
        french = value_text(value, spec, "fr")
        publish(key, "value", f"{key}: {english}", en=english, fr=french)
    else:
        lang = language()
        print(f"{key}: {value_text(value, spec, lang)}")


def value_text(value: object, spec: str, lang: str) -> str:
    """A value as the language writes it.

    Args:
        value: a finite number, or a text of the catalogue.
        spec: Python's format specification.
        lang: "en" or "fr".

    Returns:
        The text: a true minus sign, powers of ten instead of ``e-05``; in French
        decimal commas and no-break spaces.

    Raises:
        ValueError: the number is not finite.

    Example:
        >>> value_text(-0.00123, ".1e", "fr")
        '−1,2\xa0×\xa010⁻³'
    """
    if isinstance(value, str):
        return translate(format(value, spec), lang)
    number = value.item() if hasattr(value, "item") else value
    if not math.isfinite(number):
        raise ValueError(f"value is {number}; a number to quote must be finite")
    return localise(format(number, spec), lang)


def show_source(thing: object) -> None:
    """Display the source of a function or a class, as it reads beside its equation.

    Decorators and docstrings are left out: the page says in prose what they say.

    Args:
        thing: a function, a method or a class.

    Raises:
        TypeError: Python has no source for it.

    Example:
        >>> show_source(use_style)  # doctest: +ELLIPSIS
        {'text/markdown': '```python\\ndef use_style() -> None:...
    """
    from IPython.display import display

    source = source_of(thing)
    display(
        {"text/markdown": f"```python\n{source}\n```", "text/plain": source}, raw=True
    )


def source_of(thing: object) -> str:
    """The source of a function or a class without decorators and docstrings.

    Args:
        thing: a function, a method or a class.

    Returns:
        The source, not indented.

    Raises:
        TypeError: Python has no source for it.

    Example:
        >>> source_of(use_style).splitlines()[0]
        'def use_style() -> None:'
    """
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(thing)))
    lines = source.splitlines()
    (definition,) = ast.parse(source).body
    left_out = set(range(1, definition.lineno))
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and len(node.body) > 1:
            first = node.body[0]
            if ast.get_docstring(node) is not None:
                end = first.end_lineno
                while not lines[end].strip():  # the blank lines after a docstring
                    end += 1
                left_out.update(range(first.lineno, end + 1))
    kept = [line for number, line in enumerate(lines, 1) if number not in left_out]
    return "\n".join(kept).strip()
