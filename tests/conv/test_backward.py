"""Back-propagation by hand: torch's, autograd's, finite differences; training."""

import math

import pytest
import torch
from torch.nn import functional as F

from ift6135_lib.conv import (
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from ift6135_lib.data import digits
from tests.conv.cases import SETTINGS, draw, layer


@pytest.mark.parametrize(
    ("channels", "kernel", "stride", "padding", "dilation"), SETTINGS
)
def test_it_is_torchs_and_autograds(channels, kernel, stride, padding, dilation):
    x, weight, bias = layer(channels, kernel)
    arguments = (stride, padding, dilation, channels[2])
    y = F.conv2d(x, weight, bias, *arguments)
    dy = draw(*y.shape, seed=7)
    ours = conv2d_backward(dy, x.detach(), weight.detach(), *arguments)
    autograd = torch.autograd.grad(y, (x, weight, bias), dy)
    named = (
        torch.nn.grad.conv2d_input(x.shape, weight, dy, *arguments),
        torch.nn.grad.conv2d_weight(x, weight.shape, dy, *arguments),
        dy.sum((0, 2, 3)),
    )
    for mine, one, other in zip(ours, autograd, named, strict=True):
        assert mine.shape == one.shape
        assert (mine - one).abs().max() < 1e-10 and (mine - other).abs().max() < 1e-10


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_modes(mode):
    x, weight, bias = layer((2, 3, 1), (2, 4))
    y = conv2d(x, weight, bias, padding=mode)
    dy = draw(*y.shape, seed=7)
    ours = conv2d_backward(dy, x.detach(), weight.detach(), padding=mode)
    for mine, one in zip(
        ours, torch.autograd.grad(y, (x, weight, bias), dy), strict=True
    ):
        assert (mine - one).abs().max() < 1e-10


class ByHand(torch.autograd.Function):
    """A convolution that autograd differentiates by our formulas."""

    @staticmethod
    def forward(ctx, x, weight, bias, arguments):
        ctx.save_for_backward(x, weight)
        ctx.arguments = arguments
        return conv2d(x, weight, bias, *arguments)

    @staticmethod
    def backward(ctx, dy):
        return *conv2d_backward(dy, *ctx.saved_tensors, *ctx.arguments), None


@pytest.mark.parametrize(
    ("channels", "arguments"),
    [((2, 2, 1), (1, 0, 1, 1)), ((2, 4, 2), ((2, 3), (1, 2), (2, 1), 2))],
)
def test_gradcheck(channels, arguments):
    inputs = layer(channels, (2, 3), (5, 6))
    assert torch.autograd.gradcheck(
        lambda x, w, b: ByHand.apply(x, w, b, arguments), inputs
    )


def test_dk_in_one_dimension_is_the_correlation_of_x_and_dy():
    x, dy = draw(1, 1, 1, 7), draw(1, 1, 1, 5, seed=1)
    ours = conv2d_backward(dy, x, torch.ones(1, 1, 1, 3).double()).dweight
    expected = [(x[0, 0, 0, p : p + 5] * dy[0, 0, 0]).sum().item() for p in range(3)]
    assert ours.flatten().tolist() == pytest.approx(expected, abs=1e-12)


def network(parameters, x):
    """conv 3×3, ReLU, pool 2, conv 3×3, ReLU, linear: with autograd, by torch."""
    k1, b1, k2, b2, w, b = parameters
    h = F.max_pool2d(F.conv2d(x, k1, b1, padding=1).relu(), 2)
    h = F.conv2d(h, k2, b2, stride=2, padding=1).relu()
    return h.flatten(1) @ w.T + b


def gradients_by_hand(parameters, x, labels):
    """The same, forwards and backwards, without autograd."""
    k1, b1, k2, b2, w, b = parameters
    a1 = conv2d(x, k1, b1, padding=1)
    h1 = a1.clamp_min(0)
    p1 = max_pool2d(h1, 2)
    a2 = conv2d(p1, k2, b2, 2, 1)
    h2 = a2.clamp_min(0)
    logits = h2.flatten(1) @ w.T + b
    # softmax with cross-entropy, averaged
    d = (logits.softmax(1) - F.one_hot(labels, 10)) / len(x)
    dw, db = d.T @ h2.flatten(1), d.sum(0)
    da2 = (d @ w).reshape(a2.shape) * (a2 > 0)  # (b, cij) -> (b, c, i, j)
    dp1, dk2, db2 = conv2d_backward(da2, p1, k2, 2, 1)
    da1 = max_pool2d_backward(dp1, h1, 2) * (a1 > 0)
    _, dk1, db1 = conv2d_backward(da1, x, k1, padding=1)
    return [dk1, db1, dk2, db2, dw, db]


def test_a_network_trained_by_hand_is_the_one_trained_by_autograd():
    data = digits(device="cpu", dtype=torch.float64)
    x, labels = data.train.x, data.train.y
    shapes = [(8, 1, 3, 3), (8,), (16, 8, 3, 3), (16,), (10, 64), (10,)]
    start = [
        draw(*shape, seed=i) / math.prod(shape[1:]) ** 0.5 * (len(shape) > 1)
        for i, shape in enumerate(shapes)
    ]
    ours = [p.clone() for p in start]
    theirs = [p.clone().requires_grad_() for p in start]
    for step in range(300):
        rows = torch.arange(64 * step, 64 * step + 64) % len(x)
        with torch.no_grad():
            for p, g in zip(
                ours, gradients_by_hand(ours, x[rows], labels[rows]), strict=True
            ):
                p -= 0.2 * g
        loss = F.cross_entropy(network(theirs, x[rows]), labels[rows])
        with torch.no_grad():
            for p, g in zip(theirs, torch.autograd.grad(loss, theirs), strict=True):
                p -= 0.2 * g
    for a, b in zip(ours, theirs, strict=True):
        assert (a - b).abs().max() < 1e-5
    with torch.no_grad():
        right = network(ours, data.test.x).argmax(1) == data.test.y
    assert right.double().mean() > 0.9  # it has learned


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda dy, x, w: conv2d_backward(dy[:, :, 1:], x, w), "dy has the shape"),
        (lambda dy, x, w: conv2d_backward(dy, x[:, :1], w), "x has 1 channels"),
        (lambda dy, x, w: conv2d_backward(dy, x, w, groups=3), "one of .1, 2."),
        (lambda dy, x, w: conv2d_backward(dy, x, w, padding="?"), "padding is '?'"),
        (lambda dy, x, w: conv2d_backward(dy, x[..., :2], w), "the kernel spans 3"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        call(torch.ones(1, 3, 3, 3), torch.ones(1, 2, 5, 5), torch.ones(3, 2, 3, 3))
