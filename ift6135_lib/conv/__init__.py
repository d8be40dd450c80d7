"""Convolutional networks: the operations of chapter 7, each beside its equation."""

from .arithmetic import output_size, padding_amounts, transposed_output_size
from .backward import ConvGradients, conv2d_backward
from .convolution import conv2d, convolve2d, cross_correlate2d
from .counting import LayerRow, layer_table, macs, parameter_count
from .dilated import effective_kernel_size, zero_stuff
from .effective_field import effective_receptive_field, energy_radius
from .equivariance import equivariance_error, invariance_error, shift
from .fcn import FCN, bilinear_kernel, intersection_over_union
from .fourier import conv2d_fft
from .im2col import fold, sliding_windows, unfold
from .locally_connected import LocallyConnected2d
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
from .scenes import digit_scenes
from .separable import (
    DepthwiseSeparableConv2d,
    pointwise_conv2d,
    separable_cost_ratio,
)
from .small_cnn import SmallCNN
from .toeplitz import conv_matrix
from .transposed import conv_transpose2d, overlap_count
from .visualise import Maximised, activation_maximisation, first_layer_filters

__all__ = [
    "FCN",
    "ConvGradients",
    "DepthwiseSeparableConv2d",
    "LayerRow",
    "LocallyConnected2d",
    "Maximised",
    "ReceptiveField",
    "SmallCNN",
    "Window",
    "activation_maximisation",
    "avg_pool2d",
    "avg_pool2d_backward",
    "bilinear_kernel",
    "conv2d",
    "conv2d_backward",
    "conv2d_fft",
    "conv_matrix",
    "conv_transpose2d",
    "convolve2d",
    "cross_correlate2d",
    "digit_scenes",
    "effective_kernel_size",
    "effective_receptive_field",
    "energy_radius",
    "equivariance_error",
    "first_layer_filters",
    "fold",
    "global_avg_pool2d",
    "intersection_over_union",
    "invariance_error",
    "layer_table",
    "macs",
    "max_pool2d",
    "max_pool2d_backward",
    "output_size",
    "overlap_count",
    "padding_amounts",
    "parameter_count",
    "pointwise_conv2d",
    "receptive_field",
    "receptive_field_of",
    "separable_cost_ratio",
    "shift",
    "sliding_windows",
    "transposed_output_size",
    "unfold",
    "zero_stuff",
]
