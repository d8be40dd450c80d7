"""Convolutional networks of chapter 7, each beside its equation."""

from .alexnet import AlexNet, alexnet
from .conv_norm import ConvNorm
from .convnext import (
    ConvNeXt,
    ConvNeXtBlock,
    LayerNorm2d,
    convnext_base,
    convnext_small,
    convnext_tiny,
)
from .efficientnet import (
    EfficientNet,
    MBConv,
    efficientnet_b0,
    efficientnet_b1,
    efficientnet_b2,
    efficientnet_b3,
    efficientnet_b4,
    efficientnet_b5,
    efficientnet_b6,
    efficientnet_b7,
)
from .inception import GoogLeNet, InceptionBlock, googlenet
from .inverted_residual import InvertedResidual, Row
from .lenet import LeNet, lenet5, scaled_tanh
from .mixer import MixerBlock, MLPMixer, mixer_b16_224, mixer_s16_224
from .mobilenet import MobileNetV2, mobilenet_v2
from .residual import BasicBlock, Bottleneck
from .resnet import (
    ResNet,
    resnet18,
    resnet34,
    resnet50,
    resnet101,
    resnet152,
    small_resnet,
)
from .scaling import compound_scaling, round_channels, round_depth
from .senet import (
    SEBasicBlock,
    SEBottleneck,
    SEResNet,
    SqueezeExcitation,
    seresnet50,
)
from .small_cnn import SmallCNN
from .vgg import VGG, stacked_weights, vgg11, vgg13, vgg16, vgg19
from .weights import WrongWeights

__all__ = [
    "VGG",
    "AlexNet",
    "BasicBlock",
    "Bottleneck",
    "ConvNeXt",
    "ConvNeXtBlock",
    "ConvNorm",
    "EfficientNet",
    "GoogLeNet",
    "InceptionBlock",
    "InvertedResidual",
    "LayerNorm2d",
    "LeNet",
    "MBConv",
    "MLPMixer",
    "MixerBlock",
    "MobileNetV2",
    "ResNet",
    "Row",
    "SEBasicBlock",
    "SEBottleneck",
    "SEResNet",
    "SmallCNN",
    "SqueezeExcitation",
    "WrongWeights",
    "alexnet",
    "compound_scaling",
    "convnext_base",
    "convnext_small",
    "convnext_tiny",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "efficientnet_b4",
    "efficientnet_b5",
    "efficientnet_b6",
    "efficientnet_b7",
    "googlenet",
    "lenet5",
    "mixer_b16_224",
    "mixer_s16_224",
    "mobilenet_v2",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "round_channels",
    "round_depth",
    "scaled_tanh",
    "seresnet50",
    "small_resnet",
    "stacked_weights",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
]
