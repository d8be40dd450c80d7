"""VGG against timm and torchvision."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from timm.layers import ClassifierHead
from timm.models.vgg import VGG as TimmVGG
from timm.models.vgg import ConvMlp
from torch import nn

from ift6135_lib import conv
from ift6135_lib.conv import VGG, names, stacked_weights
from tests.conv.parity import assert_parity, count

COUNTS = {
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(conv, name)(device="meta")
    assert count(model) == COUNTS[name]
    with torch.device("meta"):
        assert count(getattr(torchvision.models, name)()) == COUNTS[name]
        other = getattr(conv, name)(num_classes=10, in_chans=1, norm=True)
        theirs = timm.create_model(f"{name}_bn", num_classes=10, in_chans=1)
    assert count(other) == count(theirs)
    features = model.features(torch.zeros(1, 3, 224, 224, device="meta"))
    assert features.shape == (1, 512, 7, 7)


@pytest.mark.parametrize("norm", [False, True])
def test_the_same_network_as_torchvisions(norm):
    from torchvision.models.vgg import make_layers

    layers = make_layers([8, "M", 16, 16, "M"], batch_norm=norm)
    reference = torchvision.models.VGG(nn.Sequential(), init_weights=False)
    reference.features = layers
    reference.classifier[0] = nn.Linear(16 * 49, 32)
    reference.classifier[3] = nn.Linear(32, 32)
    reference.classifier[6] = nn.Linear(32, 5)
    assert_parity(reference, VGG.from_torchvision, names.unchanged)


@pytest.mark.parametrize("norm", [None, nn.BatchNorm2d])
def test_the_same_network_as_timms(norm):
    reference = TimmVGG([8, "M", 16, 16, "M"], 7, in_chans=2, norm_layer=norm)
    reference.pre_logits = ConvMlp(16, 32, 7, mlp_ratio=1.0)
    reference.head = ClassifierHead(32, 7)
    # flattening needs the last maps of timm: 7 × 7
    assert_parity(reference, VGG.from_timm, names.vgg_timm, size=28, channels=2)


def test_three_small_kernels_cost_less_than_a_large_one():
    assert stacked_weights(64, 3) == 27 * 64**2
    assert stacked_weights(64, 1, kernel=7) == 49 * 64**2
    layers = [nn.Conv2d(64, 64, 3, bias=False) for _ in range(3)]
    assert sum(map(count, layers)) == stacked_weights(64, 3)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="31 × 31 pixels"):
        conv.vgg16(device="meta")(torch.zeros(1, 3, 31, 31, device="meta"))
    with pytest.raises(ValueError, match="depths are"):
        VGG((1, 1))
    with pytest.raises(ValueError, match="depth is 0"):
        VGG((1, 1, 1, 1, 0))
