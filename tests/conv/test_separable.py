"""Separable and pointwise convolutions: torch's layers, the cost, the bottleneck."""

import pytest
from torch import nn
from torch.nn import functional as F

from ift6135_lib.conv import (
    DepthwiseSeparableConv2d,
    macs,
    parameter_count,
    pointwise_conv2d,
    separable_cost_ratio,
)
from tests.conv.cases import agree, draw


@pytest.mark.parametrize("bias", [True, False])
def test_a_pointwise_convolution_is_a_linear_layer_over_channels(bias):
    x, weight = draw(2, 3, 4, 5).requires_grad_(), draw(6, 3, seed=1).requires_grad_()
    inputs = [x, weight] + [draw(6, seed=2).requires_grad_()] * bias
    ours = pointwise_conv2d(*inputs)
    linear = F.linear(x.movedim(1, -1), *inputs[1:]).movedim(-1, 1)
    assert agree(ours, linear, inputs)
    assert agree(ours, F.conv2d(x, weight[..., None, None], *inputs[2:]), inputs)


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 2)])
def test_a_separable_convolution_is_a_full_one_of_rank_one_kernels(
    stride, padding, dilation
):
    """w_{ocpq} = (pointwise)_{oc} (depthwise)_{cpq}."""
    layer = DepthwiseSeparableConv2d(3, 5, (3, 2), stride, padding, dilation).double()
    x = draw(2, 3, 8, 9).requires_grad_()
    depthwise, pointwise = layer.depthwise.weight, layer.pointwise.weight
    full = pointwise * depthwise[:, 0]  # (o, c, 1, 1) * (c, p, q) -> (o, c, p, q)
    theirs = F.conv2d(x, full, layer.pointwise.bias, stride, padding, dilation)
    assert agree(layer(x), theirs, [x, depthwise, pointwise])
    alone = F.conv2d(x, depthwise, None, stride, padding, dilation, groups=3)
    assert (F.conv2d(alone, pointwise, layer.pointwise.bias) - layer(x)).abs().max() < (
        1e-10
    )


@pytest.mark.parametrize(
    ("channels", "ratio"), [(32, 7.0), (64, 7.9), (128, 8.4), (256, 8.7)]
)
def test_the_ratio_is_that_of_the_multiplications_and_below_nine(channels, ratio):
    assert round(separable_cost_ratio(channels, 3), 1) == ratio < 9
    full = nn.Conv2d(16, channels, 3, padding=1, bias=False)
    separable = DepthwiseSeparableConv2d(16, channels, 3, padding=1, bias=False)
    counted = macs(full, (16, 10, 10)) / macs(separable, (16, 10, 10))
    assert counted == pytest.approx(separable_cost_ratio(channels, 3), rel=1e-12)
    weights = parameter_count(full) / parameter_count(separable)
    assert weights == pytest.approx(counted, rel=1e-12)


def test_a_stride_costs_by_its_outputs():
    """The erratum: H_out W_out, not H_in W_in."""
    layer = DepthwiseSeparableConv2d(8, 16, 3, stride=2, padding=1)
    assert macs(layer, (8, 10, 10)) == 5 * 5 * (9 * 8 + 8 * 16)


def test_the_bottleneck_has_8_5_times_fewer_weights():
    bottleneck = nn.Sequential(
        nn.Conv2d(256, 64, 1, bias=False),
        nn.Conv2d(64, 64, 3, padding=1, bias=False),
        nn.Conv2d(64, 256, 1, bias=False),
    )
    plain = nn.Conv2d(256, 256, 3, padding=1, bias=False)
    counts = parameter_count(bottleneck), parameter_count(plain)
    assert counts == (69_632, 589_824) and round(counts[1] / counts[0], 1) == 8.5


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="out_channels is 0"):
        separable_cost_ratio(0, 3)
    with pytest.raises(ValueError, match="kernel is 0"):
        separable_cost_ratio(8, 0)
