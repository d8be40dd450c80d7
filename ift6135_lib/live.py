"""Sliders in a live notebook: the controls become ipywidgets."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

from ift6135_lib.catalogue import language, translate_live
from ift6135_lib.controls import Control
from ift6135_lib.plot import display_live

WIDE = {"description_width": "initial"}


def panel(
    draw: Callable[..., Figure],
    describe: Callable[..., str] | None,
    controls: dict[str, Control],
) -> None:
    """Display the controls and, under them, the figure they make.

    Args:
        draw: makes the figure; its arguments are the controls' names.
        describe: says in one English sentence what the figure then shows.
        controls: one control for each argument.

    Example:
        >>> from ift6135_lib.controls import Checkbox
        >>> tick = {"grid": Checkbox()}
        >>> print("shown:"); panel(lambda grid: plt.figure(), None, tick)
        ... # doctest: +ELLIPSIS
        shown:
        ...VBox(...
    """

    def show(**values) -> None:
        figure = draw(**values)
        plt.close(figure)
        display_live(figure)
        if describe:
            print(translate_live(describe(**values), language()))

    made = {name: widget(name, control) for name, control in controls.items()}
    rows = [
        widgets.HBox([player(each), each]) if controls[name].play else each
        for name, each in made.items()
    ]
    display(widgets.VBox([*rows, widgets.interactive_output(show, made)]))


def widget(name: str, control: Control) -> widgets.Widget:
    """The widget of a control, with the page's own positions and readouts.

    Args:
        name: what it is called without a description.
        control: one of :mod:`ift6135_lib.controls`'.

    Returns:
        A slider, a drop-down list or a check box.

    Example:
        >>> from ift6135_lib.controls import IntSlider
        >>> widget("k", IntSlider(2, 1, 3)).value
        2
    """
    lang = language()
    description = translate_live(control.description or name, lang)
    if control.kind == "checkbox":
        return widgets.Checkbox(
            bool(control.start), description=description, style=WIDE, indent=False
        )
    readouts = control.said(lang, translate_live)
    kind = widgets.SelectionSlider if control.kind == "range" else widgets.Dropdown
    return kind(
        options=list(zip(readouts, control.values, strict=True)),
        value=control.values[control.start],
        description=description,
        style=WIDE,
    )


def player(slider: widgets.SelectionSlider) -> widgets.Play:
    """A button that moves a slider through its positions.

    Args:
        slider: the slider to move.

    Returns:
        The button, linked to the slider.

    Example:
        >>> from ift6135_lib.controls import IntSlider
        >>> player(widget("k", IntSlider(2, 1, 3))).max
        2
    """
    play = widgets.Play(
        value=slider.index, min=0, max=len(slider.options) - 1, interval=400
    )
    widgets.jslink((play, "value"), (slider, "index"))
    return play
