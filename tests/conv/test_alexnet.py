"""AlexNet against torchvision."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import torch
import torchvision
from torch import nn

from ift6135_lib.conv import AlexNet, alexnet, names
from tests.conv.parity import assert_parity, count


def test_parameters_are_counted():
    model = alexnet(device="meta")
    with torch.device("meta"):
        assert count(torchvision.models.alexnet()) == count(model) == 61_100_840
        theirs = torchvision.models.alexnet(num_classes=10)
        assert count(theirs) == count(alexnet(num_classes=10))
    assert model(torch.zeros(1, 3, 224, 224, device="meta")).shape == (1, 1000)
    features = model.features(torch.zeros(1, 3, 224, 224, device="meta"))
    assert features.shape == (1, 256, 6, 6)


@pytest.mark.parametrize("size", [63, 96])
def test_the_same_network_as_torchvisions(size):
    with torch.device("meta"):
        reference = torchvision.models.alexnet(num_classes=5)
        reference.classifier[1] = nn.Linear(9216, 64)
        reference.classifier[4] = nn.Linear(64, 64)
        reference.classifier[6] = nn.Linear(64, 5)
    reference.to_empty(device="cpu")
    assert_parity(reference, AlexNet.from_torchvision, names.unchanged, size=size)


def test_weights_start_as_in_the_paper():
    model = alexnet(hidden=512)
    convolutions = [m for m in model.features if isinstance(m, nn.Conv2d)]
    assert [m.bias.unique().item() for m in convolutions] == [0, 1, 0, 1, 1]
    assert convolutions[3].weight.std().item() == pytest.approx(0.01, rel=0.02)
    linear = [m for m in model.classifier if isinstance(m, nn.Linear)]
    assert [m.bias.unique().item() for m in linear] == [1, 1, 0]


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="62 × 80 pixels"):
        alexnet(device="meta")(torch.zeros(1, 3, 62, 80, device="meta"))
    with pytest.raises(ValueError, match="in_chans is 0"):
        alexnet(in_chans=0, device="meta")
