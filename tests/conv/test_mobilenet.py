"""MobileNetV2 against timm and torchvision, and its block."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from torch import nn

from ift6135_lib.conv import InvertedResidual, MobileNetV2, Row, mobilenet_v2, names
from tests.conv.parity import assert_parity, count, geometry


@pytest.mark.parametrize(
    ("width", "parameters"), [(0.5, 1_968_680), (1.0, 3_504_872), (1.4, 6_108_776)]
)
def test_parameters_are_counted(width, parameters):
    model = mobilenet_v2(width=width, device="meta")
    with torch.device("meta"):
        theirs = torchvision.models.mobilenet_v2(width_mult=width)
        assert count(theirs) == count(model) == parameters
        assert geometry(theirs) == geometry(model)
        other = mobilenet_v2(num_classes=10, in_chans=1, width=width)
    assert count(other) == count(model) - 990 * (model.head.in_features + 1) - 2 * (
        9 * model.stem.conv.out_channels
    )
    features = model.blocks(model.stem(torch.zeros(1, 3, 224, 224, device="meta")))
    assert features.shape[2:] == (7, 7)


def test_the_same_network_as_timms():
    reference = timm.create_model("mobilenetv2_050", num_classes=7, in_chans=2)
    convert = MobileNetV2.from_timm
    assert_parity(reference, convert, names.inverted_residuals_timm, channels=2)


def test_the_same_network_as_torchvisions():
    reference = torchvision.models.mobilenet_v2(num_classes=5)
    convert = MobileNetV2.from_torchvision
    assert_parity(reference, convert, names.inverted_residuals_torchvision)


def test_the_last_convolution_of_a_block_is_linear():
    block = InvertedResidual(8, 8)
    assert isinstance(block.project.act, nn.Identity)
    nn.init.zeros_(block.project.norm.weight)  # F = 0
    x = torch.randn(2, 8, 5, 5)
    assert (block(x) == x).all()
    for other in (InvertedResidual(8, 8, stride=2), InvertedResidual(8, 9)):
        nn.init.zeros_(other.project.norm.weight)
        assert (other(x) == 0).all()  # x is not added


def test_parameters_of_a_block():
    d, t, d_out, k = 24, 6, 32, 3
    kernels = t * d * d + k * k * t * d + t * d * d_out
    assert count(InvertedResidual(d, d_out)) == kernels + 2 * (2 * t * d + d_out)
    assert isinstance(InvertedResidual(8, 8, expansion=1).expand, nn.Identity)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="expansion is 0"):
        InvertedResidual(8, 8, expansion=0)
    with pytest.raises(ValueError, match="rows is 0"):
        MobileNetV2([])
    with pytest.raises(ValueError, match="repeats is 0"):
        MobileNetV2([Row(1, 8, 0, 1)])
    with pytest.raises(ValueError, match="width is 0; it must be a positive"):
        mobilenet_v2(width=0)
