"""The run times that the book promises, as measured by its own last run."""

from collections import defaultdict

import pytest

from bookbuild import ROOT
from bookbuild.check import sources
from bookbuild.execute import cached, has_code, read

NOTEBOOK = 60  # seconds on two cores
CHAPTER = 90


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
    chapters = defaultdict(float)
    for path, time in seconds.items():
        chapters[path.parent.name] += time / 2
    assert max(chapters.values()) <= CHAPTER, dict(chapters)
