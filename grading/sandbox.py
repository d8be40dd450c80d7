"""Runs the code of a submission in a sandbox, and reads what comes out with suspicion.

A cell that does not end, or that ends the whole program, is left out and the rest is
run again in a new sandbox: the other exercises keep their points.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import selectors
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass, field

import psutil

from grading.confine import HERE, Backend, NoSandbox, available, command
from grading.limits import Limits

__all__ = ["Calls", "Code", "Limits", "NoSandbox", "Outcome", "available", "run"]

LINE, ALL = 16 * 2**20, 64 * 2**20  # bytes of one line, and of all that comes out
START_SECONDS = 60.0  # to import torch on a busy machine
GRACE_SECONDS = 2.0  # after the alarm inside, for code that ignores it
POLL_SECONDS = 0.1
STATUSES = {"ok", "error", "timeout", "output"}


class SandboxBroken(RuntimeError):
    """The sandbox itself does not start: no submission is at fault."""


@dataclass(frozen=True)
class Code:
    """A cell of the notebook."""

    id: str
    source: str


@dataclass(frozen=True)
class Calls:
    """Calls of a function, one per hidden case, on encoded arguments."""

    id: str
    function: str
    inputs: list[list]


@dataclass
class Outcome:
    """What a cell gave; nothing in it is to be believed but its size.

    Attributes:
        status: "ok", "error", "timeout", "memory", "output", "killed" or "skipped".
        text: what it printed.
        error: the last error.
        pictures: PNG files.
        calls: for calls, an answer for each case that was tried.
    """

    id: str
    status: str = "skipped"
    text: str = ""
    error: str = ""
    pictures: tuple[bytes, ...] = ()
    calls: tuple[dict, ...] = ()


@dataclass
class _Run:
    """One sandbox, from its start to its end."""

    waiting: list[Code | Calls]
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    current: str | None = None
    since: float = 0.0
    ready: bool = False
    done: bool = False
    calls: dict[str, list[dict]] = field(default_factory=dict)

    def hear(self, line: bytes) -> None:
        """Take a line for what it is worth: unknown or malformed ones are nothing."""
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict):
            return
        ids = {cell.id for cell in self.waiting}
        if said.get("ready") is True and not self.ready:
            self.ready = True
        elif said.get("done") is True:
            self.done = self.ready
        elif _named(said, "start", ids):
            self._begin(said["start"])
        elif _named(said, "case", ids) and said["case"] == self.current:
            self.since = time.monotonic()
        elif _named(said, "called", ids) and said["called"] == self.current:
            answers = self.calls.setdefault(self.current, [])
            if isinstance(said.get("answer"), dict) and len(answers) < 1000:
                answers.append(said["answer"])
        elif _named(said, "end", ids) and said["end"] == self.current:
            self.outcomes[self.current] = self._outcome(said)
            self.current, self.since = None, time.monotonic()

    def _begin(self, id_: str) -> None:
        if self.current is None and id_ not in self.outcomes:
            self.current, self.since = id_, time.monotonic()

    def _outcome(self, said: dict) -> Outcome:
        status = said.get("status")
        pictures = said.get("pictures")
        return Outcome(
            self.current,
            status if status in STATUSES else "error",
            _text(said.get("text")),
            _text(said.get("error")),
            _pictures(pictures) if isinstance(pictures, list) else (),
            tuple(self.calls.get(self.current, ())),
        )

    def culprit(self, why: str) -> Outcome | None:
        """The cell that is left out next time: the one that ran, or the next one."""
        rest = [each.id for each in self.waiting if each.id not in self.outcomes]
        id_ = self.current or next(iter(rest), None)
        if id_ is None:
            return None
        return Outcome(id_, why, calls=tuple(self.calls.get(id_, ())))


def _named(said: dict, key: str, ids: set[str]) -> bool:
    return isinstance(said.get(key), str) and said[key] in ids


def _text(value: object) -> str:
    return value[: 2**20] if isinstance(value, str) else ""


def _pictures(values: list) -> tuple[bytes, ...]:
    found = []
    for value in values[:8]:
        try:
            data = base64.b64decode(value, validate=True)
        except (binascii.Error, TypeError, ValueError):
            continue
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            found.append(data)
    return tuple(found)


def run(
    cells: list[Code | Calls], limits: Limits | None = None, *, prelude: str = ""
) -> list[Outcome]:
    """Run a submission; one outcome for each cell, whatever happens.

    Args:
        cells: the cells of the notebook, then the calls, in order.
        limits: of time, memory, processes, output and files.
        prelude: code of ours that runs before, such as imports.

    Raises:
        NoSandbox: nothing here can contain it.
        SandboxBroken: it does not start, before any code of the submission.
    """
    limits, backend = limits or Limits(), available()
    found: dict[str, Outcome] = {}
    left_out: set[str] = set()
    end = time.monotonic() + limits.total_seconds
    while time.monotonic() < end:
        waiting = [cell for cell in cells if cell.id not in left_out]
        once = _Run(waiting)
        why = _once(once, backend, limits, prelude, end)
        for id_, outcome in once.outcomes.items():
            found.setdefault(id_, outcome)
        culprit = None if once.done else once.culprit(why)
        if culprit is None:
            break
        found[culprit.id] = culprit
        left_out.add(culprit.id)
    return [found.get(cell.id, Outcome(cell.id)) for cell in cells]


def _once(
    once: _Run, backend: Backend, limits: Limits, prelude: str, end: float
) -> str:
    """Start one sandbox and listen until it ends; why it ended before its time."""
    job = {
        "limits": asdict(limits),
        "prelude": prelude,
        "cells": [asdict(cell) for cell in once.waiting],
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command(backend, limits), f"{HERE}/runner.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(json.dumps(job).encode())
            why = _listen(process, once, limits, end)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        if not once.ready:
            said.seek(0)
            text = said.read(10_000).decode("utf8", "replace").strip()
            raise SandboxBroken(f"the sandbox does not start ({why}): {text}")
    return why


def _listen(process: subprocess.Popen, once: _Run, limits: Limits, end: float) -> str:
    once.since, heard, rest = time.monotonic(), 0, b""
    os.set_blocking(process.stdout.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not once.done:
            if selector.select(POLL_SECONDS):
                data = process.stdout.read(2**20)
                if not data:
                    return "killed"
                heard += len(data)
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    once.hear(line)
                if heard > ALL or len(rest) > LINE:
                    return "output"
            allowed = limits.cell_seconds + GRACE_SECONDS
            if (
                time.monotonic() - once.since
                > (allowed if once.ready else START_SECONDS)
                or time.monotonic() > end
            ):
                return "timeout"
            if _memory(process.pid) > limits.memory:
                return "memory"
    return ""


def _memory(pid: int) -> int:
    """Bytes that the sandbox's processes have in memory."""
    total = 0
    try:
        family = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return 0
    for each in family:
        try:
            total += each.memory_info().rss - each.memory_info().shared
        except psutil.Error:
            continue
    return total
