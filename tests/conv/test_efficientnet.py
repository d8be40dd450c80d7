"""EfficientNet against timm and torchvision; compound scaling."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

from ift6135_lib import conv
from ift6135_lib.conv import (
    EfficientNet,
    MBConv,
    compound_scaling,
    names,
    round_channels,
    round_depth,
)
from tests.conv.parity import assert_parity, count, geometry

COUNTS = {
    "efficientnet_b0": 5_288_548,
    "efficientnet_b1": 7_794_184,
    "efficientnet_b2": 9_109_994,
    "efficientnet_b3": 12_233_232,
    "efficientnet_b4": 19_341_616,
    "efficientnet_b5": 30_389_784,
    "efficientnet_b6": 43_040_704,
    "efficientnet_b7": 66_347_960,
}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(conv, name)(device="meta")
    assert count(model) == COUNTS[name]


@pytest.mark.parametrize("name", ["efficientnet_b0", "efficientnet_b3"])
def test_both_libraries_count_the_same(name):
    with torch.device("meta"):
        ours = getattr(conv, name)(num_classes=10, in_chans=1)
        theirs = timm.create_model(name, num_classes=10, in_chans=1)
        assert count(ours) == count(theirs)
        assert geometry(ours) == geometry(theirs)
        assert count(getattr(torchvision.models, name)()) == COUNTS[name]
        assert ours(torch.zeros(1, 1, 64, 64)).shape == (1, 10)


def test_the_same_network_as_timms():
    reference = timm.create_model("efficientnet_b0", num_classes=7, in_chans=2)
    convert = EfficientNet.from_timm
    assert_parity(reference, convert, names.inverted_residuals_timm, channels=2)


def test_the_same_network_as_torchvisions():
    reference = torchvision.models.efficientnet_b0(num_classes=5)
    for module in reference.modules():
        if isinstance(module, torchvision.ops.StochasticDepth):
            module.p = 0.0
    convert = EfficientNet.from_torchvision
    assert_parity(reference, convert, names.inverted_residuals_torchvision)


def test_normalizations_keep_the_epsilon_of_the_weights():
    reference = torchvision.models.efficientnet_b5(num_classes=2)
    theirs = reference.features[0][1]
    ours = EfficientNet.from_torchvision(reference).stem.norm
    assert (ours.eps, ours.momentum) == (theirs.eps, theirs.momentum) == (1e-3, 0.01)


def test_tensorflows_padding_is_refused():
    reference = timm.create_model("tf_efficientnet_b0", num_classes=3)
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        EfficientNet.from_timm(reference)


def test_mbconv_squeezes_to_a_quarter_of_its_input():
    assert MBConv(24, 40).se.fc1.weight.shape == (6, 144, 1, 1)
    assert MBConv(3, 8, expansion=1).se.fc1.out_channels == 1


def test_channels_are_rounded_as_timms():
    from timm.layers import make_divisible

    for channels in (8, 16, 24, 32, 40, 80, 112, 192, 320, 1280):
        for width in (0.1, 0.35, 0.5, 0.75, 1.0, 1.1, 1.2, 1.4, 1.6, 2.0):
            expected = make_divisible(channels * width, 8)
            assert round_channels(channels, width) == expected
            assert expected >= 0.9 * channels * width


def test_depths_are_rounded_up():
    assert [round_depth(n, 1.2) for n in (1, 2, 3, 4, 5)] == [2, 3, 4, 5, 6]


def test_one_unit_of_phi_costs_nearly_twice():
    depth, width, resolution = compound_scaling(1)
    assert depth * width**2 * resolution**2 == pytest.approx(1.92, abs=0.001)
    assert compound_scaling(0) == (1, 1, 1)
    one, three = compound_scaling(1), compound_scaling(3)
    assert all(b == pytest.approx(a**3) for a, b in zip(one, three, strict=True))


def test_products_follow_phi():
    """Scaled by the rule, networks cost 2^φ to 1.3 · 2^φ: depths are rounded up."""
    macs = []
    for phi in range(4):
        depth, width, resolution = compound_scaling(phi)
        model = EfficientNet.scaled(depth, width, device="meta").eval()
        pixels = round(224 * resolution)
        with FlopCounterMode(display=False) as counter:
            model(torch.zeros(1, 3, pixels, pixels, device="meta"))
        macs.append(counter.get_total_flops() / 2)
    assert macs[0] == pytest.approx(0.39e9, rel=0.02)
    ratios = [macs[phi] / macs[0] / 2**phi for phi in range(4)]
    assert ratios == pytest.approx([1, 1.286, 1.173, 1.053], abs=0.01)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="phi is -1"):
        compound_scaling(-1)
    with pytest.raises(ValueError, match="the bases at least 1"):
        compound_scaling(1, beta=0.9)
    with pytest.raises(ValueError, match="depth is 0"):
        round_depth(2, 0)
    with pytest.raises(ValueError, match="channels is 0"):
        round_channels(0)
    with pytest.raises(ValueError, match="num_classes is -5"):
        conv.efficientnet_b0(num_classes=-5)
