"""Sliders in a real kernel: every control redraws the figure.

The test is the notebook's front end: it sets the widgets' values as a browser does and
looks at what the output widget then shows.
"""

import json

import nbformat
import pytest
from nbclient import NotebookClient

pytest.importorskip("ipykernel", reason="a kernel is what is tested")

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


class Notebook:
    """A kernel, and what a front end would show."""

    def __init__(self, client: NotebookClient):
        self.client = client

    def run(self, code: str) -> list:
        cell = nbformat.v4.new_code_cell(code)
        self.client.nb.cells.append(cell)
        self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        return cell.outputs

    def shown(self) -> list:
        """What the slider's output area shows."""
        (area,) = (
            state
            for state in self.client.widget_state.values()
            if state.get("_model_name") == "OutputModel"
        )
        return area["outputs"]

    def picture(self) -> str:
        return next(
            output["data"]["image/png"]
            for output in self.shown()
            if "image/png" in output.get("data", {})
        )

    def text(self) -> str:
        return json.dumps(self.shown(), ensure_ascii=False)


@pytest.fixture(scope="module", params=["en", "fr"])
def notebook(request):
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    client = NotebookClient(book, timeout=120, kernel_name="python3")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("IFT6135_BOOK", raising=False)
        patch.setenv("IFT6135_LANG", request.param)
        client.reset_execution_trackers()
        with client.setup_kernel():
            client.wait_for_reply(client.kc.kernel_info())
            notebook = Notebook(client)
            notebook.lang = request.param
            notebook.displayed = notebook.run(SETUP)
            notebook.run(FIND)
            yield notebook


NAMES = {
    "learning rate": "taux d'apprentissage",
    "step": "pas",
    "loss": "perte",
    "optimizer": "optimiseur",
    "noise": "bruit",
}


def control(notebook, name: str) -> str:
    said = NAMES[name] if notebook.lang == "fr" else name
    return f"called({said!r})"


def test_the_controls_and_the_figure_are_displayed(notebook):
    (displayed,) = notebook.displayed
    assert "application/vnd.jupyter.widget-view+json" in displayed["data"]
    assert notebook.picture()
    sentence = "taux d'apprentissage 0,5" if notebook.lang == "fr" else "rate 0.5"
    assert sentence in notebook.text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning rate", "-1.0"),
        ("step", "3"),
        ("loss", "10.0"),
        ("optimizer", "'Adam'"),
        ("noise", "True"),
    ],
)
def test_each_control_redraws_the_figure(notebook, name, value):
    widget = control(notebook, name)
    default = notebook.picture()
    notebook.run(f"before = {widget}.value; {widget}.value = {value}")
    assert notebook.picture() != default
    notebook.run(f"{widget}.value = before")
    assert notebook.picture() == default


def test_the_positions_read_as_on_the_page(notebook):
    code = f"print([label for label, _ in {control(notebook, 'learning rate')}.options])"
    (printed,) = notebook.run(code)
    comma = "," if notebook.lang == "fr" else "."
    assert f"−0{comma}50" in printed["text"]


def test_the_button_moves_its_slider(notebook):
    code = """
link = next(w for w in list(everything.values()) if hasattr(w, "source")
            and type(w).__name__ == "Link")
play, slider = link.source[0], link.target[0]
print(type(play).__name__, play.max, link.source[1], link.target[1],
      slider.description)
"""
    (printed,) = notebook.run(code)
    name = "learning rate"
    said = NAMES[name] if notebook.lang == "fr" else name
    assert printed["text"].strip() == f"Play 6 value index {said}"


def test_an_error_in_the_drawing_is_shown(notebook):
    widget = control(notebook, "learning rate")
    notebook.run(f"{widget}.value = 2.0")
    assert "slope 2 cannot be drawn" in notebook.text()
    notebook.run(f"{widget}.value = 0.5")
    assert "cannot be drawn" not in notebook.text()
    assert notebook.picture()
