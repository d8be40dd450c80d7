"""A matplotlib figure drawn in either language."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

import matplotlib as mpl
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from ift6135_lib.catalogue import UntranslatedLabel, translate
from ift6135_lib.texts import name_languages, texts

SVG_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "ift6135",
    "svg.image_inline": True,
    "image.composite_image": False,
    "path.simplify": True,
}
SLACK = 2  # points a text may stand out: the side bearings of its letters


class _Spoken(Formatter):
    """Tick labels said in another language."""

    def __init__(self, formatter: Formatter, say: Callable[[str], str]):
        self.formatter, self.say = formatter, say
        self.axis = formatter.axis

    def __call__(self, x, pos=None):
        return self.say(self.formatter(x, pos))

    def format_ticks(self, values):
        return [self.say(label) for label in self.formatter.format_ticks(values)]

    def get_offset(self):
        return self.say(self.formatter.get_offset())

    def set_locs(self, locs):
        self.formatter.set_locs(locs)


@contextmanager
def spoken(
    figure: Figure, lang: str, say: Callable[[str, str], str] = translate
) -> Iterator[Figure]:
    """Say a figure's texts and numbers in a language, for the time of the block.

    Args:
        figure: a figure whose texts are English.
        lang: "en" or "fr".
        say: translates a text into a language.

    Raises:
        UntranslatedLabel: a text has no translation.

    Example:
        >>> figure = Figure()
        >>> with spoken(figure, "fr") as same:
        ...     same is figure
        True
    """
    with ExitStack() as undo:
        for text, other in _said(figure, lang, say):
            undo.callback(text.set_text, text.get_text())
            text.set_text(other)
        for tickers in _tickers(figure):
            if not isinstance(tickers.formatter, _Spoken):
                undo.callback(setattr, tickers, "formatter", tickers.formatter)
                tickers.formatter = _Spoken(
                    tickers.formatter, lambda text: say(text, lang)
                )
        yield figure


def _said(figure: Figure, lang: str, say) -> list[tuple[Text, str]]:
    """The figure's texts and their translations; all that lack one are named."""
    found, missing = [], []
    for text in texts(figure):
        if getattr(text, "is_data", False):
            continue
        try:
            if text.get_text().strip():
                found.append((text, say(text.get_text(), lang)))
        except UntranslatedLabel as error:
            missing.append(str(error))
    if missing:
        raise UntranslatedLabel("\n".join(dict.fromkeys(missing)))
    return found


def _tickers(figure: Figure) -> Iterator:
    for axes in figure.axes:
        for name in ("xaxis", "yaxis", "zaxis"):
            axis = getattr(axes, name, None)
            if axis and not getattr(axis, "is_data", False):
                yield axis.major
                yield axis.minor


@contextmanager
def _transparent(figure: Figure) -> Iterator[None]:
    """Hide the backgrounds nobody asked for."""
    white = mpl.colors.to_rgba("white")
    patches = [figure.patch]
    patches += [axes.patch for axes in figure.axes if axes.get_facecolor() == white]
    with ExitStack() as undo:
        for patch in patches:
            undo.callback(patch.set_visible, patch.get_visible())
            patch.set_visible(False)
        yield


class _Canvas(FigureCanvasSVG):
    """Lets the layout measure with the renderer that will draw."""

    def __init__(self, figure: Figure, renderer: RendererSVG):
        super().__init__(figure)
        self._renderer = renderer

    def get_renderer(self) -> RendererSVG:
        return self._renderer


class _Formulas(MathTextParser):
    """matplotlib's parser of formulas, which forgets none: parsing is slow."""

    def parse(self, s, dpi=72, prop=None, *, antialiased=None):
        return self._known(s, dpi, prop.copy() if prop else None, antialiased)

    @cache  # noqa: B019 - one parser for the whole kernel
    def _known(self, s, dpi, prop, antialiased):
        return super().parse(s, dpi, prop, antialiased=antialiased)


class _Renderer(RendererSVG):
    """matplotlib's, with the formulas that earlier drawings have parsed."""

    _formulas = _Formulas("path")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._text2path.mathtext_parser = self._formulas


def free_images(figure: Figure) -> None:
    """Take the style's grid off the images, where it would hide pixels.

    Args:
        figure: any figure.

    Example:
        >>> free_images(Figure())
    """
    for axes in figure.axes:
        if axes.images:
            axes.grid(False)


@contextmanager
def _rendered(figure: Figure, buffer: io.StringIO) -> Iterator[MixedModeRenderer]:
    """The renderer that writes the figure; its images keep the figure's resolution."""
    canvas, dpi = figure.canvas, figure.dpi
    width, height = figure.get_size_inches()
    free_images(figure)
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context(SVG_SETTINGS), _transparent(figure):
        svg = _Renderer(
            72 * width, 72 * height, buffer, image_dpi=dpi, metadata=metadata
        )
        _Canvas(figure, svg)
        try:
            figure.dpi = 72
            yield MixedModeRenderer(figure, width, height, dpi, svg)
        finally:
            figure.dpi = dpi
            figure.set_canvas(canvas)


def lay_out(figure: Figure) -> None:
    """Place the axes as :func:`draw` does, and draw nothing.

    Args:
        figure: any figure.

    Example:
        >>> lay_out(Figure())
    """
    with _rendered(figure, io.StringIO()):
        if engine := figure.get_layout_engine():
            engine.execute(figure)


def draw(figure: Figure) -> str:
    """The figure as matplotlib writes it, without its background.

    Args:
        figure: any figure.

    Returns:
        SVG text, the same at each call.

    Raises:
        ValueError: a text leaves the picture.

    Example:
        >>> draw(Figure()).startswith("<?xml")
        True
    """
    buffer = io.StringIO()
    name_languages(figure)
    with _rendered(figure, buffer) as renderer:
        figure.draw(renderer)
        renderer.finalize()
        _check_inside(figure, renderer)
    return buffer.getvalue()


def _check_inside(figure: Figure, renderer: MixedModeRenderer) -> None:
    """Refuse texts that the picture's edge cuts off."""
    for text in texts(figure):
        clipped = text.get_clip_on() and (text.get_clip_box() or text.get_clip_path())
        if not text.get_text().strip() or not text.get_visible() or clipped:
            continue
        box, page = text.get_window_extent(renderer), figure.bbox
        beyond = max(-box.x0, -box.y0, box.x1 - page.x1, box.y1 - page.y1)
        if SLACK < beyond < float("inf"):
            raise ValueError(
                f"the text {text.get_text()!r} leaves the picture by {beyond:.0f} "
                "points: shorten it (French is longer), move it, give the legend fewer "
                "columns, or make the figure larger"
            )
