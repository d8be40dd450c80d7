"""Weights that do not fit are refused with a list; hidden differences are found."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import jaxtyping
import pytest
import timm
import torch
import torchvision
from torch import nn

from ift6135_lib import conv
from ift6135_lib.conv import ConvNorm, ResNet, WrongWeights
from ift6135_lib.weights import load

CONVERTERS = {
    "AlexNet.from_torchvision": "vgg",
    "ConvNeXt.from_timm": "resnet",
    "ConvNeXt.from_torchvision": "resnet",
    "EfficientNet.from_timm": "mobilenet",
    "EfficientNet.from_torchvision": "resnet",
    "GoogLeNet.from_torchvision": "resnet",
    "MLPMixer.from_timm": "resnet",
    "MobileNetV2.from_timm": "resnet",
    "MobileNetV2.from_torchvision": "vgg",
    "ResNet.from_timm": "mobilenet",
    "ResNet.from_torchvision": "vgg",
    "SEResNet.from_timm": "resnet",
    "VGG.from_timm": "resnet",
    "VGG.from_torchvision": "mobilenet",
}


def small(name):
    """A network of another kind."""
    if name == "resnet":
        block = torchvision.models.resnet.BasicBlock
        return torchvision.models.ResNet(block, [1, 1, 1, 1], num_classes=3)
    if name == "mobilenet":
        return timm.create_model("mobilenetv2_035", num_classes=3)
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8, 3))


@pytest.mark.parametrize("converter", CONVERTERS)
def test_another_architecture_is_refused(converter):
    cls, method = converter.split(".")
    with pytest.raises(WrongWeights, match="do not fit this") as caught:
        getattr(getattr(conv, cls), method)(small(CONVERTERS[converter]))
    error = caught.value
    assert error.missing or error.unexpected
    assert f"missing ({len(error.missing)})" in str(error)
    assert f"unexpected ({len(error.unexpected)})" in str(error)


@pytest.mark.parametrize(
    ("converter", "name"),
    [
        (conv.ConvNeXt, "convnextv2_atto"),
        (conv.EfficientNet, "efficientnetv2_s"),
        (conv.ResNet, "resnet18d"),
    ],
)
def test_a_near_relation_is_refused(converter, name):
    with pytest.raises(WrongWeights, match="missing"):
        converter.from_timm(timm.create_model(name))


def test_what_is_missing_unexpected_and_misshapen_is_listed():
    layer = ConvNorm(3, 8, 3)
    before = layer.conv.weight.clone()
    state = layer.state_dict()
    del state["norm.bias"]
    state["norm.extra"] = torch.zeros(1)
    state["conv.weight"] = torch.zeros(8, 3, 5, 5)
    with pytest.raises(WrongWeights) as caught:
        load(layer, state)
    assert caught.value.missing == ["norm.bias"]
    assert caught.value.unexpected == ["norm.extra"]
    wrong = "conv.weight ((8, 3, 3, 3) needed, (8, 3, 5, 5) given)"
    assert caught.value.misshapen == [wrong]
    for text in ("norm.bias", "norm.extra", wrong):
        assert text in str(caught.value)
    assert (layer.conv.weight == before).all()  # nothing is copied


def test_long_lists_are_shortened_in_the_message_only():
    with pytest.raises(WrongWeights, match=r"missing \(56\): .* and 48 more") as caught:
        load(conv.small_resnet(8, device="meta"), {})
    assert len(caught.value.missing) == 56


def test_what_only_flattens_is_flattened():
    layer = nn.Linear(12, 5)
    kernel = torch.randn(5, 3, 2, 2)
    load(layer, {"weight": kernel, "bias": torch.zeros(5)})
    x = torch.randn(4, 3, 2, 2)
    y = nn.functional.conv2d(x, kernel).flatten(1)
    assert (layer(x.flatten(1)) - y).abs().max() < 1e-5
    with pytest.raises(WrongWeights, match="misshapen"):
        load(layer, {"weight": torch.randn(6, 10), "bias": torch.zeros(5)})


def test_entries_left_out_are_not_missed():
    layer = nn.Linear(2, 1)
    state = {"W": torch.ones(1, 2), "b": torch.ones(1), "old": torch.ones(3)}
    load(layer, state, {"W": "weight", "b": "bias", "old": None})
    assert layer.weight.tolist() == [[1.0, 1.0]]


def test_a_hidden_difference_is_found():
    reference = timm.create_model("resnet18", num_classes=3, act_layer="gelu")
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        ResNet.from_timm(reference)
    with pytest.raises(WrongWeights, match=r"unexpected .*stem\.conv\.0\.weight"):
        ResNet.from_timm(timm.create_model("resnet18d", num_classes=3))


def test_a_name_is_not_a_network(monkeypatch):
    # as it is met without the tests' type checker
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="got 'resnet18'; give a network"):
        ResNet.from_timm("resnet18")


def test_mode_dtype_and_epsilon_are_the_references():
    block = torchvision.models.resnet.BasicBlock
    reference = torchvision.models.ResNet(
        block, [1, 1, 1, 1], 3, norm_layer=lambda d: nn.BatchNorm2d(d, 0.01, 0.3)
    ).bfloat16()
    reference.layer1.eval()
    ours = ResNet.from_torchvision(reference)
    assert ours.training and ours.head.weight.dtype == torch.bfloat16
    norms = [m for m in ours.modules() if isinstance(m, nn.BatchNorm2d)]
    assert {(m.eps, m.momentum) for m in norms} == {(0.01, 0.3)}
    # the comparison has left the reference as it was
    assert reference.training and reference.layer4.training
    assert not reference.layer1.training
    assert reference.bn1.num_batches_tracked == ours.stem.norm.num_batches_tracked == 0


def test_the_conversion_copies():
    reference = timm.create_model("resnet18", num_classes=3)
    ours = ResNet.from_timm(reference)
    with torch.no_grad():
        reference.fc.weight.zero_()
    assert ours.head.weight.abs().max() > 0
    assert all(p.requires_grad for p in ours.parameters())


def test_convolution_with_normalization():
    layer = ConvNorm(4, 8, 3, stride=2, groups=2).double().eval()
    x = torch.randn(2, 4, 9, 9, dtype=torch.float64)
    layer.norm.running_mean.normal_()
    y = nn.functional.conv2d(x, layer.conv.weight, stride=2, padding=1, groups=2)
    y = (y - layer.norm.running_mean[:, None, None]) / (1 + 1e-5) ** 0.5
    assert (layer(x) - y.relu()).abs().max() < 1e-12
    with pytest.raises(ValueError, match="4 → 6 channels cannot be cut into 4 groups"):
        ConvNorm(4, 6, 3, groups=4)


def test_conversion_without_values():
    with torch.device("meta"):
        reference = timm.create_model("resnet152", num_classes=3, in_chans=1)
    ours = ResNet.from_timm(reference)
    assert {p.device.type for p in ours.parameters()} == {"meta"}
    assert len(ours.stages[2]) == 36 and ours.head.out_features == 3
