"""Runs a submission inside the sandbox: one Python, one cell after the other.

It reads a line of JSON for each cell on its standard input and writes lines for what
happens. Whoever reads those lines trusts none of them: the code of a student runs in
this very process and can write what it likes.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import threading
import time

from shell import (  # beside this file, inside
    ERROR_CHARACTERS,
    Bounded,
    TooLong,
    TooMuchOutput,
    alarm,
    make_shell,
    run_code,
)

ANSWER_BYTES = 1_000_000
NET_BYTES = 2 * 2**30


def restrict(limits: dict) -> None:
    """Limits of the system that the code of students cannot raise again."""
    hard = {
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["files"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
        # a net under the watcher outside, which counts what is really used
        resource.RLIMIT_AS: limits["memory"] + addresses() + NET_BYTES,
    }
    for kind, most in hard.items():
        resource.setrlimit(kind, (most, most))


def addresses() -> int:
    """Bytes of addresses that this process has already: mostly libraries."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def silence(*descriptors: int) -> None:
    """Leave a file descriptor open, on nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


class Channel:
    """Where the lines come from and go; what code reads and prints is elsewhere."""

    def __init__(self):
        self.owner = os.getpid()
        self.orders = os.fdopen(os.dup(0), encoding="utf8")
        self.file = os.fdopen(os.dup(1), "w", encoding="utf8")
        silence(0, 1)

    def hear(self) -> dict | None:
        """The next order, or nothing when there are no more."""
        line = self.orders.readline()
        return json.loads(line) if line else None

    def say(self, **line) -> None:
        if os.getpid() != self.owner:  # a copy that a cell forked and left behind
            os._exit(0)
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()


def alone() -> None:
    """Kill all other processes of the sandbox, but the first one."""
    with contextlib.suppress(OSError):
        os.kill(-1, signal.SIGKILL)
        while True:  # until there is no child left to wait for
            os.waitpid(-1, 0)


def run_calls(channel: Channel, shell, cell: dict, output: int) -> str:
    """Call an answer on each hidden case, all within the time of a cell."""
    until = time.monotonic() + cell["seconds"]
    for number, given in enumerate(cell["inputs"]):
        left = max(until - time.monotonic(), 0.01)
        stop, answer = run_call(shell, cell["function"], given, output, left)
        line = {"cell": cell["cell"], "called": number, **answer}
        if len(json.dumps(answer)) > ANSWER_BYTES:
            line = {"cell": cell["cell"], "called": number, "error": "too large"}
        channel.say(**line)
        if stop:
            return stop
    return "ok"


def run_call(
    shell, function: str, given: list, output: int, seconds: float
) -> tuple[str, dict]:
    """Call an answer on one hidden case: why to stop there, and what it gave."""
    from ift6135_lib.exercises.attempt import attempt
    from ift6135_lib.exercises.values import decode, encode

    found = shell.user_ns.get(function)
    if not callable(found):
        return "", {"error": f"NameError: {function} is not defined"}
    nowhere = Bounded(output)
    try:
        with (
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
            alarm(seconds),
        ):
            tried = attempt(found, [decode(each) for each in given])
            if tried.error is not None:
                name = type(tried.error).__name__
                return "", {"error": f"{name}: {tried.error}"[:ERROR_CHARACTERS]}
            return "", {"value": encode(tried.value), "changed": list(tried.changed)}
    except TooLong:
        return "timeout", {"error": "TooLong"}
    except TooMuchOutput:
        return "output", {"error": "TooMuchOutput"}
    except BaseException as error:
        return "", {"error": f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS]}


def main() -> None:
    """Do what comes in, a cell at a time, and say what it gave."""
    channel = Channel()
    job = channel.hear()
    shell, output = make_shell(), job["limits"]["output"]
    exec(job["prelude"], shell.user_ns)
    restrict(job["limits"])
    # refuse to run at all, where a limit is met by an honest cell already
    threading.Thread(target=int).start()
    silence(2)  # our own errors were said there
    channel.say(ready=True)
    while cell := channel.hear():
        number = cell["cell"]
        try:
            if "source" in cell:
                done = run_code(shell, cell, output)
            else:
                done = {"end": run_calls(channel, shell, cell, output)}
        except BaseException as error:  # what a student left behind
            done = {"end": "error", "error": type(error).__name__}
        if os.getpid() == channel.owner:
            alone()
        for picture in done.pop("pictures", ()):
            channel.say(cell=number, picture=picture)
        channel.say(cell=number, **done)
    os._exit(0)  # whatever threads are left


if __name__ == "__main__":
    main()
