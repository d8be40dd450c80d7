"""The layer by Fourier transforms: torch's and scipy's, values and gradients."""

import pytest
import torch
from scipy import signal
from torch.nn import functional as F

from ift6135_lib.conv import conv2d_fft
from tests.conv.cases import agree, draw, layer

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even")


@pytest.mark.parametrize("padding", [0, 1, (3, 0), "same", "valid"])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4), (1, 1), (9, 10), (8, 7)])
def test_it_is_torchs_with_its_gradients(kernel, padding):
    inputs = layer((2, 3, 1), kernel)
    ours = conv2d_fft(*inputs, padding=padding)
    assert agree(ours, F.conv2d(*inputs, padding=padding), inputs)


def test_full_is_scipys():
    x, k = draw(6, 7), draw(3, 4, seed=1)
    ours = conv2d_fft(x[None, None], k[None, None], padding="full")[0, 0]
    theirs = torch.tensor(signal.correlate2d(x.numpy(), k.numpy(), "full"))
    assert torch.allclose(ours, theirs, atol=1e-12)


def test_bad_arguments_are_named():
    x, w = torch.ones(1, 2, 4, 4), torch.ones(3, 2, 5, 5)
    with pytest.raises(ValueError, match="the kernel spans 5"):
        conv2d_fft(x, w)
    with pytest.raises(ValueError, match="x has 2 channels and the weight reads 1"):
        conv2d_fft(x, w[:, :1], padding=2)
