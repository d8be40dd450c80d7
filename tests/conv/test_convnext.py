"""ConvNeXt against timm and torchvision, and its block."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from torchvision.models.convnext import CNBlock

from ift6135_lib import conv
from ift6135_lib.conv import ConvNeXt, ConvNeXtBlock, LayerNorm2d, names
from tests.conv.parity import assert_parity, count, geometry, randomized

COUNTS = {
    "convnext_tiny": 28_589_128,
    "convnext_small": 50_223_688,
    "convnext_base": 88_591_464,
}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(conv, name)(device="meta")
    assert count(model) == COUNTS[name]
    with torch.device("meta"):
        assert count(getattr(torchvision.models, name)()) == COUNTS[name]
        other = getattr(conv, name)(num_classes=10, in_chans=1)
        theirs = timm.create_model(name, num_classes=10, in_chans=1)
    assert count(other) == count(theirs)
    assert geometry(other) == geometry(theirs)
    maps = model.stages(model.stem(torch.zeros(1, 3, 224, 224, device="meta")))
    assert maps.shape == (1, model.head.in_features, 7, 7)


def test_the_same_network_as_timms():
    reference = timm.models.convnext.ConvNeXt(
        2, 7, depths=(1, 2, 3, 1), dims=(16, 24, 32, 40)
    )
    assert_parity(reference, ConvNeXt.from_timm, names.convnext_timm, channels=2)


def test_the_same_network_as_torchvisions():
    from torchvision.models.convnext import CNBlockConfig

    sizes = [(16, 24, 2), (24, 32, 1), (32, 40, 3), (40, None, 1)]
    settings = [CNBlockConfig(*size) for size in sizes]
    reference = torchvision.models.ConvNeXt(settings, num_classes=5)
    convert = ConvNeXt.from_torchvision
    assert_parity(reference, convert, names.convnext_torchvision)


def test_the_whole_tiny_network_as_timms():
    reference = randomized(timm.create_model("convnext_tiny")).eval()
    ours, x = ConvNeXt.from_timm(reference), torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        y, expected = ours(x), reference(x)
    assert (y - expected).abs().max() <= 1e-5 * expected.abs().max().clamp(min=1)


def test_the_block_is_torchvisions():
    theirs = randomized(CNBlock(24, 1.0, 0.0)).double()
    ours = ConvNeXtBlock(24).double()
    for mine, other in zip(
        (ours.gamma, *ours.depthwise.parameters(), *ours.norm.parameters()),
        list(theirs.parameters())[:5],
        strict=True,
    ):
        mine.data = other.data.reshape(mine.shape)
    ours.expand, ours.project = theirs.block[3], theirs.block[5]
    x = torch.randn(2, 24, 9, 9, dtype=torch.float64)
    assert (ours(x) - theirs(x)).abs().max() < 1e-12


def test_parameters_of_a_block():
    for d in (8, 96):
        assert count(ConvNeXtBlock(d)) == 8 * d**2 + 58 * d


def test_a_block_starts_close_to_the_identity():
    x = torch.randn(2, 16, 8, 8)
    assert (ConvNeXtBlock(16)(x) - x).abs().max() < 1e-4
    assert (ConvNeXtBlock(16, gamma=0.0)(x) == x).all()


def test_normalization_is_over_channels():
    x = 3 + 2 * torch.randn(2, 64, 5, 5)
    y = LayerNorm2d(64)(x)
    assert y.shape == x.shape
    assert y.mean(1).abs().max() < 1e-5
    assert (y.var(1, unbiased=False) - 1).abs().max() < 1e-4


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="31 × 40 pixels"):
        conv.convnext_tiny(device="meta")(torch.zeros(1, 3, 31, 40, device="meta"))
    with pytest.raises(ValueError, match="depths are"):
        ConvNeXt((1, 2), (8, 16, 32))
    with pytest.raises(ValueError, match="width is 0"):
        ConvNeXt((1, 2), (8, 0))
