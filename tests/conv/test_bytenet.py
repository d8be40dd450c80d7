"""ByteNet: what each half sees, the unfolding, and a formula-by-formula oracle."""

import math

import numpy as np
import pytest
import torch

from ift6135_lib.conv import ByteNet
from ift6135_lib.conv.bytenet import END, PAD, loss
from ift6135_lib.train import descend, fit

VOCABULARY = 12


def tiny(**options):
    torch.manual_seed(2)
    sizes = {"width": 4, "dilations": (1, 2, 4), **options}
    return ByteNet(VOCABULARY, **sizes).double()


def sentences(*lengths, width=None):
    """Random characters, padded; never a mark."""
    width = width or max(lengths)
    rows = torch.randint(2, VOCABULARY, (len(lengths), width))
    keep = torch.arange(width) < torch.tensor(lengths)[:, None]
    return rows.masked_fill(~keep, PAD)


# --- an independent reference --------------------------------------------------


def norm(x, p, name):
    """Layer normalization of one vector, with torch's ε."""
    centred = x - x.mean()
    scaled = centred / np.sqrt((centred**2).mean() + 1e-5)
    return scaled * p[f"{name}.weight"] + p[f"{name}.bias"]


def phi(x, p, name):
    return np.maximum(norm(x, p, name), 0)


def by_hand(model, source, target):
    """One pair without padding: the logits of each step, by loops, in NumPy."""
    p = {k: v.detach().numpy() for k, v in model.state_dict().items()}
    k = model.encoder[0].conv.kernel_size[0]
    dilations = [block.conv.dilation[0] for block in model.encoder]

    def linear(x, name):
        return p[f"{name}.weight"] @ x + p[f"{name}.bias"]

    def block(rows, name, d, first):
        """``first``: how far the first tap is from the present."""
        narrow = [
            phi(linear(phi(x, p, f"{name}.norms.0"), f"{name}.narrow"), p,
                f"{name}.norms.1")
            for x in rows
        ]  # fmt: skip
        made = []
        for t, x in enumerate(rows):
            y = p[f"{name}.conv.bias"].copy()
            for j in range(k):
                s = t + d * (j + first)
                if 0 <= s < len(rows):
                    y = y + p[f"{name}.conv.weight"][:, :, j] @ narrow[s]
            made.append(x + linear(phi(y, p, f"{name}.norms.2"), f"{name}.widen"))
        return made

    width = math.ceil(model.stretch * len(source) - 1e-9) + model.extra
    rows = [
        p["source_embedding.weight"][source[t] if t < len(source) else PAD]
        for t in range(width)
    ]
    for i, d in enumerate(dilations):
        rows = block(rows, f"encoder.{i}", d, -(k // 2))
    columns = [linear(x, "column") for x in rows]
    before = [END, *target[:-1]]
    rows = [
        p["target_embedding.weight"][c] + (columns[t] if t < width else 0)
        for t, c in enumerate(before)
    ]
    for i, d in enumerate(dilations):
        rows = block(rows, f"decoder.{i}", d, 1 - k)
    return np.stack([linear(phi(x, p, "norm"), "last") for x in rows])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stretch": 1.5, "extra": 2, "sets": 2},
        {"kernel_size": 5, "dilations": (1, 3)},
        {"stretch": 1.0},
    ],
)
@pytest.mark.parametrize("lengths", [(7, 5), (5, 13)])
def test_logits_by_hand(options, lengths):
    model = tiny(**options)
    source, target = (sentences(n) for n in lengths)
    with torch.no_grad():
        ours = model(source, target)
    expected = by_hand(model, source[0].tolist(), target[0].tolist())
    torch.testing.assert_close(ours[0], torch.from_numpy(expected), rtol=0, atol=1e-11)


# --- what each half sees -------------------------------------------------------


def test_the_decoder_never_sees_the_characters_it_predicts():
    model = tiny()
    source, target = sentences(9), sentences(14)
    with torch.no_grad():
        before = model(source, target)
        for i in range(14):
            changed = target.clone()
            changed[0, i] = 2 + (target[0, i] - 1) % (VOCABULARY - 2)
            moved = (model(source, changed) != before).any(-1)[0]
            assert not moved[: i + 1].any()  # exactly equal
            if i + 1 < 14:
                assert moved[i + 1]


def test_the_encoder_sees_both_ways():
    model = tiny()
    source = sentences(12)
    with torch.no_grad():
        before = model._encode(source)
        for i in (0, 5, 11):
            changed = source.clone()
            changed[0, i] = 2 + (source[0, i] - 1) % (VOCABULARY - 2)
            moved = (model._encode(changed) != before).any(-1)[0].nonzero().flatten()
            reach = 1 + 2 + 4
            assert moved[0] == max(0, i - reach)
            assert moved[-1] == min(before.shape[1] - 1, i + reach)


def test_a_change_of_the_source_reaches_the_first_character():
    model = tiny()
    source, target = sentences(5), sentences(5)
    changed = source.clone()
    changed[0, -1] = 2 + (source[0, -1] - 1) % (VOCABULARY - 2)
    with torch.no_grad():
        difference = model(source, target) - model(changed, target)
    assert difference[0, 0].abs().max() > 1e-6


def test_padding_changes_nothing():
    model = tiny(stretch=1.5, extra=1)
    lengths = (3, 8, 5)
    source, target = sentences(*lengths, width=10), sentences(6, 11, 2, width=12)
    with torch.no_grad():
        together = model(source, target)
        for row, (s, t) in enumerate(zip(lengths, (6, 11, 2), strict=True)):
            alone = model(source[row : row + 1, :s], target[row : row + 1, :t])
            torch.testing.assert_close(together[row, :t], alone[0], rtol=0, atol=1e-12)


# --- dynamic unfolding ---------------------------------------------------------


def test_the_number_of_columns():
    source = sentences(10, 3, 5)
    assert tiny()._columns(source).tolist() == [12, 4, 6]  # the paper's a = 1.2, b = 0
    assert tiny(stretch=1.0, extra=3)._columns(source).tolist() == [13, 6, 8]
    encoded = tiny()._encode(source)
    assert encoded.shape[1] == 12
    assert not encoded[1, 4:].any() and encoded[1, 3].any()


def test_step_by_step_is_what_the_whole_target_gives():
    model = tiny(sets=2)
    source = sentences(6, 4)
    made = model.translate(source, 20)
    with torch.no_grad():
        likeliest = model(source, made).argmax(-1)
    for row, expected in zip(made, likeliest, strict=True):
        ended = (row == END).nonzero().flatten()
        stop = int(ended[0]) + 1 if len(ended) else len(row)
        assert (row[:stop] == expected[:stop]).all()
        assert (row[stop:] == PAD).all()


def test_it_stops_at_the_end_mark():
    model = tiny()
    with torch.no_grad():
        model.last.bias[END] += 1000
    assert model.translate(sentences(4), 3).tolist() == [[END, PAD, PAD]]


def test_the_loss_leaves_padding_out():
    model = tiny()
    source = sentences(4, 6)
    target = torch.tensor([[5, 6, END, PAD], [7, 8, 9, END]])
    metrics = loss(model, (source, target))
    with torch.no_grad():
        p = torch.log_softmax(model(source, target), -1)
    kept = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (1, 3)]
    nats = [-p[b, t, target[b, t]].item() for b, t in kept]
    assert metrics["loss"].item() == pytest.approx(np.mean(nats), abs=1e-12)
    right = [p[b, t].argmax() == target[b, t] for b, t in kept]
    assert metrics["accuracy"].item() == pytest.approx(np.mean(right))


def test_it_overfits_one_batch():
    model = tiny(width=16).float()
    source = sentences(6, 5, 4)
    target = torch.cat([source.flip(1), torch.full((3, 1), END)], 1)
    target[1:, :-1] = target[1:, :-1].masked_fill(target[1:, :-1] == PAD, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = fit(
        descend(lambda batch: loss(model, batch), optimizer),
        [(source, target)],
        steps=60,
    )
    assert history["loss"][-1] < 0.05
    assert (model.translate(source, target.shape[1]) == target).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel_size": 2}, "kernel_size is 2; it must be odd"),
        ({"stretch": 0.5}, "stretch 0.5; .* 1 or more"),
        ({"stretch": math.nan}, "stretch nan"),
        ({"dilations": ()}, "one dilation or more"),
        ({"dilations": (1, 0)}, "dilation .* got 0"),
        ({"width": 0}, "width .* got 0"),
        ({"extra": -1}, "extra .* ≥ 0, got -1"),
        ({"sets": 0}, "sets .* got 0"),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        tiny(**options)
    with pytest.raises(ValueError, match="characters .* ≥ 3, got 2"):
        ByteNet(2)
