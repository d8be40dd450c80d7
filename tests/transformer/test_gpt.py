"""GPT against transformers: sizes, outputs, gradients, continuations; its cache."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import copy

import pytest
import torch
import transformers

from ift6135_lib import transformer
from ift6135_lib.transformer import GPT, generate, next_token_loss
from ift6135_lib.weights import WrongWeights
from tests.transformer.huggingface import assert_same, assert_same_gradients, make
from tests.transformer.parity import close, count, randomized, tokens

COUNTS = {
    "gpt1": 116_534_784,
    "gpt2": 124_439_808,
    "gpt2_medium": 354_823_168,
    "gpt2_large": 774_030_080,
    "gpt2_xl": 1_557_611_200,
}
NETWORKS = ["GPT2Model", "GPT2LMHeadModel", "OpenAIGPTModel", "OpenAIGPTLMHeadModel"]
SIZES = [
    {"vocab_size": 37, "n_embd": 12, "n_layer": 2, "n_head": 3, "n_positions": 19},
    {"vocab_size": 101, "n_embd": 40, "n_layer": 3, "n_head": 5, "n_positions": 33},
]


def small(**options):
    sizes = {"vocabulary": 23, "context": 17, "d": 12, "layers": 2, "heads": 3}
    return randomized(GPT(**{**sizes, **options}).double()).eval()


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(transformer, name)(device="meta")
    assert count(model) == COUNTS[name]
    assert {p.device.type for p in model.parameters()} == {"meta"}
    v, c, d = model.vocabulary, model.context, model.tokens.embedding_dim
    layers = len(model.blocks)
    last = 2 * d if name != "gpt1" else 0
    assert 12 * layers * d**2 + 13 * layers * d + (v + c) * d + last == COUNTS[name]
    text = torch.zeros(1, 3, dtype=torch.long, device="meta")
    assert model(text).shape == (1, 3, v)


def test_the_order_in_memory_is_the_reference_s():
    """GPT-2 keeps Wᵀ: a step of generation reads it faster than W."""
    theirs = make("GPT2LMHeadModel", **SIZES[0])
    ours = GPT.from_huggingface(theirs)
    layer = theirs.transformer.h[0].mlp.c_fc.weight
    assert layer.is_contiguous()
    expand = ours.blocks[0].mlp.expand.weight
    assert expand.shape == layer.T.shape and expand.T.is_contiguous()
    assert ours.tokens.weight.is_contiguous() and ours.head.weight is ours.tokens.weight


@pytest.mark.parametrize("name", ["gpt1", "gpt2", "gpt2_medium"])
def test_the_sizes_are_those_of_transformers(name):
    config = {
        "gpt1": transformers.OpenAIGPTConfig(),
        "gpt2": transformers.GPT2Config(),
        "gpt2_medium": transformers.GPT2Config(n_embd=1024, n_layer=24, n_head=16),
    }[name]
    with torch.device("meta"):
        reference = transformers.AutoModelForCausalLM.from_config(config)
    ours = GPT.from_huggingface(reference)
    model = getattr(transformer, name)(device="meta")
    shapes = {n: p.shape for n, p in model.named_parameters()}
    assert shapes == {n: p.shape for n, p in ours.named_parameters()}
    assert model.blocks[0].attention.heads == config.n_head


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_network_as_transformers(name, size):
    reference = make(name, **size)
    sizes = {"vocabulary": size["vocab_size"]}
    for n in (1, 7, size["n_positions"]):
        assert_same(GPT.from_huggingface, reference, n=n, **sizes)


@pytest.mark.parametrize("name", NETWORKS[1::2])
def test_the_same_gradients_as_transformers(name):
    reference = make(name, **SIZES[0]).double()
    ours = GPT.from_huggingface(reference)
    theirs = reference.transformer
    embeddings = theirs.get_input_embeddings().weight
    pairs = [(ours.tokens.weight, embeddings)]
    for block, other in zip(ours.blocks, theirs.h, strict=True):
        pairs += [
            (block.attention.qkv.weight, other.attn.c_attn.weight),
            (block.attention.qkv.bias, other.attn.c_attn.bias),
            (block.mlp.project.weight, other.mlp.c_proj.weight),
            (block.norm_attention.weight, other.ln_1.weight),
            (block.norm_mlp.bias, other.ln_2.bias),
        ]
    text = tokens(2, 11, 37)
    mask = torch.ones_like(text, dtype=torch.bool)
    assert_same_gradients(ours, reference, text, mask, pairs)


@pytest.mark.parametrize("name", NETWORKS[1::2])
def test_the_same_greedy_continuations_as_transformers(name):
    reference = make(name, **SIZES[1])
    ours, prompt = GPT.from_huggingface(reference), tokens(3, 5, 101)
    expected = reference.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=28,
        do_sample=False,
        eos_token_id=None,
        pad_token_id=0,
    )
    for cache in (True, False):
        made = ours.generate(prompt, 28, greedy=True, cache=cache)
        assert torch.equal(made, expected)
    assert len(made[:, 5:].unique()) > 3


SETTINGS = [{"greedy": True}, {}, {"temperature": 0.7}, {"top_k": 5}, {"top_p": 0.8}]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("norm_first", [True, False])
def test_with_and_without_a_cache_the_tokens_are_the_same(settings, norm_first):
    model, prompt = small(norm_first=norm_first), tokens(2, 4, 23)
    made = [
        generate(
            model,
            prompt,
            13,
            cache=cache,
            generator=torch.Generator().manual_seed(3),
            **settings,
        )
        for cache in (True, False)
    ]
    assert torch.equal(*made)
    assert torch.equal(made[0][:, :4], prompt) and made[0].shape == (2, 17)
    assert not made[0].is_inference()


def test_piece_by_piece_the_logits_are_those_of_the_whole():
    model, text = small(), tokens(2, 11, 23)
    caches, pieces = model.caches(2, 11), []
    for piece in text.split([5, 1, 3, 2], 1):
        pieces.append(model(piece, caches=caches))
    close(torch.cat(pieces, 1), model(text), 1e-12)
    close(model(text, last=True), model(text)[:, -1:], 1e-12)


def test_generation_follows_the_law_of_the_model():
    model, prompt = small(vocabulary=5), tokens(1, 3, 5).expand(4000, 3)
    made = model.generate(prompt, 1, generator=torch.Generator().manual_seed(0))[:, 3]
    p = model(prompt[:1])[0, -1].softmax(-1)
    assert (torch.bincount(made, minlength=5) / 4000 - p).abs().max() < 0.03


def test_generation_leaves_the_mode_and_the_gradients_as_they_were():
    model, prompt = small(dropout=0.5).train(), tokens(2, 4, 23)
    one, two = (model.generate(prompt, 9, greedy=True) for _ in range(2))
    assert model.training and torch.equal(one, two)
    next_token_loss(model, (one[:, :-1], one[:, 1:]))["loss"].backward()
    assert model.tokens.weight.grad.abs().sum() > 0


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_changed_token_changes_nothing_before_it(norm_first):
    model, text = small(norm_first=norm_first), tokens(1, 9, 23)
    y = model(text)
    for i in range(9):
        other = text.clone()
        other[0, i] = (other[0, i] + 1) % 23
        changed = (model(other) != y).any(-1)[0].tolist()
        assert changed == [False] * i + [True] * (9 - i)


def test_the_loss_is_the_mean_over_the_tokens_that_follow():
    model, text = small(), tokens(2, 9, 23)
    metrics = next_token_loss(model, (text[:, :-1], text[:, 1:]))
    log_p = model(text[:, :-1]).log_softmax(-1)
    nats = [-log_p[b, t, text[b, t + 1]] for b in range(2) for t in range(8)]
    close(metrics["loss"], torch.stack(nats).mean())


def test_it_learns_one_batch():
    torch.manual_seed(0)
    model = GPT(11, 16, d=32, layers=2, heads=4)
    text = tokens(4, 12, 11)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(100):
        metrics = next_token_loss(model, (text[:, :-1], text[:, 1:]))
        optimizer.zero_grad()
        metrics["loss"].backward()
        optimizer.step()
    assert metrics["accuracy"] > 0.9


def test_the_weights_start_as_in_the_paper():
    model = GPT(500, 64, d=128, layers=8, heads=4)
    assert model.tokens.weight.std().item() == pytest.approx(0.02, rel=0.05)
    block = model.blocks[3]
    assert block.mlp.expand.weight.std().item() == pytest.approx(0.02, rel=0.05)
    for layer in (block.attention.out, block.mlp.project):
        assert layer.weight.std().item() == pytest.approx(0.02 / 4, rel=0.05)
        assert not layer.bias.any()
    assert (block.norm_mlp.weight == 1).all()


def test_untied_networks_stay_untied():
    reference = make("GPT2LMHeadModel", tie_word_embeddings=False, **SIZES[0])
    ours = GPT.from_huggingface(reference)
    assert ours.head.weight is not ours.tokens.weight
    assert_same(GPT.from_huggingface, reference, vocabulary=37, n=7)
    tied = GPT.from_huggingface(make("GPT2LMHeadModel", **SIZES[0]))
    assert tied.head.weight is tied.tokens.weight


def test_settings_that_no_shape_tells_are_taken():
    reference = make(
        "GPT2LMHeadModel",
        **SIZES[0],
        n_inner=20,
        activation_function="relu",
        layer_norm_epsilon=0.1,
        resid_pdrop=0.3,
    ).train()
    ours = GPT.from_huggingface(reference)
    assert ours.training and ours.blocks[1].drop.p == 0.3
    assert ours.norm.eps == ours.blocks[0].norm_mlp.eps == 0.1
    reference.eval()
    assert_same(GPT.from_huggingface, reference, vocabulary=37, n=7)


def test_networks_that_do_not_fit_are_refused():
    sizes = {"hidden_size": 12, "num_attention_heads": 3, "num_hidden_layers": 1}
    reference = make("BertModel", **sizes, intermediate_size=8, vocab_size=11)
    with pytest.raises(WrongWeights, match="do not fit this GPT") as caught:
        GPT.from_huggingface(reference)
    assert "tokens.weight" in caught.value.missing
    assert any("word_embeddings" in name for name in caught.value.unexpected)
    reference = make("GPT2LMHeadModel", **SIZES[0])
    broken = copy.deepcopy(reference)
    del broken.transformer.h[1].mlp
    with pytest.raises(WrongWeights, match=r"missing \(4\): .*blocks\.1\.mlp\.expand"):
        GPT.from_huggingface(broken)
    broken = copy.deepcopy(reference)
    broken.transformer.ln_f = torch.nn.LayerNorm(13)
    with pytest.raises(WrongWeights, match=r"norm\.weight \(\(12,\) needed, \(13,\)"):
        GPT.from_huggingface(broken)
    other = make("GPT2LMHeadModel", **SIZES[0], scale_attn_weights=False)
    with pytest.raises(ValueError, match="scale_attn_weights is False"):
        GPT.from_huggingface(other)
    other = copy.deepcopy(reference)
    other.transformer.h[0].mlp.act = torch.nn.SiLU()
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        GPT.from_huggingface(other)
    swish = make("GPT2LMHeadModel", **SIZES[0], activation_function="quick_gelu")
    with pytest.raises(ValueError, match="'quick_gelu'; it must be one of"):
        GPT.from_huggingface(swish)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: small()(tokens(1, 18, 23)), "18 tokens and the model a context of 17"),
        (lambda: small()(tokens(1, 0, 23)), "the sequence is empty"),
        (lambda: small()(tokens(1, 3, 23) + 23), "is not in the vocabulary; .* to 22"),
        (lambda: small()(tokens(1, 3, 2) - 1), "token -1 is not in the vocabulary"),
        (lambda: small().generate(tokens(1, 0, 23), 3), "the prompt is empty"),
        (lambda: small().generate(tokens(1, 9, 23), 9), "9 tokens and 9 more make 18"),
        (lambda: small().generate(tokens(1, 9, 23), 0), "steps is 0"),
        (lambda: small().generate(tokens(1, 3, 23) + 23, 1), "not in the vocabulary"),
        (lambda: small(head=False).generate(tokens(1, 3, 23), 1), "has no head"),
        (
            lambda: small().generate(tokens(1, 3, 23), 1, temperature=0.0),
            "temperature is 0.0",
        ),
        (lambda: small().generate(tokens(1, 3, 23), 1, top_p=2.0), "top_p is 2.0"),
        (lambda: small(heads=5), "12 cannot be cut into 5 heads"),
        (lambda: small(vocabulary=0), "vocabulary is 0"),
        (lambda: small(act="step"), "activation is 'step'"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
