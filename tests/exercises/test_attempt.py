"""One call: its value, its error and its line, the arguments that it changed."""

from __future__ import annotations

import functools
import random
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from ift6135_lib.exercises.attempt import attempt, identical


def test_the_value_is_detached_and_the_callers_tensors_are_left_alone():
    theta = torch.tensor([1.0, 2.0], requires_grad=True)
    tried = attempt(lambda x: (x * 2, {"x": x}), [theta])
    assert tried.error is None and tried.changed == ()
    doubled, held = tried.value
    assert not doubled.requires_grad and not held["x"].requires_grad
    assert held["x"] is not theta and theta.requires_grad
    torch.testing.assert_close(doubled, torch.tensor([2.0, 4.0]))


def test_gradients_are_recorded_inside():
    def slope(x):
        x = x.clone().requires_grad_()
        (x**2).sum().backward()
        return x.grad

    tried = attempt(slope, [torch.tensor([3.0])])
    torch.testing.assert_close(tried.value, torch.tensor([6.0]))


CHANGES = {
    "a tensor": (lambda x: x.mul_(2), torch.ones(2)),
    "a tensor turned to nan": (lambda x: x.mul_(float("nan")), torch.ones(2)),
    "a shape": (lambda x: x.unsqueeze_(0), torch.ones(2)),
    "an array": (lambda x: x.sort(), np.array([2.0, 1.0])),
    "a list": (lambda x: x.append(1), [1]),
    "a dictionary": (lambda x: x.update(m=1), {}),
    "a tensor inside": (lambda x: x["m"][0].zero_(), {"m": (torch.ones(1),)}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_in_place_is_seen_and_does_not_reach_the_caller(name):
    function, argument = CHANGES[name]
    tried = attempt(lambda a, x, b: function(x) is None, [1.0, argument, "text"])
    assert tried.error is None
    assert tried.changed == (1,)
    assert attempt(lambda x: 0, [argument]).changed == ()


def test_nan_and_recorded_gradients_are_no_change():
    given = [torch.tensor([float("nan")]), float("nan"), np.array([np.nan])]
    assert attempt(lambda x, y, z: x.requires_grad_(), given).changed == ()


def test_views_of_one_storage_are_told_apart():
    theta, v = torch.ones(2, 3)
    assert attempt(lambda theta, v: v.add_(1), [theta, v]).changed == (1,)


def raises(x):
    y = x + 1
    return y / 0


def calls(x):
    helper = functools.partial(divide, x)
    return helper(0)


divide = eval(compile("lambda x, y: x / y", "another cell", "eval"))


class Answer:
    def __call__(self, x):
        return x["absent"]


def line_of(code: str) -> int:
    lines = Path(__file__).read_text("utf8").split("\n")
    return lines.index(code) + 1


@pytest.mark.parametrize(
    ("function", "error", "code"),
    [
        (raises, ZeroDivisionError, "    return y / 0"),
        (functools.partial(raises), ZeroDivisionError, "    return y / 0"),
        (functools.wraps(raises)(lambda x: raises(x)), ZeroDivisionError, None),
        (calls, ZeroDivisionError, "    return helper(0)"),
        (Answer(), TypeError, '        return x["absent"]'),
    ],
)
def test_an_error_has_the_line_of_the_answers_own_cell(function, error, code):
    tried = attempt(function, [1.0])
    assert type(tried.error) is error
    assert tried.value is None
    assert tried.line == line_of(code or "    return y / 0")
    assert tried.code == (code or "return y / 0").strip()


def test_an_error_before_the_first_line_has_none():
    tried = attempt(raises, [1.0, 2.0])
    assert type(tried.error) is TypeError and tried.line is None and tried.code == ""


def test_leaving_is_an_error_and_interrupting_is_not():
    assert isinstance(attempt(lambda: sys.exit(3), []).error, SystemExit)

    def interrupted():
        torch.set_default_dtype(torch.float64)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, [])
    assert torch.get_default_dtype() == torch.float32


def test_endless_recursion_is_an_error():
    def again(x):
        return again(x)

    assert isinstance(attempt(again, [1]).error, RecursionError)


def test_each_call_starts_from_the_same_state_and_leaves_none():
    def careless():
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        drawn = torch.rand(()).item(), np.random.rand(), random.random()
        torch.manual_seed(1)
        np.random.seed(1)
        random.seed(1)
        return drawn

    torch.manual_seed(9), np.random.seed(9), random.seed(9)
    expected = torch.rand(()).item(), np.random.rand(), random.random()
    torch.manual_seed(9), np.random.seed(9), random.seed(9)
    dtype = torch.get_default_dtype()
    one, two = attempt(careless, []), attempt(careless, [])
    assert one.value[1:] == two.value[1:] and one.value[0] == two.value[0]
    assert torch.get_default_dtype() == dtype and torch.is_grad_enabled()
    assert (torch.rand(()).item(), np.random.rand(), random.random()) == expected


def test_warnings_are_not_errors():
    def warned():
        warnings.warn("careful", UserWarning, stacklevel=1)
        return 1

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert attempt(warned, []).value == 1


def test_any_object_can_be_returned():
    value = attempt(lambda: (each for each in "ab"), []).value
    assert list(value) == ["a", "b"]
    loop: list = []
    loop.append(loop)
    assert attempt(lambda: loop, []).error is None


def test_identical_is_strict():
    assert not identical(1, 1.0)
    assert not identical(torch.ones(2), torch.ones(2, dtype=torch.float64))
    assert not identical({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not identical(torch.ones(1), torch.ones(1) + 1e-7)
