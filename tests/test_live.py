"""Sliders in a real kernel: every control redraws the figure.

The test is the notebook's front end: it sets the widgets' values as a browser does and
looks at what the output widget then shows.
"""

import copy
import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

SETUP = """
import matplotlib.pyplot as plt
from ift6135_lib.interact import *
from ift6135_lib.plot import use_style
use_style()

def draw(slope, power, rate, kind, grid):
    figure, axes = plt.subplots(figsize=(2, 1))
    axes.plot([0, 1], [0, slope * 2**power * rate], "o-" if kind == "Adam" else "-")
    axes.set(xlim=(0, 1), ylim=(-9, 9), xlabel="learning rate")
    axes.grid(grid)
    if slope == 2:
        raise RuntimeError("slope 2 cannot be drawn")
    return figure

explore(
    draw, "fig-a",
    describe=lambda slope, **others: f"learning rate {slope:.1f}",
    slope=FloatSlider(0.5, -1, 2, 0.5, "learning rate", play=True),
    power=IntSlider(1, 0, 3, description="step"),
    rate=FloatLogSlider(1, -1, 1, 0.5, description="loss"),
    kind=Dropdown(["SGD", "Adam"], description="optimizer"),
    grid=Checkbox(False, "noise"),
)
"""
FIND = """
import ipywidgets, json
try:  # ipywidgets 8
    from ipywidgets.widgets.widget import _instances as everything
except ImportError:
    everything = ipywidgets.Widget.widgets
def called(description):
    return next(w for w in list(everything.values())
                if getattr(w, "description", None) == description)
"""


NAMES = {
    "learning rate": "taux d'apprentissage",
    "step": "pas",
    "loss": "perte",
    "optimizer": "optimiseur",
    "noise": "bruit",
}
MOVES = {
    "learning rate": "-1.0",
    "step": "3",
    "loss": "10.0",
    "optimizer": "'Adam'",
    "noise": "True",
}
READ = "print([label for label, _ in {widget}.options])"
PLAY = """
link = next(w for w in list(everything.values()) if type(w).__name__ == "Link")
play, slider = link.source[0], link.target[0]
print(type(play).__name__, play.max, link.source[1], link.target[1], slider is {widget})
"""


class Session:
    """A notebook run in a language, and what its output area showed after each cell."""

    def __init__(self, lang: str):
        self.lang, self.shown = lang, {}
        cells = {"setup": SETUP, "find": FIND}
        for name, value in MOVES.items():
            widget = self.widget(name)
            cells[f"move {name}"] = f"{widget}.value, before = {value}, {widget}.value"
            cells[f"back {name}"] = f"{widget}.value = before"
        rate = self.widget("learning rate")
        cells["read"] = READ.format(widget=rate)
        cells["play"] = PLAY.format(widget=rate)
        cells["fail"] = f"{rate}.value = 2.0"
        cells["mend"] = f"{rate}.value = 0.5"
        self.names = list(cells)
        self.notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code) for code in cells.values()]
        )
        self.client = NotebookClient(
            self.notebook,
            timeout=120,
            kernel_name="python3",
            on_cell_executed=self.look,
        )

    def widget(self, name: str) -> str:
        return f"called({self.said(name)!r})"

    def said(self, name: str) -> str:
        return NAMES[name] if self.lang == "fr" else name

    def look(self, cell, cell_index: int, **_) -> None:
        (area,) = (
            state
            for state in self.client.widget_state.values()
            if state.get("_model_name") == "OutputModel"
        )
        self.shown[self.names[cell_index]] = copy.deepcopy(area["outputs"])

    def picture(self, cell: str) -> str:
        """The figure that stands after a cell."""
        (picture,) = (
            output["data"]["image/png"]
            for output in self.shown[cell]
            if "image/png" in output.get("data", {})
        )
        return picture

    def text(self, cell: str) -> str:
        return json.dumps(self.shown[cell], ensure_ascii=False)

    def printed(self, cell: str) -> str:
        (output,) = self.notebook.cells[self.names.index(cell)].outputs
        return output["text"]


@pytest.fixture(scope="module", params=["en", "fr"])
def session(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("IFT6135_BOOK", raising=False)
        patch.setenv("IFT6135_LANG", request.param)
        patch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
        session = Session(request.param)
        session.client.execute()
    return session


def test_the_controls_and_the_figure_are_displayed(session):
    (displayed,) = session.notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in displayed["data"]
    assert session.picture("setup")
    assert f"{session.said('learning rate')} 0" in session.text("setup")


@pytest.mark.parametrize("name", MOVES)
def test_each_control_redraws_the_figure(session, name):
    assert session.picture(f"move {name}") != session.picture("setup")
    assert session.picture(f"back {name}") == session.picture("setup")


def test_the_sentence_follows(session):
    comma = "," if session.lang == "fr" else "."
    assert f"-1{comma}0" in session.text("move learning rate")


def test_the_positions_read_as_on_the_page(session):
    comma = "," if session.lang == "fr" else "."
    assert f"−0{comma}50" in session.printed("read")


def test_the_button_moves_its_slider(session):
    assert session.printed("play").strip() == "Play 6 value index True"


def test_an_error_in_the_drawing_is_shown_until_it_is_mended(session):
    assert "slope 2 cannot be drawn" in session.text("fail")
    assert "cannot be drawn" not in session.text("mend")
    assert session.picture("mend") == session.picture("setup")
