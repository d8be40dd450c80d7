"""An exercise is read as written; a malformed one stops the build and says where."""

from __future__ import annotations

import json

import jupytext
import pytest

from bookbuild.exercises.parse import collect, without_cases
from bookbuild.exercises.verify import exercises, store, verify
from tests.exercises.small_exercise import (
    SECTION,
    WITHHELD,
    withheld_section,
    write,
    write_private,
)


def test_an_exercise_is_read(tmp_path):
    found, errors = collect(write(tmp_path), tmp_path)
    assert errors == []
    (exercise,) = found
    assert (exercise.id, exercise.points, exercise.withheld) == ("step", 3, False)
    assert exercise.function == "step"
    assert exercise.parameters == ["theta", "g", "eta"]
    assert exercise.statements["fr"].title == "Un pas"
    asks = exercise.statements["en"].asks
    assert asks == r"Write `step(theta, g, eta)`, which returns $\theta - \eta g$."
    lines = SECTION.split("\n")
    for part in exercise.parts.values():
        assert lines[part.line - 1] == part.code.split("\n")[0]


def test_the_markup_survives_jupytext(tmp_path):
    path = write(tmp_path)
    again = jupytext.writes(jupytext.reads(SECTION, fmt="md:myst"), fmt="md:myst")
    one, _ = collect(path, tmp_path)
    two, errors = collect(write(tmp_path, again), tmp_path)
    assert errors == []
    assert one[0].statements["en"].body == two[0].statements["en"].body
    for role, part in one[0].parts.items():
        assert two[0].parts[role].code == part.code
        assert two[0].parts[role].tags == part.tags
    assert (one[0].points, one[0].minutes) == (two[0].points, two[0].minutes)


def test_cases_are_blank_for_the_page():
    shown = without_cases(SECTION)
    assert shown.count("\n") == SECTION.count("\n")
    assert "mistake_ascent" not in shown and "role: cases" not in shown
    assert "return theta - eta * g" in shown


# what is spoilt, and what the message must say
MALFORMED = [
    ("role: solution", "role: solved", "unknown role"),
    ("points: 3", "points: 0", "points is 0"),
    ("points: 3", "points: -1", "points is -1"),
    ("points: 3", "point: 3", "points is None"),
    ("difficulty: 1", "difficulty: 7", "difficulty is 7"),
    ("minutes: 5", "minutes: soon", "minutes is 'soon'"),
    ("minutes: 5", "minutes: 5\nlevel: 3", "unknown setting 'level'"),
    ("role: solution", "role: run", "it has no solution"),
    ("role: cases", "role: run", "it has no cases"),
    ("role: tests", "role: run", "it has no tests"),
    ("def inputs(", "def draw(", "no hidden case"),
    ("role: tests\n", "role: starter\n", "two cells of role 'starter'"),
    ("points: 3", "points: 3\nwithheld: true", "stands in the public source"),
    ("{exercise} Un pas", "{note} Un pas", "no French statement"),
    ("{exercise} A step", "{note} A step", "no English statement"),
    ("{exercise} Un pas", "{exercise}", "no French title"),
    ("{solution} ex-step", "{note} ex-step", "no place for its solution"),
    ('    raise Unanswered("step")', "    return theta", "its starter answers"),
    (
        "def step(theta, g, eta):\n    raise",
        "def step(g):\n    raise",
        "as the starter",
    ),
    ("mistake_ascent(theta, g, eta)", "mistake_ascent(g)", "starter's parameters"),
    ("fr: Le point monte", "FR Le point monte", "no hint in 'fr'"),
    ("return theta - eta", "return theta - - - ) eta", "unmatched"),
    ("tags: [skip-execution]\n---\nassert", "---\nassert", "would run its tests"),
]


@pytest.mark.parametrize(("good", "bad", "said"), MALFORMED)
def test_a_malformed_exercise_says_where(tmp_path, good, bad, said):
    assert good in SECTION
    times = 2 if "{solution}" in good else 1
    path = write(tmp_path, SECTION.replace(good, bad, times))
    found, errors = collect(path, tmp_path)
    assert errors and found == []
    assert any(said in str(error) for error in errors), errors
    for error in errors:
        assert str(error).startswith("chapters/01-steps/step.md:")
        assert 1 < error.line <= SECTION.count("\n") + 2
        assert error.remedy


def test_an_id_used_twice(tmp_path):
    write(tmp_path)
    other = tmp_path / "chapters" / "01-steps" / "again.md"
    other.write_text(SECTION, "utf8")
    toc = tmp_path / "_toc.yml"
    toc.write_text(toc.read_text() + "- file: chapters/01-steps/again\n")
    found, errors = exercises(tmp_path)
    assert len(found) == 1
    assert "the exercise id 'step' is used twice" in str(errors[0])
    assert "chapters/01-steps/step.md:" in errors[0].problem


def verified(tmp_path, text=SECTION, private=None):
    write(tmp_path, text)
    return verify(private or tmp_path / "nowhere", tmp_path)


def test_a_sound_exercise_is_kept_as_numbers(tmp_path):
    written, errors = verified(tmp_path)
    assert errors == [] and written == [store("01-steps", tmp_path)]
    text = written[0].read_text("utf8")
    entry = json.loads(text)["step"]
    assert len(entry["cases"]) == 12 and len(entry["mistakes"]) == 1
    assert entry["title"] == {"en": "A step", "fr": "Un pas"}
    assert entry["asks"]["fr"].endswith("qui renvoie θ - η g.")
    assert "return" not in text.replace(entry["asks"]["en"], "")
    assert verify(tmp_path / "nowhere", tmp_path) == ([], [])  # nothing has changed


# what only running the code shows
UNSOUND = [
    ("return theta - eta * g", "return theta + eta * g", "fails its own tests"),
    ("return theta - eta * g", "return theta.sub_(eta * g)", "fails its own tests"),
    ("return theta + eta * g", "return theta - eta * g", "passes all the cases"),
    ("torch.randn(2, 3, generator=generator, ", "torch.ones(2, 3, ", "does not change"),
    ("generator=generator, ", "", "ignores its generator"),
    (", 0.1 * (case + 1)", ", theta.log()", "gives nan on case 0"),
    ("return theta, g, 0.1 * (case + 1)", "return theta, g", "fails on case 0"),
    ("assert step(1.0, 2.0, 0.25) == 0.5", "assert step", "the starter passes"),
    ("assert step(1.0,", "assert 1 / 0\nassert step(1.0,", "fails its own tests"),
]


@pytest.mark.parametrize(("good", "bad", "said"), UNSOUND)
def test_an_unsound_exercise_stops_the_build(tmp_path, good, bad, said):
    assert SECTION.count(good) == 1
    written, errors = verified(tmp_path, SECTION.replace(good, bad))
    assert written == []
    (error,) = errors
    assert said in str(error), error
    assert str(error.path) == "chapters/01-steps/step.md"
    code = [n for n, line in enumerate(SECTION.split("\n"), 1) if "def " in line]
    assert error.line >= code[0] - 1


def test_a_solution_that_modifies_its_arguments(tmp_path):
    bad = "theta = theta if isinstance(theta, float) else theta.sub_(eta * g)\n    "
    text = SECTION.replace("    return theta - eta * g", f"    {bad}return theta")
    text = text.replace("== 0.5", "== 1.0")
    _, errors = verified(tmp_path, text)
    assert "modifies its arguments on case 0" in str(errors[0])


def test_two_mistakes_that_coincide(tmp_path):
    text = SECTION.rstrip().removesuffix("```")
    text += SECTION[SECTION.index("\n\ndef mistake_ascent") :].replace(
        "mistake_ascent", "mistake_again"
    )
    _, errors = verified(tmp_path, text)
    assert "mistake_again gives the same as another mistake" in str(errors[0])


def test_a_withheld_exercise_needs_its_private_folder_once(tmp_path):
    section = withheld_section()
    assert "return theta" not in section
    _, errors = verified(tmp_path, section)
    assert "PRIVATE=folder" in str(errors[0])
    private = write_private(tmp_path)
    written, errors = verify(private, tmp_path)
    assert errors == [] and len(written) == 1
    assert "CANARY" not in written[0].read_text("utf8")
    # the build goes on elsewhere, where the folder is not
    assert verify(tmp_path / "nowhere", tmp_path) == ([], [])
    # until what students see changes
    write(tmp_path, section.replace("== 0.5", "== 0.25 + 0.25"))
    assert verify(tmp_path / "nowhere", tmp_path)[1]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("theta - eta * g", "theta", "fails its own tests"),
        ("def inputs(case, generator)", "def inputs()", "no hidden case"),
        ("return theta + eta * g", "return theta - eta * g", "passes all the cases"),
        ("= theta - eta * g", "= theta - (", "was never closed"),
    ],
)
def test_a_private_module_is_verified_too(tmp_path, good, bad, said):
    private = write_private(tmp_path, WITHHELD.replace(good, bad))
    _, errors = verified(tmp_path, withheld_section(), private)
    assert said in str(errors[0]), errors
