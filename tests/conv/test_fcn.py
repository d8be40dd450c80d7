"""The fully convolutional network: interpolation, sizes, IoU; it segments digits."""

import pytest
import torch
from sklearn.metrics import jaccard_score
from torch.nn import functional as F

from ift6135_lib.conv import (
    FCN,
    bilinear_kernel,
    conv_transpose2d,
    digit_scenes,
    intersection_over_union,
    shift,
)
from ift6135_lib.data import digits, minibatches
from ift6135_lib.optim import cosine
from ift6135_lib.train import descend, fit
from tests.conv.cases import draw

STEPS = 600


@pytest.mark.parametrize("factor", [2, 4, 6])
def test_the_bilinear_kernel_interpolates(factor):
    x = draw(1, 1, 5, 6)
    kernel = bilinear_kernel(factor).double()[None, None]
    ours = conv_transpose2d(x, kernel, stride=factor, padding=factor // 2)
    theirs = F.interpolate(x, scale_factor=factor, mode="bilinear")
    assert ours.shape == theirs.shape
    border = factor // 2  # where torch repeats the last pixel, there is nothing to add
    inside = (..., slice(border, -border), slice(border, -border))
    assert torch.allclose(ours[inside], theirs[inside], atol=1e-6)


def test_sizes_and_what_the_up_sampling_starts_from():
    model = FCN(in_channels=3, classes=5, width=4)
    for h, w in ((8, 8), (24, 36)):
        assert model(torch.zeros(2, 3, h, w)).shape == (2, 5, h, w)
    for up in (model.up1, model.up2):
        for kernel in up.weight:
            assert torch.equal(kernel[0], bilinear_kernel(2))
    assert not list(model.up1.parameters())[1:]


def test_it_is_the_same_network_written_by_functions():
    model = FCN(classes=3, width=4).eval().double()
    p, x = model.state_dict(), draw(2, 1, 8, 12)

    def stage(name, x, d=1):
        # normalization at its start: mean 0, variance 1
        y = F.conv2d(x, p[f"{name}.0.weight"], padding=d, dilation=d)
        return (y / (1 + 1e-5) ** 0.5).relu()

    def score(name, x):
        return F.conv2d(x, p[f"{name}.weight"], p[f"{name}.bias"])

    def up(x):
        return F.conv_transpose2d(x, p["up1.weight"], stride=2, padding=1, groups=3)

    fine = stage("stage1", x)
    middle = stage("stage2", F.max_pool2d(fine, 2))
    coarse = stage("context", stage("stage3", F.max_pool2d(middle, 2)), 2)
    y = up(score("score2", middle) + up(score("score4", coarse))) + score(
        "score1", fine
    )
    assert (model(x) - y).abs().max() < 1e-10


def test_it_follows_a_shift_by_four_pixels():
    """Two poolings: equivariant to shifts by whole strides, away from the border."""
    model = FCN(classes=3, width=4).eval()
    x = F.pad(torch.rand(1, 1, 8, 8), (28, 28, 28, 28))
    with torch.no_grad():
        y, moved = model(x), model(shift(x, (4, -8)))
    inside = (..., slice(12, -12), slice(12, -12))
    assert torch.allclose(moved[inside], shift(y, (4, -8))[inside], atol=1e-5)


def test_iou_is_scikit_learns():
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.randint(4, (3, 7, 8), generator=generator) for _ in "ab")
    ours = intersection_over_union(a, b, 5)
    theirs = jaccard_score(b.flatten(), a.flatten(), average=None)
    assert ours[:4].tolist() == pytest.approx(theirs.tolist(), abs=1e-6)
    assert ours[4].isnan()
    assert intersection_over_union(a, a, 4).tolist() == [1.0] * 4


def test_it_segments_digits():
    data = digits(device="cpu")
    x, y = digit_scenes(*data.train, 2000, seed=0)
    test = digit_scenes(*data.test, 200, seed=1)
    torch.manual_seed(0)
    model = FCN(classes=11)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    step = descend(
        lambda batch: F.cross_entropy(model(batch[0]), batch[1]),
        optimizer,
        schedule=cosine(STEPS),
    )
    fit(step, minibatches(x, y, batch_size=16), steps=STEPS, log_every=50)
    with torch.no_grad():
        predicted = model.eval()(test.x).argmax(1)
    classes = intersection_over_union(predicted, test.y, 11)
    ink = intersection_over_union((predicted > 0).long(), (test.y > 0).long(), 2)
    assert ink.mean() > 0.92 and classes.mean() > 0.78


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: FCN()(torch.ones(1, 1, 10, 8)), "x is 10 × 8; .* multiples of 4"),
        (lambda: FCN(classes=0), "classes is 0"),
        (lambda: bilinear_kernel(3), "factor is 3; it must be even"),
        (lambda: bilinear_kernel(1), "factor is 1"),
        (
            lambda: intersection_over_union(torch.tensor([3]), torch.tensor([0]), 3),
            "from 0 to 3; they must lie between 0 and 2",
        ),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
