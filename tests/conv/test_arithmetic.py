"""Sizes against layers of torch, on every case of a grid; modes; errors."""

import itertools

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ift6135_lib.conv import output_size, padding_amounts, transposed_output_size

# n, kernel, stride, padding, dilation: 9 * 5 * 4 * 4 * 3 = 2160 cases
GRID = list(
    itertools.product(
        range(1, 18, 2), (1, 2, 3, 4, 7), (1, 2, 3, 5), (0, 1, 2, 5), (1, 2, 3)
    )
)


def test_output_size_is_that_of_torchs_layers_on_the_whole_grid():
    refused = 0
    for n, k, s, p, d in GRID:
        conv = nn.Conv1d(1, 1, k, s, p, d, device="meta")
        x = torch.empty(1, 1, n, device="meta")
        if d * (k - 1) + 1 > n + 2 * p:
            with pytest.raises(ValueError, match="the kernel spans"):
                output_size(n, k, s, p, d)
            with pytest.raises(RuntimeError, match="Kernel size"):
                conv(x)
            refused += 1
        else:
            assert output_size(n, k, s, p, d) == conv(x).shape[-1], (n, k, s, p, d)
    assert len(GRID) - refused > 1500 and refused > 200


def test_transposed_output_size_is_that_of_torchs_layers():
    refused = 0
    for n, k, s, p, d in GRID:
        for o in range(s):
            raw = (n - 1) * s + d * (k - 1) + 1 + o - 2 * p
            if raw < 1:
                with pytest.raises(ValueError, match="can be cut from each side"):
                    transposed_output_size(n, k, s, p, o, d)
                refused += 1
            else:
                layer = nn.ConvTranspose1d(1, 1, k, s, p, o, dilation=d, device="meta")
                y = layer(torch.empty(1, 1, n, device="meta"))
                assert transposed_output_size(n, k, s, p, o, d) == y.shape[-1]
    assert refused > 50


def test_the_transposed_size_comes_back_to_each_input_size():
    for n, k, s, p, d in GRID:
        if d * (k - 1) + 1 > n + 2 * p:
            continue
        m = output_size(n, k, s, p, d)
        smallest = (m - 1) * s + d * (k - 1) + 1 - 2 * p
        sizes = [
            transposed_output_size(m, k, s, p, o, d)
            for o in range(s)
            if smallest + o >= 1
        ]
        assert n in sizes
        assert all(output_size(size, k, s, p, d) == m for size in sizes)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("k", range(1, 8))
def test_same_keeps_the_size_and_pads_as_torch_does(k, d):
    n = 20
    assert output_size(n, k, padding="same", dilation=d) == n
    x = torch.zeros(1, 1, n, dtype=torch.float64)
    x[0, 0, 0] = 1  # the response to the first pixel says what is before it
    kernel = torch.arange(1.0, k + 1, dtype=torch.float64).reshape(1, 1, k)
    theirs = F.conv1d(x, kernel, padding="same", dilation=d)
    ours = F.conv1d(F.pad(x, padding_amounts("same", k, 1, d)), kernel, dilation=d)
    assert torch.equal(ours, theirs)
    before, after = padding_amounts("same", k, 1, d)
    assert (after - before) == (d * (k - 1)) % 2  # the erratum: only odd spans are even


def test_full_and_valid():
    assert padding_amounts("valid", 5) == (0, 0)
    assert padding_amounts("full", 5, dilation=2) == (8, 8)
    assert output_size(10, 5, padding="full") == 14
    assert output_size(10, 5, padding="valid") == 6


def test_symmetric_padding_of_the_notes_is_one_short_for_even_kernels():
    assert [output_size(10, k, padding=(k - 1) // 2) for k in (3, 4)] == [10, 9]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: output_size(3, 5), "spans 5 .* input 3; .* 2 more zeros.* most 3"),
        (lambda: output_size(3, 3, dilation=2), "spans 5 .* at most 2 taps"),
        (lambda: output_size(0, 1), "n is 0; .* at least 1"),
        (lambda: output_size(5, 0), "kernel is 0"),
        (lambda: output_size(5, 3, 0), "stride is 0"),
        (lambda: output_size(5, 3, 1, -1), "padding is -1"),
        (lambda: output_size(5, 3, dilation=0), "dilation is 0"),
        (lambda: padding_amounts("reflect", 3), "'reflect'.*'valid', 'same', 'full'"),
        (lambda: padding_amounts("same", 3, stride=2), "'same' and stride 2"),
        (lambda: transposed_output_size(3, 3, 2, 0, 2), "between 0 and 1"),
        (lambda: transposed_output_size(1, 3, 1, 2), "padding is 2 and 3 .* most 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
