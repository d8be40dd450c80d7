"""The run times that the book promises, as measured by its own last run."""

from collections import defaultdict

import pytest

from bookbuild import ROOT
from bookbuild.check import sources
from bookbuild.execute import cached, has_code, read

NOTEBOOK = 60  # seconds on two cores
CHAPTER = 90  # of up to seven notebooks
MORE = 13  # for each further one


@pytest.fixture(scope="module")
def seconds() -> dict:
    found = {}
    for path in sources():
        if has_code(read(path)):
            run = cached(path)
            assert run, f"{path.relative_to(ROOT)} has not been run: `make book`"
            found[path] = run[1]
    return found


def test_a_notebook_takes_less_than_a_minute(seconds):
    assert seconds and max(seconds.values()) <= NOTEBOOK, seconds


def test_a_chapter_takes_less_than_ninety_seconds(seconds):
    """Its notebooks run side by side, one a core: their sum is twice the wait."""
    chapters = defaultdict(list)
    for path, time in seconds.items():
        chapters[path.parent.name].append(time)
    waits = {name: sum(times) / 2 for name, times in chapters.items()}
    allowed = {n: CHAPTER + MORE * max(0, len(t) - 7) for n, t in chapters.items()}
    assert all(waits[name] <= allowed[name] for name in waits), (waits, allowed)
