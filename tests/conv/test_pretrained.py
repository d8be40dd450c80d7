"""The weights that timm and torchvision publish; downloaded, so not by default.

.venv/bin/python -m pytest -m internet tests/conv/test_pretrained.py
"""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision

from ift6135_lib import conv

PUBLISHED = [
    ("AlexNet.from_torchvision", "alexnet", 224),
    ("VGG.from_torchvision", "vgg11", 224),
    ("GoogLeNet.from_torchvision", "googlenet", 224),
    ("ResNet.from_torchvision", "resnet18", 224),
    ("ConvNeXt.from_torchvision", "convnext_tiny", 224),
    ("EfficientNet.from_torchvision", "efficientnet_b0", 224),
    ("MobileNetV2.from_torchvision", "mobilenet_v2", 224),
    ("ResNet.from_timm", "resnet50", 224),
    ("SEResNet.from_timm", "seresnet50", 224),
    ("MobileNetV2.from_timm", "mobilenetv2_100", 224),
    ("EfficientNet.from_timm", "efficientnet_b1", 240),
    ("ConvNeXt.from_timm", "convnext_small", 224),
    ("MLPMixer.from_timm", "mixer_b16_224", 224),
]


@pytest.mark.internet
@pytest.mark.parametrize(("converter", "name", "size"), PUBLISHED)
def test_published_weights_give_the_same_logits(converter, name, size):
    cls, method = converter.split(".")
    if method == "from_timm":
        theirs = timm.create_model(name, pretrained=True)
    else:
        theirs = torchvision.models.get_model(name, weights="DEFAULT")
    ours = getattr(getattr(conv, cls), method)(theirs.eval()).eval()
    x = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected, given = theirs(x), ours(x)
    assert (given - expected).abs().max() <= 1e-5 * max(1, expected.abs().max())
