"""The notes' example: its table, number by number."""

import pytest
import torch
import torch.nn.functional as F

from ift6135_lib.conv import SmallCNN
from tests.conv.parity import count


def test_the_table_is_the_notes():
    model = SmallCNN(device="meta")
    assert count(model) == 122_570
    table = model.table()
    assert [line.parameters for line in table if line.parameters] == [
        896,
        18_496,
        36_928,
        65_600,
        650,
    ]
    assert [line.shape for line in table] == [
        (32, 30, 30),
        (32, 15, 15),
        (64, 13, 13),
        (64, 6, 6),
        (64, 4, 4),
        (1024,),
        (64,),
        (10,),
    ]


def test_a_third_pooling_leaves_256_numbers():
    table = SmallCNN(third_pool=True).table()
    assert table[5].shape == (64, 2, 2) and table[6].shape == (256,)
    assert sum(line.parameters for line in table) == 122_570 - 64 * 768


def test_it_is_the_network_written_with_functions():
    model = SmallCNN(5, 2).double()
    w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = model.parameters()
    x = torch.randn(3, 2, 32, 32, dtype=torch.float64)
    y = F.max_pool2d(F.conv2d(x, w1, b1).relu(), 2)
    y = F.max_pool2d(F.conv2d(y, w2, b2).relu(), 2)
    y = F.conv2d(y, w3, b3).relu().flatten(1)
    y = (y @ w4.T + b4).relu() @ w5.T + b5
    assert (model(x) - y).abs().max() < 1e-12


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="8 × 8 pixels"):
        SmallCNN(in_chans=1)(torch.zeros(1, 1, 8, 8))
    with pytest.raises(ValueError, match="num_classes is 0"):
        SmallCNN(0)
