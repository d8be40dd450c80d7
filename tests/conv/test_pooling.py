"""Pooling: torch's, values and gradients; where ties go; invariances; errors."""

import pytest
import torch
from torch.nn import functional as F

from ift6135_lib.conv import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    max_pool2d,
    max_pool2d_backward,
)
from tests.conv.cases import agree, draw

WINDOWS = [
    (2, None, 0),
    (3, 2, 1),
    ((2, 3), (1, 2), (1, 0)),
    (3, 1, 0),
    ((4, 1), (3, 2), (2, 0)),
    (2, 3, 1),
]
POOLS = [
    (max_pool2d, max_pool2d_backward, F.max_pool2d),
    (avg_pool2d, avg_pool2d_backward, F.avg_pool2d),
]


@pytest.mark.parametrize(("ours", "backward", "theirs"), POOLS)
@pytest.mark.parametrize("window", WINDOWS)
def test_it_is_torchs_with_its_gradients(ours, backward, theirs, window):
    x = draw(2, 3, 8, 9).requires_grad_()
    y = theirs(x, *window)
    assert agree(ours(x, *window), y, [x])
    dy = draw(*y.shape, seed=5)
    (dx,) = torch.autograd.grad(y, x, dy)
    assert (backward(dy, x.detach(), *window) - dx).abs().max() < 1e-10


@pytest.mark.parametrize(("ours", "backward", "theirs"), POOLS)
def test_gradcheck(ours, backward, theirs):
    x = draw(1, 2, 5, 6).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: ours(x, (3, 2), 2, 1), x)


@pytest.mark.parametrize("window", WINDOWS)
def test_ties_go_to_the_first_of_the_largest_as_in_torch(window):
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(2, (3, 2, 8, 9), generator=generator).double().requires_grad_()
    y = F.max_pool2d(x, *window)
    dy = draw(*y.shape)
    (dx,) = torch.autograd.grad(y, x, dy)
    assert torch.equal(max_pool2d(x, *window), y)
    assert torch.allclose(max_pool2d_backward(dy, x.detach(), *window), dx, atol=1e-12)
    (own,) = torch.autograd.grad(max_pool2d(x, *window), x, dy)
    assert torch.allclose(own, dx, atol=1e-12)


def test_a_window_of_equals_sends_all_to_its_first_entry():
    dx = max_pool2d_backward(torch.full((1, 1, 2, 2), 7.0), torch.ones(1, 1, 4, 4), 2)
    assert dx[0, 0].nonzero().tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]
    assert dx.sum() == 28


def test_gradients_are_shared_out_without_loss():
    x, dy = draw(2, 3, 8, 8), draw(2, 3, 4, 4, seed=1)
    for backward in (max_pool2d_backward, avg_pool2d_backward):
        dx = backward(dy, x, 2)
        assert torch.allclose(F.avg_pool2d(dx, 2) * 4, dy)


def test_the_mean_of_everything():
    x = draw(2, 3, 5, 7).requires_grad_()
    theirs = F.adaptive_avg_pool2d(x, 1).flatten(1)
    assert agree(global_avg_pool2d(x), theirs, [x])
    assert torch.allclose(avg_pool2d(x, (5, 7)).flatten(1), theirs)
    moved = x.roll((2, -3), (2, 3))  # whatever the shift
    assert torch.allclose(global_avg_pool2d(moved), theirs)


def test_what_is_not_a_number_stays_visible():
    x = torch.ones(1, 1, 2, 2)
    x[0, 0, 1, 0] = torch.nan
    assert max_pool2d(x, 2).isnan().all() and F.max_pool2d(x, 2).isnan().all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: max_pool2d(x, 5), "the kernel spans 5"),
        (lambda x: max_pool2d(x, 2, padding=2), r"padding is .2, 2.*at most .1, 1."),
        (lambda x: avg_pool2d(x, 3, 0), "stride is 0"),
        (lambda x: max_pool2d_backward(x, x, 2), "dy has the shape .1, 1, 4, 4. and"),
        (lambda x: avg_pool2d_backward(x, x, 2), "dy has the shape .1, 1, 4, 4. and"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(torch.ones(1, 1, 4, 4))
