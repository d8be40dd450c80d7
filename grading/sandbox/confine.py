"""Starts Python where it can harm nothing: under bubblewrap, or in a container.

Inside there are the system's libraries, Python, its packages, ``ift6135_lib`` and the
runner, all read-only, and an empty folder to write in. There is no network, no variable
of the outside, no other process, no capability.
"""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import psutil

from grading.sandbox import bubblewrap, container, seccomp
from grading.sandbox.limits import Limits

PROGRAMS = {"bubblewrap": "bwrap", "podman": "podman", "docker": "docker"}
TRIAL_SECONDS = 60
END_SECONDS = 5.0  # for the processes of a killed sandbox to be gone


class NoSandbox(RuntimeError):
    """Nothing here can contain the code of students; the message says what to do."""


@dataclass(frozen=True)
class Backend:
    """A program that confines, and what its version can do."""

    name: str  # "bubblewrap", "podman" or "docker"
    program: str
    options: str = ""  # what its help says


def available() -> Backend:
    """What can confine the code of students on this machine.

    Raises:
        NoSandbox: nothing can.
    """
    tried = []
    for name, program in PROGRAMS.items():
        found = _trial(name, program)
        if isinstance(found, Backend):
            return found
        tried.append(f"{name} {found}")
    raise NoSandbox(
        "the code of students is not run without a sandbox, and none works here "
        f"({'; '.join(tried)}). "
        "Install one: `sudo apt-get install bubblewrap` (or dnf, pacman). Where user "
        "namespaces are blocked, install podman or docker, or allow them: "
        "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
    )


@cache
def _trial(name: str, program: str) -> Backend | str:
    """The program, if it is here and Python starts in it; or what is wrong."""
    if not (path := shutil.which(program)):
        return "is not installed"
    try:
        said = subprocess.run([path, "--help"], capture_output=True, text=True)
        backend = Backend(name, path, said.stdout + said.stderr)
        if name != "bubblewrap":
            container.prepare(path)
        with started(backend, Limits(), "-c", "pass") as process:
            _, complaint = process.communicate(timeout=TRIAL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        return f"does not work: {error}"
    if process.returncode:
        return f"does not work: {complaint.decode(errors='replace').strip()}"
    return backend


@contextlib.contextmanager
def started(
    backend: Backend, limits: Limits, *arguments: str
) -> Iterator[subprocess.Popen]:
    """Python inside a sandbox, with pipes to it; all of it is gone afterwards."""
    name = f"ift6135-{secrets.token_hex(8)}"
    with _refused_calls(backend) as calls:
        if backend.name == "bubblewrap":
            made = bubblewrap.command(
                backend.program, backend.options, limits, seccomp=calls
            )
        else:
            made = container.command(backend.program, limits, name)
        process = subprocess.Popen(
            [*made, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # bubblewrap's own variables can be read inside, in /proc/1
            env={} if backend.name == "bubblewrap" else None,
            pass_fds=[] if calls is None else [calls],
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process, backend, name)


def end(process: subprocess.Popen, backend: Backend, name: str) -> None:
    """Kill all that runs in a sandbox, and wait until it is gone."""
    inside = family(process.pid)
    if backend.name != "bubblewrap" and process.poll() is None:
        subprocess.run([backend.program, "kill", name], capture_output=True)
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(OSError):  # what was not sent yet
            pipe.close()
    until = time.monotonic() + END_SECONDS
    while any(map(_lives, inside)) and time.monotonic() < until:
        time.sleep(0.002)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@contextlib.contextmanager
def _refused_calls(backend: Backend) -> Iterator[int | None]:
    """The filter of system calls, to be read from a file descriptor."""
    program = seccomp.program()
    if backend.name != "bubblewrap" or not program:
        yield None
        return
    reading, writing = os.pipe()
    try:
        os.write(writing, program)
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


def family(pid: int) -> list[psutil.Process]:
    """The processes of a sandbox."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def memory(pid: int) -> int:
    """Bytes that the processes of a sandbox hold in memory."""
    inside, total = family(pid), 0
    for each in inside:
        with contextlib.suppress(psutil.Error):
            total += each.memory_info().rss
    return total


def own_memory(pid: int) -> int:
    """The same, what is shared counted once: exact, but slow to find."""
    total = 0
    for each in family(pid):
        with contextlib.suppress(psutil.Error):
            try:
                total += each.memory_full_info().pss
            except psutil.AccessDenied:
                total += each.memory_info().rss
    return total


@cache
def _cores() -> queue.SimpleQueue:
    free: queue.SimpleQueue = queue.SimpleQueue()
    for core in sorted(os.sched_getaffinity(0)):
        free.put(core)
    return free


@contextlib.contextmanager
def core() -> Iterator[None]:
    """A core of its own for the sandbox that this thread starts, or wait for one.

    However many processes a submission runs, it slows no other down.
    """
    if not hasattr(os, "sched_setaffinity"):  # not Linux: a container limits it
        yield
        return
    free, before = _cores(), os.sched_getaffinity(0)
    mine = free.get()
    try:
        os.sched_setaffinity(0, {mine})  # of this thread; what it starts inherits it
        yield
    finally:
        os.sched_setaffinity(0, before)
        free.put(mine)
