"""unfold and fold: torch's, each the transpose of the other; windows share memory."""

import pytest
import torch
from torch.nn import functional as F

from ift6135_lib.conv import fold, sliding_windows, unfold
from tests.conv.cases import SETTINGS, draw


@pytest.mark.parametrize(
    ("channels", "kernel", "stride", "padding", "dilation"), SETTINGS
)
def test_unfold_and_fold_are_torchs(channels, kernel, stride, padding, dilation):
    x = draw(2, channels[0], 9, 10)
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    columns = unfold(x, kernel, **arguments)
    assert torch.equal(columns, F.unfold(x, kernel, **arguments))
    other = draw(*columns.shape, seed=1)
    back = fold(other, (9, 10), kernel, **arguments)
    assert torch.allclose(back, F.fold(other, (9, 10), kernel, **arguments), atol=1e-12)
    assert (columns * other).sum().item() == pytest.approx((x * back).sum().item())


def test_both_have_gradients():
    x = draw(1, 2, 5, 4).requires_grad_()
    arguments = ((2, 2), (2, 1), (1, 0))
    assert torch.autograd.gradcheck(lambda x: unfold(x, *arguments), x)
    columns = draw(*unfold(x, *arguments).shape, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda u: fold(u, (5, 4), *arguments), columns)


def test_a_fold_of_ones_counts_the_windows_that_read_a_pixel():
    x = torch.ones(1, 1, 5, 6)
    counts = fold(unfold(x, 3, 1), (5, 6), 3)
    down, across = torch.tensor([1, 2, 3, 2, 1]), torch.tensor([1, 2, 3, 3, 2, 1])
    assert torch.equal(counts[0, 0], torch.outer(down, across).float())


@pytest.mark.parametrize("padding", ["valid", "same", "full"])
def test_modes_are_paddings(padding):
    x = draw(1, 1, 6, 6)
    ours = unfold(x, (2, 3), padding=padding)
    zeros = {"valid": (0,) * 4, "same": (1, 1, 0, 1), "full": (2, 2, 1, 1)}[padding]
    assert torch.equal(ours, F.unfold(F.pad(x, zeros), (2, 3)))
    assert (fold(ours, 6, (2, 3), padding=padding) * x).sum() > 0


def test_windows_are_views_also_of_what_is_not_contiguous():
    x = draw(2, 3, 7, 5)
    windows = sliding_windows(x, (2, 3), (2, 1))
    assert windows.data_ptr() == x.data_ptr() and windows.shape == (2, 3, 3, 3, 2, 3)
    other = x.transpose(2, 3)
    assert torch.equal(
        sliding_windows(other, 2, dilation=2), sliding_windows(other.clone(), 2, 1, 2)
    )
    shared = x[:, :1].expand(2, 3, 7, 5)
    assert torch.equal(unfold(shared, 2), F.unfold(shared, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: unfold(x, 5), "the kernel spans 5"),
        (lambda x: unfold(x, 2, padding="mirror"), "'mirror'; .*'valid'"),
        (lambda x: unfold(x, 2, padding=-1), "padding is -1"),
        (
            lambda x: fold(x[0], 4, 2),
            "4 rows and 4 columns; .* of 4 rows and 9 columns",
        ),
        (lambda x: fold(x[0], 4, 3), "multiple of 9 rows and 4 columns"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(torch.ones(1, 1, 4, 4))
