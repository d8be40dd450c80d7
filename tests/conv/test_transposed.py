"""The transposed convolution: torch's, the adjoint, the checkerboard."""

import pytest
import torch
from torch.nn import functional as F

from ift6135_lib.conv import (
    conv2d,
    conv2d_backward,
    conv_matrix,
    conv_transpose2d,
    overlap_count,
)
from tests.conv.cases import SETTINGS, agree, draw

# channels of the input, of the output, groups; kernel, stride, padding, output padding,
# dilation
CASES = [
    ((1, 1, 1), (3, 3), 1, 0, 0, 1),
    ((2, 3, 1), (4, 4), 2, 1, 0, 1),
    ((4, 2, 2), (3, 2), (2, 3), (1, 0), (1, 2), 1),
    ((3, 3, 3), (3, 3), 2, 2, 1, 2),
    ((4, 6, 2), (2, 5), (1, 3), (0, 2), (0, 1), (3, 1)),
]


@pytest.mark.parametrize("case", CASES)
def test_it_is_torchs_with_its_gradients(case):
    (c, o, groups), kernel, stride, padding, output_padding, dilation = case
    inputs = [
        draw(2, c, 4, 5),
        draw(c, o // groups, *kernel, seed=1),
        draw(o, seed=2),
    ]
    inputs = [tensor.requires_grad_() for tensor in inputs]
    arguments = {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "dilation": dilation,
        "groups": groups,
    }
    ours = conv_transpose2d(*inputs, **arguments)
    assert agree(ours, F.conv_transpose2d(*inputs, **arguments), inputs)


@pytest.mark.parametrize(
    ("channels", "kernel", "stride", "padding", "dilation"), SETTINGS
)
def test_it_is_the_adjoint_of_the_convolution_and_its_gradient(
    channels, kernel, stride, padding, dilation
):
    c, o, groups = channels
    x, weight = draw(2, c, 9, 10), draw(o, c // groups, *kernel, seed=1)
    cx = conv2d(x, weight, None, stride, padding, dilation, groups)
    y = draw(*cx.shape, seed=2)
    arguments = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
    }
    smallest = conv_transpose2d(y, weight, **arguments).shape[2:]
    rest = tuple(n - m for n, m in zip((9, 10), smallest, strict=True))
    cty = conv_transpose2d(y, weight, output_padding=rest, **arguments)
    assert cty.shape == x.shape
    assert abs((cx * y).sum() - (x * cty).sum()) < 1e-10
    dx = conv2d_backward(y, x, weight, stride, padding, dilation, groups).dx
    assert (dx - cty).abs().max() < 1e-10


def test_it_is_the_transposed_matrix_and_no_inverse():
    k, x = draw(3, 3), draw(5, 6, seed=1)
    C = conv_matrix(k, (5, 6))
    y = conv2d(x[None, None], k[None, None])
    back = conv_transpose2d(y, k[None, None])[0, 0]
    assert torch.allclose(back.flatten(), C.T @ y.flatten(), atol=1e-12)
    assert back.shape == x.shape and (back - x).norm() > x.norm()


@pytest.mark.parametrize("kernel", range(1, 8))
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_the_checkerboard_is_there_unless_the_stride_divides_the_kernel(kernel, stride):
    n = 12
    counts = overlap_count(n, kernel, stride)
    ones = torch.ones(1, 1, 1, n)
    weight = torch.ones(1, 1, 1, kernel)
    theirs = F.conv_transpose2d(ones, weight, stride=(1, stride)).flatten()
    assert torch.equal(counts, theirs.long())
    interior = counts[kernel : -kernel or None]
    assert (interior.min() == interior.max()) == (kernel % stride == 0)
    assert counts.sum() == n * kernel
    if kernel < stride:
        assert interior.min() == 0  # positions that nothing writes


def test_padding_cuts_the_count():
    assert torch.equal(overlap_count(5, 4, 2, 1), overlap_count(5, 4, 2)[1:-1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda x, w: conv_transpose2d(x, w, padding=4),
            "padding is 4 and 6 positions",
        ),
        (lambda x, w: conv_transpose2d(x, w, output_padding=1), "between 0 and 0"),
        (lambda x, w: conv_transpose2d(x[:, :1], w), "x has 1 channels .* reads 2"),
        (lambda x, w: conv_transpose2d(x, w, groups=4), "groups is 4 .* 2 input"),
        (lambda x, w: overlap_count(0, 3), "n is 0"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(torch.ones(1, 2, 4, 4), torch.ones(2, 1, 3, 3))
