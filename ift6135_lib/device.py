"""Where the tensors live, and sizes that suit the machine.

See: chapters/04-optimization/in-practice.md
"""

from __future__ import annotations

from typing import TypeVar

import torch

T = TypeVar("T")


def default_device() -> torch.device:
    """The fastest device of this machine: an NVIDIA GPU, an Apple GPU, else the CPU.

    Returns:
        A device that tensors can be moved to.

    Example:
        >>> default_device().type in ("cuda", "mps", "cpu")
        True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def by_device(*, cpu: T, gpu: T) -> T:
    """The size that suits this machine, both sizes standing in the cell.

    Args:
        cpu: the value for a laptop's processor.
        gpu: the value for a graphics processor.

    Returns:
        One of the two.

    Example:
        >>> steps = by_device(cpu=300, gpu=5_000)
        >>> steps in (300, 5_000)
        True
    """
    return cpu if default_device().type == "cpu" else gpu
