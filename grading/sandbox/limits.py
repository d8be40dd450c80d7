"""What one submission may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of a submission in the sandbox.

    Args:
        cell_seconds: of one cell, or of one hidden case.
        total_seconds: of the whole submission, runs without a culprit included.
        memory: bytes, of all its processes together.
        processes: at the same time, threads included.
        output: characters that one cell may print.
        files: bytes that it may write.
    """

    cell_seconds: float = 20.0
    total_seconds: float = 180.0
    memory: int = 3 * 2**30
    processes: int = 64
    output: int = 100_000
    files: int = 64 * 2**20
