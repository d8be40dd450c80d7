"""Attention against PyTorch's and a loop; what it may not read; masks; cache."""

import math

import pytest
import torch
import torch.nn.functional as F

from ift6135_lib.transformer import (
    KVCache,
    attention,
    attention_weights,
    band_mask,
    causal_mask,
    padding_mask,
)
from tests.transformer.parity import close, draw, gradients

SHAPES = [
    ((), 1, 1, 1, 1),
    ((2,), 5, 7, 4, 6),
    ((2, 3), 9, 9, 8, 3),
    ((3,), 1, 6, 5, 5),
]


def inputs(batch, n, m, d, e):
    q, k, v = draw(*batch, n, d), draw(*batch, m, d, seed=1), draw(*batch, m, e, seed=2)
    return [t.requires_grad_() for t in (q, k, v)]


def by_definition(q, k, v, temperature=1.0, may=lambda i, j: True):
    """One query and one key after the other."""
    n, m, d = len(q), len(k), q.shape[1]
    y = torch.zeros(n, v.shape[1], dtype=q.dtype)
    for i in range(n):
        scores = [
            math.exp(sum(float(q[i, c] * k[j, c]) for c in range(d))
                     / (temperature * math.sqrt(d))) if may(i, j) else 0.0
            for j in range(m)
        ]  # fmt: skip
        for j in range(m):
            if scores[j]:
                y[i] += scores[j] / sum(scores) * v[j]
    return y


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_it_is_the_sum_of_its_definition(fused, temperature):
    q, k, v = (t.detach() for t in inputs((), 5, 7, 4, 6))
    options = {"fused": fused, "temperature": temperature}
    close(attention(q, k, v, **options), by_definition(q, k, v, temperature))
    past = by_definition(q, k, v, temperature, lambda i, j: j <= i + 2)
    close(attention(q, k, v, causal=True, **options), past)
    odd = torch.arange(7) % 2 == 1
    expected = by_definition(q, k, v, temperature, lambda i, j: j % 2 == 1)
    close(attention(q, k, v, odd, **options), expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fused", [False, True])
def test_values_and_gradients_are_pytorchs(shape, fused):
    q, k, v = inputs(*shape)
    batch, n, m = shape[:3]
    bias = draw(*batch, n, m, seed=3)
    mask = draw(*batch, n, m, seed=4) > -0.5
    mask[..., 0] = True
    for ours, theirs in [
        ({}, {}),
        ({"mask": mask}, {"attn_mask": mask}),
        ({"bias": bias}, {"attn_mask": bias}),
        (
            {"mask": mask, "bias": bias},
            {"attn_mask": bias.masked_fill(~mask, -math.inf)},
        ),
        ({"temperature": 0.5}, {"scale": 2 / math.sqrt(shape[3])}),
        *([({"causal": True}, {"is_causal": True})] if n == m else []),
    ]:
        y = attention(q, k, v, fused=fused, **ours)
        expected = F.scaled_dot_product_attention(q, k, v, **theirs)
        close(y, expected)
        pairs = zip(
            gradients(y, (q, k, v)), gradients(expected, (q, k, v)), strict=True
        )
        for a, b in pairs:
            close(a, b)


@pytest.mark.parametrize("shape", SHAPES)
def test_both_ways_give_the_same_in_single_precision(shape):
    q, k, v = (t.detach().float() for t in inputs(*shape))
    for causal in (False, True) if shape[1] <= shape[2] else (False,):
        one, other = (attention(q, k, v, causal=causal, fused=f) for f in (False, True))
        close(one, other, 1e-6)


def test_rows_of_the_map_sum_to_one():
    q, k, _ = inputs((2, 3), 5, 7, 4, 6)
    mask = draw(5, 7, seed=4) > 0
    mask[:, 2] = True
    weights = attention_weights(q, k, mask, bias=draw(3, 5, 7), temperature=0.7)
    assert (weights.sum(-1) - 1).abs().max() < 1e-12
    assert not weights[..., ~mask].any() and (weights >= 0).all()


@pytest.mark.parametrize("fused", [False, True])
def test_a_query_that_may_read_nothing_gets_zero_and_a_gradient_of_zero(fused):
    q, k, v = inputs((2,), 4, 5, 3, 3)
    mask = torch.ones(2, 4, 5, dtype=torch.bool)
    mask[0, 1] = False
    for bias in (None, draw(4, 5, seed=7)):
        y = attention(q, k, v, mask, bias=bias, fused=fused)
        assert not y[0, 1].any() and y[0, 0].any()
        dq, dk, dv = torch.autograd.grad(y.sin().sum(), (q, k, v))
        assert not dq[0, 1].any() and dq[0, 0].any()
        assert all(g.isfinite().all() for g in (dq, dk, dv))
    assert not attention_weights(q, k, mask)[0, 1].any()


def test_orthogonal_keys_are_looked_up_exactly_when_the_temperature_falls():
    keys, values = torch.eye(6, dtype=torch.float64), draw(6, 3)
    y = attention(keys[[4, 1]], keys, values, temperature=1e-3)
    assert torch.equal(y, values[[4, 1]])
    flat = attention(keys[[4, 1]], keys, values, temperature=1e9)
    close(flat, values.mean(0).expand(2, 3), 1e-8)


def test_temperature_one_is_the_standard_and_entropy_grows_with_it():
    q, k, _ = inputs((), 5, 7, 4, 6)
    close(attention_weights(q, k), (q @ k.T / 2).softmax(-1))
    entropies = []
    for t in (0.01, 0.1, 1.0, 10.0, 100.0):
        w = attention_weights(q, k, temperature=t)
        entropies.append(torch.special.entr(w).sum(-1).mean().item())
    assert entropies == sorted(entropies) and entropies[-1] <= math.log(7)


def test_the_root_keeps_the_variance_of_the_scores():
    for d in (4, 64, 512):
        q, k = draw(400, d), draw(400, d, seed=1)
        assert (q @ k.T).var().item() == pytest.approx(d, rel=0.05)


def test_permuted_positions_give_the_permuted_output():
    q, k, v = inputs((2,), 6, 6, 4, 4)
    order = torch.tensor([3, 1, 5, 0, 2, 4])
    y = attention(q[:, order], k[:, order], v[:, order])
    close(y, attention(q, k, v)[:, order])


@pytest.mark.parametrize("fused", [False, True])
def test_the_future_is_not_read(fused):
    q, k, v = inputs((1,), 6, 6, 4, 4)
    y = attention(q, k, v, causal=True, fused=fused)
    for i in range(6):
        dk, dv = torch.autograd.grad(y[0, i].sum(), (k, v), retain_graph=True)
        assert not dk[0, i + 1 :].any() and not dv[0, i + 1 :].any()
        assert dv[0, : i + 1].abs().sum(-1).all()


def test_gradcheck():
    q, k, v = inputs((2,), 3, 4, 2, 2)
    mask = torch.tensor([[True, False, True, True]])
    assert torch.autograd.gradcheck(
        lambda *t: attention(*t, mask, temperature=0.8), (q, k, v)
    )


def test_dropped_weights_have_the_same_mean():
    q, k, v = (t.detach() for t in inputs((), 3, 4, 2, 2))
    for fused in (False, True):
        ys = [attention(q, k, v, dropout=0.5, fused=fused) for _ in range(4000)]
        y = torch.stack(ys)
        assert y.var(0).min() > 0
        assert (y.mean(0) - attention(q, k, v)).abs().max() < 0.1


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.inf, math.nan])
@pytest.mark.parametrize("fused", [False, True])
def test_temperatures_that_make_no_sense_are_refused(temperature, fused):
    q, k, v = inputs((), 2, 2, 2, 2)
    with pytest.raises(ValueError, match="temperature is .* must be above 0"):
        attention(q, k, v, temperature=temperature, fused=fused)


def test_masks_and_rates_that_do_not_fit_are_refused():
    q, k, v = inputs((2,), 3, 4, 2, 2)
    for shape in ((4, 3), (3, 3), (3, 3, 4), (2, 1, 3, 4)):
        with pytest.raises(ValueError, match=r"the mask has the shape .*\(2, 3, 4\)"):
            attention(q, k, v, torch.ones(shape, dtype=torch.bool))
    with pytest.raises(ValueError, match=r"dropout is 1\.0; it must be"):
        attention(q, k, v, dropout=1.0)


def test_causal_mask():
    for n, m in ((1, 1), (4, 4), (2, 5)):
        mask = causal_mask(n, m)
        for i in range(n):
            for j in range(m):
                assert mask[i, j] == (j <= i + m - n)
    q, k, v = inputs((2,), 3, 5, 2, 2)
    close(attention(q, k, v, causal_mask(3, 5)), attention(q, k, v, causal=True))


def test_padding_mask_makes_a_padded_batch_equal_to_its_sequences_alone():
    q, k, v = inputs((2, 1), 5, 5, 4, 4)
    lengths = torch.tensor([3, 5])
    y = attention(q, k, v, padding_mask(lengths))
    for i, n in enumerate(lengths.tolist()):
        alone = attention(q[i, :, :n], k[i, :, :n], v[i, :, :n])
        close(y[i, :, :n], alone)
    assert padding_mask(lengths, 7).shape == (2, 1, 1, 7)


def test_band_mask():
    for n, m, before, after in ((5, 5, 1, 0), (4, 6, 2, 1), (3, 3, 0, 9)):
        mask = band_mask(n, before, after, m=m)
        for i in range(n):
            for j in range(m):
                assert mask[i, j] == (-before <= j - (i + m - n) <= after)
    assert torch.equal(band_mask(6, before=6), causal_mask(6))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: causal_mask(0), "n is 0; it must be a whole number ≥ 1"),
        (lambda: causal_mask(3, 2), "2 keys for 3 queries"),
        (lambda: band_mask(3, -1), "reaches -1 before and 0 after"),
        (lambda: band_mask(3, 1, m=2), "2 keys for 3 queries"),
        (lambda: padding_mask(torch.tensor([2, 4]), 3), r"lengths are \[2, 4\]"),
        (lambda: padding_mask(torch.tensor([-1, 4])), "between 0 and 4"),
        (lambda: KVCache(1, 2, 0, 4), "room is 0"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_cache_gives_back_all_that_it_was_given():
    k, v = draw(2, 3, 7, 4), draw(2, 3, 7, 4, seed=1)
    cache = KVCache(2, 3, 7, 4, dtype=torch.float64)
    for start, end in ((0, 3), (3, 4), (4, 7)):
        keys, values = cache.append(k[:, :, start:end], v[:, :, start:end])
        assert torch.equal(keys, k[:, :, :end])
        assert torch.equal(values, v[:, :, :end])
    with pytest.raises(ValueError, match="8 positions do not fit in a cache of 7"):
        cache.append(k[:, :, :1], v[:, :, :1])
