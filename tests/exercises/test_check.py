"""The first thing that is wrong, in words; nothing an answer does breaks check()."""

from __future__ import annotations

import json
import re

import pytest
import torch

from ift6135_lib import Unanswered, check
from ift6135_lib.exercises import reference
from tests.exercises.sample_reference import answer, old_velocity, write
from tests.exercises.sample_reference import momentum_step as right

NO_BREAK = "\u00a0"


@pytest.fixture(autouse=True)
def chapter(tmp_path, monkeypatch):
    """A chapter of the exercises momentum-step and total."""
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.delenv("IFT6135_LANG", raising=False)
    return write(tmp_path)


def say(body: str, lang: str = "en") -> str:
    verdict = check("momentum-step", answer(body), lang=lang)
    assert not verdict and verdict.passed is False
    return verdict.text


def test_a_right_answer_is_told_so():
    verdict = check("momentum-step", right)
    assert verdict and verdict.passed
    assert str(verdict) == repr(verdict) == verdict.text
    assert verdict.text == "✓ The momentum-step: right on all 6 inputs. Well done."
    assert "6 entrées" in check("momentum-step", right, lang="fr").text


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda theta, v, g, eta, rho=0.9: right(theta, v, g, eta, rho),
        lambda *arguments: right(*arguments),
        lambda theta, v, g, eta, rho, trace=False: right(theta, v, g, eta, rho),
        lambda theta, v, g, eta, rho: list(right(theta, v, g, eta, rho)),
        lambda theta, v, g, eta, rho: torch.stack(right(theta, v, g, eta, rho)),
        lambda theta, v, g, eta, rho: [p.float() for p in right(theta, v, g, eta, rho)],
    ],
)
def test_other_ways_of_being_right(wrapped):
    assert check("momentum-step", wrapped)


def test_a_value_in_place_of_the_function():
    text = check("momentum-step", right(*torch.ones(5))).text
    assert "not a tuple of length 2" in text
    assert '`check("momentum-step", momentum_step)`' in text
    assert "not None" in check("momentum-step", None).text
    assert "not a class" in check("momentum-step", dict).text


def test_an_answer_yet_to_be_written():
    line = "○ The momentum-step: yours to write. Write `momentum-step`, which steps."
    assert say('raise Unanswered("momentum-step")') == line
    assert "à vous d’écrire. Écrivez" in say('raise Unanswered("momentum-step")', "fr")
    assert "another exercise" in say('raise Unanswered("total")')
    assert "The total: yours to write" in say('raise Unanswered("total")')
    assert "not written yet" in say("raise NotImplementedError")
    calls = []

    def counted(theta, v, g, eta, rho):
        calls.append(theta)
        raise Unanswered("momentum-step")

    assert not check("momentum-step", counted) and len(calls) == 1


@pytest.mark.parametrize(
    ("function", "said", "hint"),
    [
        (lambda theta, v, g, eta: 0, "(theta, v, g, eta)", False),
        (lambda theta, v, g, eta, rho, more: 0, "rho, more)", False),
        (lambda theta, v, g, eta, r: 0, "eta, r)", False),
        (lambda v, theta, g, eta, rho=1: 0, "(v, theta, g, eta, rho=…)", True),
        (lambda theta, v, g, *, eta, rho: 0, "(theta, v, g, *, eta, rho)", False),
    ],
)
def test_other_parameters(function, said, hint):
    text = check("momentum-step", function).text
    assert "the parameters are not those" in text and said in text
    assert "def momentum_step(theta, v, g, eta, rho)" in text
    assert ("their order is not" in text) == hint


def test_an_error_has_its_message_line_and_input():
    text = say("v = rho * v\nif len(v) == 2:\n    v = v + g.absent\nreturn theta, v")
    # on the first input, at rest, this is wrong but no error yet
    assert "output 1 is wrong" in text.split("\n")[0]
    text = say("if len(v) == 2:\n    v = v + g.absent\nv = rho * v + g\nreturn "
               "theta - eta * v, v")  # fmt: skip
    assert "your function raises an error (4 of the 6 inputs are right)." in text
    assert re.search(r"Input 2: theta = \[\S+, \S+\], v = .*, eta = 0\.\d{1,4},", text)
    assert "Error: AttributeError: 'Tensor' object has no attribute 'absent'" in text
    assert "Line 3: " in text


def test_an_error_that_cannot_say_itself():
    body = "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n"
    assert "Error: Odd\n" in say(body + "raise Odd") + "\n"


def test_leaving_the_program():
    text = say("import sys\nsys.exit()")
    assert "ends the whole program" in text and "use `return`" in text
    assert "None" not in text


def test_an_interruption_passes():
    with pytest.raises(KeyboardInterrupt):
        check("momentum-step", answer("raise KeyboardInterrupt"))


def test_arguments_modified_in_place():
    text = say("v.mul_(rho).add_(g)\nreturn theta - eta * v, v.clone()")
    assert "modifies `v` in place" in text and "`x.add_(1)`" in text
    text = say("v *= rho\nv += g\ntheta -= eta * v\nreturn theta, v", "fr")
    assert "modifie `theta` et `v` sur place" in text


def test_a_forgotten_return():
    assert "returns nothing" in say("v = rho * v + g")
    assert "Does every path" in say("v = rho * v + g")
    text = say("print(theta - eta * v)")
    assert "printing is not returning" in text and "Printed: tensor(" in text


def test_structure_is_described():
    assert "number of outputs is 3 instead of 2" in say("return theta, v, g")
    text = say("return theta - eta * (rho * v + g)")
    assert "a tensor of shape (1,); a tuple of length 2 is expected" in text
    text = say("v = rho * v + g\nreturn (theta - eta * v,), v")
    assert "output 1 is a tuple of length 1" in text and "comma" in text
    text = say("v = rho * v + g\nreturn theta - eta * v, v[:, None]", "fr")
    assert "la sortie 2 n’a pas la bonne forme" in text
    assert re.search(r"Attendu\u00a0: \[\S+\] shape=\(1,\)\n", text)
    assert re.search(r"Obtenu\u00a0: \[\[\S+\]\] shape=\(1, 1\)\n", text)


def test_nan_and_infinity():
    assert "contains NaN" in say("v = (rho * v + g) * float('nan')\nreturn theta, v")
    assert "la sortie 1 est infinie" in say("return theta / 0, v", "fr")


def test_a_wrong_value_has_input_expected_got_and_error():
    """On an input that a student can follow by hand."""
    text = say("v = rho * v + g\nreturn theta - eta * v, 3 * v")
    first, *facts = text.split("\n")
    theta, _, g, eta, rho = reference.load("momentum-step").cases[0].inputs
    assert first.startswith("✗ The momentum-step: output 2 is wrong (none")
    assert facts == [
        f"  Input 1: theta = [{theta.item():.4g}], v = [0], g = [{g.item():.4g}], "
        f"eta = {eta:.4g}, rho = {rho:.4g}",
        f"  Expected: [{g.item():.4g}]",
        f"  Got: [{3 * g.item():.4g}] (relative error 200%)",
        "  Hint: Output 2: it is always 3 times what is expected. Check the constant "
        "factors.",
    ]


def test_a_declared_mistake_is_recognised():
    """It fails on some cases; the answer need not."""
    assert "Hint: Update `v` first." in say("return theta - eta * v, rho * v + g")
    assert "FR Update" in say("return theta - eta * v, rho * v + g", "fr")
    almost = "v2 = rho * v + g\nreturn theta - eta * (v if len(v) > 1 else v2), v2"
    assert "Update" not in say(almost)
    assert not check("momentum-step", old_velocity)
    half = "v = rho * v + g\nreturn theta - eta * v, v.exp() if rho == 0.5 else v"
    assert "Never half" not in say(half) and "5 of the 6" in say(half)


def test_only_the_first_expected_value_is_shown():
    text = say("return theta, v")
    cases = json.loads(reference.FOLDER.joinpath("01-steps.json").read_text("utf8"))
    for case in cases["momentum-step"]["cases"][1:]:
        for number in case["expected"]["tuple"][0]["tensor"]:
            assert f"{number:.4g}" not in text


def test_long_inputs_are_cut_and_can_be_had_whole():
    body = "v = rho * v + g\nif len(v) == 40:\n    v = v.clone()\n    v[17] = 5\n"
    verdict = check("momentum-step", answer(body + "return theta - eta * v, v"))
    assert re.search(r"Expected: \[17\] = \S+\n  Got: \[17\] = \S+ \(rel", verdict.text)
    assert "shape=(40,)" in verdict.text
    assert 'check("momentum-step", momentum_step).inputs' in verdict.text
    assert len(verdict.inputs[0]) == 40
    assert len(verdict.text) < 700


def test_numbers_that_differ_look_different():
    text = say("v = rho * v + g\nreturn theta - eta * v, v * (1 + 2e-6)")
    expected, got = re.search(r"Expected: (.*)\n  Got: (.*) \(", text).groups()
    assert expected != got
    assert "2.0 × 10⁻⁶".replace(" ", NO_BREAK) in text


def test_the_state_that_an_answer_leaves_does_not_reach_the_next_case():
    body = "torch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(False)\n"
    body += "torch.manual_seed(0)\nv = rho * v + g\nreturn theta - eta * v, v"
    before = torch.random.get_rng_state()
    assert check("momentum-step", answer(body))
    assert torch.get_default_dtype() == torch.float32 and torch.is_grad_enabled()
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_kind_of_mistake_is_named_when_none_was_foreseen():
    text = check("total", lambda x: (x**2).mean()).text
    assert "A mean in place of a sum?" in text and "2 of the 6 inputs are right" in text
    text = check("total", lambda x: -(x**2).sum(), lang="fr").text
    assert "vérifiez les signes" in text.lower()
