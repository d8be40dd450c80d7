"""Sliders: live widgets in a notebook, a self-contained picture in the book's page."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from ift6135_lib.catalogue import LANGUAGES, in_book, translate
from ift6135_lib.controls import (
    Checkbox,
    Control,
    Dropdown,
    FloatLogSlider,
    FloatSlider,
    IntSlider,
)
from ift6135_lib.figures import draw as draw_svg
from ift6135_lib.figures import spoken
from ift6135_lib.frames import check_count, check_size, compose
from ift6135_lib.layout import Layout
from ift6135_lib.publish import check_label, publish
from ift6135_lib.svg import clean

__all__ = [
    "Checkbox",
    "Dropdown",
    "FloatLogSlider",
    "FloatSlider",
    "IntSlider",
    "explore",
]


def explore(
    draw: Callable[..., Figure],
    label: str,
    /,
    *,
    describe: Callable[..., str] | None = None,
    **controls: Control,
) -> None:
    """Let the reader change a figure's parameters.

    In a live notebook the controls are widgets and each move draws anew. In the book's
    build every position is drawn once, in both languages; the page needs no kernel.

    Args:
        draw: makes the figure; its arguments are the controls' names.
        label: the figure's label on the page, such as "fig-momentum-path".
        describe: says in one English sentence what the figure then shows.
        controls: one control for each argument.

    Raises:
        ValueError: no control, too many positions, or too heavy for a page.
        TypeError: a control is none of this module's, or draw returns no figure.
        UntranslatedLabel: in the book's build, a text has no French.

    Example:
        >>> explore(lambda k: plt.figure(), "fig-k")
        Traceback (most recent call last):
        ValueError: explore('fig-k') has no control; give at least one
    """
    check_label(label)
    if not controls:
        raise ValueError(f"explore({label!r}) has no control; give at least one")
    for name, control in controls.items():
        if not isinstance(control, Control):
            raise TypeError(
                f"{name} is {control!r}; it must be one of ift6135_lib.interact's "
                "FloatSlider, IntSlider, FloatLogSlider, Dropdown, Checkbox"
            )
    if in_book():
        _publish(draw, label, describe, controls)
    else:
        from ift6135_lib.live import panel

        panel(draw, describe, controls)


def _publish(draw, label, describe, controls) -> None:
    """Draw every position and hand the slider to the page."""
    check_count(label, math.prod(len(control.values) for control in controls.values()))
    specs = {
        lang: [_specification(*item, lang) for item in controls.items()]
        for lang in LANGUAGES
    }
    positions = list(product(*(control.values for control in controls.values())))
    places = list(product(*(range(len(c.values)) for c in controls.values())))
    start = places.index(tuple(control.start for control in controls.values()))
    layouts = {lang: Layout() for lang in LANGUAGES}
    for number in {0, start, len(positions) - 1}:
        figure = _figure(draw, dict(zip(controls, positions[number], strict=True)))
        for lang in LANGUAGES:
            with spoken(figure, lang):
                layouts[lang].measure(figure)
    frames: dict[str, list] = {lang: [] for lang in LANGUAGES}
    sentences: dict[str, list] = {lang: [] for lang in LANGUAGES}
    for position in positions:
        values = dict(zip(controls, position, strict=True))
        figure = _figure(draw, values)
        for lang in LANGUAGES:
            with spoken(figure, lang), layouts[lang].kept(figure):
                frames[lang].append(clean(draw_svg(figure), label))
            if describe:
                sentences[lang].append(translate(describe(**values), lang))
    sliders = {}
    for lang in LANGUAGES:
        slider = compose(frames[lang], sentences[lang], start)
        check_size(label, slider["svg"], slider["payload"])
        sliders[lang] = {**slider, "controls": specs[lang], "start": start}
    publish(label, "slider", f"slider {label}", **sliders)


def _figure(draw, values: dict) -> Figure:
    figure = draw(**values)
    if not isinstance(figure, Figure):
        raise TypeError(
            f"draw(**{values}) returned {figure!r}; it must return the figure"
        )
    plt.close(figure)
    return figure


def _specification(name: str, control: Control, lang: str) -> dict:
    """What the page needs to make the control."""
    return {
        "name": name.replace("_", "-"),
        "kind": control.kind,
        "label": translate(control.description or name, lang),
        "values": control.said(lang),
        "start": control.start,
        "play": control.play,
    }
