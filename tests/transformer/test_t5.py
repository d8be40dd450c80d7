"""T5 against transformers: outputs, gradients, padding, continuations; its parts."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import copy
import math

import pytest
import torch
from torch import nn
from transformers import T5Config, T5ForConditionalGeneration, T5Model
from transformers.models.t5.modeling_t5 import T5Attention, T5LayerNorm

from ift6135_lib import transformer
from ift6135_lib.transformer import (
    T5,
    RelativeBias,
    RMSNorm,
    T5Decoder,
    T5Encoder,
    relative_buckets,
)
from ift6135_lib.transformer.t5_names import t5 as t5_renamed
from ift6135_lib.weights import WrongWeights

COUNTS = {"t5_small": 60_506_624, "t5_base": 222_903_552}


def tiny(cls=T5ForConditionalGeneration, **settings):
    """A reference with weights that are nothing special."""
    settings = {
        "vocab_size": 37, "d_model": 12, "d_kv": 5, "d_ff": 20, "num_layers": 2,
        "num_decoder_layers": 3, "num_heads": 4, "relative_attention_num_buckets": 8,
        "relative_attention_max_distance": 10, "decoder_start_token_id": 0,
        "layer_norm_epsilon": 1e-3, **settings,
    }  # fmt: skip
    model = cls(T5Config(**settings)).eval()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "layer_norm" in name:
                p.copy_(0.5 + torch.rand(p.shape, generator=generator))
            else:
                p.normal_(0, 0.4, generator=generator)
    return model


def exact(model):
    """The reference in double precision, whose own norms round to single."""
    model = copy.deepcopy(model).double()
    for layer in list(model.modules()):
        for name, child in layer.named_children():
            if isinstance(child, T5LayerNorm):
                norm = nn.RMSNorm(len(child.weight), eps=child.variance_epsilon)
                norm.weight = child.weight
                setattr(layer, name, norm)
    return model


def batch(n=9, t=6):
    tokens, target = torch.randint(37, (3, n)), torch.randint(37, (3, t))
    mask = torch.rand(3, n) < 0.7
    mask[:, n // 2] = True  # padding anywhere, one real token
    return tokens, target, mask


def asked(reference, tokens, target, mask=None):
    mask = None if mask is None else mask.long()
    out = reference(input_ids=tokens, attention_mask=mask, decoder_input_ids=target)
    return out.logits if hasattr(out, "logits") else out.last_hidden_state


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(transformer, name)(device="meta")
    assert sum(p.numel() for p in model.parameters()) == COUNTS[name]
    small = name == "t5_small"
    config = T5Config() if small else T5Config(
        d_model=768, d_ff=3072, num_layers=12, num_heads=12
    )  # fmt: skip
    with torch.device("meta"):
        reference = T5ForConditionalGeneration(config)
    assert sum(p.numel() for p in reference.parameters()) == COUNTS[name]
    ours = T5.from_huggingface(reference)  # without values: names and shapes fit
    assert {p.device.type for p in ours.parameters()} == {"meta"}
    shapes = {k: v.shape for k, v in model.state_dict().items()}
    assert shapes == {k: v.shape for k, v in ours.state_dict().items()}


@pytest.mark.parametrize("cls", [T5ForConditionalGeneration, T5Model])
@pytest.mark.parametrize(("n", "t"), [(9, 6), (1, 1), (2, 13), (31, 3)])
def test_the_outputs_are_the_librarys(cls, n, t):
    reference, inputs = tiny(cls), batch(n, t)
    ours = T5.from_huggingface(reference)
    assert not ours.training and (ours.head is None) == (cls is T5Model)
    with torch.no_grad():
        for given in (inputs[:2], inputs):
            y, expected = ours(*given), asked(reference, *given)
            scale = expected.abs().max().clamp(min=1)
            assert (y - expected).abs().max() <= 1e-5 * scale
            theirs = asked(exact(reference), *given)
            gap = copy.deepcopy(ours).double()(*given) - theirs
            assert gap.abs().max() <= 1e-10 * scale


def test_the_gradients_are_the_librarys():
    reference, inputs = exact(tiny()), batch()
    ours = T5.from_huggingface(tiny()).double()
    weights = torch.randn(3, 6, 37, dtype=torch.float64)
    for y in (ours(*inputs), asked(reference, *inputs)):
        (y * weights).sum().backward()
    names = t5_renamed(dict(reference.named_parameters()))
    theirs = {names[k]: p.grad for k, p in reference.named_parameters() if names[k]}
    for part in [k for k in theirs if k.endswith(".q.weight")]:
        parts = [theirs.pop(part.replace(".q.", f".{x}.")) for x in "qkv"]
        theirs[part.replace(".q.", ".qkv.")] = torch.cat(parts)
    mine = {k: p.grad for k, p in ours.named_parameters()}
    assert mine.keys() == theirs.keys()
    for name, gradient in mine.items():
        gap = (gradient - theirs[name]).abs().max()
        assert gap <= 1e-10 * theirs[name].abs().max().clamp(min=1), name


@pytest.mark.parametrize("cache", [True, False])
def test_greedy_continuations_are_the_librarys(cache):
    # with as many layers on both sides: transformers' own cache needs it
    reference, (tokens, _, mask) = tiny(num_decoder_layers=2), batch(7)
    ours = T5.from_huggingface(reference)
    written = ours.generate(tokens, 15, mask, end=1, greedy=True, cache=cache)
    expected = reference.generate(
        input_ids=tokens, attention_mask=mask.long(), max_new_tokens=15,
        do_sample=False, num_beams=1,
    )  # fmt: skip
    length = expected.shape[1]
    assert (written[:, :length] == expected).all()
    assert (written[:, length:] == 0).all()


@torch.no_grad()
def test_with_a_cache_the_same_is_written():
    model = T5.from_huggingface(tiny()).double()
    tokens, _, mask = batch(7)
    settings = {"temperature": 1.5, "top_k": 20}
    made = [
        model.generate(
            tokens, 25, mask, cache=cache, **settings,
            generator=torch.Generator().manual_seed(0),
        )
        for cache in (True, False)
    ]  # fmt: skip
    assert made[0].shape == (3, 26) and (made[0] == made[1]).all()
    assert len(made[0].unique()) > 5
    memory, caches = model.encode(tokens, mask), model.decoder.caches(3, 26)
    whole = model.decode(made[0], memory, mask)
    steps = [model.decode(made[0][:, :4], memory, mask, caches=caches)]
    for t in range(4, 26):
        steps.append(model.decode(made[0][:, t : t + 1], memory, mask, caches=caches))
    assert (torch.cat(steps, 1) - whole).abs().max() < 1e-12


def test_the_end_is_padded():
    class Ends(T5):
        def decode(self, target, memory, mask=None, **options):
            logits = torch.zeros(len(target), target.shape[1], 6)
            logits[..., 1 if target.shape[1] == 3 else 4] = 1
            return logits

    model = Ends(6, 4, 1, 1, head_dim=4)
    text = model.generate(torch.ones(1, 2).long(), 5, end=1, greedy=True, cache=False)
    assert text.tolist() == [[0, 4, 4, 1, 0, 0]]
    text = model.generate(torch.ones(1, 2).long(), 5, greedy=True, cache=False)
    assert text.tolist() == [[0, 4, 4, 1, 4, 4]]


def test_padding_is_not_read_and_the_future_neither():
    model = T5.from_huggingface(tiny()).double()
    tokens, target, _ = batch()
    y = model(tokens, target)
    padded = torch.cat([tokens, torch.randint(37, (3, 4))], 1)
    mask = torch.arange(13).expand(3, 13) < 9
    assert (model(padded, target, mask) - y).abs().max() < 1e-12
    left = torch.cat([torch.randint(37, (3, 4)), tokens], 1)
    assert (model(left, target, mask.flip(1)) - y).abs().max() < 1e-12
    other = target.clone()
    other[:, 4:] = (other[:, 4:] + 1) % 37
    gap = (model(tokens, other) - y).abs().amax((0, 2))
    assert gap[:4].max() < 1e-12 < gap[4:].min()


def test_positions_are_relative():
    """The same words further on are encoded alike, but for what they can read."""
    model = T5.from_huggingface(tiny()).double()
    tokens = torch.randint(37, (1, 5))
    later = torch.cat([torch.zeros(1, 6).long(), tokens], 1)
    mask = torch.arange(11)[None] >= 6
    gap = model.encode(later, mask)[:, 6:] - model.encode(tokens)
    assert gap.abs().max() < 1e-12
    assert (model.encode(tokens.flip(1)).flip(1) - model.encode(tokens)).abs().max() > 1


# --- relative positions ------------------------------------------------------


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize(("buckets", "far"), [(32, 128), (8, 10), (16, 1000), (5, 7)])
def test_buckets_are_the_librarys(bidirectional, buckets, far):
    offsets = torch.cat([torch.arange(-3000, 3001), torch.tensor([-(10**6), 10**6])])
    expected = T5Attention._relative_position_bucket(
        offsets, bidirectional=bidirectional, num_buckets=buckets, max_distance=far
    )
    found = relative_buckets(offsets, buckets, far, bidirectional=bidirectional)
    assert (found == expected).all()
    assert found.min() == 0 and found.max() < buckets


def test_buckets_by_the_formula():
    for r in range(1, 400):
        bucket = relative_buckets(torch.tensor([-r, r]))
        if r < 8:
            expected = r
        else:
            steps = math.log(r / 8) / math.log(128 / 8) * 8
            if abs(steps - round(steps)) < 1e-6:  # rounding decides
                continue
            expected = min(15, 8 + math.floor(steps))
        assert bucket.tolist() == [expected, expected + 16]


def test_the_bias_is_the_librarys():
    attention = T5Attention(tiny().config, has_relative_attention_bias=True)
    ours = RelativeBias(4, 8, 10)
    ours.table = attention.relative_attention_bias
    assert (ours(7, 7) == attention.compute_bias(7, 7)[0]).all()
    # the last query stands at the last key
    assert (ours(2, 9) == ours(9, 9)[:, -2:]).all()
    attention.is_decoder, ours.settings["bidirectional"] = True, False
    expected = attention.compute_bias(3, 8, past_seen_tokens=5)[0]
    assert (ours(3, 8) == expected).all()


def test_the_norm_is_torchs():
    x = torch.randn(4, 3, 10, dtype=torch.float64, requires_grad=True)
    ours, theirs = RMSNorm(10, eps=1e-3).double(), nn.RMSNorm(10, eps=1e-3).double()
    theirs.weight.data = ours.weight.data.uniform_()
    weights = torch.randn_like(x)
    y, expected = ours(x), theirs(x)
    assert (y - expected).abs().max() < 1e-12
    mine, other = (
        torch.autograd.grad((z * weights).sum(), x)[0] for z in (y, expected)
    )
    assert (mine - other).abs().max() < 1e-12
    large = torch.full((1, 4), 1e4).half()  # its square is infinite in half precision
    assert RMSNorm(4).half()(large).tolist() == [[1.0] * 4]


# --- initialization and errors -----------------------------------------------


def test_weights_start_as_the_papers_program_draws_them():
    torch.manual_seed(0)
    model = T5(500, 64, 1, 4, head_dim=32, hidden=200)
    block = model.decoder.blocks[0]
    for attention in (block.attention, block.cross):
        q, k, v = attention.qkv.weight.chunk(3)
        assert q.std().item() == pytest.approx((64 * 32) ** -0.5, rel=0.05)
        assert k.std().item() == pytest.approx(64**-0.5, rel=0.05)
        assert v.std().item() == pytest.approx(64**-0.5, rel=0.05)
        assert attention.out.weight.std().item() == pytest.approx(128**-0.5, rel=0.05)
    assert block.mlp.project.weight.std().item() == pytest.approx(200**-0.5, rel=0.05)
    assert model.tokens.weight.std().item() == pytest.approx(1, rel=0.05)
    assert model.head.weight is model.tokens.weight
    converted = T5.from_huggingface(tiny())
    assert converted.head.weight is converted.tokens.weight
    logits = model(torch.randint(500, (2, 9)), torch.randint(500, (2, 9)))
    assert 0.3 < logits.std() < 3


def test_what_does_not_fit_is_listed():
    with pytest.raises(WrongWeights, match=r"wi_0") as caught:
        T5.from_huggingface(tiny(feed_forward_proj="gated-gelu"))
    assert "encoder.blocks.0.mlp.expand.weight" in caught.value.missing
    assert len(caught.value.unexpected) == 10
    with pytest.raises(WrongWeights, match="missing"):
        T5.from_huggingface(nn.Linear(2, 3))
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        T5.from_huggingface(tiny(feed_forward_proj="gelu"))
    misshapen = tiny()
    misshapen.decoder.final_layer_norm.weight = nn.Parameter(torch.ones(3))
    with pytest.raises(WrongWeights, match=r"decoder.norm.weight \(\(12,\) needed"):
        T5.from_huggingface(misshapen)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: T5(0), "vocabulary is 0"),
        (lambda: T5Encoder(8, 0, 2), "layers is 0"),
        (lambda: T5Decoder(8, 2, 2, head_dim=0), "head_dim is 0"),
        (lambda: relative_buckets(torch.zeros(1).long(), 2), "0 exact distances"),
        (lambda: RelativeBias(2, 32, 8), "8 exact distances and end at 8"),
        (lambda: RelativeBias(0), "heads is 0"),
        (lambda: small()(torch.zeros(1, 0).long(), torch.zeros(1, 1).long()), "empty"),
        (lambda: small()(torch.tensor([[9]]), torch.zeros(1, 1).long()), "token 9"),
        (lambda: small()(torch.tensor([[1]]), torch.tensor([[-1]])), "token -1"),
        (lambda: small(head=False).generate(torch.tensor([[1]]), 2), "has no head"),
        (lambda: small().generate(torch.tensor([[1]]), 0), "steps is 0"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def small(**options):
    return T5(9, 4, 1, 1, head_dim=4, **options)
