"""The command of podman or docker, for machines where user namespaces are blocked.

The image is empty: the folders inside are this machine's, as under bubblewrap. What has
to be refused at the level of system calls is refused by their default filter.
"""

from __future__ import annotations

import math
import secrets
import subprocess

from grading.sandbox.inside import ENVIRONMENT, PYTHON, SCRATCH, mounts
from grading.sandbox.limits import Limits

IMAGE = "ift6135-empty"
EMPTY = bytes(10_240)  # a tar archive of nothing
USERS = 1_000, 60_000  # the first, and how many: rootless containers have 65,536


def prepare(program: str) -> None:
    """Make the empty image."""
    asked = [program, "import", "-", IMAGE]
    subprocess.run(asked, input=EMPTY, capture_output=True, check=True)


def command(program: str, limits: Limits, name: str) -> list[str]:
    """The command that starts Python inside; its arguments follow.

    Args:
        program: the path of podman or docker.
        limits: of a submission.
        name: of the container, to kill it by.
    """
    first, number = USERS
    user = first + secrets.randbelow(number)  # limits are counted by user
    made = [program, "run", "--rm", "--interactive", "--name", name, "--pull=never"]
    made += ["--network=none", "--ipc=private", "--hostname=sandbox", "--read-only"]
    made += ["--cap-drop=ALL", "--security-opt=no-new-privileges"]
    # the folders shown inside are not marked for containers where SELinux looks
    made += ["--security-opt=label=disable", f"--user={user}:{user}"]
    made += ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]
    made += [f"--pids-limit={limits.processes + 2}", "--cpus=1"]
    made += [f"--memory={limits.memory}", f"--memory-swap={limits.memory}"]
    made += [f"--tmpfs={SCRATCH}:rw,mode=1777,size={limits.files}"]
    made += [f"--workdir={SCRATCH}", "--entrypoint="]
    made += [f"--volume={source}:{target}:ro" for source, target in mounts()]
    made += [f"--env={name}={value}" for name, value in ENVIRONMENT.items()]
    # should whoever started it die without a word
    seconds = str(math.ceil(limits.total_seconds) + 60)
    return [*made, IMAGE, "timeout", "--signal=KILL", seconds, *PYTHON]
