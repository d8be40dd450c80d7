"""Runs the code of a submission in a sandbox, and reads what comes out with suspicion.

A cell that does not end, or that ends the whole program, is left out and the rest is
run again in a new sandbox: the other exercises keep their points. Cells go in one at a
time, so that the hidden inputs are there only once the student's cells are over.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace

from grading.sandbox.confine import Backend, available, core, started
from grading.sandbox.conversation import Conversation, Stopped, answer, picture, text
from grading.sandbox.inside import RUNNER
from grading.sandbox.limits import Limits

START_SECONDS, STARTS = 60.0, 3  # to import torch on a busy machine, and trials
AGAIN_SECONDS = 1.0  # of a cell that did not end the first time, for what it defines
GRACE_SECONDS = 2.0  # after the alarm inside, for code that ignores it
ERROR_CHARACTERS = 4_000
TEXT_CHARACTERS, PICTURES = 2**20, 40  # of all cells together
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
    """Calls of a function, one per hidden case, on encoded arguments.

    All of them together have the time of one cell.
    """

    id: str
    function: str
    inputs: list[list]


@dataclass(frozen=True)
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
class _Submission:
    """A submission on its way through one sandbox, or several."""

    cells: list[Code | Calls]
    limits: Limits
    prelude: str
    end: float
    room: int  # characters that it may still show
    pictures: int
    found: dict[str, Outcome] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def through(self, backend: Backend) -> bool:
        """Run what is not left out in a new sandbox; whether that is all.

        Raises:
            SandboxBroken: it does not start.
        """
        with started(backend, self.limits, RUNNER) as process:
            talk = Conversation(process, self.limits)
            try:
                self._start(talk)
                for number, cell in enumerate(self.cells):
                    known = self.found.get(cell.id)
                    if cell.id in self.left_out or (known and _has_calls(cell)):
                        continue
                    outcome, goes_on = self._cell(talk, number, cell)
                    if not goes_on:
                        self.found[cell.id] = outcome
                        self.left_out.add(cell.id)
                        return False
                    if not known:
                        self.found[cell.id] = self._within_room(outcome)
            finally:
                talk.close()
        return True

    def _start(self, talk: Conversation) -> None:
        talk.say({"limits": asdict(self.limits), "prelude": self.prelude})
        try:
            while "ready" not in talk.hear(time.monotonic() + START_SECONDS):
                pass
        except Stopped as why:
            raise SandboxBroken(
                f"the sandbox does not start ({why}): {talk.complaint()}"
            ) from why

    def _cell(
        self, talk: Conversation, number: int, cell: Code | Calls
    ) -> tuple[Outcome, bool]:
        """Run one cell: its outcome, and whether the sandbox can go on."""
        seconds = self.limits.cell_seconds
        if cell.id in self.found and self.found[cell.id].status == "timeout":
            seconds = min(seconds, AGAIN_SECONDS)
        until = time.monotonic() + seconds + GRACE_SECONDS
        cases = len(cell.inputs) if _has_calls(cell) else 0
        shown: list[bytes] = []
        calls: list[dict] = []
        talk.say({"cell": number, "seconds": seconds, **asdict(cell)})
        try:
            while True:
                line = talk.hear(min(until, self.end))
                if line.get("cell") != number:
                    continue
                if "picture" in line:
                    if data := picture(line["picture"]):
                        shown.append(data)
                elif "called" in line:
                    if len(calls) < cases and line["called"] == len(calls):
                        calls.append(answer(line))
                elif "end" in line:
                    break
        except Stopped as why:
            stopped = Outcome(cell.id, str(why), calls=tuple(calls))
            return stopped, False
        said = line["end"] if isinstance(line["end"], str) else ""
        outcome = Outcome(
            cell.id,
            said if said in STATUSES else "error",
            text(line.get("text"), self.limits.output),
            text(line.get("error"), ERROR_CHARACTERS),
            tuple(shown),
            tuple(calls),
        )
        return outcome, True

    def _within_room(self, outcome: Outcome) -> Outcome:
        """Keep of an outcome what the whole submission may show."""
        printed, shown = outcome.text[: self.room], outcome.pictures[: self.pictures]
        self.room -= len(printed)
        self.pictures -= len(shown)
        return replace(outcome, text=printed, pictures=shown)


def _has_calls(cell: Code | Calls) -> bool:
    return isinstance(cell, Calls)


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
    with core():
        end, starts = time.monotonic() + limits.total_seconds, STARTS
        submission = _Submission(cells, limits, prelude, end, TEXT_CHARACTERS, PICTURES)
        while time.monotonic() < end:
            try:
                if submission.through(backend):
                    break
                starts = STARTS
            except SandboxBroken:  # the machine may be short of something for a while
                starts -= 1
                if not starts:
                    raise
    return [submission.found.get(cell.id, Outcome(cell.id)) for cell in cells]
