"""The locally connected layer: a tied one is a convolution; counts; errors."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ift6135_lib.conv import LocallyConnected2d, macs, parameter_count
from tests.conv.cases import draw


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(3, 1, 0), (2, 2, 1), ((3, 1), 1, "same")]
)
def test_with_the_same_weights_everywhere_it_is_a_convolution(
    kernel, stride, padding, bias
):
    conv = nn.Conv2d(2, 3, kernel, stride, padding, bias=bias, dtype=torch.float64)
    layer = LocallyConnected2d.from_conv2d(conv, (6, 7))
    x = draw(2, 2, 6, 7).requires_grad_()
    ours, theirs = layer(x), conv(x)
    assert (ours - theirs).abs().max() < 1e-10
    dy = draw(*ours.shape, seed=1)
    dx, dw = torch.autograd.grad(ours, (x, layer.weight), dy)
    expected, dk = torch.autograd.grad(theirs, (x, conv.weight), dy)
    assert (dx - expected).abs().max() < 1e-10
    # sharing adds the gradients of all places
    assert (dw.sum(-1).reshape(dk.shape) - dk).abs().max() < 1e-10


def test_every_place_has_its_own_kernel():
    layer = LocallyConnected2d(2, 3, (5, 4), (2, 3)).double()
    x = draw(2, 2, 5, 4)
    y = layer(x)
    for place in range(8):
        i, j = divmod(place, 2)
        window = x[:, :, i : i + 2, j : j + 3].flatten(1)
        expected = window @ layer.weight[..., place].T + layer.bias[:, i, j]
        assert torch.allclose(y[:, :, i, j], expected, atol=1e-12)
    assert torch.autograd.gradcheck(layer, x.requires_grad_())


def test_the_counts_of_an_8_by_8_image():
    full, conv = nn.Linear(64, 64), nn.Conv2d(1, 1, 3, padding=1)
    local = LocallyConnected2d(1, 1, 8, 3, padding=1)
    counts = [parameter_count(layer) for layer in (full, local, conv)]
    assert counts == [4160, 640, 10]
    assert macs(local, (1, 8, 8)) == macs(conv, (1, 8, 8)) == 576
    assert macs(full, (64,)) == 4096


def test_it_is_not_equivariant_and_its_scale_is_that_of_torch():
    layer = LocallyConnected2d(1, 1, 8, 3, padding=1)
    x = F.pad(torch.rand(1, 1, 4, 4), (2, 2, 2, 2))
    difference = layer(x.roll(1, 3)) - layer(x).roll(1, 3)
    assert difference[..., 1:-1, 1:-1].abs().max() > 0.05
    assert 0.3 < layer.weight.abs().max() <= 1 / 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LocallyConnected2d(1, 1, 2, 3), "the kernel spans 3"),
        (lambda: LocallyConnected2d(0, 1, 4, 3), "in_channels is 0"),
        (
            lambda: LocallyConnected2d(1, 1, 4, 3)(torch.ones(1, 1, 5, 4)),
            "x has images",
        ),
        (
            lambda: LocallyConnected2d.from_conv2d(nn.Conv2d(2, 2, 3, groups=2), 5),
            "groups=2",
        ),
        (
            lambda: LocallyConnected2d.from_conv2d(nn.Conv2d(2, 2, 3, dilation=2), 5),
            r"dilation=\(2, 2\)",
        ),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
