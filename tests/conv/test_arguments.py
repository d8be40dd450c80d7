"""Pairs, whole numbers, biases: what is accepted, and how the rest is refused."""

import pytest
import torch

from ift6135_lib.conv.arguments import check_bias, pair, whole


def test_one_number_stands_for_two():
    assert pair("stride", 2, at_least=1) == (2, 2)
    assert pair("stride", (2, 3), at_least=1) == (2, 3)
    assert pair("padding", [0, 1], at_least=0) == (0, 1)
    assert whole("n", 3, at_least=1) == 3


@pytest.mark.parametrize("value", [(1, 2, 3), (1,), ()])
def test_a_pair_has_two_numbers(value):
    with pytest.raises(ValueError, match="kernel is .*; give one number, or two"):
        pair("kernel", value, at_least=1)


@pytest.mark.parametrize("value", [0, -1, 1.0, True, None, "3"])
def test_numbers_are_whole_and_large_enough(value):
    with pytest.raises(ValueError, match="stride is .*whole number, at least 1"):
        whole("stride", value, at_least=1)


def test_there_is_one_bias_for_each_output_channel():
    check_bias(None, 3)
    check_bias(torch.ones(3), 3)
    for shape in ((2,), (3, 1), ()):
        with pytest.raises(
            ValueError, match=r"with 3 output channels it must be \(3,\)"
        ):
            check_bias(torch.ones(shape), 3)
