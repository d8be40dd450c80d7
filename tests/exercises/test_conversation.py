"""What a student's code writes itself where the sandbox is listened to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grading.sandbox import Calls, Code, Outcome, run
from tests.exercises.sandboxed import DOUBLED, LIMITS, PRELUDE, outcomes

CHANNEL = """
import gc
(channel,) = [o for o in gc.get_objects() if type(o).__name__ == "Channel"]
"""
FORGER = """
import json
lines = ["garbage", "[" * 10_000, "{}", "null", "9" * 10_000, '{"end": "nothing"}',
         '{"cell": 99, "end": "ok"}', '{"cell": [1], "end": "ok"}', '{"ready": true}',
         '{"cell": 1, "picture": [1]}', '{"cell": 1, "picture": "AAAA"}',
         '{"cell": 1, "called": 0, "value": 1e999}',
         json.dumps({"cell": 0, "end": "ok", "text": "x" * 2**20}),
         json.dumps({"cell": 1, "end": ["perfect"], "text": 3, "error": {}})]
for line in lines:
    channel.file.write(line + "\\n")
channel.file.flush()
"""
FLOODS = {
    "long lines": "while True:\n    channel.file.write('x' * 2**20)",
    "many lines": "while True:\n    channel.file.write('{}\\n')",
}


def test_forged_lines_harm_only_their_author():
    found = outcomes(CHANNEL + FORGER, "'mine'")
    assert found["good"] == Outcome("good", "ok")
    assert found["c0"] == Outcome("c0", "error")  # its own line was the first
    assert found["c1"].text == "'mine'\n"
    assert found["double"].calls == DOUBLED


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_its_own_cell(name):
    found = outcomes(CHANNEL + FLOODS[name], "'mine'")
    assert found["c0"].status == "output"
    assert found["c1"].text == "'mine'\n"
    assert found["double"].calls == DOUBLED


def test_what_reads_no_orders_is_ended():
    deaf = CHANNEL + "import time\nchannel.hear = lambda: time.sleep(1000)"
    limits, many = (
        replace(LIMITS, total_seconds=12),
        Calls("many", "f", [[0.5]] * 10**5),
    )
    done = run([Code("deaf", deaf), many], limits, prelude=PRELUDE)
    assert [each.status for each in done] == ["ok", "timeout"]


def test_the_hidden_inputs_come_after_the_cells():
    """Nothing that a cell prints can hold them: it is shown in the feedback."""
    inputs = [[0.5**20], [2.0]]
    spy = "def spy(x):\n    print(x)\n    return x"
    look = "[o for o in gc.get_objects() if type(o) is list and o[:1] == [0.5**20]]"
    calls = (Calls("spy", "spy", inputs),)
    found = outcomes(spy, CHANNEL + look, "import os\nos._exit(0)", calls=calls)
    assert found["c1"].text == "[]\n"
    assert found["spy"].calls[0] == {"value": 0.5**20, "changed": []}
    assert found["spy"].text == ""


def test_text_can_be_written_anywhere():
    found = outcomes("print('\\udc00\\x1b[31m\\x00\\x9bred\\r\\nblue')")
    assert found["c0"].text == "?red\nblue\n"
