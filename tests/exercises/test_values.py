"""Values travel as JSON and come back the same; malformed data are refused."""

from __future__ import annotations

import json
import math
import time

import numpy as np
import pytest
import torch

from ift6135_lib.exercises.attempt import identical
from ift6135_lib.exercises.values import CHARACTERS, NUMBERS, decode, encode

VALUES = [
    None,
    True,
    -3,
    2**70,
    0.1,
    -0.0,
    math.pi * 1e-300,
    math.inf,
    -math.inf,
    math.nan,
    "texte « é »",
    [],
    [1, [2.0, "x"], None],
    (),
    (1.0, (2, [3])),
    {},
    {"m": 1.0, 2: (3,), (1, "a"): None, None: True},
    torch.tensor(0.1, dtype=torch.float64),
    torch.tensor([0.1, math.nan, -math.inf]),
    torch.arange(6).reshape(2, 3),
    torch.tensor([[True], [False]]),
    torch.zeros(0, 3, dtype=torch.float16),
    torch.tensor([1.5], dtype=torch.bfloat16),
    torch.tensor([200], dtype=torch.uint8),
    np.array([[0.1, math.inf]]),
    np.array([1, 2], dtype="int32"),
    np.array(2.5),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_survives_the_journey(value):
    text = json.dumps(encode(value), allow_nan=False)
    again = decode(json.loads(text))
    assert type(again) is type(value)
    assert identical(value, again)


def test_the_format_is_the_one_agreed_on():
    assert encode((1, [0.5])) == {"tuple": [1, [0.5]]}
    assert encode({"m": math.nan}) == {"dict": [["m", {"float": "nan"}]]}
    tensor = {"tensor": [1.0, 2.0], "shape": [2, 1], "dtype": "float64"}
    assert encode(torch.tensor([[1.0], [2.0]], dtype=torch.float64)) == tensor
    array = {"array": [True], "shape": [], "dtype": "bool"}
    assert encode(np.array(True)) == array


def test_numpy_scalars_become_plain():
    for value, plain in [(np.float64(0.5), 0.5), (np.int8(3), 3), (np.True_, True)]:
        assert encode(value) == plain
        assert type(encode(value)) is type(plain)


def test_tensors_that_carry_more_are_written_as_their_numbers():
    weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    assert identical(decode(encode(weight * 2)), torch.tensor([2.0, 4.0]))
    assert identical(decode(encode(torch.eye(2).to_sparse())), torch.eye(2))
    assert identical(decode(encode(torch.arange(4)[::2])), torch.tensor([0, 2]))


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({1, 2}, "set"),
        ([object()], "object"),
        (1j, "complex"),
        (torch.tensor(1j), "complex64"),
        (torch.empty(2, device="meta"), "meta"),
        (np.array([object()]), "object"),
        (np.array(["text"]), "U4"),
        (lambda: 0, "function"),
        ({frozenset(): 1}, "frozenset"),
        (1 << 5000, "5001 bits"),
    ],
)
def test_what_cannot_travel_is_named(value, named):
    with pytest.raises(TypeError, match=named):
        encode(value)


def test_a_value_that_holds_itself_is_refused():
    loop: list = []
    loop.append(loop)
    with pytest.raises(TypeError, match="deep"):
        encode(loop)


def deep(levels: int):
    data: object = 1
    for _ in range(levels):
        data = [data]
    return data


def tensor(flat, shape, dtype="float64", kind="tensor"):
    return {kind: flat, "shape": shape, "dtype": dtype}


MALFORMED = {
    "too deep": deep(21),
    "too many numbers": [0] * (NUMBERS + 1),
    "too many numbers in all": [[0] * 1001] * 1001,
    "too many in tensors": [tensor([0.0] * 600_000, [600_000])] * 2,
    "a long text": "x" * (CHARACTERS + 1),
    "a huge integer": 10**4000,
    "a bare nan": math.nan,
    "a bare infinity": math.inf,
    "another object": object(),
    "unknown keys": {"__import__": "os"},
    "two kinds": {"tuple": [], "dict": []},
    "no kind": {},
    "a tuple of nothing": {"tuple": None},
    "a tuple of keys": {"tuple": {"a": 1}},
    "a dict of singles": {"dict": [[1]]},
    "a dict of texts": {"dict": ["ab"]},
    "a key that is a list": {"dict": [[[1], 2]]},
    "a key that hides a list": {"dict": [[{"tuple": [[1]]}, 2]]},
    "a key that is a tensor": {"dict": [[tensor([1.0], [1]), 2]]},
    "a float of no kind": {"float": "1.0"},
    "a float that is a list": {"float": []},
    "a shape too large": tensor([1.0], [2]),
    "a shape that is a number": tensor([1.0], 1),
    "a shape that overflows": tensor([], [0, 10**30]),
    "a negative shape": tensor([1.0], [-1, -1]),
    "a boolean shape": tensor([1.0], [True]),
    "many dimensions": tensor([1.0], [1] * 100),
    "a shape that is absent": {"tensor": [1.0], "dtype": "float64"},
    "flat that is a text": tensor("12", [2]),
    "numbers that are texts": tensor(["1"], [1]),
    "numbers that nest": tensor([[1.0]], [1]),
    "numbers that are None": tensor([None], [1]),
    "a bool among floats": tensor([True], [1]),
    "a float among integers": tensor([1.5], [1], "int64"),
    "a number among booleans": tensor([1], [1], "bool"),
    "a nan among integers": tensor([{"float": "nan"}], [1], "int64"),
    "an integer too large": tensor([2**70], [1], "int64"),
    "a byte too large": tensor([300], [1], "uint8"),
    "an array's byte too large": tensor([300], [1], "uint8", "array"),
    "a dtype of objects": tensor([1], [1], "object", "array"),
    "an attribute for a dtype": tensor([1], [1], "__class__"),
    "a list for a dtype": tensor([1], [1], ["float64"]),
    "a dtype that NumPy lacks": tensor([1.0], [1], "bfloat16", "array"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_data_are_refused(name):
    start = time.process_time()
    with pytest.raises(ValueError) as caught:
        decode(MALFORMED[name])
    assert len(str(caught.value)) < 200
    assert time.process_time() - start < 5


def test_a_shape_is_looked_at_before_anything_is_built():
    for name in ("a shape too large", "a negative shape", "a shape that overflows"):
        with pytest.raises(ValueError, match="the shape does not fit"):
            decode(MALFORMED[name])


def test_what_is_allowed_just_passes():
    assert decode(deep(20)) == deep(20)
    assert len(decode([0] * NUMBERS)) == NUMBERS
    assert len(decode("x" * CHARACTERS)) == CHARACTERS
