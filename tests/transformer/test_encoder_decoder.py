"""The first transformer: its parts, causality, padding; what it can learn."""

import math

import pytest
import torch

from ift6135_lib.transformer import Transformer, sinusoidal_positions, token_loss
from tests.transformer.parity import close, count, draw, randomized, tokens


def small(**options):
    options = {"d": 12, "heads": 3, "layers": 2, **options}
    return randomized(Transformer(9, 7, **options).double())


def test_it_is_its_parts_one_after_the_other():
    model, source, target = small(), tokens(2, 6, 9), tokens(2, 4, 7, seed=1)
    x = math.sqrt(12) * model.source_tokens.weight[source] + sinusoidal_positions(6, 12)
    y = math.sqrt(12) * model.target_tokens.weight[target] + sinusoidal_positions(4, 12)
    memory = model.stacks.encode(x)
    close(model(source, target), model.stacks.decode(y, memory) @ model.head.weight.T)


def test_the_target_is_read_causally_and_the_source_whole():
    model, source, target = small(), tokens(1, 6, 9), tokens(1, 5, 7, seed=1)
    y = model(source, target)
    for i in range(5):
        other = target.clone()
        other[0, i] = (other[0, i] + 1) % 7
        changed = (model(source, other) != y).any(-1)[0].tolist()
        assert changed == [False] * i + [True] * (5 - i)
    for j in range(6):
        other = source.clone()
        other[0, j] = (other[0, j] + 1) % 9
        assert (model(other, target) != y).any(-1).all()


def test_padding_of_the_source_changes_nothing():
    model, source, target = small(), tokens(2, 6, 9), tokens(2, 4, 7, seed=1)
    mask = torch.tensor([[True] * 4 + [False] * 2, [True] * 6])
    y = model(source, target, mask)
    close(y[:1], model(source[:1, :4], target[:1]))
    close(y[1:], model(source[1:], target[1:]))


def test_shared_embeddings_are_counted_once():
    apart = Transformer(9, d=12, heads=3, layers=1)
    shared = Transformer(9, d=12, heads=3, layers=1, shared=True)
    assert count(apart) - count(shared) == 2 * 9 * 12
    assert shared.head.weight is shared.source_tokens.weight


def test_the_base_model_of_the_paper():
    model = Transformer(37000, shared=True, hidden=2048, device="meta")
    d, blocks = 512, 6 * (12 * 512**2 + 13 * 512) + 6 * (16 * 512**2 + 19 * 512)
    assert count(model) == 37000 * d + blocks + 2 * 2 * d  # 65 million in table 3
    y = model(*(torch.zeros(1, n, dtype=torch.long, device="meta") for n in (5, 3)))
    assert y.shape == (1, 3, 37000)


def test_it_translates_greedily():
    model, source = small().eval(), tokens(2, 6, 9)
    out = model.translate(source, start=0, steps=5)
    target = torch.cat([torch.zeros(2, 1, dtype=torch.long), out], 1)
    assert torch.equal(model(source, target)[:, :-1].argmax(-1), out)


def test_it_learns_one_batch():
    torch.manual_seed(0)
    model = Transformer(8, d=32, heads=4, layers=1, norm_first=True)
    source = tokens(8, 4, 8)
    target = torch.cat([torch.zeros(8, 1, dtype=torch.long), source.flip(1)], 1)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(120):
        metrics = token_loss(model(source, target[:, :-1]), target[:, 1:])
        optimizer.zero_grad()
        metrics["loss"].backward()
        optimizer.step()
    assert metrics["accuracy"] == 1 and metrics["loss"] < 0.1


def test_losses_leave_minus_100_out():
    logits, targets = draw(2, 5, 7), tokens(2, 5, 7)
    targets[1] = logits[1].argmax(-1)
    targets[1, 0] = (targets[1, 0] + 1) % 7
    targets[0, 1:] = -100
    metrics = token_loss(logits, targets)
    kept = [(0, 0), *((1, t) for t in range(5))]
    nats = [-logits[i].log_softmax(-1)[targets[i]] for i in kept]
    close(metrics["loss"], torch.stack(nats).mean())
    right = [float(logits[i].argmax() == targets[i]) for i in kept]
    assert sum(right) >= 4
    assert metrics["accuracy"].item() == pytest.approx(sum(right) / 6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Transformer(9, 7, shared=True), "9 and 7 tokens; only one vocabulary"),
        (lambda: Transformer(0), "source_vocabulary is 0"),
        (lambda: Transformer(9, d=10, heads=3), "10 cannot be cut into 3 heads"),
        (lambda: small()(tokens(1, 3, 9), tokens(1, 0, 7)), "the sequence is empty"),
        (lambda: small()(tokens(1, 3, 9) + 9, tokens(1, 2, 7)), "not in the vocab"),
        (lambda: small().translate(tokens(1, 3, 9), 0, 0), "steps is 0"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
