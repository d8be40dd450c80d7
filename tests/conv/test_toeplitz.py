"""The matrix of a convolution: its product, its diagonals, its zeros; errors."""

import pytest
import torch
from scipy import linalg, signal
from torch import nn
from torch.nn import functional as F

from ift6135_lib.conv import LocallyConnected2d, conv_matrix, macs
from tests.conv.cases import draw

SETTINGS = [
    (1, 0, 1),
    (1, "same", 1),
    (1, "full", 1),
    (2, 1, 1),
    (1, "same", 2),
    (3, 2, 2),
]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even")
@pytest.mark.parametrize(("stride", "padding", "dilation"), SETTINGS)
@pytest.mark.parametrize("taps", [1, 2, 3, 4])
def test_in_one_dimension_it_is_the_convolution(taps, stride, padding, dilation):
    k, x = draw(taps).requires_grad_(), draw(11, seed=1)
    zeros = dilation * (taps - 1) if padding == "full" else padding
    theirs = F.conv1d(
        x[None, None], k[None, None], None, stride, zeros, dilation
    ).flatten()
    ours = conv_matrix(k, 11, stride, padding, dilation) @ x
    assert (ours - theirs).abs().max() < 1e-10
    dy = draw(*ours.shape, seed=2)
    gradients = [torch.autograd.grad(y, k, dy)[0] for y in (ours, theirs)]
    assert (gradients[0] - gradients[1]).abs().max() < 1e-10


@pytest.mark.parametrize(
    ("stride", "padding", "dilation"),
    [
        (1, 0, 1),
        (1, "full", 1),
        ((2, 1), (1, 0), 1),
        (1, "same", (1, 2)),
        (2, (0, 2), (2, 1)),
    ],
)
@pytest.mark.parametrize("kernel", [(3, 3), (2, 3), (1, 1)])
def test_in_two_dimensions_it_is_the_convolution(kernel, stride, padding, dilation):
    k, x = draw(*kernel), draw(6, 7, seed=1)
    zeros = padding
    if padding == "full":
        zeros = tuple(taps - 1 for taps in kernel)
    theirs = F.conv2d(x[None, None], k[None, None], None, stride, zeros, dilation)
    C = conv_matrix(k, (6, 7), stride, padding, dilation)
    assert (C @ x.flatten() - theirs.flatten()).abs().max() < 1e-10


def test_it_is_scipys_toeplitz_matrix_for_a_true_convolution():
    k = draw(3)
    theirs = torch.tensor(linalg.convolution_matrix(k.numpy(), 6, "full"))
    assert torch.equal(conv_matrix(k.flip(0), 6, padding="full"), theirs)


def test_it_is_doubly_block_toeplitz():
    C = conv_matrix(draw(2, 3), (5, 6))
    # (ij, uv) -> (i, j, u, v) -> (i, u, j, v): 4 × 5 blocks of 4 × 6
    blocks = C.reshape(4, 4, 5, 6).transpose(1, 2)
    for i in range(3):
        for u in range(4):
            assert torch.equal(blocks[i, u], blocks[i + 1, u + 1])
    for block in blocks.flatten(0, 1):
        assert torch.equal(block[1:, 1:], block[:-1, :-1])


def test_the_zeros_save_multiplications_and_the_sharing_does_not():
    """As many non-zeros as multiplications; sharing changes parameters alone."""
    C = conv_matrix(draw(3, 3), (8, 8))
    conv = nn.Conv2d(1, 1, 3, bias=False)
    local = LocallyConnected2d(1, 1, 8, 3, bias=False)
    multiplications = int((C != 0).sum())
    assert multiplications == macs(conv, (1, 8, 8)) == macs(local, (1, 8, 8)) == 324
    assert len(C.unique()) - 1 == conv.weight.numel() == 9
    assert local.weight.numel() == multiplications
    assert C.numel() == 36 * 64  # without the zeros' saving


def test_a_long_one_agrees_with_scipy():
    k, x = draw(17), draw(200, seed=1)
    theirs = torch.tensor(signal.correlate(x.numpy(), k.numpy(), "valid"))
    assert (conv_matrix(k, (200,)) @ x - theirs).abs().max() < 1e-10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv_matrix(torch.ones(3), (4, 4)), "the kernel has 1 axes; give 1"),
        (lambda: conv_matrix(torch.ones(3, 3), 4), "the kernel has 2 axes; give 2"),
        (lambda: conv_matrix(torch.ones(5), 4), "the kernel spans 5"),
        (lambda: conv_matrix(torch.ones(3), 4, padding="odd"), "padding is 'odd'"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
