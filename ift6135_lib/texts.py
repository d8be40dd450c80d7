"""The texts of a matplotlib figure: its words, and the data that no one translates."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text

from ift6135_lib.svg import LANG


def texts(artist: Artist) -> Iterator[Text]:
    """The texts of a figure, or of a part of it, tick labels excepted.

    Args:
        artist: a figure, or what it holds.

    Example:
        >>> figure = Figure()
        >>> _ = figure.text(0, 0, "here")
        >>> [text.get_text() for text in texts(figure)]
        ['here']
    """
    for child in artist.get_children():
        if isinstance(child, Axis):  # its children would be ticks, made for nothing
            yield child.label
            continue
        if isinstance(child, Text):
            yield child
        yield from texts(child)


def verbatim(data: Text | Axis, lang: str = "") -> Text | Axis:
    """Leave what is data, such as a sampled text, as it stands in every language.

    Nothing in it is translated, no number written otherwise; in a text, no formula is
    sought.

    Args:
        data: one text of a figure, or an axis whose ticks carry words of a text; the
            axis's own label is translated.
        lang: the language of its words, if they have one, for those who hear them.

    Returns:
        The same.

    Example:
        >>> verbatim(Figure().text(0, 0, "To be, or not to be")).get_text()
        'To be, or not to be'
    """
    if isinstance(data, Text):
        data.set_parse_math(False)
    data.is_data, data.lang = True, lang
    return data


def name_languages(figure: Figure) -> None:
    """Give what :func:`verbatim` keeps an id that says its language.

    Args:
        figure: about to be drawn.

    Example:
        >>> figure = Figure()
        >>> said = verbatim(figure.text(0, 0, "oui"), "fr")
        >>> name_languages(figure)
        >>> said.get_gid()
        'lang-fr'
    """
    for text in texts(figure):
        if lang := getattr(text, "lang", ""):
            text.set_gid(LANG + lang)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if lang := getattr(axis, "lang", ""):
                for label in axis.get_ticklabels():
                    label.set_gid(LANG + lang)
