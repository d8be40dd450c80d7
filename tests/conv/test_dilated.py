"""Dilation: the layer with a kernel full of zeros, at no cost."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ift6135_lib.conv import conv2d, effective_kernel_size, macs, zero_stuff
from tests.conv.cases import agree, draw, layer


@pytest.mark.parametrize("dilation", [1, 2, (3, 1), (2, 4)])
def test_it_is_a_convolution_with_zeros_in_the_kernel(dilation):
    inputs = layer((2, 3, 1), (3, 2))
    x, weight, bias = inputs
    stuffed = F.conv2d(x, zero_stuff(weight, dilation), bias, padding=1)
    dilated = conv2d(x, weight, bias, padding=1, dilation=dilation)
    assert agree(dilated, stuffed, inputs, tolerance=1e-12)
    theirs = F.conv2d(x, weight, bias, padding=1, dilation=dilation)
    assert agree(dilated, theirs, inputs, tolerance=1e-12)


def test_zeros_lie_between_and_nowhere_else():
    x = draw(2, 3, 4, 5)
    y = zero_stuff(x, (2, 3))
    assert y.shape == (2, 3, effective_kernel_size(4, 2), effective_kernel_size(5, 3))
    assert torch.equal(y[:, :, ::2, ::3], x) and (y != 0).sum() == x.numel()
    assert torch.equal(zero_stuff(x, 1), x)
    theirs = F.conv_transpose2d(
        x.reshape(6, 1, 4, 5), torch.ones(1, 1, 1, 1).double(), stride=(2, 3)
    )
    assert torch.equal(y.reshape(theirs.shape), theirs)
    assert torch.autograd.gradcheck(lambda x: zero_stuff(x, (2, 3)), x.requires_grad_())


def test_the_span_grows_and_the_cost_does_not():
    assert [effective_kernel_size(3, d) for d in (1, 2, 4, 8)] == [3, 5, 9, 17]
    costs = {
        macs(nn.Conv2d(4, 4, 3, padding=d, dilation=d), (4, 20, 20)) for d in (1, 2, 4)
    }
    assert costs == {20 * 20 * 4 * 4 * 9}


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="dilation is 0"):
        effective_kernel_size(3, 0)
    with pytest.raises(ValueError, match="factor is 0"):
        zero_stuff(torch.ones(1, 1, 2, 2), 0)
