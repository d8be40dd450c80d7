"""Sliders in a real kernel: every control redraws the figure.

The test is the notebook's front end: it sets the widgets' values as a browser does and
looks at what the output widget then shows.
"""

import json
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from bookbuild.execute import sockets

TIMEOUT = 60  # seconds without any message

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
    "learning rate": "taux d’apprentissage",
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


class FrontEnd:
    """A kernel, and what a notebook's page would show of its output widget."""

    def __init__(self):
        self.manager = KernelManager(kernel_name="python3", **sockets())
        self.manager.start_kernel()
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.area = None  # the output widget's address
        self.capturing = ""  # whose messages the output widget takes
        self.shown: list[dict] = []
        self.clear = False

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code: str) -> list[dict]:
        """Run a cell; what it displays outside the output widget."""
        cell = self.client.execute(code)
        displayed = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != cell:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            self.follow(kind, content)
            if kind == "clear_output" and self.capturing == cell:
                self.clear = True
            elif kind in ("display_data", "stream", "error", "execute_result"):
                if self.capturing == cell:
                    if self.clear:
                        self.shown, self.clear = [], False
                    self.shown.append(content)
                else:
                    displayed.append(content)
        failed = [each for each in displayed if "traceback" in each]
        assert not failed, "\n".join(failed[0]["traceback"])
        return displayed

    def follow(self, kind: str, content: dict) -> None:
        """Keep track of the output widget."""
        state = content.get("data", {}).get("state", {})
        if kind == "comm_open" and state.get("_model_name") == "OutputModel":
            self.area = content["comm_id"]
        if kind in ("comm_open", "comm_msg") and content["comm_id"] == self.area:
            self.capturing = state.get("msg_id", self.capturing)


class Session:
    """A notebook run in a language, and what its output area showed after each cell."""

    def __init__(self, lang: str):
        self.lang, self.shown, self.displayed = lang, {}, {}
        front = FrontEnd()
        try:
            for name, code in self.cells().items():
                self.displayed[name] = front.run(code)
                self.shown[name] = list(front.shown)
        finally:
            front.close()

    def cells(self) -> dict[str, str]:
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
        return cells

    def widget(self, name: str) -> str:
        return f"called({self.said(name)!r})"

    def said(self, name: str) -> str:
        return NAMES[name] if self.lang == "fr" else name

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
        return "".join(output["text"] for output in self.displayed[cell])


@pytest.fixture(scope="module", params=["en", "fr"])
def session(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("IFT6135_BOOK", raising=False)
        patch.setenv("IFT6135_LANG", request.param)
        patch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
        return Session(request.param)


def test_the_controls_and_the_figure_are_displayed(session):
    (displayed,) = session.displayed["setup"]
    assert "application/vnd.jupyter.widget-view+json" in displayed["data"]
    assert session.picture("setup")
    assert f"{session.said('learning rate')} 0" in session.text("setup")


@pytest.mark.parametrize("name", MOVES)
def test_each_control_redraws_the_figure(session, name):
    assert session.picture(f"move {name}") != session.picture("setup")
    assert session.picture(f"back {name}") == session.picture("setup")


def test_the_sentence_follows(session):
    comma = "," if session.lang == "fr" else "."
    assert f"−1{comma}0" in session.text("move learning rate")


def test_the_positions_read_as_on_the_page(session):
    comma = "," if session.lang == "fr" else "."
    assert f"−0{comma}50" in session.printed("read")


def test_the_button_moves_its_slider(session):
    assert session.printed("play").strip() == "Play 6 value index True"


def test_an_error_in_the_drawing_is_shown_until_it_is_mended(session):
    assert "slope 2 cannot be drawn" in session.text("fail")
    assert "cannot be drawn" not in session.text("mend")
    assert session.picture("mend") == session.picture("setup")
