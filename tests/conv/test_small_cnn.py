"""The example of the notes: its table, exactly; it learns; errors."""

import pytest
import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from ift6135_lib.conv import SmallCNN, layer_table, macs, parameter_count
from ift6135_lib.data import digits, minibatches


def test_the_table_of_the_notes():
    model = SmallCNN()
    assert [row[:3] for row in layer_table(model, (3, 32, 32))] == [
        ("conv1", (32, 30, 30), 896),
        ("pool1", (32, 15, 15), 0),
        ("conv2", (64, 13, 13), 18_496),
        ("pool2", (64, 6, 6), 0),
        ("conv3", (64, 4, 4), 36_928),
        ("flatten", (1024,), 0),
        ("hidden", (64,), 65_600),
        ("output", (10,), 650),
    ]
    assert parameter_count(model) == 122_570
    with FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 3, 32, 32))
    assert 2 * macs(model, (3, 32, 32)) == counter.get_total_flops()


def test_with_the_third_pooling_the_sentence_of_the_notes_would_be_true():
    model = SmallCNN(third_pool=True)
    rows = {row.name: row for row in layer_table(model, (3, 32, 32))}
    assert rows["pool3"].output_shape == (64, 2, 2)
    assert rows["flatten"].output_shape == (256,)
    assert rows["hidden"].parameters == 256 * 64 + 64 == 16_448
    assert parameter_count(model) == 73_418


def test_it_is_the_same_network_written_by_functions():
    model = SmallCNN().double()
    p = dict(model.named_parameters())
    x = torch.randn(2, 3, 32, 32, dtype=torch.float64)
    h = F.max_pool2d(F.conv2d(x, p["conv1.weight"], p["conv1.bias"]).relu(), 2)
    h = F.max_pool2d(F.conv2d(h, p["conv2.weight"], p["conv2.bias"]).relu(), 2)
    h = F.conv2d(h, p["conv3.weight"], p["conv3.bias"]).relu().flatten(1)
    h = (h @ p["hidden.weight"].T + p["hidden.bias"]).relu()
    assert torch.allclose(model(x), h @ p["output.weight"].T + p["output.bias"])


def test_it_learns_digits_up_sampled():
    data = digits(device="cpu")
    torch.manual_seed(0)
    model = SmallCNN(in_channels=1, size=22)

    def up(x):
        return F.interpolate(x, size=22, mode="bilinear")

    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    batches = minibatches(data.train.x, data.train.y, batch_size=32)
    for x, y in (next(batches) for _ in range(200)):
        optimizer.zero_grad()
        F.cross_entropy(model(up(x)), y).backward()
        optimizer.step()
    with torch.no_grad():
        right = model(up(data.test.x)).argmax(1) == data.test.y
    assert right.double().mean() > 0.93


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 16}, "the kernel spans 3"),
        ({"size": 18, "third_pool": True}, "the kernel spans 3|the kernel spans 2"),
        ({"classes": 0}, "classes is 0"),
        ({"in_channels": 0}, "in_channels is 0"),
    ],
)
def test_bad_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        SmallCNN(**options)
