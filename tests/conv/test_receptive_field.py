"""The recursion against the support of autograd's gradient; VGG-16; dilation."""

import pytest
import torch
from torch import nn

from ift6135_lib.conv import (
    DepthwiseSeparableConv2d,
    ReceptiveField,
    Window,
    output_size,
    receptive_field,
    receptive_field_of,
)


def stack(layers, kind=nn.Conv1d):
    """A chain of convolutions with positive weights: no path cancels another."""
    convs = [kind(1, 1, *window, bias=False).double() for window in layers]
    for conv in convs:
        nn.init.uniform_(conv.weight, 0.5, 1.5)
        conv.weight.data /= conv.weight.sum()
    return nn.Sequential(*convs)


def support(model, n, i):
    """First and last input that output i depends on, by autograd."""
    x = torch.ones(1, 1, n, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(model(x)[0, 0, i], x)
    places = gradient[0, 0].nonzero().flatten().tolist()
    return places[0], places[-1]


@pytest.mark.parametrize("seed", range(200))
def test_it_is_the_support_of_the_gradient_on_random_stacks(seed):
    generator = torch.Generator().manual_seed(seed)

    def choose(low, high):
        return int(torch.randint(low, high + 1, (), generator=generator))

    layers = []
    for _ in range(choose(1, 5)):
        kernel, dilation = choose(1, 5), choose(1, 3)
        padding = choose(0, dilation * (kernel - 1) // 2)
        layers.append((kernel, choose(1, 3), padding, dilation))
    field = receptive_field(layers)
    model = stack(layers)
    assert receptive_field_of(model) == field
    # large enough that the fields of two outputs lie inside
    n = field.size - 2 * field.start + 4 * field.jump
    m = n
    for window in layers:
        m = output_size(m, *window)
    first = -(field.start // field.jump)  # the first output that sees no padding
    for i in (first, first + 1):
        assert i < m
        inside = field.of(i)
        assert support(model, n, i) == (inside[0], inside[-1])
    assert field.centre == field.start + (field.size - 1) / 2
    # at the border what lies in the padding is cut off
    if all(dilation == 1 and stride <= k for k, stride, _, dilation in layers):
        seen = [u for u in field.of(0) if 0 <= u < n]
        assert support(model, n, 0) == (seen[0], seen[-1])


def test_the_recursion_of_the_notes():
    """Two layers: r_1 = k_1, r_2 = r_1 + (k_2 - 1) s_1; two 3s make 5."""
    assert receptive_field([(3,), (3,)]).size == 5
    assert receptive_field([(3, 2), (3,)]).size == 3 + 2 * 2
    assert receptive_field([]) == ReceptiveField(1, 1, 0)


@pytest.mark.parametrize(("dilations", "size"), [((1, 2, 4, 8), 31), ((1,) * 4, 9)])
def test_dilation_sees_further_in_as_many_layers(dilations, size):
    layers = [Window(3, dilation=d) for d in dilations]
    assert receptive_field(layers).size == size
    assert support(stack(layers), 64, 5) == (5, 5 + size - 1)


def test_vgg_16():
    conv, pool = (3, 1, 1), (2, 2)
    layers = []
    for convolutions in (2, 2, 3, 3, 3):
        layers += [conv] * convolutions + [pool]
    assert receptive_field(layers).size == 212  # pool5
    assert receptive_field(layers[:-1]).size == 196  # conv5_3
    assert receptive_field(layers).jump == 32
    modules = [
        nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, device="meta"), nn.ReLU())
        if layer == conv
        else nn.MaxPool2d(2)
        for layer in layers
    ]
    assert receptive_field_of(nn.Sequential(*modules)) == receptive_field(layers)


def test_each_axis_has_its_own_field():
    model = nn.Sequential(
        nn.Conv2d(1, 4, (3, 5), (1, 2), (1, 0)),
        nn.BatchNorm2d(4),
        nn.MaxPool2d((2, 3), (2, 1), dilation=(1, 2)),
        nn.AvgPool2d(2),
        DepthwiseSeparableConv2d(4, 8, 3, padding="same"),
    )
    rows = [(3, 1, 1), (2, 2), (2, 2), (3, 1, 1)]
    columns = [(5, 2, 0), (3, 1, 0, 2), (2, 2), (3, 1, 1)]
    assert receptive_field_of(model, axis=-2) == receptive_field(rows)
    assert receptive_field_of(model) == receptive_field(columns)
    assert receptive_field_of(model, axis=0) == receptive_field(rows)


def test_same_padding_of_an_even_kernel_starts_one_later():
    assert receptive_field([(4, 1, "same")]) == ReceptiveField(4, 1, -1)
    layer = nn.Conv1d(1, 1, 4, padding="same")
    assert receptive_field_of(layer) == ReceptiveField(4, 1, -1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: receptive_field([(3, 1, 0, 1, 1)]), "a layer is .3, 1, 0, 1, 1."),
        (lambda: receptive_field([()]), r"a layer is \(\)"),
        (lambda: receptive_field([(0,)]), "kernel is 0"),
        (lambda: receptive_field([(3, 0)]), "stride is 0"),
        (lambda: receptive_field([(3, 1, -1)]), "padding is -1"),
        (lambda: receptive_field_of(nn.Linear(2, 2)), "Linear is not part of a chain"),
        (lambda: receptive_field_of(nn.Conv1d(1, 1, 3), -2), "axis is -2; .* 1 axes"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
