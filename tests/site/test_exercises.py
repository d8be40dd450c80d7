"""Exercises on their pages: numbered, linkable, folded; nothing withheld."""

from __future__ import annotations

import pytest

from bookbuild import LANGUAGES
from bookbuild.exercises.verify import exercises
from tests.site.conftest import PHONE

EXERCISES = exercises()[0]
PAGES = sorted({exercise.path for exercise in EXERCISES})
CALLED = {"en": "Exercise", "fr": "Exercice"}
TESTS = {"en": "Visible tests", "fr": "Tests visibles"}
HINT = {"en": "Hint", "fr": "Indice"}


def address_of(path, lang: str) -> str:
    return f"{lang}/chapters/{path.parent.name}/{path.stem}.html"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_each_exercise_is_whole_on_its_page(address, visit, path, lang):
    page = visit(f"{address}/{address_of(path, lang)}")
    for exercise in (each for each in EXERCISES if each.path == path):
        box = page.locator(f"#{exercise.label}")
        title = box.locator("> .admonition-title").inner_text()
        assert title.startswith(CALLED[lang])
        assert exercise.statements[lang].title in title
        facts = box.locator(".exercise-facts").inner_text()
        assert f"{exercise.points:g}\u00a0point" in facts
        assert f"{exercise.minutes}\u00a0minute" in facts
        assert f"def {exercise.function}(" in box.inner_text()
        for name in (HINT[lang], TESTS[lang]):
            title = box.locator("details > summary", has_text=name)
            assert title.count() == 1 and title.is_visible()
            assert title.locator("..").get_attribute("open") is None
        solution = page.locator(f"#sol-{exercise.id}")
        if exercise.withheld:
            assert solution.count() == 0
            continue
        assert solution.get_attribute("open") is None
        code = solution.locator(".cell pre").first
        assert not code.is_visible()
        solution.locator("> summary").press("Enter")
        code.wait_for(state="visible")
        assert f"def {exercise.function}(" in code.inner_text()


def test_a_solution_shows_its_figure_once_it_is_shown(address, visit):
    (exercise,) = (each for each in EXERCISES if each.id == "momentum-step")
    page = visit(f"{address}/{address_of(exercise.path, 'fr')}")
    figure = page.locator("#fig-momentum-step")
    assert not figure.is_visible()
    page.locator("#sol-momentum-step .admonition-title").click()
    figure.wait_for(state="visible")
    assert figure.locator("svg").bounding_box()["width"] > 200


def test_an_exercise_fits_a_phone(address, visit):
    for path in PAGES:
        page = visit(f"{address}/{address_of(path, 'fr')}", viewport=PHONE)
        for exercise in (each for each in EXERCISES if each.path == path):
            box = page.locator(f"#{exercise.label}").bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
