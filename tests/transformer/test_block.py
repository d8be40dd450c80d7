"""The blocks against PyTorch's layers: values, gradients, causality."""

import pytest
import torch
from torch import nn

from ift6135_lib.transformer import (
    Activation,
    DecoderBlock,
    EncoderBlock,
    EncoderDecoder,
    FeedForward,
    causal_mask,
)
from tests.transformer.parity import close, count, draw, gradients, randomized

SETTINGS = [(True, "gelu"), (True, "relu"), (False, "gelu"), (False, "relu")]


def copy_attention(ours, theirs):
    ours.qkv.weight.data, ours.qkv.bias.data = (
        theirs.in_proj_weight,
        theirs.in_proj_bias,
    )
    ours.out.weight.data, ours.out.bias.data = theirs.out_proj.parameters()


def copy_block(ours, theirs):
    """Give our block the weights of PyTorch's layer."""
    copy_attention(ours.attention, theirs.self_attn)
    ours.mlp.expand.load_state_dict(theirs.linear1.state_dict())
    ours.mlp.project.load_state_dict(theirs.linear2.state_dict())
    ours.norm_attention.load_state_dict(theirs.norm1.state_dict())
    last = theirs.norm2
    if getattr(ours, "cross", None) is not None:
        copy_attention(ours.cross, theirs.multihead_attn)
        ours.norm_cross.load_state_dict(theirs.norm2.state_dict())
        last = theirs.norm3
    ours.norm_mlp.load_state_dict(last.state_dict())


def same_gradients(ours, theirs, pairs):
    """The gradients of the inputs, and of some parameters of both."""
    for a, b in pairs:
        close(gradients(ours, a)[0], gradients(theirs, b)[0])


@pytest.mark.parametrize(("first", "act"), SETTINGS)
def test_the_encoder_block_is_pytorchs(first, act):
    theirs = nn.TransformerEncoderLayer(
        12, 3, 20, 0.0, act, batch_first=True, norm_first=first
    )
    theirs = randomized(theirs.double()).train()
    ours = EncoderBlock(12, 3, 20, norm_first=first, act=act).double()
    copy_block(ours, theirs)
    x = draw(2, 5, 12).requires_grad_()
    hidden = torch.zeros(2, 5, dtype=torch.bool)
    hidden[0, 3:] = True
    y = ours(x, mask=~hidden[:, None, None])
    expected = theirs(x, src_key_padding_mask=hidden)
    close(y, expected)
    same_gradients(ours(x), theirs(x), [(x, x)])
    close(
        gradients(ours(x), ours.mlp.expand.weight)[0],
        gradients(theirs(x), theirs.linear1.weight)[0],
    )
    close(
        gradients(ours(x), ours.norm_mlp.bias)[0],
        gradients(theirs(x), theirs.norm2.bias)[0],
    )


@pytest.mark.parametrize(("first", "act"), SETTINGS)
def test_the_decoder_block_is_pytorchs(first, act):
    theirs = nn.TransformerDecoderLayer(
        12, 3, 20, 0.0, act, batch_first=True, norm_first=first
    )
    theirs = randomized(theirs.double()).train()
    ours = DecoderBlock(12, 3, 20, norm_first=first, act=act, cross=True).double()
    copy_block(ours, theirs)
    y, memory = draw(2, 5, 12).requires_grad_(), draw(2, 7, 12, seed=1).requires_grad_()
    hidden = torch.zeros(2, 7, dtype=torch.bool)
    hidden[0, 4:] = True
    z = ours(y, memory, memory_mask=~hidden[:, None, None])
    expected = theirs(
        y, memory, tgt_mask=~causal_mask(5), memory_key_padding_mask=hidden
    )
    close(z, expected)
    for a, b in zip(
        gradients(z, (y, memory)), gradients(expected, (y, memory)), strict=True
    ):
        close(a, b)


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("first", [True, False])
def test_the_stacks_are_pytorchs_transformer(first):
    theirs = nn.Transformer(
        12, 3, 2, 3, 20, 0.0, "relu", batch_first=True, norm_first=first
    )
    theirs = randomized(theirs.double()).train()
    ours = EncoderDecoder(12, 3, 2, 3, 20, norm_first=first).double()
    for blocks, layers in (
        (ours.encoder, theirs.encoder.layers),
        (ours.decoder, theirs.decoder.layers),
    ):
        for block, layer in zip(blocks, layers, strict=True):
            copy_block(block, layer)
    ours.encoder_norm.load_state_dict(theirs.encoder.norm.state_dict())
    ours.decoder_norm.load_state_dict(theirs.decoder.norm.state_dict())
    assert count(ours) == count(theirs)
    x, y = draw(2, 7, 12).requires_grad_(), draw(2, 5, 12, seed=1).requires_grad_()
    hidden = torch.zeros(2, 7, dtype=torch.bool)
    hidden[0, 5:] = True
    z = ours(x, y, ~hidden[:, None, None])
    expected = theirs(
        x,
        y,
        tgt_mask=~causal_mask(5),
        src_key_padding_mask=hidden,
        memory_key_padding_mask=hidden,
    )
    close(z, expected)
    for a, b in zip(gradients(z, (x, y)), gradients(expected, (x, y)), strict=True):
        close(a, b)
    ours, theirs, x, y = ours.float(), theirs.float(), x.float(), y.float()
    close(ours(x, y), theirs(x, y, tgt_mask=~causal_mask(5)), 1e-5)


def test_parameters():
    for d in (8, 64):
        assert count(EncoderBlock(d, 2)) == 12 * d**2 + 13 * d
        assert count(DecoderBlock(d, 2)) == 12 * d**2 + 13 * d
        assert count(DecoderBlock(d, 2, cross=True)) == 16 * d**2 + 19 * d


@pytest.mark.parametrize("first", [True, False])
def test_a_decoder_block_does_not_read_the_future(first):
    block = randomized(DecoderBlock(8, 2, norm_first=first).double())
    x = draw(1, 6, 8).requires_grad_()
    y = block(x)
    for i in range(6):
        (dx,) = torch.autograd.grad(y[0, i].square().sum(), x, retain_graph=True)
        assert not dx[0, i + 1 :].any()
        assert dx[0, : i + 1].abs().sum(-1).all()


def test_an_encoder_block_reads_all_and_does_not_know_the_order():
    block = randomized(EncoderBlock(8, 2).double())
    x, order = draw(2, 6, 8), torch.tensor([3, 1, 5, 0, 2, 4])
    y = block(x)
    close(block(x[:, order]), y[:, order])
    close(block(x[:, order]).mean(1), y.mean(1))


def test_prenorm_leaves_the_stream_untouched_where_f_is_zero():
    block, x = EncoderBlock(8, 2), torch.randn(1, 4, 8)
    for layer in (block.attention.out, block.mlp.project):
        nn.init.zeros_(layer.weight), nn.init.zeros_(layer.bias)
    assert torch.equal(block(x), x)
    block.norm_first = False
    assert not torch.equal(block(x), x)


def test_the_feed_forward_network_works_position_by_position():
    layer, x = randomized(FeedForward(6, 10, act="relu").double()), draw(2, 4, 6)
    expected = torch.relu(x @ layer.expand.weight.T + layer.expand.bias)
    expected = expected @ layer.project.weight.T + layer.project.bias
    close(layer(x), expected)
    close(layer(x[:, 2]), layer(x)[:, 2])


def test_activations():
    x = draw(100)
    phi = 0.5 * (1 + torch.erf(x / 2**0.5))
    close(Activation("gelu")(x), x * phi)
    inner = (2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)
    close(Activation("gelu_tanh")(x), 0.5 * x * (1 + inner.tanh()))
    close(Activation("silu")(x), x / (1 + (-x).exp()))
    close(Activation("relu")(x), x.clamp(min=0))
    close(Activation("tanh")(x), x.tanh())
    with pytest.raises(ValueError, match="activation is 'swoosh'; it must be one of"):
        Activation("swoosh")


def test_dropout_is_on_each_f():
    block = EncoderBlock(8, 2, dropout=0.5)
    x = torch.randn(1, 4, 8)
    assert not torch.equal(block(x), block(x))
    block.eval()
    assert torch.equal(block(x), block(x))
    assert block.attention.dropout == 0.5
    assert (
        EncoderBlock(8, 2, dropout=0.5, attention_dropout=0.1).attention.dropout == 0.1
    )


def test_errors():
    x = torch.zeros(1, 3, 8)
    with pytest.raises(ValueError, match="no cross-attention and got a memory"):
        DecoderBlock(8, 2)(x, x)
    with pytest.raises(ValueError, match="has cross-attention and got no memory"):
        DecoderBlock(8, 2, cross=True)(x)
    with pytest.raises(ValueError, match="8 cannot be cut into 3 heads"):
        EncoderBlock(8, 3)
    with pytest.raises(ValueError, match="hidden is 0"):
        EncoderBlock(8, 2, 0)
    with pytest.raises(ValueError, match="encoder_layers is 0"):
        EncoderDecoder(8, 2, 0, 1)
