"""Values as JSON data and back: numbers, texts, tensors, arrays and their containers.

What is decoded may come from a hostile process: nothing is evaluated, everything is
bounded, and whatever is malformed is refused.
"""

from __future__ import annotations

import math
import sys
from typing import Any

DEPTH = 20  # containers within containers
NUMBERS = 10**6  # in one value, items of containers included
CHARACTERS = 10**5  # in one text
BITS = 1000  # of an integer: it still fits in a float
DIMENSIONS = 32
FLOATS = ("float64", "float32", "float16", "bfloat16")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")
DTYPES = (*FLOATS, *INTEGERS, "bool")
KEYS = (str, int, float, bool, type(None), tuple)
NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode(value: Any) -> Any:
    """Write a value as JSON data.

    Args:
        value: None, a bool, a number, a text, a tensor, a NumPy array or scalar, or a
            list, tuple or dictionary of those.

    Returns:
        The same, made of what JSON has.

    Raises:
        TypeError: the value, or a part of it, is of another type.

    Example:
        >>> encode((1, [0.5, float("inf")]))
        {'tuple': [1, [0.5, {'float': 'inf'}]]}
    """
    return _encode(value, DEPTH)


def _encode(value: Any, depth: int) -> Any:
    if depth < 0:
        raise TypeError(f"a value nested more than {DEPTH} deep cannot be encoded")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if value.bit_length() > BITS:
            raise TypeError(f"an int of {value.bit_length()} bits cannot be encoded")
        return int(value)
    if isinstance(value, float):
        return _float(float(value))
    if isinstance(value, list):
        return [_encode(each, depth - 1) for each in value]
    if isinstance(value, tuple):
        return {"tuple": [_encode(each, depth - 1) for each in value]}
    if isinstance(value, dict):
        if bad := [key for key in value if not isinstance(key, KEYS)]:
            raise _unsupported(bad[0])
        pairs = value.items()
        return {"dict": [[_encode(each, depth - 1) for each in pair] for pair in pairs]}
    return _encode_array(value)


def _encode_array(value: Any) -> Any:
    """A tensor, an array or a NumPy scalar; their modules are there if they are."""
    torch, np = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch and isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        if dtype not in DTYPES or value.is_meta:
            raise TypeError(f"a tensor of {dtype} ({value.device}) cannot be encoded")
        value = value.detach().cpu()
        dense = value if value.layout == torch.strided else value.to_dense()
        flat = [_float(each) for each in dense.reshape(-1).tolist()]
        return {"tensor": flat, "shape": list(value.shape), "dtype": dtype}
    if np and isinstance(value, np.ndarray | np.generic):
        dtype = str(value.dtype)
        if dtype not in DTYPES:
            raise TypeError(f"a NumPy value of {dtype} cannot be encoded")
        if isinstance(value, np.generic):
            return _float(value.item())
        flat = [_float(each) for each in value.reshape(-1).tolist()]
        return {"array": flat, "shape": list(value.shape), "dtype": dtype}
    raise _unsupported(value)


def _unsupported(value: Any) -> TypeError:
    return TypeError(f"a value of type {type(value).__name__} cannot be encoded")


def _float(value: Any) -> Any:
    """A number; a float that JSON has no word for is spelt."""
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return {"float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def decode(data: Any) -> Any:
    """Read a value back from JSON data.

    Args:
        data: what :func:`encode` returned, through JSON or not.

    Returns:
        The value: tensors on the CPU, without gradients.

    Raises:
        ValueError: the data are malformed or too large.

    Example:
        >>> decode({"tuple": [1, [0.5, {"float": "inf"}]]})
        (1, [0.5, inf])
    """
    return _Reader().value(data, DEPTH)


class _Reader:
    """Reads one value, counting what it holds."""

    def __init__(self) -> None:
        self.left = NUMBERS

    def count(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise ValueError(f"a value of more than {NUMBERS} numbers is refused")

    def value(self, data: Any, depth: int) -> Any:
        if depth < 0:
            raise ValueError(f"a value nested more than {DEPTH} deep is refused")
        if isinstance(data, list):
            return self.items(data, depth)
        if not isinstance(data, dict):
            return self.scalar(data)
        if len(data) == 1:
            ((kind, content),) = data.items()
            if kind == "float":
                return _spelt(data)
            if kind == "tuple":
                return tuple(self.items(content, depth))
            if kind == "dict":
                return self.dictionary(content, depth)
        if data.keys() == {"tensor", "shape", "dtype"}:
            return self.array(data, "tensor")
        if data.keys() == {"array", "shape", "dtype"}:
            return self.array(data, "array")
        raise ValueError(f"no value is written with the keys {_some(data)}")

    def items(self, data: Any, depth: int) -> list:
        if not isinstance(data, list):
            raise ValueError(f"items must be a list, not {type(data).__name__}")
        self.count(len(data))
        return [self.value(each, depth - 1) for each in data]

    def dictionary(self, data: Any, depth: int) -> dict:
        pairs = self.items(data, depth)
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise ValueError("a dictionary must be a list of pairs")
        try:
            if all(isinstance(key, KEYS) for key, _ in pairs):
                return dict(pairs)
        except TypeError:  # a tuple that holds a list
            pass
        raise ValueError("a dictionary has a key that cannot be one")

    def scalar(self, data: Any) -> Any:
        if isinstance(data, str) and len(data) > CHARACTERS:
            raise ValueError(f"a text of more than {CHARACTERS} characters is refused")
        if data is None or isinstance(data, bool | str):
            return data
        return self.number(data)

    def number(self, data: Any) -> int | float:
        if isinstance(data, int) and data.bit_length() <= BITS:
            return data
        if isinstance(data, float) and math.isfinite(data):
            return data
        raise ValueError(f"not a number that can be read: {type(data).__name__}")

    def array(self, data: dict, kind: str) -> Any:
        flat, shape, dtype = data[kind], data["shape"], data["dtype"]
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise ValueError(f"dtype must be one of {DTYPES}")
        if not isinstance(flat, list):
            raise ValueError("the numbers of an array must be a list")
        self.count(len(flat))
        numbers = [_element(self, each, dtype) for each in flat]
        if not _is_shape(shape, len(flat)):
            raise ValueError(f"the shape does not fit the {len(flat)} numbers")
        try:
            return _build(numbers, tuple(shape), dtype, kind)
        except (RuntimeError, OverflowError, TypeError) as error:
            raise ValueError(f"these numbers do not fit in {dtype}") from error


def _build(numbers: list, shape: tuple, dtype: str, kind: str) -> Any:
    if kind == "tensor":
        import torch

        return torch.tensor(numbers, dtype=getattr(torch, dtype)).reshape(shape)
    import numpy as np

    return np.array(numbers, dtype=dtype).reshape(shape)


def _element(reader: _Reader, data: Any, dtype: str) -> Any:
    if dtype == "bool":
        if isinstance(data, bool):
            return data
    elif dtype in FLOATS and isinstance(data, dict):
        return _spelt(data)
    elif not isinstance(data, bool) and (dtype in FLOATS or isinstance(data, int)):
        return reader.number(data)
    raise ValueError(f"an array of {dtype} cannot hold {type(data).__name__}")


def _is_shape(shape: Any, size: int) -> bool:
    return (
        isinstance(shape, list)
        and len(shape) <= DIMENSIONS
        and all(type(each) is int and 0 <= each <= NUMBERS for each in shape)
        and math.prod(shape) == size
    )


def _spelt(data: dict) -> float:
    name = data.get("float")
    if len(data) != 1 or not isinstance(name, str) or name not in NON_FINITE:
        raise ValueError("a float is spelt nan, inf or -inf")
    return NON_FINITE[name]


def _some(data: dict) -> str:
    return ", ".join(repr(key)[:20] for key in list(data)[:4])
