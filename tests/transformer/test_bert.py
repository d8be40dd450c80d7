"""BERT, RoBERTa, ALBERT, DistilBERT against transformers: sizes, outputs, heads."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import itertools
import math

import pytest
import torch
import torch.nn.functional as F
import transformers

from ift6135_lib import transformer
from ift6135_lib.transformer import (
    ALBERT,
    BERT,
    BERTEmbeddings,
    ClassificationHead,
    DistilBERT,
    MaskedHead,
    PretrainingHead,
    RoBERTa,
    TokenHead,
    best_span,
    cosine_loss,
    distillation_loss,
)
from ift6135_lib.weights import WrongWeights
from tests.transformer.huggingface import assert_same, assert_same_gradients, make
from tests.transformer.parity import close, count, draw, randomized, tokens

COUNTS = {
    "bert_base": 109_482_240,
    "bert_large": 335_141_888,
    "roberta_base": 124_645_632,
    "albert_base": 11_683_584,
    "distilbert_base": 66_362_880,
}
CONFIGURATIONS = {
    "bert_base": {},
    "bert_large": {
        "hidden_size": 1024,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "intermediate_size": 4096,
    },
    "roberta_base": {
        "vocab_size": 50265,
        "max_position_embeddings": 514,
        "type_vocab_size": 1,
        "layer_norm_eps": 1e-5,
    },
    "albert_base": {
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_attention_heads": 12,
    },
    "distilbert_base": {},
}
FAMILY = {
    "Bert": (BERT, None),
    "Roberta": (RoBERTa, 1),
    "Albert": (ALBERT, None),
    "DistilBert": (DistilBERT, None),
}
HEADS = {
    "Model": {},
    "ForMaskedLM": {},
    "ForPreTraining": {},
    "ForNextSentencePrediction": {},
    "ForSequenceClassification": {"num_labels": 5},
    "ForTokenClassification": {"num_labels": 5},
    "ForQuestionAnswering": {},
}
NETWORKS = [
    (kind, head)
    for kind in FAMILY
    for head in HEADS
    if hasattr(transformers, kind + head)
]


def settings(kind, large=False):
    """A small network of odd sizes, or a larger one."""
    d, layers, heads, hidden = (40, 3, 5, 52) if large else (12, 2, 3, 20)
    if kind == "DistilBert":
        sizes = {"dim": d, "n_layers": layers, "n_heads": heads, "hidden_dim": hidden}
    else:
        sizes = {
            "hidden_size": d,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "intermediate_size": hidden,
        }
    if kind == "Albert":
        sizes["embedding_size"] = 7
    vocabulary = 101 if large else 37
    return {**sizes, "vocab_size": vocabulary, "max_position_embeddings": 21}


def small(cls=BERT, **options):
    sizes = {"vocabulary": 23, "context": 17, "d": 12, "layers": 2, "heads": 3}
    return randomized(cls(**{**sizes, **options}).double()).eval()


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(transformer, name)(device="meta")
    assert count(model) == COUNTS[name]
    text = torch.zeros(1, 3, dtype=torch.long, device="meta")
    assert model(text).shape == (1, 3, 1024 if "large" in name else 768)
    kind = next(k for k, (cls, _) in FAMILY.items() if cls is type(model))
    config = getattr(transformers, f"{kind}Config")(**CONFIGURATIONS[name])
    with torch.device("meta"):
        reference = transformers.AutoModel.from_config(config)
    assert count(reference) == COUNTS[name]
    shapes = {n: p.shape for n, p in model.named_parameters()}
    ours = type(model).from_huggingface(reference)
    assert shapes == {n: p.shape for n, p in ours.named_parameters()}
    attention, block = model.blocks[0].attention, ours.blocks[0]
    assert attention.heads == block.attention.heads
    assert model.context == ours.context and model.layers == ours.layers
    assert model.blocks[0].mlp.act.name == block.mlp.act.name
    assert model.blocks[0].norm_mlp.eps == block.norm_mlp.eps


def test_bert_base_with_both_heads():
    model = transformer.bert_base(head="pretraining", device="meta")
    assert count(model) == 110_106_428


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("kind", "head"), NETWORKS)
def test_the_same_network_as_transformers(kind, head, large):
    cls, padding = FAMILY[kind]
    sizes = settings(kind, large)
    reference = make(kind + head, **sizes, **HEADS[head])
    for n in (7, 19):
        convert = cls.from_huggingface
        vocabulary = sizes["vocab_size"]
        assert_same(convert, reference, vocabulary=vocabulary, n=n, padding=padding)


@pytest.mark.parametrize("kind", ["Bert", "Albert"])
def test_the_same_segments_as_transformers(kind):
    reference = make(f"{kind}Model", **settings(kind)).double()
    ours = FAMILY[kind][0].from_huggingface(reference)
    text, segments = tokens(2, 9, 37), tokens(2, 9, 2, seed=1)
    with torch.no_grad():
        expected = reference(text, token_type_ids=segments)
    close(ours(text, segments=segments), expected.last_hidden_state)
    close(ours.pooler(ours(text, segments=segments)[:, 0]).tanh(), expected[1])


def test_the_same_gradients_as_transformers():
    reference = make("BertForPreTraining", **settings("Bert")).double()
    ours = BERT.from_huggingface(reference)
    theirs, heads = reference.bert, reference.cls.predictions
    pairs = [
        (ours.embeddings.tokens.weight, theirs.embeddings.word_embeddings.weight),
        (ours.embeddings.norm.bias, theirs.embeddings.LayerNorm.bias),
        (ours.head.masked.dense.weight, heads.transform.dense.weight),
        (ours.head.masked.decoder.bias, heads.decoder.bias),
    ]
    for block, layer in zip(ours.blocks, theirs.encoder.layer, strict=True):
        pairs += [
            (block.attention.out.weight, layer.attention.output.dense.weight),
            (block.norm_attention.weight, layer.attention.output.LayerNorm.weight),
            (block.mlp.expand.weight, layer.intermediate.dense.weight),
            (block.norm_mlp.weight, layer.output.LayerNorm.weight),
        ]
    text, mask = tokens(2, 9, 37), torch.ones(2, 9, dtype=torch.bool)
    mask[0, 6:] = False
    assert_same_gradients(ours, reference, text, mask, pairs)
    qkv = torch.autograd.grad(
        ours(text, mask)[0].square().sum(), ours.blocks[0].attention.qkv.weight
    )[0]
    attention = theirs.encoder.layer[0].attention.self
    logits = reference(text, mask.long()).prediction_logits
    parts = [attention.query.weight, attention.key.weight, attention.value.weight]
    close(qkv, torch.cat(torch.autograd.grad(logits.square().sum(), parts)))


def test_every_position_reads_both_ways():
    model, text = small(), tokens(1, 7, 23)
    y = model(text)
    for i in range(7):
        other = text.clone()
        other[0, i] = (other[0, i] + 1) % 23
        assert (model(other) != y).any(-1).all()


@pytest.mark.parametrize("cls", [BERT, RoBERTa, ALBERT, DistilBERT])
def test_padding_changes_nothing(cls):
    model, text = small(cls), 2 + tokens(2, 9, 21)
    mask = torch.arange(9) < torch.tensor([[5], [9]])
    y = model(text.masked_fill(~mask, 1), mask)
    close(y[:1, :5], model(text[:1, :5]))
    close(y[1:], model(text[1:]))


def test_roberta_counts_positions_without_padding():
    embeddings = small(RoBERTa, padding=4).embeddings
    text = torch.tensor([[4, 7, 8, 4, 9]])
    assert embeddings.places(text).tolist() == [[4, 5, 6, 4, 7]]
    assert embeddings.positions.num_embeddings == 17 + 5
    assert BERTEmbeddings(9, 5, 4).places(text).tolist() == [[0, 1, 2, 3, 4]]


def test_alberts_blocks_are_one():
    three, one = small(ALBERT, layers=3), small(ALBERT, layers=1)
    assert count(three) == count(one) and len(three.blocks) == 1
    text = tokens(2, 5, 23)
    x = three.embeddings(text)
    for _ in range(3):
        x = three.blocks[0](x)
    close(three(text), x)
    v, e, d = 30_000, 128, 768
    narrow = BERTEmbeddings(v, 1, d, width=e).tokens.weight.numel() + e * d
    assert v * d / narrow > 5


def test_heads():
    h = draw(2, 5, 12)
    text = randomized(ClassificationHead(12, 4).double()).eval()
    expected = (h[:, 0] @ text.dense.weight.T + text.dense.bias).tanh()
    close(text(h), expected @ text.out.weight.T + text.out.bias)
    token = randomized(TokenHead(12, 3).double()).eval()
    close(token(h), h @ token.out.weight.T + token.out.bias)
    embeddings = torch.nn.Embedding(9, 7).double()
    masked = randomized(MaskedHead(12, embeddings).double())
    assert masked.decoder.weight is embeddings.weight
    inner = F.gelu(h @ masked.dense.weight.T + masked.dense.bias)
    inner = F.layer_norm(inner, (7,), masked.norm.weight, masked.norm.bias, 1e-12)
    close(masked(h), inner @ embeddings.weight.T + masked.decoder.bias)
    both = PretrainingHead(masked, text)
    close(both(h)[0], masked(h))
    close(both(h)[1], text(h))


def test_a_head_can_be_changed():
    model = small()
    model.head = ClassificationHead(12, 3).double()
    model.head.dense.load_state_dict(model.pooler.state_dict())
    y = model(tokens(2, 5, 23))
    assert y.shape == (2, 3)
    y.sum().backward()
    assert model.embeddings.tokens.weight.grad.abs().sum() > 0


@pytest.mark.parametrize("longest", [None, 1, 3])
def test_the_best_span_is_that_of_brute_force(longest):
    logits, mask = draw(20, 7, 2), draw(20, 7, seed=1) > -0.8
    mask[:, 3] = True
    for allowed in (None, mask):
        found = best_span(logits, allowed, longest=longest)
        for b in range(20):
            spans = [
                (s, e)
                for s, e in itertools.product(range(7), repeat=2)
                if s <= e < s + (longest or 7)
                and (allowed is None or (mask[b, s] and mask[b, e]))
            ]
            best = max(spans, key=lambda at: logits[b, at[0], 0] + logits[b, at[1], 1])
            assert tuple(found[b].tolist()) == best


def test_distillation():
    logits, teacher = draw(2, 3, 7), draw(2, 3, 7, seed=1)
    assert distillation_loss(logits, logits).item() == pytest.approx(0)
    p, q = (teacher / 3).softmax(-1), (logits / 3).softmax(-1)
    expected = 9 * (p * (p / q).log()).sum(-1).mean()
    close(distillation_loss(logits, teacher, temperature=3.0), expected)
    teacher.requires_grad_(), logits.requires_grad_()
    loss = distillation_loss(logits, teacher, temperature=100.0)
    (gradient,) = torch.autograd.grad(loss, logits)
    centred = (logits - logits.mean(-1, keepdim=True)) - (
        teacher - teacher.mean(-1, keepdim=True)
    )
    close(gradient, centred.detach() / 7 / 6, 0.02)  # Hinton et al., equation 4
    cosines = [
        1 - (a @ b / a.norm() / b.norm())
        for a, b in zip(logits.flatten(0, 1), teacher.flatten(0, 1), strict=True)
    ]
    close(cosine_loss(logits, teacher), torch.stack(cosines).mean())
    cosine_loss(logits, teacher).backward()
    assert teacher.grad is None and logits.grad.abs().sum() > 0


def test_the_weights_start_as_in_the_paper():
    model = BERT(500, 64, d=128, layers=1, heads=4, head="masked")
    for weight in (model.embeddings.tokens.weight, model.blocks[0].mlp.expand.weight):
        assert weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert not model.head.decoder.bias.any()
    assert math.isclose(model.embeddings.norm.weight.mean().item(), 1)


def test_untied_networks_stay_untied():
    reference = make("BertForMaskedLM", **settings("Bert"), tie_word_embeddings=False)
    ours = BERT.from_huggingface(reference)
    assert ours.head.decoder.weight is not ours.embeddings.tokens.weight


@pytest.mark.parametrize("kind", FAMILY)
def test_networks_that_do_not_fit_are_refused(kind):
    other = "Albert" if kind == "Bert" else "Bert"
    reference = make(f"{other}ForMaskedLM", **settings(other))
    cls = FAMILY[kind][0]
    with pytest.raises(WrongWeights, match=f"do not fit this {cls.__name__}") as caught:
        cls.from_huggingface(reference)
    assert caught.value.missing and caught.value.unexpected
    reference = make(f"{kind}ForMultipleChoice", **settings(kind))
    with pytest.raises(ValueError, match="reads several texts for one answer"):
        cls.from_huggingface(reference)


def test_hidden_differences_are_refused():
    reference = make("BertModel", **settings("Bert"), is_decoder=True)
    with pytest.raises(ValueError, match="is_decoder is True"):
        BERT.from_huggingface(reference)
    reference = make("AlbertModel", **settings("Albert"), num_hidden_groups=2)
    with pytest.raises(ValueError, match="num_hidden_groups is 2"):
        ALBERT.from_huggingface(reference)
    reference = make("BertModel", **settings("Bert"))
    reference.embeddings.LayerNorm.register_forward_hook(lambda *a: a[-1] + 1)
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        BERT.from_huggingface(reference)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: small(head="poem"), "head is 'poem'; it must be None or one of"),
        (lambda: small(head="span", classes=3), "classes is 3; a span has 2"),
        (lambda: small(head="tokens", classes=0), "classes is 0"),
        (lambda: small(layers=0), "layers is 0"),
        (lambda: small(heads=5), "12 cannot be cut into 5 heads"),
        (lambda: small()(tokens(1, 18, 23)), "18 tokens and the model a context of 17"),
        (lambda: small()(tokens(1, 0, 23)), "the sequence is empty"),
        (lambda: small()(tokens(1, 3, 2) + 23), "not in the vocabulary"),
        (
            lambda: small()(tokens(1, 3, 9), segments=tokens(1, 3, 1) + 2),
            "segment 2 is unknown; they go from 0 to 1",
        ),
        (
            lambda: small(DistilBERT)(tokens(1, 3, 9), segments=tokens(1, 3, 1)),
            "no segments",
        ),
        (lambda: best_span(draw(1, 3, 2), longest=0), "longest is 0"),
        (
            lambda: best_span(draw(1, 3, 2), torch.zeros(1, 3, dtype=torch.bool)),
            "no token that an answer may hold",
        ),
        (
            lambda: distillation_loss(draw(1, 3), draw(1, 3), temperature=0.0),
            "temperature is 0.0",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
