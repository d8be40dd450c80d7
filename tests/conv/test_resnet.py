"""ResNet and SE-ResNet against timm and torchvision; plain networks; small ones."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from torch import nn

from ift6135_lib import conv
from ift6135_lib.conv import BasicBlock, Bottleneck, ResNet, names
from tests.conv.parity import assert_parity, count, geometry

COUNTS = {
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(conv, name)(device="meta")
    assert count(model) == COUNTS[name]
    with torch.device("meta"):
        assert count(getattr(torchvision.models, name)()) == COUNTS[name]
        other = getattr(conv, name)(num_classes=10, in_chans=1)
        theirs = timm.create_model(name, num_classes=10, in_chans=1)
    assert {p.device.type for p in other.parameters()} == {"meta"}
    assert count(other) == count(theirs)
    assert geometry(other) == geometry(theirs)
    assert model(torch.zeros(1, 3, 64, 64, device="meta")).shape == (1, 1000)


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_the_same_network_as_timms(name):
    reference = timm.create_model(name, num_classes=7, in_chans=4)
    assert_parity(reference, ResNet.from_timm, names.resnet, channels=4)


@pytest.mark.parametrize("block", ["BasicBlock", "Bottleneck"])
def test_the_same_network_as_torchvisions(block):
    theirs = torchvision.models.resnet
    reference = theirs.ResNet(getattr(theirs, block), [1, 2, 1, 1], num_classes=5)
    assert_parity(reference, ResNet.from_torchvision, names.resnet)


def test_plain_networks_have_no_projections_and_do_not_pass_the_input_on():
    model = conv.resnet18(residual=False, device="meta")
    projections = sum(d * 2 * d + 4 * d for d in (64, 128, 256))  # 1×1, γ and β
    assert count(model) == COUNTS["resnet18"] - projections
    for block in (BasicBlock(4, 4), BasicBlock(4, 4, residual=False)):
        nn.init.zeros_(block.residual[-1].norm.weight)  # F = 0
        x = torch.randn(2, 4, 5, 5)
        expected = torch.relu(x) if block.shortcut is not None else torch.zeros_like(x)
        assert (block.eval()(x) == expected).all()


def test_the_last_relu_comes_after_the_sum():
    """y = ReLU(x + F(x)), not x + ReLU(F(x)): negative F can cancel x."""
    block = BasicBlock(1, 1).eval()
    last = block.residual[-1]
    assert isinstance(last.act, nn.Identity)
    nn.init.zeros_(last.norm.weight)
    nn.init.constant_(last.norm.bias, -3.0)  # F(x) = −3
    assert block(torch.full((1, 1, 3, 3), 5.0)).unique().tolist() == [2.0]
    assert block(torch.full((1, 1, 3, 3), 1.0)).unique().tolist() == [0.0]


def test_bottleneck_of_the_paper_has_69632_weights():
    block = Bottleneck(256, 64)
    kernels = [p.numel() for p in block.parameters() if p.ndim == 4]
    assert kernels == [256 * 64, 9 * 64 * 64, 64 * 256] and sum(kernels) == 69_632


def test_small_networks():
    # with projections; 2,752 more than the paper's, which pads with zeros
    assert count(conv.small_resnet(20)) == 272_474
    x = torch.randn(2, 1, 16, 16)
    for residual in (True, False):
        net = conv.small_resnet(8, 3, 1, residual=residual)
        assert net(x).shape == (2, 3)
    for depth in (21, 2):
        with pytest.raises(ValueError, match=f"depth is {depth}; it must be 6n"):
            conv.small_resnet(depth)


def test_convolutions_start_as_he_et_als():
    layer = conv.resnet18().stages[2][1].residual[0].conv  # 256 → 256, 3 × 3
    assert layer.weight.std().item() == pytest.approx((2 / (9 * 256)) ** 0.5, rel=0.01)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="depths are"):
        ResNet(BasicBlock, (2, 2, 2))
    with pytest.raises(ValueError, match="num_classes is 0"):
        conv.resnet18(num_classes=0)
    with pytest.raises(ValueError, match="in_chans is -1"):
        conv.resnet50(in_chans=-1)
