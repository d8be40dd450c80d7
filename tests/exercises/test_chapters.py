"""The book's own exercises: sound, and kept in the package as their sections say."""

from __future__ import annotations

import json

import pytest

from bookbuild import ROOT
from bookbuild.exercises.private import answer
from bookbuild.exercises.reference import entry, namespace
from bookbuild.exercises.verify import digest, exercises, store
from ift6135_lib import check
from ift6135_lib.exercises.compare import difference
from ift6135_lib.exercises.values import decode

PRIVATE = ROOT / "tests" / "exercises" / "private"
EXERCISES, MISTAKES = exercises()
IDS = [exercise.id for exercise in EXERCISES]


def test_no_exercise_is_malformed():
    assert MISTAKES == []
    assert len(EXERCISES) >= 8


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
def test_the_package_has_what_the_section_says(exercise):
    """Everything is verified again from nothing, whatever the digests say."""
    code = answer(exercise, PRIVATE)
    kept = json.loads(store(exercise.chapter).read_text("utf8"))[exercise.id]
    made = entry(exercise, code)
    assert kept["digest"] == digest(exercise, code)
    for name in ("function", "parameters", "title", "asks", "tolerance"):
        assert kept[name] == made[name]
    for one, two in zip(kept["cases"], made["cases"], strict=True):
        for a, b in zip(one["inputs"], two["inputs"], strict=True):
            assert difference(decode(a), decode(b), tolerance=1e-9) is None
        expected, again = decode(one["expected"]), decode(two["expected"])
        assert difference(expected, again, tolerance=1e-9) is None
    assert [m["hint"] for m in kept["mistakes"]] == [
        m["hint"] for m in made["mistakes"]
    ]


@pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_check_knows_the_reference_and_each_mistake(exercise, lang):
    names = namespace(*answer(exercise, PRIVATE))
    verdict = check(exercise.id, names[exercise.function], lang=lang)
    assert verdict and verdict.text.startswith("✓")
    kept = json.loads(store(exercise.chapter).read_text("utf8"))[exercise.id]
    hints = {mistake["hint"][lang] for mistake in kept["mistakes"]}
    given = set()
    for name, function in names.items():
        if name.startswith("mistake_"):
            verdict = check(exercise.id, function, lang=lang)
            assert not verdict
            found = [hint for hint in hints if hint in verdict.text]
            assert found, (name, verdict.text)
            given |= set(found)
    assert given == hints
