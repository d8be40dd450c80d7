"""Transformer-XL: the shift, the scores, and segments against one long pass."""

import math

import pytest
import torch

from ift6135_lib.train import descend, fit
from ift6135_lib.transformer import (
    RelativeAttention,
    TransformerXL,
    XLBlock,
    band_mask,
    relative_shift,
    segments_loss,
    sinusoids,
)

DOUBLE = torch.float64


def randomized(model):
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0, 0.5)
    return model.double()


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 6), (4, 4), (3, 8), (7, 7), (5, 6)])
def test_the_shift_is_index_arithmetic(n, m):
    x = torch.randn(2, 3, n, m)
    y = relative_shift(x)
    assert y.shape == x.shape
    for i in range(n):
        for j in range(m - n + i + 1):
            distance = (m - n + i) - j
            assert (y[..., i, j] == x[..., i, m - 1 - distance]).all()


def test_sinusoids_by_the_formula():
    r = sinusoids(torch.arange(20.0, dtype=DOUBLE), 6)
    for k in range(20):
        for i in range(3):
            angle = k / 10_000 ** (2 * i / 6)
            assert r[k, i].item() == pytest.approx(math.sin(angle), abs=1e-12)
            assert r[k, 3 + i].item() == pytest.approx(math.cos(angle), abs=1e-12)


def test_the_scores_are_the_four_sums():
    n, past, d, heads = 4, 3, 8, 2
    attention = randomized(RelativeAttention(d, heads))
    x, memory = (
        torch.randn(1, n, d, dtype=DOUBLE),
        torch.randn(1, past, d, dtype=DOUBLE),
    )
    weights, _ = attention.weights(x, memory)
    whole = torch.cat([memory, x], 1)[0]
    w_q, w_k, w_v = attention.qkv.weight.chunk(3)
    w_r, e = attention.distance.weight, d // heads
    y = torch.zeros(n, d, dtype=DOUBLE)
    for h in range(heads):
        rows = slice(h * e, (h + 1) * e)
        u, v = attention.u[h, 0], attention.v[h, 0]
        for i in range(n):
            scores = []
            for j in range(past + i + 1):
                distance = torch.tensor([past + i - j], dtype=DOUBLE)
                r = w_r[rows] @ sinusoids(distance, d)[0]
                q, k = w_q[rows] @ x[0, i], w_k[rows] @ whole[j]
                scores.append((q @ k + q @ r + u @ k + v @ r) / math.sqrt(e))
            law = torch.stack(scores).softmax(0)
            found = weights[0, h, i]
            assert (found[: past + i + 1] - law).abs().max() < 1e-12
            assert (found[past + i + 1 :] == 0).all()
            values = torch.stack([w_v[rows] @ whole[j] for j in range(past + i + 1)])
            y[i, rows] = law @ values
    out = attention(x, memory)[0]
    assert (out - y @ attention.out.weight.T).abs().max() < 1e-12


def in_segments(model, tokens, segment):
    logits, memories = [], None
    for part in tokens.split(segment, 1):
        y, memories = model(part, memories)
        logits.append(y)
    return torch.cat(logits, 1)


def staircase(n, segment, memory):
    """A query reads its segment, and the last states before it."""
    i, j = torch.arange(n)[:, None], torch.arange(n)
    start = i // segment * segment
    return (j <= i) & (j >= start - memory)


@pytest.mark.parametrize(
    ("segment", "memory"), [(4, 4), (4, 10), (5, 3), (3, 0), (1, 6)]
)
def test_segments_with_memory_are_one_long_pass(segment, memory):
    torch.manual_seed(2)
    model = randomized(TransformerXL(11, 8, 3, 2, memory=memory)).eval()
    tokens = torch.randint(11, (2, 22))
    with torch.no_grad():
        y = in_segments(model, tokens, segment)
        whole, _ = model(tokens, mask=staircase(22, segment, memory))
        assert (y - whole).abs().max() < 1e-10
        model = model.float()
        y = in_segments(model, tokens, segment)
        whole, _ = model(tokens, mask=staircase(22, segment, memory))
        assert (y - whole).abs().max() <= 1e-5 * whole.abs().max().clamp(min=1)


def test_with_single_tokens_the_mask_is_a_band():
    model = randomized(TransformerXL(11, 8, 2, 2, memory=5))
    tokens = torch.randint(11, (1, 17))
    with torch.no_grad():
        whole, _ = model(tokens, mask=band_mask(17, before=5))
        assert (in_segments(model, tokens, 1) - whole).abs().max() < 1e-10


def test_a_long_memory_is_no_cut_at_all():
    model = randomized(TransformerXL(11, 8, 2, 2, memory=99))
    tokens = torch.randint(11, (2, 15))
    with torch.no_grad():
        whole, memories = model(tokens)
        assert (in_segments(model, tokens, 4) - whole).abs().max() < 1e-10
    assert [m.shape for m in memories] == [(2, 15, 8)] * 2


def test_what_is_seen_grows_with_the_depth():
    """Layer ℓ reaches ℓ · M tokens before the segment."""
    layers, memory, segment = 3, 4, 4
    model = randomized(TransformerXL(11, 8, layers, 2, memory=memory))
    tokens = torch.randint(11, (1, 24))
    with torch.no_grad():
        y = in_segments(model, tokens, segment)[:, 20:]
        for t in range(24):
            other = tokens.clone()
            other[0, t] = (other[0, t] + 1) % 11
            gap = (in_segments(model, other, segment)[:, 20:] - y).abs().amax((0, 2))
            seen = t >= 20 - layers * memory
            assert (gap.max() > 1e-9) == seen, t
            if t > 20:  # causal
                assert gap[: t - 20].max() < 1e-12


def test_the_gradient_stops_at_the_memory():
    model = randomized(TransformerXL(11, 8, 2, 2, memory=6))
    first, second = torch.randint(5, (1, 4)), torch.randint(5, 11, (1, 4))
    _, memories = model(first)
    assert all(not m.requires_grad for m in memories)
    given = [m.clone().requires_grad_() for m in memories]
    logits, _ = model(second, given)
    (logits * torch.randn_like(logits)).sum().backward()
    # read, but not a way for the gradient
    assert all(m.grad is None for m in given)
    changed, _ = model(second, [m + 1 for m in memories])
    assert (changed - logits).abs().max() > 1e-3
    # the weights' gradients are those with the memory held constant
    (again,) = torch.autograd.grad(
        model(second, [m.detach() for m in given])[0].sum(),
        model.blocks[0].attention.qkv.weight,
    )
    model.zero_grad()
    logits, memories = model(first)
    model(second, memories)[0].sum().backward()
    gap = model.blocks[0].attention.qkv.weight.grad - again
    assert gap.abs().max() < 1e-12


def test_only_distances_count():
    """The same past, read at other absolute positions, gives the same logits."""
    model = randomized(TransformerXL(11, 8, 2, 2, memory=6))
    part, end = torch.randint(11, (1, 6)), torch.randint(11, (1, 3))
    with torch.no_grad():
        _, once = model(part)
        _, late = model(part, None)
        y = model(end, once)[0]
        # further tokens that nothing reads do not matter
        mask = band_mask(9, before=99)
        whole = torch.cat([part, end], 1)
        assert (model(whole, mask=mask)[0][:, 6:] - y).abs().max() < 1e-10
        assert (model(end, late)[0] - y).abs().max() == 0


def test_what_layers_share_is_counted_once():
    d, v, layers, hidden = 8, 11, 3, 32
    model = TransformerXL(v, d, layers, 2, memory=4, device="meta")
    block = 5 * d**2 + (2 * d * hidden + hidden + d) + 4 * d
    expected = v * d + v + layers * block + 2 * d
    assert sum(p.numel() for p in model.parameters()) == expected


def test_the_loss_is_the_mean_over_the_text():
    model = randomized(TransformerXL(11, 8, 2, 2, memory=5))
    text = torch.randint(11, (3, 14))
    logits = in_segments(model, text[:, :-1], 4)
    law = logits.log_softmax(-1).gather(-1, text[:, 1:, None])
    found = segments_loss(model, (text,), segment=4)["loss"]
    assert (found + law.mean()).abs() < 1e-12


def test_it_copies_from_the_segment_before():
    """The second segment repeats the first: only the memory knows it."""
    losses = []
    for memory in (4, 0):
        torch.manual_seed(0)
        model = TransformerXL(4, 16, 2, 2, memory=memory)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        generator = torch.Generator().manual_seed(0)

        def batches(generator=generator):
            while True:
                part = torch.randint(4, (32, 4), generator=generator)
                yield (part.repeat(1, 2),)

        step = descend(lambda batch, m=model: segments_loss(m, batch, 4), optimizer)
        history = fit(step, batches(), steps=200)
        losses.append(sum(history["loss"][-20:]) / 20)
    # of 7 tokens to predict, 3 are new; without memory, 3 more are as if they were
    with_it, without = 3 / 7 * math.log(4), 6 / 7 * math.log(4)
    assert with_it - 0.05 < losses[0] < without - 0.2
    assert losses[1] > without - 0.05


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sinusoids(torch.zeros(1), 3), "d is 3; .* even width"),
        (lambda: RelativeAttention(8, 3), "3 heads"),
        (lambda: RelativeAttention(9, 3), "d is 9; .* even width"),
        (lambda: XLBlock(8, 2, dropout=1.0), "dropout is 1.0"),
        (lambda: TransformerXL(5, 8, 2, 2, memory=-1), "memory is -1"),
        (lambda: TransformerXL(5, 8, 0, 2, memory=1), "layers is 0"),
        (lambda: small()(torch.zeros(1, 0).long()), "empty"),
        (lambda: small()(torch.tensor([[5]])), "token 5"),
        (
            lambda: small()(torch.tensor([[1]]), [torch.zeros(1, 1, 8)]),
            "1 memories for 2 layers",
        ),
        (
            lambda: segments_loss(small(), (torch.zeros(1, 1).long(),), 2),
            "no next one",
        ),
        (
            lambda: segments_loss(small(), (torch.zeros(1, 5).long(),), 0),
            "segment is 0",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def small():
    return TransformerXL(5, 8, 2, 2, memory=3)
