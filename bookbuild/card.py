"""The image that a shared address shows: the book's title, over a descent.

Momentum goes down a narrow valley where gradient descent zigzags.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from sphinx.application import Sphinx

from bookbuild import LANGUAGES

CARD = "card.png"
SIZE = (1200, 630)  # pixels
PAPER, INK, FAINT = "#ffffff", "#1f2937", "#5b6472"
DESCENT, MOMENTUM = "#d55e00", "#0072b2"  # colours of the book's figures
TEXTS = {
    "en": (
        "Representation\nLearning",
        "The executable notes of IFT6135",
        "gradient descent",
        "momentum",
    ),
    "fr": (
        "Apprentissage\nde représentations",
        "Les notes exécutables d’IFT6135",
        "descente de gradient",
        "inertie",
    ),
}
ALT = {
    "en": "Representation Learning, the executable notes of IFT6135: two paths down a "
    "narrow valley, gradient descent and momentum.",
    "fr": "Apprentissage de représentations, les notes exécutables d’IFT6135\u00a0: "
    "deux chemins dans une vallée étroite, la descente de gradient et l’inertie.",
}
CURVATURES = np.array([1.0, 18.0])
START = np.array([-4.2, 1.15])


def description(lang: str) -> str:
    """What the image shows, in words."""
    return ALT[lang]


def descend(rate: float, momentum: float, steps: int) -> np.ndarray:
    """The points of a descent in the valley, from its start."""
    points, velocity = [START], np.zeros(2)
    for _ in range(steps):
        velocity = momentum * velocity - rate * CURVATURES * points[-1]
        points.append(points[-1] + velocity)
    return np.array(points)


def draw(lang: str) -> bytes:
    """The card of an edition, a PNG of :data:`SIZE` pixels."""
    title, subtitle, slow, fast = TEXTS[lang]
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 0.54))
    axes.set(xlim=(-5, 1.6), ylim=(-1.75, 1.75))
    axes.set_axis_off()
    x, y = np.meshgrid(np.linspace(-5, 1.6, 400), np.linspace(-1.75, 1.75, 200))
    loss = (CURVATURES[0] * x**2 + CURVATURES[1] * y**2) / 2
    levels = np.array([0.08, 0.5, 1.5, 3.2, 5.8, 9.5, 14.5, 21])
    axes.contour(x, y, loss, levels=levels, colors="#cbd5e1", linewidths=1.6)
    paths = (
        (slow, DESCENT, descend(0.101, 0.0, 30)),
        (fast, MOMENTUM, descend(0.03, 0.75, 42)),
    )
    for name, colour, path in paths:
        axes.plot(*path.T, "-o", color=colour, linewidth=3, markersize=6, label=name)
    axes.plot(*START, "o", color=INK, markersize=11, zorder=4)
    axes.plot(0, 0, "*", color=INK, markersize=22, zorder=4)
    axes.legend(
        loc="lower right",
        fontsize=19,
        labelcolor=INK,
        facecolor=PAPER,
        edgecolor="none",
        framealpha=0.9,
    )
    figure.text(0.055, 0.93, title, size=52, weight="bold", color=INK, va="top")
    figure.text(0.058, 0.625, subtitle, size=23, color=FAINT, va="top")
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", facecolor=PAPER)
    packed = io.BytesIO()
    image = Image.open(drawn).convert("RGB").quantize(48, dither=Image.Dither.NONE)
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the card beside the edition's other files, unless it is there already."""
    target = Path(app.outdir) / "_static" / CARD
    if error or app.builder.format != "html" or app.config.language not in LANGUAGES:
        return
    if not target.exists() or target.stat().st_mtime < Path(__file__).stat().st_mtime:
        target.write_bytes(draw(app.config.language))


def setup(app: Sphinx) -> None:
    """Connect to the end of the build."""
    app.connect("build-finished", write)
