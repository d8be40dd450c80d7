"""Axes that stand still while a slider moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from ift6135_lib.figures import lay_out


class Layout:
    """Where a slider's axes stand: the same place in every picture, room for all."""

    def __init__(self):
        self._boxes: list[Bbox] | None = None

    def measure(self, figure: Figure) -> None:
        """Make room for what this figure shows, by its own layout engine."""
        lay_out(figure)
        boxes = [axes.get_position(original=True) for axes in figure.axes]
        if self._boxes is None or len(self._boxes) != len(boxes):
            self._boxes = boxes
        else:
            pairs = zip(self._boxes, boxes, strict=True)
            common = [Bbox.intersection(one, other) for one, other in pairs]
            if None not in common:
                self._boxes = common

    @contextmanager
    def kept(self, figure: Figure) -> Iterator[None]:
        """Put the axes there for the time of the block; nothing is laid out anew."""
        engine = figure.get_layout_engine()
        if engine is None or len(self._boxes or ()) != len(figure.axes):
            yield
            return
        figure.set_layout_engine("none")
        try:
            for axes, box in zip(figure.axes, self._boxes, strict=True):
                axes.set_position(box)
            yield
        finally:
            figure.set_layout_engine(engine)
