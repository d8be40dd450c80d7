"""Figures are laid out as they will be drawn."""

import matplotlib.pyplot as plt
import pytest

from ift6135_lib.figures import draw, lay_out


def make():
    figure, (left, right) = plt.subplots(1, 2, figsize=(5, 2), layout="constrained")
    left.imshow([[0, 1], [1, 0]])
    left.set(title="$\\frac{1}{2}$ of the pixels", ylabel="a rather long label")
    image = right.scatter([1, 2], [1000, 20000], c=[0, 1])
    figure.colorbar(image, ax=right, label="loss (nats)")
    plt.close(figure)
    return figure


def places(figure):
    return [axes.get_position(original=True).bounds for axes in figure.axes]


def test_axes_stand_where_a_drawing_puts_them():
    laid, drawn = make(), make()
    before = places(laid)
    lay_out(laid)
    draw(drawn)
    assert places(laid) == places(drawn)
    assert not any(
        old == pytest.approx(new, abs=1e-3)
        for old, new in zip(before, places(laid), strict=True)
    )


def test_a_figure_keeps_its_resolution_and_canvas():
    figure = make()
    canvas, dpi = figure.canvas, figure.dpi
    lay_out(figure)
    draw(figure)
    assert figure.canvas is canvas
    assert figure.dpi == dpi
