"""Runs the code of submissions where it can harm nothing: ``run`` is the way in."""

from grading.sandbox.confine import NoSandbox, available
from grading.sandbox.limits import Limits
from grading.sandbox.submission import Calls, Code, Outcome, SandboxBroken, run

__all__ = [
    "Calls",
    "Code",
    "Limits",
    "NoSandbox",
    "Outcome",
    "SandboxBroken",
    "available",
    "run",
]
