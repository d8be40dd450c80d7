"""Kinds of mistakes are named when they explain every case, and only then."""

from __future__ import annotations

import pytest
import torch

from ift6135_lib.exercises.diagnose import diagnose

D = torch.float64


def draw(*shapes, seed=0):
    """Six cases of random tensors; the sizes change from case to case."""
    generator = torch.Generator().manual_seed(seed)
    cases = []
    for case in range(6):
        n = (1, 2, 5)[case % 3]
        sizes = [[n if each == "n" else each for each in shape] for shape in shapes]
        cases.append(tuple(torch.randn(s, generator=generator, dtype=D) for s in sizes))
    return cases


def found(reference, answer, inputs, names="xyztab"):
    cases = [(given, reference(*given), answer(*given)) for given in inputs]
    return diagnose(list(names), cases)


VECTOR = draw(("n",))
SEQUENCE = draw((5,))
MATRIX = draw((3, "n"))
SQUARE = draw((3, 3))
POSITIVE = [(x.abs() + 0.5,) for (x,) in VECTOR]
RATED = [(x, v, abs(s.item())) for x, v, s in draw(("n",), ("n",), ())]
STEPS = [(x, 3 + i, 0.5 + 0.05 * i) for i, (x,) in enumerate(VECTOR)]


def cumulate(x):
    return [float(each) for each in x.cumsum(0)]


KINDS = {
    "the opposite": ("sign", lambda x: x**2, lambda x: -(x**2), VECTOR),
    "a factor": ("constant_factor", lambda x: x**2 / 2, lambda x: x**2, VECTOR),
    "a mean": ("mean_for_sum", lambda x: (x**2).sum(), lambda x: (x**2).mean(), VECTOR),
    "a sum": ("sum_for_mean", lambda x: (x**2).mean(), lambda x: (x**2).sum(), VECTOR),
    "a mean over columns": (
        "mean_for_sum",
        lambda x: x.sum(1),
        lambda x: x.mean(1),
        MATRIX,
    ),
    "a square": ("function_of", lambda x: x.std(0), lambda x: x.var(0), SQUARE),
    "an inverse": ("function_of", lambda x: x, lambda x: 1 / x, POSITIVE),
    "a logarithm": ("function_of", lambda x: x + 1, lambda x: (x + 1).log(), POSITIVE),
    "an integer": ("function_of", lambda x: 9 * x, lambda x: (9 * x).long(), VECTOR),
    "one more": ("constant_term", lambda x: x.exp(), lambda x: x.exp() + 1, VECTOR),
    "untouched": ("unchanged", lambda x: x**2 + 1, lambda x: x, VECTOR),
    "nothing but zero": ("same_for_all", lambda x: x, lambda x: 0 * x, VECTOR),
    "the transpose": ("transposed", lambda x: x @ x, lambda x: (x @ x).T, SQUARE),
    "another shape of transpose": (
        "transposed",
        lambda x: 2 * x,
        lambda x: 2 * x.T,
        MATRIX,
    ),
    "late": ("shifted", lambda x: x.cumsum(0), lambda x: x.cumsum(0) - x, SEQUENCE),
    "without the last": ("shifted", cumulate, lambda x: cumulate(x)[:-1], SEQUENCE),
    "with one before": ("shifted", cumulate, lambda x: [0.0, *cumulate(x)], SEQUENCE),
    "reversed": ("reversed_", lambda x: 2 * x, lambda x: 2 * x.flip(0), SEQUENCE),
    "sorted": ("shuffled", lambda x: 2 * x, lambda x: 2 * x.sort()[0], SEQUENCE),
    "a column": ("reshaped", lambda x: 2 * x, lambda x: 2 * x[:, None], VECTOR),
    "terms": ("not_reduced", lambda x: (x**2).sum(), lambda x: x**2, MATRIX),
    "too much of a sum": ("reduced", lambda x: x.sum(0), lambda x: x.sum(), SQUARE),
    "no rate": (
        "argument_factor",
        lambda x, y, z: z * x * y,
        lambda x, y, z: x * y,
        RATED,
    ),
    "a term": (
        "term",
        lambda x, y, z: x.exp() + z * y,
        lambda x, y, z: x.exp(),
        RATED,
    ),
    "the sign of a term": (
        "sign_of_term",
        lambda x, y, z: x.exp() + z * y,
        lambda x, y, z: x.exp() - z * y,
        RATED,
    ),
    "outputs": ("swapped", lambda x: (x, 2 * x), lambda x: [2 * x, x], VECTOR),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_named(name):
    kind, reference, answer, inputs = KINDS[name]
    hint = found(reference, answer, inputs)
    assert hint.kind == kind
    assert hint.en != hint.fr and "{" not in hint.en + hint.fr


def test_the_missing_correction_is_spelt():
    hint = found(
        lambda x, t, b: (1 - b) * x**2 / (1 - b**t),
        lambda x, t, b: (1 - b) * x**2,
        STEPS,
        "xtb",
    )
    assert hint.kind == "argument_factor" and "`(1 - b**t)`" in hint.en


def test_the_change_of_an_argument_is_read():
    hint = found(
        lambda x, y, z: (y, x - z * (x * y).sin()),
        lambda x, y, z: (y, x + z * (x * y).sin()),
        RATED,
    )
    assert (hint.kind, hint.where, hint.change) == ("sign", (1,), "x")
    hint = found(
        lambda x, y, z: x - z * y.sin(), lambda x, y, z: x - y.sin(), RATED, "xyz"
    )
    assert (hint.kind, hint.change) == ("argument_factor", "x") and "`1 / z`" in hint.en


def test_numbers_are_written_as_each_language_does():
    hint = found(lambda x: x**2, lambda x: x**2 / 2, VECTOR)
    assert " 0.5 times" in hint.en and " 0,5 fois" in hint.fr


def test_a_part_deep_inside_is_found():
    hint = found(lambda x: {"m": (x, 2 * x)}, lambda x: {"m": (x, -2 * x)}, VECTOR)
    assert (hint.kind, hint.where) == ("sign", ("m", 1))


def test_single_precision_is_no_obstacle():
    assert found(lambda x: x**2, lambda x: -(x**2).float(), VECTOR).kind == "sign"


SILENT = {
    "right": (lambda x: x**2, lambda x: x**2, VECTOR),
    "noise": (lambda x: x**2, lambda x: x.sin() + x**3, VECTOR),
    "an opposite here and there": (
        lambda x: x,
        lambda x: x if len(x) == 2 else -x + 0,
        VECTOR,
    ),
    "one case": (lambda x: x**2, lambda x: -(x**2), VECTOR[1:2]),
    "one wrong case of six": (
        lambda x: x.sin(),
        lambda x: x.sin() + (x if x[0] == VECTOR[0][0][0] else 0),
        VECTOR,
    ),
    "nothing": (lambda x: x, lambda x: -x, []),
    "NaN": (lambda x: x**2, lambda x: -(x**2) * float("nan"), VECTOR),
    "texts": (lambda x: "a", lambda x: "b", VECTOR),
    "other types": (lambda x: x**2, lambda x: [object()], VECTOR),
    "missing outputs": (lambda x: (x, -x), lambda x: (), VECTOR),
    "a hair off": (lambda x: x**2, lambda x: x**2 * (1 + 3e-6 * x), VECTOR),
}


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_said_without_evidence(name):
    reference, answer, inputs = SILENT[name]
    assert found(reference, answer, inputs) is None


def test_one_case_that_can_be_read_is_not_enough():
    inputs = [(x[:1],) if i else (x,) for i, (x,) in enumerate(SEQUENCE)]

    def late(x):
        return x.cumsum(0) - x if len(x) > 1 else x.exp()

    assert found(lambda x: x.cumsum(0), late, inputs) is None
    assert found(lambda x: x.cumsum(0), late, SEQUENCE).kind == "shifted"


def test_infinite_cases_say_nothing_and_warn_of_nothing(recwarn):
    inputs = [(torch.tensor([0.0, 1e200], dtype=D),), *VECTOR]
    assert found(lambda x: 1 / x, lambda x: -1 / x, inputs).kind == "sign"
    assert found(lambda x: x * 1e200, lambda x: x.exp(), VECTOR) is None
    huge = [(x, 0 * y, 1e200) for x, y, _ in RATED]
    assert found(lambda x, y, z: x.exp(), lambda x, y, z: x.sin(), huge) is None
    assert not recwarn.list


def test_zero_cases_say_nothing_and_spoil_nothing():
    inputs = [(torch.zeros(2, dtype=D),), *VECTOR]
    assert found(lambda x: x.sin(), lambda x: -x.sin(), inputs).kind == "sign"


@pytest.mark.parametrize("seed", range(20))
def test_random_answers_are_never_explained(seed):
    """Many candidate terms and factors: none fits by chance."""
    inputs = [
        (x, y, a.item(), abs(b.item()), 1 + i)
        for i, (x, y, a, b) in enumerate(draw(("n",), ("n",), (), (), seed=seed))
    ]
    generator = torch.Generator().manual_seed(seed + 100)

    def noise(x, *_):
        return x + torch.randn(x.shape, generator=generator, dtype=D)

    assert found(lambda x, *_: x.sin(), noise, inputs) is None
