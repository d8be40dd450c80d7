"""What the sandbox holds: real code of hostile students in the real sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from bookbuild import ROOT
from bookbuild.environment import ensure_bubblewrap
from grading import confine, sandbox
from grading.sandbox import Calls, Code, Limits, Outcome, run

PRELUDE = "import math\nimport numpy as np\nimport torch"
LIMITS = Limits(cell_seconds=2, total_seconds=90, memory=2**30)
GOOD = Code("good", "def double(x):\n    return 2 * x")
CALL = Calls("double", "double", [[1.0], [2.5]])
DOUBLED = ({"value": 2.0, "changed": []}, {"value": 5.0, "changed": []})


@pytest.fixture(scope="module", autouse=True)
def bubblewrap():
    assert ensure_bubblewrap()
    assert sandbox.available().name == "bubblewrap"


def outcomes(*sources: str, calls: tuple[Calls, ...] = (), limits=LIMITS):
    """Run cells c0, c1, … between a good answer and its calls."""
    cells = [Code(f"c{number}", source) for number, source in enumerate(sources)]
    done = run([GOOD, *cells, CALL, *calls], limits, prelude=PRELUDE)
    assert [each.id for each in done] == [
        "good",
        *(cell.id for cell in cells),
        "double",
        *(each.id for each in calls),
    ]
    return {each.id: each for each in done}


def test_cells_run_as_in_a_notebook():
    found = outcomes(
        "a = 20\nprint('printed')\na + 1",
        "b = !echo shell\nb[0]",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n1;",
        "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
        "1 / 0",
        "def broken(x:\n    pass",
        "%pip install torch==0.0",
        calls=(Calls("none", "absent", [[1]]),),
    )
    assert found["c0"] == Outcome("c0", "ok", "printed\n21\n")
    assert "shell" in found["c1"].text
    assert [each[:4] for each in found["c2"].pictures] == [b"\x89PNG"]
    assert found["c3"].text == "'awaited'\n"
    assert found["c4"].status == "error"
    assert found["c4"].error.endswith("ZeroDivisionError: division by zero")
    assert "line 1: 1 / 0" in found["c4"].error
    assert "SyntaxError" in found["c5"].error
    assert found["c6"].status == "ok"
    assert found["double"].calls == DOUBLED
    assert found["none"].calls[0]["error"].startswith("NameError")


def test_calls_say_what_happened():
    code = (
        "def odd(x, y):\n    if y == 1:\n        x.add_(1)\n    if y == 2:\n"
        "        raise KeyError('k')\n    if y == 3:\n        return object()\n"
        "    return (x, {'n': y}, float('nan'))"
    )
    tensor = {"tensor": [1.0], "shape": [1], "dtype": "float64"}
    inputs = [[tensor, y] for y in range(4)]
    found = outcomes(code, calls=(Calls("odd", "odd", inputs),))["odd"].calls
    assert found[0]["changed"] == [] and "tuple" in found[0]["value"]
    assert found[1]["changed"] == [0]
    assert "KeyError" in found[2]["error"]
    assert "TypeError" in found[3]["error"]


SECRET = "nobody-may-read-this"


def test_the_outside_is_not_there(tmp_path):
    planted = tmp_path / "private" / "seed.txt"
    planted.parent.mkdir()
    planted.write_text(SECRET)
    places = [
        planted,
        ROOT / "chapters",
        ROOT / "tests",
        ROOT / ".git",
        ROOT / "_build",
    ]
    places += [ROOT / "grading" / "score.py", Path("/etc/passwd"), Path("/etc/shadow")]
    os.environ["IFT6135_SECRET"] = SECRET
    try:
        found = outcomes(
            f"import os\n[p for p in {list(map(str, places))} if os.path.exists(p)]",
            "sorted(os.environ)",
            "import glob\nsorted({p.split('/')[1] for p in glob.glob('/*')})",
            "[open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') "
            "if p.isdigit()]",
            "open('/proc/self/status').read()",
        )
    finally:
        del os.environ["IFT6135_SECRET"]
    assert found["c0"].text == "[]\n"
    assert SECRET not in json.dumps([each.text for each in found.values()])
    assert "IFT6135_SECRET" not in found["c1"].text
    assert "home" not in found["c2"].text and "var" not in found["c2"].text
    assert "pytest" not in found["c3"].text
    for line in ("CapEff", "CapPrm", "CapBnd"):
        assert f"{line}:\\t0000000000000000" in found["c4"].text
    assert "NoNewPrivs:\\t1" in found["c4"].text


def test_there_is_no_network():
    found = outcomes(
        "import socket\nsocket.create_connection(('1.1.1.1', 53), 2)",
        "[name for _, name in socket.if_nameindex()]",
        "socket.getaddrinfo('example.org', 80)",
    )
    assert "unreachable" in found["c0"].error
    assert found["c1"].text == "['lo']\n"
    assert found["c2"].status == "error"


def test_only_the_scratch_folder_can_be_written(tmp_path):
    found = outcomes(
        f"for place in ('/etc', '/usr', '/', '/course', '/var', {str(tmp_path)!r}, "
        f"{str(ROOT)!r}):\n    try:\n        open(place + '/owned', 'w')\n"
        "        print('wrote', place)\n    except OSError:\n        pass",
        "open('kept', 'w').write('x')\nimport os\nos.symlink('/etc', 'link')\n"
        "open('link/owned', 'w')",
        "open('big', 'wb').write(bytes(200 * 2**20))",
    )
    assert found["c0"].text == ""
    assert found["c1"].status == "error"
    assert "OSError" in found["c2"].error
    assert not (tmp_path / "owned").exists() and not (ROOT / "owned").exists()
    again = outcomes("import os\nos.path.exists('kept')")
    assert again["c0"].text == "False\n"


CULPRITS = {
    "endless loop": ("while True:\n    pass", {"timeout"}),
    "sleep": ("import time\ntime.sleep(1000)", {"timeout"}),
    "stubborn loop": (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass",
        {"timeout"},
    ),
    "blocked signals": (
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "while True:\n    pass",
        {"timeout"},
    ),
    "loop in C": ("torch.ones(2).new_zeros(0)\n9 ** 9 ** 9 ** 9", {"timeout"}),
    "hard exit": ("import os\nos._exit(0)", {"killed"}),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)", {"killed"}),
    "memory": (
        "hoard = []\nwhile True:\n    hoard.append(torch.ones(2**22))",
        {"memory"},
    ),
    "prints": ("while True:\n    print('x' * 1000)", {"output"}),
    "fork bomb": ("import os\nwhile True:\n    os.fork()", {"error", "memory"}),
    "threads": (
        "import threading, time\nfor _ in range(10**6):\n"
        "    threading.Thread(target=time.sleep, args=(100,)).start()",
        {"error"},
    ),
    "kills all": (
        "import os, signal\nfor pid in range(1, 300):\n    try:\n"
        "        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass",
        {"killed"},
    ),
    "kills its group": ("import os\nos.killpg(0, 9)", {"killed"}),
    "own channel closed": (
        "import os\nfor n in range(3, 64):\n    try:\n        os.close(n)\n"
        "    except OSError:\n        pass",
        {"killed", "timeout"},
    ),
}


@pytest.mark.parametrize("name", CULPRITS)
def test_a_culprit_costs_only_its_own_cell(name):
    code, allowed = CULPRITS[name]
    found = outcomes(code, "'after'")
    assert found["c0"].status in allowed, found["c0"]
    assert found["c1"].text == "'after'\n"
    assert found["double"].calls == DOUBLED
    assert len(found["c0"].text) <= LIMITS.output


def test_leaving_is_only_leaving_the_cell():
    found = outcomes("import sys\nsys.exit()", "exit()", "raise SystemExit(3)")
    assert found["c0"].status == "error"
    assert found["double"].calls == DOUBLED


def test_a_case_that_hangs_ends_its_exercise_only():
    code = "def slow(x):\n    while x > 1:\n        pass\n    return x"
    calls = (Calls("slow", "slow", [[1.0], [2.0], [0.5]]), Calls("d", "double", [[3]]))
    found = outcomes(code, calls=calls)
    assert found["slow"].status == "timeout"
    assert found["slow"].calls[0] == {"value": 1.0, "changed": []}
    assert len(found["slow"].calls) == 2 and "error" in found["slow"].calls[1]
    assert found["d"].calls == ({"value": 6, "changed": []},)


def test_the_total_time_is_bounded():
    start = time.monotonic()
    loops = ["while True:\n    pass"] * 20
    found = outcomes(*loops, limits=Limits(cell_seconds=1, total_seconds=6))
    assert time.monotonic() - start < 20
    assert found["c0"].status == "timeout" and found["c19"].status == "skipped"
    assert found["double"].calls == ()


FORGER = """
import gc, json, os
files = [o for o in gc.get_objects() if type(o).__name__ == "Channel"]
say = files[0].file.write
for line in ["garbage", "[" * 10_000, "{}", "null", '{"end": "nothing"}',
             '{"start": 3}', '{"ready": true}', '{"start": "c1"}',
             '{"end": "c1", "status": "perfect", "text": ["x"], "pictures": [1, "x"]}',
             '{"called": "double", "answer": {"value": 1e999}}',
             json.dumps({"end": "good", "text": "x" * 2**21})]:
    say(line + "\\n")
files[0].file.flush()
"""


def test_forged_lines_harm_only_their_author():
    found = outcomes(FORGER, "'mine'")
    assert found["good"].status == "ok"
    assert all(isinstance(each.text, str) for each in found.values())
    assert {each.status for each in found.values()} <= {"ok", "error", "killed"}
    flood = FORGER.split("for line")[0] + "while True:\n    say('x' * 2**20)"
    found = outcomes(flood)
    assert found["c0"].status in ("output", "timeout")
    assert found["double"].calls == DOUBLED


def test_two_at_once_and_nothing_is_left():
    codes = ["import os\nif not os.fork():\n    while True:\n        pass", "'calm'"]
    with ThreadPoolExecutor(2) as pool:
        stormy, calm = pool.map(lambda code: outcomes(code), codes)
    assert calm["c0"].text == "'calm'\n" and calm["double"].calls == DOUBLED
    assert stormy["double"].calls == DOUBLED
    time.sleep(0.5)
    left = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline"])
        if "runner.py" in " ".join(process.info["cmdline"] or [])
        and os.getpid() in [each.pid for each in process.parents()]
    ]
    assert left == []


def test_a_sandbox_that_does_not_start_is_not_the_students_fault(monkeypatch):
    with pytest.raises(sandbox.SandboxBroken, match="no_such_module"):
        run([GOOD], LIMITS, prelude="import no_such_module")


def test_without_a_sandbox_nothing_runs(monkeypatch):
    for function in (confine._bubblewrap, confine._container):
        monkeypatch.setattr(confine, function.__name__, lambda *name: None)
    with pytest.raises(sandbox.NoSandbox, match="apt-get install bubblewrap"):
        run([GOOD], LIMITS)


def test_an_ordinary_user_is_confined_by_a_user_namespace(monkeypatch):
    backend = confine.available()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    made = confine.command(backend, LIMITS)
    assert "--unshare-user" in made and "setpriv" not in made
    if os.getuid() == 0:  # as somebody who can read neither /root nor this folder
        trial = ["setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups"]
        trial += [part for part in made[: made.index("--chdir")] if part]
        python = shutil.which("python3", path="/usr/bin")
        if python:
            hidden = (str(ROOT), "/root")
            kept, skip = [], 0
            for number, part in enumerate(trial):
                if skip:
                    skip -= 1
                elif part == "--ro-bind" and trial[number + 1].startswith(
                    tuple(hidden)
                ):
                    skip = 2
                else:
                    kept.append(part)
            code = "import os; print(os.getuid(), os.listdir('/tmp'))"
            kept += ["--unshare-user", python, "-c", code]
            said = subprocess.run(kept, capture_output=True, text=True)
            assert said.stdout == "4321 []\n", said.stderr


@pytest.mark.parametrize("name", ["podman", "docker"])
def test_a_container_is_closed_the_same_way(name):
    made = confine.command(confine.Backend(name, name), LIMITS)
    for flag in (
        "--network=none",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        f"--memory={LIMITS.memory}",
        f"--pids-limit={LIMITS.processes}",
        "--user=65534:65534",
    ):
        assert flag in made
    volumes = [part for part in made if part.startswith("--volume=")]
    assert volumes and all(part.endswith(":ro") for part in volumes)
    assert not any(f"{ROOT}:" in part for part in volumes)


def test_the_repository_is_never_shown():
    for source, _ in confine.mounts():
        path = Path(source).resolve()
        assert not ROOT.is_relative_to(path), source
        assert path not in (ROOT / "chapters", ROOT / "private", ROOT / "tests")
