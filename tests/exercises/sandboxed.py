"""Runs cells between a good answer and its calls, which must not suffer."""

from __future__ import annotations

from grading.sandbox import Calls, Code, Limits, run

PRELUDE = "import math\nimport numpy as np\nimport torch"
LIMITS = Limits(cell_seconds=2, total_seconds=90, memory=700 * 2**20)
GOOD = Code("good", "def double(x):\n    return 2 * x")
CALL = Calls("double", "double", [[1.0], [2.5]])
DOUBLED = ({"value": 2.0, "changed": []}, {"value": 5.0, "changed": []})


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
