"""The command of bubblewrap: new namespaces, read-only folders, no privilege.

Root mounts the folders, then becomes a user that exists nowhere, another one for each
sandbox, since the kernel counts processes by user and never refuses one to root.
Anyone else does it in a user namespace, whose processes are counted apart.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from grading.sandbox.inside import ENVIRONMENT, PYTHON, SCRATCH, SYSTEM, mounts
from grading.sandbox.limits import Limits

ISOLATION = (
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
)
NO_CAPABILITY = (
    "--no-new-privs",
    "--bounding-set=-all",
    "--inh-caps=-all",
    "--ambient-caps=-all",
)
USERS = 100_000, 1_000_000_000  # the first, and how many


def command(
    program: str,
    options: str,
    limits: Limits,
    *,
    root: bool | None = None,
    seccomp: int | None = None,
) -> list[str]:
    """The command that starts Python inside; its arguments follow.

    Args:
        program: bubblewrap's path.
        options: what its help says: old versions lack a few.
        limits: of a submission.
        root: whether it is started by root; as it is now if it is not given.
        seccomp: a file descriptor to read the refused system calls from.
    """
    root = os.geteuid() == 0 if root is None else root
    made = [program, *ISOLATION, "--hostname", "sandbox"]
    made += _folders("--size" in options, limits)
    if seccomp is not None:
        made += ["--seccomp", str(seccomp)]
    if root:
        made += _another_user()
    else:
        made.append("--unshare-user")
        if "--disable-userns" in options:
            made.append("--disable-userns")
        made.append("--")
    return [*made, *PYTHON]


def _folders(sized: bool, limits: Limits) -> list[str]:
    """The scratch folder first: the project itself may stand under /tmp."""
    made = ["--size", str(limits.files)] if sized else []
    made += ["--perms", "1777", "--tmpfs", SCRATCH]
    for folder in _parents(target for _, target in mounts()):
        made += ["--perms", "0555", "--dir", folder]
    for source, target in mounts():
        if source in SYSTEM and os.path.islink(source):
            made += ["--symlink", os.readlink(source), target]
        else:
            made += ["--ro-bind", source, target]
    made += ["--proc", "/proc", "--dev", "/dev"]
    # these two are in memory, without any limit of their own
    made += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH]
    for name, value in ENVIRONMENT.items():
        made += ["--setenv", name, value]
    return made


def _parents(paths: Iterable[str]) -> list[str]:
    """The folders above, from the top, to be read by all and written by none.

    Bubblewrap would make them for root alone.
    """
    above = {str(parent) for path in paths for parent in Path(path).parents}
    return sorted(above - {"/", SCRATCH})


def _another_user() -> list[str]:
    first, number = USERS
    user = str(first + secrets.randbelow(number))
    made = []
    for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
        made += ["--cap-add", capability]
    made += ["--", "setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
    return [*made, *NO_CAPABILITY, "--"]
