"""Positions: sines, learned vectors, rotations, vectors for distances."""

import math

import pytest
import torch

from ift6135_lib.transformer import (
    LearnedPositions,
    Rotary,
    ShawAttention,
    SinusoidalPositions,
    angular_frequencies,
    clipped_distances,
    noam_rate,
    rotate,
    sinusoidal_positions,
)
from tests.transformer.parity import close, draw, randomized


def test_the_sines_of_the_paper():
    p = sinusoidal_positions(50, 12)
    for t in (0, 1, 7, 49):
        for i in range(6):
            angle = t / 10_000 ** (2 * i / 12)
            assert p[t, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert p[t, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


@pytest.mark.parametrize("base", [10_000.0, 100.0])
def test_a_shift_is_one_linear_map_for_all_positions(base):
    n, d, k = 40, 16, 7
    p = sinusoidal_positions(n + k, d, base=base).double()
    w = angular_frequencies(d, base)
    shift = torch.zeros(d, d, dtype=torch.float64)
    for i in range(d // 2):
        c, s = torch.cos(k * w[i]), torch.sin(k * w[i])
        block = torch.stack([torch.stack([c, s]), torch.stack([-s, c])])
        shift[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = block
    close(p[:n] @ shift.T, p[k:], 1e-6)
    close(shift @ shift.T, torch.eye(d, dtype=torch.float64))  # a rotation


def test_products_of_sines_depend_on_the_distance_alone():
    p = sinusoidal_positions(60, 32).double()
    products = p @ p.T
    for distance in (0, 1, 10):
        values = products.diagonal(distance)
        assert (values - values[0]).abs().max() < 1e-5
    assert products.diagonal(0)[0] == pytest.approx(16)


def test_positions_are_told_apart():
    p = sinusoidal_positions(512, 32)
    assert torch.cdist(p, p).fill_diagonal_(9).min() > 0.1


def test_the_layers_add_their_positions():
    x = draw(2, 5, 8)
    close(SinusoidalPositions(8)(x), x + sinusoidal_positions(5, 8))
    learned = randomized(LearnedPositions(6, 8).double())
    close(learned(x), x + learned.weight[:5])
    y = learned(x).square().sum()
    (gradient,) = torch.autograd.grad(y, learned.weight)
    assert gradient[:5].abs().sum(1).all() and not gradient[5].any()


def matrix(t, d, base=10_000.0):
    """R_t, written out."""
    r = torch.zeros(d, d, dtype=torch.float64)
    for i in range(d // 2):
        angle = t * base ** (-2 * i / d)
        c, s = math.cos(angle), math.sin(angle)
        r[2 * i, 2 * i], r[2 * i, 2 * i + 1] = c, -s
        r[2 * i + 1, 2 * i], r[2 * i + 1, 2 * i + 1] = s, c
    return r


def test_rotary_positions_are_rotations():
    x = draw(2, 3, 9, 8)
    y = rotate(x, start=4)
    for t in range(9):
        close(y[:, :, t], x[:, :, t] @ matrix(t + 4, 8).T)
    close(y.norm(dim=-1), x.norm(dim=-1))
    close(rotate(x)[:, :, 0], x[:, :, 0])


def test_rotary_scores_depend_on_the_distance_alone():
    q, k = draw(1, 8).expand(30, 8), draw(1, 8, seed=1).expand(30, 8)
    scores = rotate(q) @ rotate(k).T
    for distance in range(-29, 30):
        values = scores.diagonal(distance)
        close(values, values[:1].expand_as(values), 1e-6)
    assert scores.diagonal(1)[0] != pytest.approx(scores.diagonal(-1)[0].item())
    later = rotate(q, 1000) @ rotate(k, 1000).T
    close(later, scores, 1e-6)


def test_rotary_of_a_layer():
    x = draw(1, 2, 5, 6)
    close(Rotary(base=100.0)(x, 3), rotate(x, 3, base=100.0))


@pytest.mark.parametrize("causal", [False, True])
def test_shaws_attention_is_its_sum(causal):
    layer = randomized(ShawAttention(8, 2, reach=2).double())
    x, n, d = draw(2, 6, 8), 6, 4
    q, k, v = (t.unflatten(-1, (2, 4)) for t in layer.qkv(x).chunk(3, -1))
    y = torch.zeros(2, n, 2, d, dtype=torch.float64)
    for b in range(2):
        for h in range(2):
            for i in range(n):
                seen = range(i + 1) if causal else range(n)
                at = [max(-2, min(2, j - i)) + 2 for j in seen]
                scores = torch.stack([
                    q[b, i, h] @ (k[b, j, h] + layer.keys[a]) / 2
                    for j, a in zip(seen, at, strict=True)
                ]).softmax(0)  # fmt: skip
                for weight, j, a in zip(scores, seen, at, strict=True):
                    y[b, i, h] += weight * (v[b, j, h] + layer.values[a])
    close(layer(x, causal=causal), layer.out(y.flatten(2)))


def test_shaws_attention_tells_the_order_but_not_the_place():
    layer = randomized(ShawAttention(8, 2, reach=3).double())
    x = draw(1, 6, 8)
    assert not torch.allclose(layer(x.flip(1)).flip(1), layer(x))
    band = torch.ones(9, 9, dtype=torch.bool).tril(1).triu(-1)
    padded = torch.cat([draw(1, 3, 8, seed=5), x], 1)
    close(layer(padded, mask=band)[:, 5:], layer(x, mask=band[:6, :6])[:, 2:])


def test_distances_are_clipped():
    which = clipped_distances(3, 5, 2)
    for i in range(3):
        for j in range(5):
            assert which[i, j] == max(-2, min(2, j - (i + 2))) + 2


def test_the_learning_rate_of_the_paper():
    rates = [noam_rate(s, d=512) for s in range(1, 20_000)]
    assert max(range(len(rates)), key=rates.__getitem__) + 1 == 4000
    assert rates[3999] == pytest.approx((512 * 4000) ** -0.5)
    assert rates[999] == pytest.approx(rates[3999] / 4)  # up in a line
    assert rates[15_999] == pytest.approx(rates[3999] / 2)  # down as 1/√s
    assert noam_rate(10, d=512, scale=2.0) == pytest.approx(2 * rates[9])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sinusoidal_positions(4, 5), "width is 5; it must be even"),
        (lambda: SinusoidalPositions(3), "width is 3; it must be even"),
        (lambda: sinusoidal_positions(0, 4), "n is 0"),
        (lambda: angular_frequencies(4, 1.0), "base is 1.0; it must be above 1"),
        (lambda: rotate(torch.zeros(2, 3)), "width is 3; it must be even"),
        (
            lambda: LearnedPositions(4, 2)(torch.zeros(1, 5, 2)),
            "5 positions and 4",
        ),
        (lambda: ShawAttention(8, 3), "8 cannot be cut into 3 heads"),
        (lambda: ShawAttention(8, 2, reach=0), "reach is 0"),
        (lambda: noam_rate(0, d=8), "step is 0"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
