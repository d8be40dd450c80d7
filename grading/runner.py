"""Runs a submission inside the sandbox: one Python, one cell after the other.

It reads a job on its standard input and writes a line of JSON for each thing that
happens. Whoever reads those lines trusts none of them: the code of a student runs in
this very process and can write what it likes.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import re
import resource
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


def restrict(limits: dict) -> None:
    """Limits of the system that the code of students cannot raise again."""
    hard = {
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["files"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
        # a net under the watcher outside, which counts what is really used
        resource.RLIMIT_AS: limits["memory"] + 6 * 2**30,
    }
    for kind, most in hard.items():
        resource.setrlimit(kind, (most, most))


class Channel:
    """Where the lines go; what code prints goes elsewhere."""

    def __init__(self):
        self.owner = os.getpid()
        self.file = os.fdopen(os.dup(1), "w", encoding="utf8")
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)

    def say(self, **line) -> None:
        if os.getpid() != self.owner:  # a copy that a cell forked and left behind
            os._exit(0)
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()


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
    own = own or [each for each in frames if each.filename.startswith("/tmp/ipython")]
    place = f"line {own[-1].lineno}: {own[-1].line}\n" if own else ""
    return (place + said)[:ERROR_CHARACTERS]


def run_code(shell, source: str, limits: dict) -> dict:
    """Run one cell; what it printed, drew and raised."""
    text, status, error = Bounded(limits["output"]), "ok", ""
    shell.display_pub.outputs.clear()
    try:
        with (
            contextlib.redirect_stdout(text),
            contextlib.redirect_stderr(text),
            alarm(limits["cell_seconds"]),
        ):
            done = shell.run_cell(source, store_history=False)
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
        "status": status,
        "text": (text.getvalue() + shown)[: limits["output"]],
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


def run_call(shell, function: str, given: list, limits: dict) -> dict:
    """Call an answer on one hidden case."""
    from ift6135_lib.exercises.attempt import attempt
    from ift6135_lib.exercises.values import decode, encode

    found = shell.user_ns.get(function)
    if not callable(found):
        return {"error": f"NameError: {function} is not defined"}
    nowhere = Bounded(limits["output"])
    try:
        with (
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
            alarm(limits["cell_seconds"]),
        ):
            tried = attempt(found, [decode(each) for each in given])
            if tried.error is not None:
                return {"error": described(tried.error) or type(tried.error).__name__}
            value = encode(tried.value)
            return {"value": value, "changed": list(tried.changed)}
    except TooLong:
        return {"error": "TooLong", "stop": "timeout"}
    except TooMuchOutput:
        return {"error": "TooMuchOutput", "stop": "output"}
    except BaseException as error:
        return {"error": f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS]}


def main() -> None:
    """Do the job, and say each step."""
    job = json.load(sys.stdin)
    limits, shell = job["limits"], make_shell()
    exec(job["prelude"], shell.user_ns)  # what is wrong before here is not a student's
    channel = Channel()
    restrict(limits)
    channel.say(ready=True)
    for cell in job["cells"]:
        channel.say(start=cell["id"])
        if "source" in cell:
            try:
                done = run_code(shell, cell["source"], limits)
            except BaseException as error:  # what a student left behind
                done = {"status": "error", "text": "", "error": type(error).__name__}
            channel.say(end=cell["id"], **done)
            continue
        status = "ok"
        for number, given in enumerate(cell["inputs"]):
            channel.say(case=cell["id"], number=number)
            called = run_call(shell, cell["function"], given, limits)
            status = called.pop("stop", status)
            channel.say(called=cell["id"], number=number, answer=called)
            if status != "ok":
                break
        channel.say(end=cell["id"], status=status)
    channel.say(done=True)
    os._exit(0)  # whatever threads are left


if __name__ == "__main__":
    main()
