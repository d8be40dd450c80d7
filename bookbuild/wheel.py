"""Builds the companion package's wheel: what a student's notebook installs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bookbuild import ROOT

# setuptools leaves build/ behind and would reuse it: a copy is built instead
LEFT_OUT = shutil.ignore_patterns(
    ".*", "_build", "build", "dist", "*.egg-info", "__pycache__", "node_modules"
)


class WheelError(RuntimeError):
    """The wheel could not be built; the message is the builder's."""


def build_wheel(folder: Path, root: Path = ROOT) -> Path:
    """Build the wheel into a folder, without a network and without traces in the tree.

    Raises:
        WheelError: setuptools refused.
    """
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary, "source")
        shutil.copytree(root, copy, ignore=LEFT_OUT)
        made = Path(temporary, "wheel")
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
        result = subprocess.run(
            [*command, "--outdir", str(made), str(copy)],
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if result.returncode:
            raise WheelError(f"the wheel was not built:\n{result.stdout}")
        (wheel,) = made.glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(wheel, folder))
