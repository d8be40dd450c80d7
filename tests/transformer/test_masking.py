"""Masking: its proportions, what is left alone, static and dynamic; its loss."""

import pytest
import torch

from ift6135_lib.transformer import BERT, MaskedTokens, mask_tokens, masked_loss
from tests.transformer.parity import close, randomized, tokens

MASK, V = 3, 1000


def mask(text, seed=0, **options):
    generator = torch.Generator().manual_seed(seed)
    options = {"vocabulary": V, "mask_token": MASK, "generator": generator, **options}
    return mask_tokens(text, **options)


def test_proportions():
    text = 10 + tokens(100, 1000, V - 10)
    made, targets = mask(text)
    chosen = targets != -100
    assert chosen.float().mean().item() == pytest.approx(0.15, abs=0.005)
    assert (made == text)[~chosen].all() and (targets == text)[chosen].all()
    hidden = (made == MASK)[chosen].float().mean().item()
    kept = (made == text)[chosen].float().mean().item()
    assert hidden == pytest.approx(0.8, abs=0.01)
    assert kept == pytest.approx(0.1, abs=0.01)
    others = made[chosen & (made != text) & (made != MASK)]
    assert (
        others.unique().numel() > 700 and others.min() < 10
    )  # of the whole vocabulary


def test_other_proportions():
    text = 10 + tokens(50, 1000, V - 10)
    made, targets = mask(text, rate=0.5, masked=0.0, random=1.0)
    assert (targets != -100).float().mean().item() == pytest.approx(0.5, abs=0.01)
    assert not torch.equal(made, text)
    made, targets = mask(text, rate=1.0, masked=0.0, random=0.0)
    assert torch.equal(made, text) and torch.equal(targets, text)
    made, targets = mask(text, rate=0.0)
    assert torch.equal(made, text) and (targets == -100).all()


def test_special_tokens_are_never_chosen():
    text = tokens(20, 50, V)
    special = tokens(20, 50, 2, seed=1).bool()
    made, targets = mask(text, special=special, rate=0.9)
    assert torch.equal(made[special], text[special])
    assert (targets[special] == -100).all() and (targets[~special] != -100).any()


def test_the_text_given_is_left_as_it_is():
    text = tokens(4, 50, V)
    before = text.clone()
    mask(text)
    assert torch.equal(text, before)


def test_static_and_dynamic():
    text = tokens(4, 50, V)
    static = [mask(text, seed=5) for _ in range(2)]
    assert torch.equal(static[0].tokens, static[1].tokens)
    generator = torch.Generator().manual_seed(5)
    dynamic = [mask(text, generator=generator) for _ in range(2)]
    assert not torch.equal(dynamic[0].targets, dynamic[1].targets)


def test_the_loss_is_on_the_chosen_tokens_alone():
    model = BERT(23, 17, d=12, layers=1, heads=3, head="masked")
    model, text = randomized(model.double()), tokens(3, 11, 23)
    batch = mask(text, vocabulary=23, rate=0.4)
    log_p = model(batch.tokens).log_softmax(-1)
    nats = [
        -log_p[b, t, text[b, t]] for b, t in (batch.targets != -100).nonzero().tolist()
    ]
    metrics = masked_loss(model, batch)
    close(metrics["loss"], torch.stack(nats).mean())
    assert 0 <= metrics["accuracy"] <= 1
    assert isinstance(batch, MaskedTokens)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rate": 1.5}, r"rate is 1\.5; it must be from 0 to 1"),
        ({"rate": -0.1}, "rate is -0.1"),
        ({"masked": 0.9, "random": 0.2}, "the two shares cannot exceed 1"),
        ({"mask_token": V}, f"the mask is token {V}; tokens go from 0 to {V - 1}"),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        mask(tokens(1, 3, V), **options)
