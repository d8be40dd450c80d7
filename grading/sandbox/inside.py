"""What there is inside a sandbox: folders, read-only, and a few variables."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import ift6135_lib

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
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": SCRATCH,
    "TMPDIR": SCRATCH,
    "USER": "student",
    "LANG": "C.UTF-8",
    "PYTHONPATH": HERE,
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": SCRATCH,
    "IPYTHONDIR": f"{SCRATCH}/ipython",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
PYTHON = (sys.executable, "-s", "-B")
RUNNER = f"{HERE}/runner.py"


def mounts() -> list[tuple[str, str]]:
    """What is shown inside, read-only: pairs of a path here and a path there.

    Of the project, only its environment, its package and the runner: the chapters hold
    solutions, and the private folder the withheld ones.
    """
    shown = [(path, path) for path in SYSTEM if os.path.exists(path)]
    for prefix in dict.fromkeys([sys.base_prefix, sys.prefix]):
        if not any(f"{prefix}/".startswith(f"{path}/") for path in SYSTEM):
            shown.append((prefix, prefix))
    library = Path(ift6135_lib.__file__).parent
    shown.append((str(library), f"{HERE}/ift6135_lib"))
    for name in ("runner.py", "shell.py"):
        shown.append((str(Path(__file__).with_name(name)), f"{HERE}/{name}"))
    return shown
