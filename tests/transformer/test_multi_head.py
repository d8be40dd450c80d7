"""Multi-head attention against PyTorch's: values, gradients, maps; its cache."""

import pytest
import torch
from torch import nn

from ift6135_lib.transformer import MultiHeadAttention, Rotary, causal_mask
from ift6135_lib.transformer import attention_weights as maps
from tests.transformer.parity import close, count, draw, gradients, randomized

CASES = [(6, 1, True), (12, 3, True), (12, 4, False), (16, 16, True)]


def pair(d, heads, bias):
    """Ours and PyTorch's, with the same weights."""
    ours = randomized(MultiHeadAttention(d, heads, bias=bias).double())
    theirs = nn.MultiheadAttention(d, heads, bias=bias, batch_first=True).double()
    theirs.in_proj_weight.data = ours.qkv.weight.data.clone()
    theirs.out_proj.weight.data = ours.out.weight.data.clone()
    if bias:
        theirs.in_proj_bias.data = ours.qkv.bias.data.clone()
        theirs.out_proj.bias.data = ours.out.bias.data.clone()
    return ours, theirs


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_pytorchs(case, cross, fused):
    ours, theirs = pair(*case)
    ours.fused = fused
    x = draw(2, 5, case[0]).requires_grad_()
    memory = draw(2, 7, case[0], seed=1).requires_grad_() if cross else x
    hidden = torch.zeros(2, memory.shape[1], dtype=torch.bool)
    hidden[1, -2:] = True
    y = ours(x, memory if cross else None, mask=~hidden[:, None, None])
    expected, weights = theirs(
        x, memory, memory, key_padding_mask=hidden, average_attn_weights=False
    )
    close(y, expected)
    made = ours.weights(x, memory if cross else None, mask=~hidden[:, None, None])
    close(made, weights)
    inputs = (x, memory) if cross else (x,)
    for a, b in zip(gradients(y, inputs), gradients(expected, inputs), strict=True):
        close(a, b)
    mine = gradients(ours(x, memory if cross else None), list(ours.parameters()))
    reference = [
        theirs.in_proj_weight,
        theirs.in_proj_bias,
        *theirs.out_proj.parameters(),
    ]
    reference = [p for p in reference if p is not None]
    others = gradients(theirs(x, memory, memory)[0], reference)
    for a, b in zip(mine, others, strict=True):
        close(a, b)


@pytest.mark.parametrize("fused", [False, True])
def test_causal_attention_is_pytorchs(fused):
    ours, theirs = pair(12, 3, True)
    ours.fused = fused
    x = draw(2, 6, 12)
    expected = theirs(x, x, x, attn_mask=~causal_mask(6), need_weights=False)[0]
    close(ours(x, causal=True), expected)
    close(ours(x, mask=causal_mask(6)), expected)


def test_parameters():
    for d, heads in ((8, 2), (512, 8)):
        assert count(MultiHeadAttention(d, heads)) == 4 * d**2 + 4 * d
        assert count(MultiHeadAttention(d, heads, bias=False)) == 4 * d**2
    wide = MultiHeadAttention(8, 2, head_dim=16, bias=False)
    assert count(wide) == 4 * 8 * 32
    assert wide(torch.zeros(1, 3, 8)).shape == (1, 3, 8)


@pytest.mark.parametrize("rotate", [None, Rotary()])
@pytest.mark.parametrize("pieces", [(1,) * 7, (4, 1, 2), (7,)])
def test_piece_by_piece_with_a_cache_is_the_whole(rotate, pieces):
    layer = randomized(MultiHeadAttention(12, 3, rotate=rotate).double())
    x, cache, ys = draw(2, 7, 12), layer.cache(2, 9), []
    for piece in x.split(pieces, 1):
        ys.append(layer(piece, causal=True, cache=cache))
    close(torch.cat(ys, 1), layer(x, causal=True), 1e-12)
    assert cache.length == 7


def test_heads_work_apart():
    layer = randomized(MultiHeadAttention(8, 2).double())
    x = draw(1, 5, 8)
    whole = layer.weights(x)
    q, k, _ = (t.unflatten(-1, (2, 4)) for t in layer.qkv(x).chunk(3, -1))
    for h in range(2):
        close(whole[:, h], maps(q[:, :, h], k[:, :, h]))


def test_temperature_and_dropout_reach_the_attention():
    torch.manual_seed(0)
    cold = randomized(MultiHeadAttention(8, 2, temperature=1e-4).double())
    assert cold.weights(draw(1, 5, 8)).amax(-1).min() > 0.999
    dropping = randomized(MultiHeadAttention(8, 2, dropout=0.5).double())
    x = draw(1, 5, 8)
    assert not torch.equal(dropping(x), dropping(x))
    dropping.eval()
    assert torch.equal(dropping(x), dropping(x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"d": 10, "heads": 3}, r"10 cannot be cut into 3 heads.*\[1, 2, 5, 10\]"),
        ({"d": 8, "heads": 0}, "heads is 0"),
        ({"d": 0, "heads": 1}, "d is 0"),
        ({"d": 8, "heads": 2, "dropout": 1.5}, "dropout is 1.5"),
        ({"d": 8, "heads": 2, "temperature": 0.0}, "temperature is 0.0"),
        ({"d": 8, "heads": 2, "head_dim": 0}, "head_dim is 0"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        MultiHeadAttention(**arguments)
