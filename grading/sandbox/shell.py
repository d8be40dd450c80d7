"""Runs one cell as a notebook would, inside the sandbox: what it printed and drew."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import signal
import sys
import traceback
import warnings

PICTURES, PICTURE_BYTES = 8, 1_000_000
ERROR_CHARACTERS = 4_000


class TooLong(BaseException):
    """The time of a cell is over."""


class TooMuchOutput(BaseException):
    """A cell printed more than it may."""


class Bounded(io.StringIO):
    """Text that stops its writer at a length."""

    def __init__(self, longest: int):
        super().__init__()
        self.longest = longest

    def write(self, text: str) -> int:
        room = self.longest - self.tell()
        super().write(str(text)[: max(0, room)])
        if len(text) > room:
            raise TooMuchOutput
        return len(text)


def make_shell():
    """IPython, without what needs a terminal, a network or a display."""
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 0
    shell = InteractiveShell.instance(config=config)
    warnings.filterwarnings("ignore", message="To exit")
    shell.display_pub = CapturingDisplayPublisher(shell=shell)
    shell.showtraceback = shell.showsyntaxerror = lambda *a, **k: None
    shell.displayhook.write_output_prompt = lambda: None
    shell.ask_exit = sys.exit  # exit() and quit() end their cell
    for magic in ("pip", "conda", "matplotlib"):
        shell.register_magic_function(lambda line: None, "line", magic)
    return shell


@contextlib.contextmanager
def alarm(seconds: float):
    """Raise :class:`TooLong` in the code that runs when the time is over."""

    def ring(*_):
        raise TooLong

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def described(error: BaseException) -> str:
    """An error as the feedback shows it: the student's own line, type and message."""
    if type(error).__name__ == "Unanswered":
        return str(error)
    said = "".join(traceback.format_exception_only(type(error), error)).strip()
    said = re.sub(r'^File "<ipython[^"]*", ', "", said)
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if "ipython-input" in each.filename]
    place = f"line {own[-1].lineno}: {own[-1].line}\n" if own else ""
    return (place + said)[:ERROR_CHARACTERS]


def run_code(shell, cell: dict, output: int) -> dict:
    """Run one cell; what it printed, drew and raised."""
    text, status, error = Bounded(output), "ok", ""
    shell.display_pub.outputs.clear()
    try:
        with (
            contextlib.redirect_stdout(text),
            contextlib.redirect_stderr(text),
            alarm(cell["seconds"]),
        ):
            done = shell.run_cell(cell["source"], store_history=False)
            raised = done.error_before_exec or done.error_in_exec
    except BaseException as stopped:
        raised = stopped
    if isinstance(raised, TooLong):
        status = "timeout"
    elif isinstance(raised, TooMuchOutput):
        status = "output"
    elif raised is not None:
        status, error = "error", described(raised)
    shown, pictures = displayed(shell)
    return {
        "end": status,
        "text": (text.getvalue() + shown)[:output],
        "error": error,
        "pictures": pictures,
    }


def displayed(shell) -> tuple[str, list[str]]:
    """What the cell displayed: texts, and pictures as PNG in base64."""
    texts, pictures = [], []
    for output in shell.display_pub.outputs[:PICTURES]:
        data = output.get("data", {})
        if isinstance(data.get("image/png"), bytes):
            pictures.append(data["image/png"])
        elif "text/plain" in data:
            texts.append(f"{data['text/plain']}\n")
    shell.display_pub.outputs.clear()
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        for number in pyplot.get_fignums()[:PICTURES]:
            drawn = io.BytesIO()
            pyplot.figure(number).savefig(drawn, format="png", dpi=80)
            pictures.append(drawn.getvalue())
        pyplot.close("all")
    small = [each for each in pictures if len(each) <= PICTURE_BYTES][:PICTURES]
    return "".join(texts), [base64.b64encode(each).decode() for each in small]
