"""Convolutional networks: the operations and the models of chapter 7."""

from .alexnet import AlexNet, alexnet
from .arguments import Size
from .arithmetic import output_size, padding_amounts, transposed_output_size
from .backward import ConvGradients, conv2d_backward
from .bytenet import ByteNet
from .causal import CausalConv1d, causal_conv1d, causal_receptive_field
from .conv_norm import ConvNorm
from .convnext import (
    ConvNeXt,
    ConvNeXtBlock,
    LayerNorm2d,
    convnext_base,
    convnext_small,
    convnext_tiny,
)
from .convolution import conv2d, convolve2d, cross_correlate2d
from .counting import LayerRow, layer_table, macs, parameter_count
from .dilated import effective_kernel_size, zero_stuff
from .effective_field import effective_receptive_field, energy_radius
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
from .equivariance import equivariance_error, invariance_error, shift
from .fcn import FCN, bilinear_kernel, intersection_over_union
from .fourier import conv2d_fft
from .gated import gated_activation
from .im2col import fold, sliding_windows, unfold
from .inception import GoogLeNet, InceptionBlock, googlenet
from .inverted_residual import InvertedResidual, Row
from .lenet import LeNet, lenet5, scaled_tanh
from .locally_connected import LocallyConnected2d
from .mixer import MixerBlock, MLPMixer, mixer_b16_224, mixer_s16_224
from .mobilenet import MobileNetV2, mobilenet_v2
from .mu_law import mu_law_decode, mu_law_encode
from .pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    max_pool2d,
    max_pool2d_backward,
)
from .receptive_field import (
    ReceptiveField,
    Window,
    receptive_field,
    receptive_field_of,
)
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
from .scenes import digit_scenes
from .senet import (
    SEBasicBlock,
    SEBottleneck,
    SEResNet,
    SqueezeExcitation,
    seresnet50,
)
from .separable import (
    DepthwiseSeparableConv2d,
    pointwise_conv2d,
    separable_cost_ratio,
)
from .small_cnn import SmallCNN
from .toeplitz import conv_matrix
from .transposed import conv_transpose2d, overlap_count
from .vgg import VGG, stacked_weights, vgg11, vgg13, vgg16, vgg19
from .visualise import Maximised, activation_maximisation, first_layer_filters
from .wavenet import WaveNet
from .weights import WrongWeights

__all__ = [
    "FCN",
    "VGG",
    "AlexNet",
    "BasicBlock",
    "Bottleneck",
    "ByteNet",
    "CausalConv1d",
    "ConvGradients",
    "ConvNeXt",
    "ConvNeXtBlock",
    "ConvNorm",
    "DepthwiseSeparableConv2d",
    "EfficientNet",
    "GoogLeNet",
    "InceptionBlock",
    "InvertedResidual",
    "LayerNorm2d",
    "LayerRow",
    "LeNet",
    "LocallyConnected2d",
    "MBConv",
    "MLPMixer",
    "Maximised",
    "MixerBlock",
    "MobileNetV2",
    "ReceptiveField",
    "ResNet",
    "Row",
    "SEBasicBlock",
    "SEBottleneck",
    "SEResNet",
    "Size",
    "SmallCNN",
    "SqueezeExcitation",
    "WaveNet",
    "Window",
    "WrongWeights",
    "activation_maximisation",
    "alexnet",
    "avg_pool2d",
    "avg_pool2d_backward",
    "bilinear_kernel",
    "causal_conv1d",
    "causal_receptive_field",
    "compound_scaling",
    "conv2d",
    "conv2d_backward",
    "conv2d_fft",
    "conv_matrix",
    "conv_transpose2d",
    "convnext_base",
    "convnext_small",
    "convnext_tiny",
    "convolve2d",
    "cross_correlate2d",
    "digit_scenes",
    "effective_kernel_size",
    "effective_receptive_field",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "efficientnet_b4",
    "efficientnet_b5",
    "efficientnet_b6",
    "efficientnet_b7",
    "energy_radius",
    "equivariance_error",
    "first_layer_filters",
    "fold",
    "gated_activation",
    "global_avg_pool2d",
    "googlenet",
    "intersection_over_union",
    "invariance_error",
    "layer_table",
    "lenet5",
    "macs",
    "max_pool2d",
    "max_pool2d_backward",
    "mixer_b16_224",
    "mixer_s16_224",
    "mobilenet_v2",
    "mu_law_decode",
    "mu_law_encode",
    "output_size",
    "overlap_count",
    "padding_amounts",
    "parameter_count",
    "pointwise_conv2d",
    "receptive_field",
    "receptive_field_of",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "round_channels",
    "round_depth",
    "scaled_tanh",
    "separable_cost_ratio",
    "seresnet50",
    "shift",
    "sliding_windows",
    "small_resnet",
    "stacked_weights",
    "transposed_output_size",
    "unfold",
    "vgg11",
    "vgg13",
    "vgg16",
    "vgg19",
    "zero_stuff",
]
