"""Convolution and cross-correlation: scipy's, torch's, algebra; errors."""

import pytest
import torch
from scipy import signal
from torch.nn import functional as F

from ift6135_lib.conv import conv2d, convolve2d, cross_correlate2d
from ift6135_lib.data import digits
from tests.conv.cases import SETTINGS, agree, draw, layer

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even")

KERNELS = [(3, 3), (2, 2), (1, 4), (5, 2)]


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_convolution_is_scipys(kernel, mode):
    x, k = draw(6, 7), draw(*kernel, seed=1)
    theirs = torch.tensor(signal.convolve2d(x.numpy(), k.numpy(), mode))
    assert torch.allclose(convolve2d(x, k, mode), theirs, atol=1e-12)


@pytest.mark.parametrize("mode", ["valid", "full", "same"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_cross_correlation_is_scipys_and_torchs(kernel, mode):
    x, k = draw(6, 7), draw(*kernel, seed=1)
    ours = cross_correlate2d(x, k, mode)
    if mode != "same" or all(taps % 2 for taps in kernel):
        theirs = torch.tensor(signal.correlate2d(x.numpy(), k.numpy(), mode))
        assert torch.allclose(ours, theirs, atol=1e-12)
    if mode != "full":
        theirs = F.conv2d(x[None, None], k[None, None], padding=mode)[0, 0]
        assert torch.allclose(ours, theirs, atol=1e-12)
    assert torch.allclose(
        conv2d(x[None, None], k[None, None], padding=mode)[0, 0], ours, atol=1e-12
    )


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_convolution_is_a_cross_correlation_with_the_kernel_turned(kernel):
    x, k = draw(6, 7), draw(*kernel, seed=1)
    for mode in ("valid", "full"):
        turned = cross_correlate2d(x, k.flip(0, 1), mode)
        assert torch.allclose(convolve2d(x, k, mode), turned, atol=1e-12)


def test_convolution_commutes_and_associates_and_cross_correlation_does_not():
    x, k, m = draw(4, 5), draw(2, 3, seed=1), draw(3, 2, seed=2)
    assert torch.allclose(convolve2d(x, k), convolve2d(k, x), atol=1e-12)
    left, right = (convolve2d(convolve2d(x, k), m), convolve2d(x, convolve2d(k, m)))
    assert torch.allclose(left, right, atol=1e-12)
    one, other = cross_correlate2d(x, k, "full"), cross_correlate2d(k, x, "full")
    assert torch.allclose(one, other.flip(0, 1)) and not torch.allclose(one, other)


def test_an_impulse_shows_the_kernel_or_the_kernel_turned():
    impulse, k = torch.zeros(5, 5), torch.arange(9.0).reshape(3, 3)
    impulse[2, 2] = 1
    assert torch.equal(convolve2d(impulse, k, "same")[1:4, 1:4], k)
    assert torch.equal(cross_correlate2d(impulse, k, "same")[1:4, 1:4], k.flip(0, 1))


def test_sobel_of_a_digit_is_negated_by_a_mirror():
    """The horizontal slope changes sign in a mirror; its size does not."""
    x = digits(device="cpu", dtype=torch.float64).train.x[0, 0]
    sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=x.dtype)
    slope = cross_correlate2d(x, sobel)
    mirrored = cross_correlate2d(x.flip(1), sobel).flip(1)
    assert torch.allclose(mirrored, -slope) and slope.abs().max() > 1
    assert torch.allclose(convolve2d(x, sobel, "valid"), -slope)


@pytest.mark.parametrize(
    ("channels", "kernel", "stride", "padding", "dilation"), SETTINGS
)
def test_the_layer_is_torchs_with_its_gradients(
    channels, kernel, stride, padding, dilation
):
    inputs = layer(channels, kernel)
    arguments = (stride, padding, dilation, channels[2])
    assert agree(conv2d(*inputs, *arguments), F.conv2d(*inputs, *arguments), inputs)


@pytest.mark.parametrize("dilation", [1, 2, (3, 1)])
@pytest.mark.parametrize("kernel", KERNELS)
def test_modes_of_the_layer(kernel, dilation):
    inputs = layer((2, 3, 1), kernel, (14, 12))
    for mode in ("same", "valid"):
        ours = conv2d(*inputs, padding=mode, dilation=dilation)
        theirs = F.conv2d(*inputs, padding=mode, dilation=dilation)
        assert agree(ours, theirs, inputs)
    d = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    full = tuple(gap * (taps - 1) for gap, taps in zip(d, kernel, strict=True))
    ours = conv2d(*inputs, padding="full", dilation=dilation)
    assert agree(ours, F.conv2d(*inputs, padding=full, dilation=dilation), inputs)


def test_gradcheck():
    inputs = layer((2, 4, 2), (2, 3), (5, 6))
    assert torch.autograd.gradcheck(
        lambda x, w, b: conv2d(x, w, b, (2, 1), (1, 2), (1, 2), 2), inputs
    )


def test_single_precision_and_the_meta_device():
    x, weight, bias = (t.detach().float() for t in layer((3, 8, 1), (3, 3)))
    difference = conv2d(x, weight, bias, 2, 1) - F.conv2d(x, weight, bias, 2, 1)
    assert difference.abs().max() < 1e-5
    y = conv2d(x.to("meta"), weight.to("meta"), bias.to("meta"), 2, 1)
    assert y.shape == (2, 8, 5, 5) and y.device.type == "meta"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, w: conv2d(x[:, :3], w), "x has 3 channels and the weight reads 4"),
        (lambda x, w: conv2d(x, w[:, :1], groups=4), "groups is 4 and there are 6 out"),
        (lambda x, w: conv2d(x, w[:, :1], groups=3), "4 input .* one of .1, 2, 4."),
        (lambda x, w: conv2d(x[..., :2], w), "the kernel spans 3"),
        (lambda x, w: conv2d(x, w, padding="circular"), "'circular'"),
        (lambda x, w: conv2d(x, w, stride=2, padding="same"), "'same' and stride 2"),
        (lambda x, w: conv2d(x, w, stride=0), "stride is 0"),
        (lambda x, w: conv2d(x, w, groups=0), "groups is 0"),
        (lambda x, w: convolve2d(x[0, 0], w[0, 0], "wrap"), "mode is 'wrap'"),
        (lambda x, w: cross_correlate2d(x[0, 0], w[0, 0], "wrap"), "mode is 'wrap'"),
        (lambda x, w: convolve2d(x[0, 0, :2], w[0, 0], "valid"), "the kernel spans 3"),
        (lambda x, w: cross_correlate2d(x[0, 0, :2], w[0, 0]), "the kernel spans 3"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(torch.ones(1, 4, 5, 5), torch.ones(6, 4, 3, 3))
