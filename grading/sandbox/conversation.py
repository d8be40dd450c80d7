"""Lines of JSON to and from a sandbox: what comes out is bounded, and never believed.

The code of a student runs in the process that writes these lines: it may write its
own, any number of them, of any length and depth.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import re
import selectors
import struct
import subprocess
import time

from grading.sandbox.confine import memory, own_memory
from grading.sandbox.limits import Limits

LINE, ALL = 2 * 2**20, 16 * 2**20  # bytes of one line, and of all of one sandbox
LINES = 5_000  # of one sandbox
POLL_SECONDS = 0.1
PNG, PICTURE_BYTES, PICTURE_SIDE = b"\x89PNG\r\n\x1a\n", 10**6, 4096
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Stopped(Exception):
    """A sandbox has to end; the argument is a status of an outcome."""


class Conversation:
    """With one sandbox."""

    def __init__(self, process: subprocess.Popen, limits: Limits):
        self.process, self.limits = process, limits
        self.heard, self.lines, self.looked = 0, 0, 0.0
        self.rest = bytearray()
        self.unsent = b""
        self.selector = selectors.DefaultSelector()
        for pipe in (process.stdin, process.stdout):
            os.set_blocking(pipe.fileno(), False)
        self.selector.register(process.stdout, selectors.EVENT_READ)

    def say(self, line: dict) -> None:
        """Send a line as soon as there is room, which the other side may never make."""
        if not self.unsent:
            self.selector.register(self.process.stdin, selectors.EVENT_WRITE)
        self.unsent += json.dumps(line).encode() + b"\n"

    def hear(self, until: float) -> dict:
        """The next line that is a JSON object.

        Args:
            until: the time, as ``time.monotonic()`` says it, to wait for it.

        Raises:
            Stopped: the time is over, the sandbox ended, or used too much.
        """
        while True:
            while (end := self.rest.find(b"\n")) >= 0:
                line = bytes(self.rest[:end])
                del self.rest[: end + 1]
                self.lines += 1
                if self.lines > LINES:
                    raise Stopped("output")
                if (said := _object(line)) is not None:
                    return said
            self._wait(until)

    def _wait(self, until: float) -> None:
        now = time.monotonic()
        if now > until:
            raise Stopped("timeout")
        if now > self.looked + POLL_SECONDS:
            self._look()
            self.looked = time.monotonic()
        for key, _ in self.selector.select(POLL_SECONDS):
            if key.fileobj is self.process.stdin:
                self._send()
            else:
                self._receive()

    def _look(self) -> None:
        """What is shared is counted several times: enough most of the time."""
        pid, most = self.process.pid, self.limits.memory
        if memory(pid) > most and own_memory(pid) > most:
            raise Stopped("memory")

    def _send(self) -> None:
        try:
            sent = os.write(self.process.stdin.fileno(), self.unsent)
        except BlockingIOError:
            return
        except OSError:  # nobody reads any more
            sent = len(self.unsent)
        self.unsent = self.unsent[sent:]
        if not self.unsent:
            self.selector.unregister(self.process.stdin)

    def _receive(self) -> None:
        data = os.read(self.process.stdout.fileno(), 2**16)
        if not data:
            raise Stopped("killed")
        self.heard += len(data)
        self.rest += data
        if self.heard > ALL or len(self.rest) > LINE:
            raise Stopped("output")

    def complaint(self) -> str:
        """What a sandbox that did not start wrote on its standard error."""
        os.set_blocking(self.process.stderr.fileno(), False)
        with contextlib.suppress(BlockingIOError):
            said = os.read(self.process.stderr.fileno(), 10_000)
            return text(said.decode("utf8", "replace"), 10_000).strip()
        return ""

    def close(self) -> None:
        self.selector.close()


def _object(line: bytes) -> dict | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def text(value: object, longest: int) -> str:
    """A text that can be shown and written anywhere, or nothing."""
    if not isinstance(value, str):
        return ""
    value = value[: 2 * longest].encode("utf8", "replace").decode("utf8")
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return ESCAPES.sub("", value)[:longest]


def picture(value: object) -> bytes | None:
    """A PNG file of a size that a browser can show, or nothing."""
    try:
        data = base64.b64decode(value, validate=True)
        width, height = struct.unpack(">II", data[16:24])
    except (binascii.Error, struct.error, TypeError, ValueError):
        return None
    small = len(data) <= PICTURE_BYTES and 0 < max(width, height) <= PICTURE_SIDE
    return data if small and data.startswith(PNG) else None


def answer(line: dict) -> dict:
    """What one call gave: a value, still encoded, or an error."""
    changed = line.get("changed")
    if not isinstance(changed, list):
        changed = []
    positions = [each for each in changed[:100] if type(each) is int]
    if "value" in line:
        return {"value": line["value"], "changed": positions}
    return {"error": text(line.get("error"), 4_000), "changed": positions}
