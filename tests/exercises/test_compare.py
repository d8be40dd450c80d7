"""The first difference: structure, then NaN and infinity, then values."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from ift6135_lib.exercises.compare import difference

D = torch.float64
THREE = torch.tensor([1.0, -2.0, 3.0], dtype=D)

ALIKE = {
    "rounding": (THREE, THREE * (1 + 1e-9)),
    "a number for a tensor alone": (torch.tensor(0.5, dtype=D), 0.5),
    "a tensor alone for a number": (0.5, torch.tensor(0.5, dtype=D)),
    "a NumPy number": (0.5, np.float64(0.5)),
    "an array for a tensor": (THREE, THREE.numpy()),
    "a list for a tuple": ((1.0, THREE), [1.0, THREE]),
    "a tuple for a list": ([1.0, 2.0], (1.0, 2.0)),
    "a tensor for a list": ([1.0, 2.0], torch.tensor([1.0, 2.0])),
    "a tensor that unpacks": ((THREE, THREE), torch.stack([THREE, THREE])),
    "an integer that is a float": (3, 3.0),
    "a float that is an integer": (3.0, 3),
    "a fraction": (0.5, Fraction(1, 2)),
    "single precision": (THREE, (THREE * (1 + 3e-5)).float()),
    "recorded gradients": (THREE, THREE.clone().requires_grad_()),
    "what rounding leaves of zero": (torch.zeros(3, dtype=D), THREE * 1e-17),
    "single rounding of zero": (torch.zeros(2, dtype=D), torch.tensor([1e-8, 0])),
    "cancellation": (
        torch.tensor([1.0, 0.0], dtype=D),
        torch.tensor([1.0, 1e-10], dtype=D),
    ),
    "NaN for NaN": (math.nan, math.nan),
    "infinity for infinity": (torch.tensor([math.inf, 1]), torch.tensor([math.inf, 1])),
    "texts": ("minimum", "minimum"),
    "None": (None, None),
    "booleans": (True, torch.tensor(True)),
    "keys in another order": ({"m": 1.0, "v": 2.0}, {"v": 2.0, "m": 1.0}),
    "nothing in nothing": (torch.zeros(0, 3), torch.zeros(0, 3)),
}


@pytest.mark.parametrize("name", ALIKE)
def test_a_fair_teacher_sees_no_difference(name):
    assert difference(*ALIKE[name]) is None


APART = {
    "forgotten return": (1.0, None, "none", ()),
    "forgotten output": ((1.0, 2.0), (1.0, None), "none", (1,)),
    "a text for a number": (1.0, "1.0", "type", ()),
    "a number for a text": ("a", 1.0, "type", ()),
    "a complex number": (1.0, 1j, "type", ()),
    "a boolean for a number": (1.0, True, "type", ()),
    "a number for a boolean": (True, 1, "type", ()),
    "a list for a tensor": (THREE, [1.0, -2.0, 3.0], "type", ()),
    "a function": (1.0, abs, "type", ()),
    "one output for two": ((1.0, 2.0), 1.0, "type", ()),
    "a tensor that does not unpack": ((1.0, 2.0), THREE, "type", ()),
    "an integer beyond floats": (1.0, 10**400, "type", ()),
    "three outputs for two": ((1.0, 2.0), (1.0, 2.0, 3.0), "count", ()),
    "a short list inside": ((1.0, [1.0, 2.0]), (1.0, [1.0]), "count", (1,)),
    "other keys": ({"m": 1.0}, {"v": 1.0}, "keys", ()),
    "no dictionary": ({"m": 1.0}, [1.0], "type", ()),
    "one more dimension": (THREE, THREE[:, None], "shape", ()),
    "one number for three": (THREE, 1.0, "shape", ()),
    "brackets round a number": (1.0, torch.tensor([1.0]), "shape", ()),
    "NaN": (THREE, THREE * math.nan, "nan", ()),
    "NaN from infinity": (THREE, THREE / 0, "inf", ()),
    "the other infinity": (math.inf, -math.inf, "inf", ()),
    "a number for infinity": (math.inf, 1e300, "value", ()),
    "a number for NaN": (math.nan, 1.0, "value", ()),
    "another number": (THREE, THREE * (1 + 1e-5), "value", ()),
    "another text": ("minimum", "saddle", "value", ()),
    "another boolean": (torch.tensor([True, False]), torch.ones(2) > 0, "value", ()),
    "single, too far": (THREE, (THREE * (1 + 3e-4)).float(), "value", ()),
    "small numbers, single": (THREE * 1e-9, torch.zeros(3), "value", ()),
    "small numbers": (THREE * 1e-11, THREE * 1.05e-11, "value", ()),
    "one small number among large": (
        torch.tensor([1.0, 1e-4], dtype=D),
        torch.tensor([1.0, 2e-4], dtype=D),
        "value",
        (),
    ),
    "the second output": ((THREE, 2.0), (THREE, 2.1), "value", (1,)),
    "a key": ({"m": (1.0, 2.0)}, {"m": (1.0, 3.0)}, "value", ("m", 1)),
}


@pytest.mark.parametrize("name", APART)
def test_a_difference_is_seen_where_it_is(name):
    expected, got, kind, where = APART[name]
    found = difference(expected, got)
    assert (found.kind, found.where) == (kind, where)


def test_structure_comes_before_nan_and_nan_before_values():
    expected = (1.0, 1.0, THREE)
    assert difference(expected, (2.0, math.nan, THREE[:2])).kind == "shape"
    assert difference(expected, (2.0, math.nan, THREE)).kind == "nan"
    assert difference(expected, (2.0, 1.0, THREE)).where == (0,)


def test_the_error_is_relative_and_the_worst_number_is_named():
    found = difference(THREE, THREE + torch.tensor([0.0, 0.5, 0.0], dtype=D))
    assert found.error == pytest.approx(0.5 / math.sqrt(14))
    assert found.index == (1,)
    hidden = difference(
        torch.tensor([1e9, 1.0], dtype=D), torch.tensor([1e9, 1e2], dtype=D)
    )
    assert hidden.index == (1,) and hidden.error == pytest.approx(99)
    assert difference(0.0, 1.0).error is None
    assert difference(THREE * 1e200, THREE * 2e200).error == pytest.approx(1)


def test_a_wider_tolerance_is_granted_when_asked():
    assert difference(1.0, 1.001) is not None
    assert difference(1.0, 1.001, tolerance=1e-2) is None


@pytest.mark.parametrize(
    "got",
    [object(), {1: 2}, [[]], torch.zeros(2).to_sparse(), torch.empty(2, device="meta")],
)
def test_whatever_is_got_nothing_is_raised(got):
    for expected in (1.0, THREE, (1.0, THREE), [1.0], {"m": 1.0}, "text", None, True):
        assert difference(expected, got) is not None


def test_a_list_that_holds_itself_is_no_number():
    loop: list = []
    loop.append(loop)
    assert difference([1.0], loop).kind == "type"
