"""What the code of a student can see and touch: nothing of the grader's machine."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import sys
from pathlib import Path

import pytest

from bookbuild import ROOT
from bookbuild.environment import ensure_bubblewrap
from grading import sandbox
from grading.sandbox import (
    Code,
    Limits,
    bubblewrap,
    confine,
    container,
    inside,
    run,
    seccomp,
)
from tests.exercises import probes
from tests.exercises.probes import SECRET, by, known_folders

PEOPLE = ["root", "ordinary"] if os.geteuid() == 0 else ["ordinary"]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private")
    (folder / "seed.txt").write_text(SECRET)
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def addresses(planted):
    """Two servers that only the outside can reach."""
    with socket.socket() as web, socket.socket(socket.AF_UNIX) as local:
        web.bind(("127.0.0.1", 0))
        local.bind(f"\0ift6135-{os.getpid()}")
        for each in (web, local):
            each.listen()
        yield [list(web.getsockname()), f"\0ift6135-{os.getpid()}", ["1.1.1.1", 53]]


@pytest.fixture(scope="module", params=PEOPLE)
def said(request, planted, addresses):
    assert ensure_bubblewrap()
    writes = ["/", "/dev", "/dev/shm", "/etc", "/usr", "/var", "/run", "/course"]
    writes += ["/proc", "/proc/sys/kernel", str(ROOT), str(planted), sys.prefix]
    writes += [sys.base_prefix, str(Path.home()), "link", "/tmp"]
    reads = [str(planted / "seed.txt"), str(planted), str(ROOT / "pyproject.toml")]
    reads += [str(ROOT / "chapters"), str(ROOT / "tests"), str(ROOT / ".git")]
    reads += ["/var", "/run", "/sys", "/etc/passwd", str(Path.home() / ".bashrc")]
    machine = platform.machine()
    cells = {
        "environment": "print(*sorted(os.environ))",
        "reads": probes.READS.format(known=known_folders(), places=reads),
        "processes": probes.PROCESSES,
        "network": probes.NETWORK.format(addresses=addresses),
        "writes": "os.symlink('/etc', 'link')" + probes.WRITES.format(places=writes),
        "calls": probes.CALLS.format(
            calls=seccomp.REFUSED[machine], clone=seccomp.CLONE[machine]
        ),
        "status": "print(open('/proc/self/status').read())",
        "user": "print(os.getuid(), os.geteuid(), os.getgroups())",
        "terminal": "open('/dev/tty')",
        "become": "!su -c id; mount -t tmpfs no /tmp; unshare -Ur id; nsenter -t 1 id",
        "limits": probes.LIMITS,
        "disk": "for n in range(9):\n    open(f'{n}', 'wb').write(bytes(2**24))",
    }
    return by(request.param, cells), request.param


def test_the_environment_is_our_own(said):
    names = set(said[0]["environment"].split())
    assert names - {"PWD", "LC_CTYPE"} - set(inside.ENVIRONMENT) <= {
        # matplotlib, IPython and torch set these for themselves
        *("KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK", "TORCHINDUCTOR_CACHE_DIR"),
    }


def test_the_files_of_the_grader_are_not_there(said, planted):
    assert said[0]["reads"].strip() == ""
    assert SECRET not in json.dumps(said[0])


def test_no_other_process_is_there(said, planted):
    shown = said[0]["processes"]
    assert "runner.py" in shown and "pytest" not in shown
    assert "IFT6135_SECRET" not in shown and str(planted) not in shown
    handles = {line[6:] for line in shown.splitlines() if line.startswith("open: ")}
    assert {each.split(":")[0] for each in handles} <= {
        "pipe",
        "anon_inode",
        "/dev/null",
    }


def test_there_is_no_network(said):
    assert said[0]["network"] == "lo\n"


def test_only_the_scratch_folder_can_be_written(said, planted):
    assert said[0]["writes"] == "/tmp\n"
    assert not (planted / "owned").exists() and not (ROOT / "owned").exists()
    assert "No space left" in said[0]["disk"]


def test_limits_cannot_be_raised(said):
    limits, found = Limits(), json.loads(said[0]["limits"])
    assert found.pop("RLIMIT_AS")[0] < limits.memory + 20 * 2**30
    assert found == {
        "RLIMIT_NPROC": [limits.processes, True],
        "RLIMIT_FSIZE": [limits.files, True],
        "RLIMIT_CORE": [0, True],
        "RLIMIT_NOFILE": [256, True],
    }


def test_no_privilege_is_left_nor_to_be_had(said):
    status = dict(line.split(":", 1) for line in said[0]["status"].split("\n") if line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == "2"
    assert not said[0]["user"].startswith("0 ")
    assert "uid=0" not in said[0]["become"]
    assert "OSError" in said[0]["terminal"]


def test_system_calls_that_escape_the_limits_are_refused(said):
    assert said[0]["calls"] == "-1\n"


def test_each_sandbox_of_root_has_a_user_of_its_own():
    made = [bubblewrap.command("bwrap", "", Limits(), root=True) for _ in range(2)]
    users = [command[command.index("--reuid") + 1] for command in made]
    assert users[0] != users[1] and min(map(int, users)) >= 100_000
    assert set(bubblewrap.NO_CAPABILITY) <= set(made[0])


def test_an_ordinary_user_makes_a_user_namespace():
    new = bubblewrap.command("bwrap", "--disable-userns", Limits(), root=False)
    old = bubblewrap.command("bwrap", "", Limits(), root=False)
    assert "--unshare-user" in old and "--disable-userns" not in old
    assert "--disable-userns" in new and "setpriv" not in new


@pytest.mark.parametrize("name", ["podman", "docker"])
def test_a_container_is_closed_the_same_way(name):
    limits = Limits()
    made = container.command(name, limits, "one")
    other = container.command(name, limits, "two")
    for flag in (
        "--rm",
        "--network=none",
        "--ipc=private",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--pull=never",
        "--cpus=1",
        f"--memory={limits.memory}",
        f"--memory-swap={limits.memory}",
        f"--tmpfs=/tmp:rw,mode=1777,size={limits.files}",
    ):
        assert flag in made
    assert not [part for part in made if "privileged" in part and "no-new" not in part]
    volumes = [part for part in made if part.startswith("--volume=")]
    assert volumes and all(part.endswith(":ro") for part in volumes)
    user = next(part for part in made if part.startswith("--user="))
    assert user not in other and "=0" not in user
    assert made[made.index("--name") + 1] == "one"
    assert made[made.index(container.IMAGE) + 1] == "timeout"


def test_the_repository_is_never_shown():
    for source, _ in inside.mounts():
        path = Path(source).resolve()
        assert not ROOT.is_relative_to(path), source
        assert path not in (ROOT / "chapters", ROOT / "private", ROOT / "tests")


def test_without_a_sandbox_nothing_runs(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    confine._trial.cache_clear()
    try:
        with pytest.raises(
            sandbox.NoSandbox,
            match="bubblewrap is not installed.*apt-get install bubblewrap",
        ):
            run([Code("one", "1")])
    finally:
        confine._trial.cache_clear()


def test_a_program_that_does_not_confine_is_not_used(tmp_path, monkeypatch):
    for name in ("bwrap", "podman", "docker"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    confine._trial.cache_clear()
    try:
        with pytest.raises(sandbox.NoSandbox):
            confine.available()
    finally:
        confine._trial.cache_clear()


def test_the_filter_of_a_machine_that_is_not_known_is_empty():
    assert seccomp.program("pdp11") == b""
    known = [seccomp.program(name) for name in seccomp.REFUSED]
    assert all(len(each) % 8 == 0 and each for each in known)
    assert seccomp.REFUSED["x86_64"].keys() == seccomp.REFUSED["aarch64"].keys()
