"""Cells that look for a way out of the sandbox, run by root or by an ordinary user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bookbuild import ROOT
from grading.sandbox import inside

SECRET = "nobody-may-read-this"
ORDINARY = "4321"  # a user without any privilege
DRIVER = """
import json, sys
from grading.sandbox import Code, Limits, run
cells = [Code(name, source) for name, source in json.load(sys.stdin)]
found = run(cells, Limits(), prelude="import ctypes, os, socket, torch")
print(json.dumps([[each.id, each.text + each.error] for each in found]))
"""
WRITES = """
for place in {places}:
    try:
        open(os.path.join(place, 'owned'), 'w').write('owned')
        print(place)
    except OSError:
        pass
"""
CALLS = """
libc = ctypes.CDLL(None, use_errno=True)
for name, number in {calls}.items():
    ctypes.set_errno(0)
    if libc.syscall(number, *[0] * 6) != -1 or ctypes.get_errno() != 1:
        print(name)
child = libc.syscall({clone}, 0x10000000 | 17, *[0] * 5)
if child == 0:
    os._exit(0)
print(child)
"""
READS = """
for folder, known in {known}.items():
    print(*sorted(set(os.listdir(folder)) - set(known)))
for place in {places}:
    for way in ('', '/proc/1/root', '/proc/self/cwd/..', '/proc/1/cwd/..'):
        for look in (os.listdir, lambda path: open(path).read()):
            try:
                print(look(way + place))
            except OSError:
                pass
"""
LIMITS = """
import json, resource
found = {}
for name in ('AS', 'NPROC', 'FSIZE', 'CORE', 'NOFILE'):
    kind = getattr(resource, f'RLIMIT_{name}')
    soft, hard = resource.getrlimit(kind)
    found[f'RLIMIT_{name}'] = soft, soft == hard
    try:
        resource.setrlimit(kind, (hard + 1, hard + 1))
        print('raised', name)
    except (ValueError, OSError):
        pass
print(json.dumps(found))
"""
PROCESSES = """
for pid in filter(str.isdigit, os.listdir('/proc')):
    for part in ('environ', 'cmdline', 'mountinfo'):
        try:
            print(open(f'/proc/{pid}/{part}').read())
        except OSError:
            pass
    for descriptor in range(32):
        try:
            print('open:', os.readlink(f'/proc/{pid}/fd/{descriptor}'))
        except OSError:
            pass
"""
NETWORK = """
print(*[name for _, name in socket.if_nameindex()])
for address in {addresses}:
    try:
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        with socket.socket(family) as found:
            found.settimeout(1)
            found.connect(tuple(address) if family == socket.AF_INET else address)
            print(address)
    except OSError:
        pass
"""


def reachable(paths: list[Path]) -> list[str]:
    """Options of bubblewrap that open the way to paths for an ordinary user."""
    closed = {
        parent
        for path in paths
        for parent in path.parents
        if not parent.stat().st_mode & 0o001
    }
    made = []
    for parent in sorted(closed):
        made += ["--perms", "0755", "--tmpfs", str(parent)]
    for path in sorted(paths):
        if closed & set(path.parents):
            for parent in sorted(set(path.parents) - set(closed) - {Path("/")}):
                if closed & set(parent.parents):
                    made += ["--perms", "0755", "--dir", str(parent)]
            made += ["--ro-bind", str(path), str(path)]
    return made


def by(person: str, cells: dict[str, str]) -> dict[str, str]:
    """What the cells said in a sandbox that this person starts."""
    command = [sys.executable, "-c", DRIVER]
    if person == "ordinary" and os.geteuid() == 0:
        needed = [ROOT, Path(sys.prefix), Path(sys.base_prefix)]
        outer = [shutil.which("bwrap"), "--dev-bind", "/", "/", *reachable(needed)]
        outer += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "setpriv"]
        outer += ["--reuid", ORDINARY, "--regid", ORDINARY, "--clear-groups"]
        command = [*outer, *command]
    said = subprocess.run(
        command,
        cwd=ROOT,
        input=json.dumps(list(cells.items())),
        env=os.environ | {"IFT6135_SECRET": SECRET},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    return dict(json.loads(said.stdout))


def known_folders() -> dict[str, list[str]]:
    """What each folder above a mount may hold: the way to mounts."""
    targets = [Path(target) for _, target in inside.mounts()]
    known: dict[str, set[str]] = {"/": {"dev", "proc", "tmp"}}
    for target in targets:
        for path in (target, *target.parents):
            if path != path.parent:
                known.setdefault(str(path.parent), set()).add(path.name)
    covered = [inside.SCRATCH, *map(str, targets)]
    return {
        folder: sorted(names)
        for folder, names in known.items()
        if not any(f"{folder}/".startswith(f"{path}/") for path in covered)
    }
