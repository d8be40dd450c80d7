"""Scenes: digits whole and where the labels say, in their proportion; seeds; errors."""

import pytest
import torch

from ift6135_lib.conv import digit_scenes
from ift6135_lib.data import digits


def test_digits_lie_whole_in_their_cells():
    part = digits(device="cpu").train
    x, y = digit_scenes(part.x, part.y, 50, noise=0.0, presence=1.0)
    assert x.shape == (50, 1, 24, 24) and y.shape == (50, 24, 24)
    assert torch.equal(y > 0, x[:, 0] > 0.4)
    known = {
        tuple(image.flatten().tolist()): int(c) for image, c in zip(*part, strict=True)
    }
    cells = x[:, 0].unfold(1, 12, 12).unfold(2, 12, 12).reshape(-1, 12, 12)
    classes = y.unfold(1, 12, 12).unfold(2, 12, 12).reshape(-1, 12, 12)
    for cell, mask in zip(cells, classes, strict=True):
        found = {
            known.get(tuple(cell[i : i + 8, j : j + 8].flatten().tolist()))
            for i in range(5)
            for j in range(5)
        }
        (label,) = mask.unique()[1:].tolist()
        assert label - 1 in found


def test_the_share_of_cells_with_a_digit_and_the_noise():
    ones = torch.ones(1, 1, 8, 8)
    x, y = digit_scenes(ones, torch.tensor([2]), 500, presence=0.25, noise=0.3)
    share = (y == 3).double().mean() * (144 / 64)
    assert share == pytest.approx(0.25, abs=0.03)
    assert x[:, 0][y == 0].std() == pytest.approx(0.3, abs=0.01)
    assert x[:, 0][y == 3].mean() == pytest.approx(1, abs=0.01)
    x, y = digit_scenes(ones, torch.tensor([2]), 2, cells=3, presence=0.0)
    assert x.shape == (2, 1, 36, 36) and not y.any()


def test_seeds():
    part = digits(device="cpu").train
    first, again = (digit_scenes(*part, 3, seed=1) for _ in "ab")
    assert torch.equal(first.x, again.x) and torch.equal(first.y, again.y)
    assert not torch.equal(first.x, digit_scenes(*part, 3, seed=2).x)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": 1, "cells": 0}, "cells is 0"),
        ({"n": 1, "presence": 1.5}, "presence is 1.5"),
        ({"n": 1, "noise": -1.0}, "noise is -1.0"),
    ],
)
def test_bad_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        digit_scenes(torch.ones(1, 1, 8, 8), torch.tensor([0]), **options)
