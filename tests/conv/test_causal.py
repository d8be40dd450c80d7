"""Causal convolution: against torch's and a loop, and what it may not see."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from ift6135_lib.conv import CausalConv1d, causal_conv1d, causal_receptive_field

CASES = [  # in, out, kernel, dilation, groups
    (1, 1, 1, 1, 1),
    (3, 5, 2, 1, 1),
    (3, 5, 2, 8, 1),
    (4, 6, 3, 4, 2),
    (4, 4, 5, 3, 4),
]


def make(d_in, d_out, k, d, groups):
    return CausalConv1d(d_in, d_out, k, dilation=d, groups=groups).double()


def by_definition(x, weight, bias, d, groups):
    """The sum of the docstring, tap after tap, in NumPy."""
    batch, _, length = x.shape
    out, per_group, k = weight.shape
    y = np.empty((batch, out, length))
    for o in range(out):
        first = o // (out // groups) * per_group
        for t in range(length):
            y[:, o, t] = bias[o]
            for j in range(k):
                s = t - d * (k - 1 - j)
                if s >= 0:
                    y[:, o, t] += x[:, first : first + per_group, s] @ weight[o, :, j]
    return y


@pytest.mark.parametrize("case", CASES)
def test_the_sum_of_its_definition(case):
    conv = make(*case)
    x = torch.randn(2, case[0], 17, dtype=torch.float64)
    expected = by_definition(
        x.numpy(), conv.weight.detach().numpy(), conv.bias.detach().numpy(), *case[3:]
    )
    torch.testing.assert_close(
        conv(x).detach(), torch.from_numpy(expected), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("case", CASES)
def test_torch_s_convolution_cut_short_values_and_gradients(case):
    d_in, d_out, k, d, groups = case
    conv = make(*case)
    theirs = torch.nn.Conv1d(
        d_in, d_out, k, dilation=d, groups=groups, padding=d * (k - 1)
    ).double()
    theirs.load_state_dict(conv.state_dict())
    x = torch.randn(2, d_in, 20, dtype=torch.float64)
    weights = torch.randn(2, d_out, 20, dtype=torch.float64)
    results = []
    for module, cut in ((conv, slice(None)), (theirs, slice(0, 20))):
        x_ = x.clone().requires_grad_()
        y = module(x_)[..., cut]
        (y * weights).sum().backward()
        results.append([y, x_.grad, module.weight.grad, module.bias.grad])
    for ours, torch_s in zip(*results, strict=True):
        torch.testing.assert_close(ours, torch_s, rtol=0, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_no_output_sees_the_future_nor_beyond_its_field(case):
    conv = make(*case)
    x = torch.randn(1, case[0], 25, dtype=torch.float64, requires_grad=True)
    y, r = conv(x), conv.receptive_field
    for t in range(25):
        (gradient,) = torch.autograd.grad(y[0, :, t].sum(), x, retain_graph=True)
        seen = gradient[0].abs().sum(0)
        assert not seen[t + 1 :].any()  # exactly zero
        assert not seen[: max(0, t - r + 1)].any()
        if t >= r - 1:
            assert seen[t] > 0 and seen[t - r + 1] > 0


@pytest.mark.parametrize("case", CASES)
def test_step_by_step_is_the_whole_sequence(case):
    conv = make(*case)
    x = torch.randn(3, case[0], 30, dtype=torch.float64)
    ring = conv.ring(3)
    with torch.no_grad():
        y = torch.stack([conv.step(x_t, ring) for x_t in x.unbind(-1)], -1)
        torch.testing.assert_close(y, conv(x), rtol=0, atol=1e-12)
    assert ring.values.shape == (3, case[0], conv.receptive_field - 1)


def test_a_dilated_kernel_is_a_longer_one_with_zeros_inside():
    x = torch.randn(2, 3, 20, dtype=torch.float64)
    weight = torch.randn(4, 3, 3, dtype=torch.float64)
    stuffed = torch.zeros(4, 3, 7, dtype=torch.float64)
    stuffed[..., ::3] = weight
    torch.testing.assert_close(
        causal_conv1d(x, weight, dilation=3), causal_conv1d(x, stuffed), atol=1e-12,
        rtol=0,
    )  # fmt: skip


def test_a_shifted_input_gives_the_shifted_output():
    conv = make(2, 3, 3, 2, 1)
    x = torch.randn(1, 2, 15, dtype=torch.float64)
    later = F.pad(x, (4, 0))
    torch.testing.assert_close(conv(later)[..., 4:], conv(x), rtol=0, atol=1e-12)


def test_gradcheck():
    x = torch.randn(1, 2, 6, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(2, 2, 2, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda *args: causal_conv1d(*args, dilation=2), (x, weight, bias)
    )


def test_the_field_of_a_stack_is_the_support_of_its_gradient():
    generator = np.random.default_rng(0)
    for _ in range(30):
        k = int(generator.integers(1, 5))
        dilations = generator.integers(1, 9, size=generator.integers(1, 5)).tolist()
        net = torch.nn.Sequential(
            *(CausalConv1d(1, 1, k, dilation=d, bias=False) for d in dilations)
        ).double()
        for conv in net:
            conv.weight.data.abs_()  # no cancellation
        r = causal_receptive_field(k, dilations)
        x = torch.randn(1, 1, r + 5, dtype=torch.float64, requires_grad=True)
        net(x)[0, 0, -1].backward()
        used = x.grad[0, 0].nonzero().flatten()
        assert used[-1] == r + 4 and r + 4 - used[0] + 1 == r


def test_the_fields_of_the_papers():
    doubling = [2**i for i in range(10)]
    assert causal_receptive_field(2, doubling) == 1024  # WaveNet, section 2.1
    assert causal_receptive_field(2, []) == 1
    assert causal_receptive_field(3, [1, 1, 1, 1]) == 9
    assert causal_receptive_field(3, [1, 2, 4, 8]) == 31


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CausalConv1d(1, 1, 0), "kernel_size .* ≥ 1, got 0"),
        (lambda: CausalConv1d(1, 1, 2, dilation=0), "dilation .* ≥ 1, got 0"),
        (lambda: CausalConv1d(1, 1, 2, dilation=-3), "dilation .* got -3"),
        (lambda: CausalConv1d(0, 1, 2), "in_channels .* got 0"),
        (lambda: CausalConv1d(3, 4, 2, groups=2), "divisible by groups"),
        (lambda: causal_receptive_field(2, [1, -2]), "dilation .* got -2"),
        (lambda: causal_receptive_field(True, [1]), "kernel_size .* got True"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
