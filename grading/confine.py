"""The command that starts Python where it can harm nothing: bubblewrap or a container.

Inside there are the system's libraries, Python, its packages, ``ift6135_lib`` and the
runner, all read-only, and an empty folder to write in. There is no network, no variable
of the outside, no other process, no capability.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ift6135_lib
from grading.limits import Limits

HERE = "/course"  # inside, what the course brings
SCRATCH = "/tmp"  # inside, the only folder that can be written
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/fonts",
)
IMAGE = "docker.io/library/debian:stable-slim"  # its folders are covered by ours
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": SCRATCH,
    "TMPDIR": SCRATCH,
    "LANG": "C.UTF-8",
    "PYTHONPATH": HERE,
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": SCRATCH,
    "IPYTHONDIR": f"{SCRATCH}/ipython",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class NoSandbox(RuntimeError):
    """Nothing here can contain the code of students; the message says what to do."""


@dataclass(frozen=True)
class Backend:
    """A program that confines, and what its version can do."""

    name: str  # "bubblewrap", "podman" or "docker"
    program: str
    options: str = ""  # what its help says

    def has(self, option: str) -> bool:
        return option in self.options


def available() -> Backend:
    """What can confine the code of students on this machine.

    Raises:
        NoSandbox: nothing can.
    """
    found = _bubblewrap() or _container("podman") or _container("docker")
    if found:
        return found
    raise NoSandbox(
        "the code of students is not run without a sandbox, and none works here. "
        "Install one: `sudo apt-get install bubblewrap` (or dnf, pacman). Where user "
        "namespaces are blocked, install podman or docker, or allow them: "
        "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
    )


@cache
def _bubblewrap() -> Backend | None:
    program = shutil.which("bwrap")
    if not program:
        return None
    said = subprocess.run([program, "--help"], capture_output=True, text=True)
    backend = Backend("bubblewrap", program, said.stdout + said.stderr)
    trial = [*command(backend, Limits()), "-c", "pass"]
    works = subprocess.run(trial, capture_output=True).returncode == 0
    return backend if works else None


@cache
def _container(name: str) -> Backend | None:
    program = shutil.which(name)
    works = program and (
        subprocess.run([program, "info"], capture_output=True).returncode == 0
    )
    return Backend(name, program) if works else None


def mounts() -> list[tuple[str, str]]:
    """What is shown inside, read-only: pairs of a path here and a path there."""
    shown = [(path, path) for path in SYSTEM if os.path.exists(path)]
    for prefix in dict.fromkeys([sys.base_prefix, sys.prefix]):
        if not any(prefix.startswith(f"{path}/") for path in SYSTEM):
            shown.append((prefix, prefix))
    library = Path(ift6135_lib.__file__).parent
    runner = Path(__file__).with_name("runner.py")
    shown.append((str(library), f"{HERE}/ift6135_lib"))
    shown.append((str(runner), f"{HERE}/runner.py"))
    return shown


def command(backend: Backend, limits: Limits) -> list[str]:
    """The command that starts Python inside; its arguments follow."""
    python = [sys.executable, "-s", "-B"]
    if backend.name == "bubblewrap":
        return [*_bubblewrap_command(backend, limits), *python]
    return [*_container_command(backend, limits), *python]


def _bubblewrap_command(backend: Backend, limits: Limits) -> list[str]:
    made = [backend.program, "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    made += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"]
    made += ["--die-with-parent", "--new-session", "--clearenv"]
    for folder in _parents(target for _, target in mounts()):
        made += ["--perms", "0755", "--dir", folder]
    for source, target in mounts():
        if os.path.islink(source):
            made += ["--symlink", os.readlink(source), target]
        else:
            made += ["--ro-bind", source, target]
    made += ["--proc", "/proc", "--dev", "/dev"]
    if backend.has("--size"):
        made += ["--size", str(limits.files)]
    made += ["--perms", "1777", "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    for name, value in ENVIRONMENT.items():
        made += ["--setenv", name, value]
    if os.geteuid() != 0:
        made.append("--unshare-user")
        if backend.has("--disable-userns"):
            made.append("--disable-userns")
        return made
    # root mounts, then becomes nobody in particular: limits are counted per user
    user = str(100_000 + secrets.randbelow(1_000_000_000))
    for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
        made += ["--cap-add", capability]
    made += ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
    made += ["--no-new-privs", "--bounding-set", "-all", "--inh-caps", "-all"]
    return [*made, "--ambient-caps", "-all", "--"]


def _parents(paths: Iterable[str]) -> list[str]:
    """The folders above, from the top: bubblewrap would make them for root alone."""
    above = {str(parent) for path in paths for parent in Path(path).parents}
    return sorted(above - {"/"})


def _container_command(backend: Backend, limits: Limits) -> list[str]:
    made = [backend.program, "run", "--rm", "--interactive", "--network=none"]
    made += ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"]
    made += [f"--pids-limit={limits.processes}", f"--memory={limits.memory}"]
    made += [f"--memory-swap={limits.memory}", "--user=65534:65534", "--ipc=private"]
    made += [f"--tmpfs={SCRATCH}:rw,mode=1777,size={limits.files}"]
    made += [f"--workdir={SCRATCH}", "--hostname=sandbox", "--entrypoint="]
    made += [f"--volume={source}:{target}:ro" for source, target in mounts()]
    made += [f"--env={name}={value}" for name, value in ENVIRONMENT.items()]
    return [*made, IMAGE]
