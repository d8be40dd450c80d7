"""What a submission may do and cost: hostile code in the real sandbox."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest

from bookbuild.environment import ensure_bubblewrap
from grading import sandbox
from grading.sandbox import Calls, Limits, Outcome, run, submission
from tests.exercises.sandboxed import DOUBLED, GOOD, LIMITS, outcomes


@pytest.fixture(scope="module", autouse=True)
def bubblewrap():
    assert ensure_bubblewrap()
    assert sandbox.available().name == "bubblewrap"


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


# a code and how it may end: first those that need a new sandbox, then those that do not
CULPRITS = {
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
    "shared memory": (
        "import mmap\nhoard = []\nwhile True:\n    hoard.append(mmap.mmap(-1, 2**24))\n"
        "    torch.frombuffer(hoard[-1], dtype=torch.uint8).fill_(1)",
        {"memory"},
    ),
    "memory of many": (
        "import os, time\nfor _ in range(20):\n    if not os.fork():\n"
        "        kept = torch.ones(2**24)\n        time.sleep(100)\ntime.sleep(100)",
        {"memory"},
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
    "endless loop": ("while True:\n    pass", {"timeout"}),
    "sleep": ("import time\ntime.sleep(1000)", {"timeout"}),
    "disk": (
        "import itertools\nfor n in itertools.count():\n"
        "    open(str(n), 'wb').write(bytes(2**24))",
        {"error"},
    ),
    "writes past Python": (
        "import os\nfor _ in range(10**5):\n    os.write(1, bytes(2**16))",
        {"ok"},
    ),
    "prints": ("while True:\n    print('x' * 1000)", {"output"}),
    "fork bomb": ("import os\nwhile True:\n    os.fork()", {"error", "memory"}),
    "threads": (
        "import threading, time\nfor _ in range(10**6):\n"
        "    threading.Thread(target=time.sleep, args=(100,)).start()",
        {"error"},
    ),
}


@pytest.fixture(scope="module")
def stormy():
    """All culprits in two submissions, a harmless cell after each of them.

    Those whose time runs out have little of it; the others have so much that even on a
    busy machine the limit that stops them is their own.
    """
    slow = [name for name, (_, ends) in CULPRITS.items() if "timeout" in ends]
    fast = [name for name in CULPRITS if name not in slow]

    def storm(some: list[str], seconds: float) -> dict[str, tuple[Outcome, ...]]:
        sources = [part for name in some for part in (CULPRITS[name][0], "'after'")]
        limits = replace(LIMITS, cell_seconds=seconds, total_seconds=400)
        done = outcomes(*sources, limits=limits)
        return {
            name: (done[f"c{2 * n}"], done[f"c{2 * n + 1}"], done["double"])
            for n, name in enumerate(some)
        }

    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(storm, (slow, fast), (LIMITS.cell_seconds, 60))
        return {name: each for part in parts for name, each in part.items()}


@pytest.mark.parametrize("name", CULPRITS)
def test_a_culprit_costs_only_its_own_cell(stormy, name):
    culprit, after, double = stormy[name]
    assert culprit.status in CULPRITS[name][1], culprit
    assert len(culprit.text) <= LIMITS.output
    assert after.text == "'after'\n"
    assert double.calls == DOUBLED


def test_what_was_defined_before_an_interrupted_loop_remains():
    found = outcomes(
        "def triple(x):\n    return 3 * x\nwhile True:\n    pass", "triple(2)"
    )
    assert found["c0"].status == "timeout" and found["c1"].text == "6\n"


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
    """Cells of three seconds each: at most four of them in twelve, then none."""
    loops = ["while True:\n    pass"] * 20
    found = outcomes(*loops, limits=Limits(cell_seconds=3, total_seconds=12))
    ended = [found[f"c{n}"].status for n in range(20)]
    ran = ended.count("timeout")
    assert 1 <= ran <= 4
    assert ended == ["timeout"] * ran + ["skipped"] * (20 - ran)
    assert found["double"].calls == ()


def test_pictures_and_text_are_bounded_for_all_cells_together(monkeypatch):
    monkeypatch.setattr(submission, "PICTURES", 3)
    monkeypatch.setattr(submission, "TEXT_CHARACTERS", 1500)
    draw = "import matplotlib.pyplot as plt\nfor n in range(2):\n    plt.figure(n)\n"
    cells = [draw + "print('x' * 999)"] * 3
    patient = Limits(cell_seconds=60, total_seconds=90)  # the first one imports pyplot
    found = outcomes(*cells, "import os\nos._exit(0)", limits=patient)
    assert [len(found[f"c{n}"].pictures) for n in range(3)] == [2, 1, 0]
    assert [len(found[f"c{n}"].text) for n in range(3)] == [1000, 500, 0]


def test_two_at_once_do_not_meet():
    storm = (
        "import os, time\nopen('mine', 'w').close()\n"
        "print(sorted(os.sched_getaffinity(0)))\n"
        "for _ in range(12):\n    if not os.fork():\n        while True:\n"
        "            pass\ntime.sleep(0.5)"
    )
    calm = (
        "import os, time\ntime.sleep(0.3)\n"
        "print(sorted(os.sched_getaffinity(0)), os.path.exists('mine'))\n"
        "sum(range(10**6))"
    )
    with ThreadPoolExecutor(2) as pool:
        limits = replace(LIMITS, cell_seconds=20)
        stormy, calm = pool.map(
            lambda code: outcomes(code, limits=limits), [storm, calm]
        )
    for found in (stormy, calm):
        assert found["c0"].status == "ok" and found["double"].calls == DOUBLED
    cores, other = json.loads(stormy["c0"].text), calm["c0"].text
    assert len(cores) == 1 and other.startswith("[") and "True" not in other
    if len(os.sched_getaffinity(0)) > 1:
        assert not other.startswith(str(cores))


def test_nothing_is_left_running():
    """Neither after the cell that started it, nor after the sandbox."""
    start = (
        "import os, subprocess\nfor _ in range(3):\n"
        "    subprocess.Popen(['sleep', '%d'], start_new_session=True)"
    )
    others = (
        "[p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, {})]"
    ).format("os.getpid(), os.getppid()")
    first, last = 10**6 + os.getpid(), 2 * 10**6 + os.getpid()
    found = outcomes(start % first, others, f"{start % last}\nos._exit(0)")
    assert found["c1"].text == "[]\n" and found["c2"].status == "killed"
    running = [each.info["cmdline"] for each in psutil.process_iter(["cmdline"])]
    for seconds in (first, last):
        assert ["sleep", str(seconds)] not in running


def test_a_sandbox_that_does_not_start_is_not_the_students_fault():
    with pytest.raises(sandbox.SandboxBroken, match="no_such_module"):
        run([GOOD], LIMITS, prelude="import no_such_module")
