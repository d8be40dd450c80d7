"""Prepares ``.venv``: the pinned packages, and a CPU build of torch without a GPU.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bookbuild import ROOT

MINIMUM = (3, 11)
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class EnvironmentProblem(RuntimeError):
    """Something of the machine is missing; the message says the command to run."""


def venv_path(root: Path = ROOT) -> Path:
    return root / ".venv"


def venv_python(root: Path = ROOT) -> Path:
    folder = "Scripts" if os.name == "nt" else "bin"
    return venv_path(root) / folder / "python"


def in_venv(root: Path = ROOT) -> bool:
    return Path(sys.prefix).resolve() == venv_path(root).resolve()


def _stamp(root: Path) -> str:
    pins = (root / "requirements.txt").read_bytes() + (
        root / "pyproject.toml"
    ).read_bytes()
    return hashlib.sha256(pins).hexdigest()


def _pip(*arguments: str, root: Path, quiet: bool = False) -> int:
    command = [str(venv_python(root)), "-m", "pip", "install", "--progress-bar", "on"]
    command += ["--disable-pip-version-check", "--quiet", *arguments]
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        command, check=False, cwd=root, stdout=sink, stderr=sink
    ).returncode


def _pinned_torch(root: Path) -> str:
    for line in (root / "requirements.txt").read_text("utf8").splitlines():
        if line.startswith("torch=="):
            return line.split()[0]
    raise EnvironmentProblem("requirements.txt does not pin torch: add torch==VERSION")


def has_nvidia_gpu() -> bool:
    """Whether the NVIDIA driver answers."""
    command = shutil.which("nvidia-smi")
    return (
        bool(command)
        and subprocess.run([command, "-L"], check=False, capture_output=True).returncode
        == 0
    )


def _install_torch(root: Path) -> None:
    """A CPU build where there is no GPU and one can be had; else the pinned release."""
    torch = _pinned_torch(root)
    if not has_nvidia_gpu() and sys.platform != "darwin":
        print("torch: no NVIDIA GPU here, looking for the CPU build", flush=True)
        if _pip(f"{torch}+cpu", root=root, quiet=True) == 0:
            return
        if (
            _pip(f"{torch}+cpu", "--index-url", TORCH_CPU_INDEX, root=root, quiet=True)
            == 0
        ):
            return
        print("torch: no CPU build to be had, taking the general one", flush=True)
    if _pip(torch, root=root):
        raise EnvironmentProblem(f"{torch} could not be installed: see pip's message")


def ensure(root: Path = ROOT) -> Path:
    """Make ``.venv`` hold the pins; does nothing when it already does.

    Returns:
        Its Python.

    Raises:
        EnvironmentProblem: Python is too old, or a package could not be installed.
    """
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:3]))
        raise EnvironmentProblem(
            f"Python {found} is too old: 3.11 or newer is needed. Run for example "
            "`python3.11 -m bookbuild book`, or `make book PYTHON=python3.11`"
        )
    stamp = venv_path(root) / ".pins"
    ready = venv_python(root).exists() and stamp.exists()
    if ready and stamp.read_text() == _stamp(root):
        return venv_python(root)
    print(
        "environment: installing the pinned packages into .venv (minutes)", flush=True
    )
    if not venv_python(root).exists():
        venv.create(venv_path(root), with_pip=True)
    _install_torch(root)
    print("environment: the other packages", flush=True)
    if _pip("-r", "requirements.txt", root=root):
        raise EnvironmentProblem("requirements.txt could not be installed: see above")
    if _pip("--no-deps", "--no-build-isolation", "-e", ".", root=root):
        raise EnvironmentProblem("ift6135_lib could not be installed: see above")
    stamp.write_text(_stamp(root))
    return venv_python(root)


def find_browser() -> str | None:
    """A Chromium or Chrome of this machine."""
    configured = os.environ.get("CHROMIUM")
    if configured:
        return configured
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser() -> str:
    """A browser for the site tests, installed where that needs no question.

    Raises:
        EnvironmentProblem: there is none; the message says the command to run.
    """
    found = find_browser()
    if found:
        return found
    apt = shutil.which("apt-get")
    if apt and os.name == "posix" and os.geteuid() == 0:
        print("browser: installing chromium", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=quiet, check=False)
        subprocess.run(
            [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            env=quiet,
            check=False,
            stdout=subprocess.DEVNULL,
        )
        found = find_browser()
        if found:
            return found
    remedy = {
        "darwin": "brew install --cask chromium",
        "win32": "winget install Google.Chrome",
    }.get(sys.platform, "sudo apt-get install chromium")
    raise EnvironmentProblem(
        "the site tests need Chromium or Chrome, and none was found. Run "
        f"`{remedy}`, or set CHROMIUM to the path of one"
    )
