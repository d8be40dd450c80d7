"""T5's span corruption: the paper's example, the round trip, the law of the spans."""

import pytest
import torch

from ift6135_lib.transformer import corrupt_spans, fill_spans, span_mask

TEXT = "Thank you for inviting me to your party last week .".split()


def test_the_example_of_the_paper():
    words = {word: i for i, word in enumerate(TEXT)}
    hidden = torch.tensor([word in ("for", "inviting", "last") for word in TEXT])
    inputs, targets = corrupt_spans(torch.tensor([*words.values()]), hidden, 99)
    names = dict(enumerate(TEXT)) | {99: "<X>", 98: "<Y>", 97: "<Z>"}
    said = [" ".join(names[i] for i in x.tolist()) for x in (inputs, targets)]
    assert said == [
        "Thank you <X> me to your party <Y> week .",
        "<X> for inviting <Y> last <Z>",
    ]


@pytest.mark.parametrize("density", [0.02, 0.15, 0.5, 0.9])
@pytest.mark.parametrize("length", [2, 3, 10, 101])
def test_the_round_trip_is_exact(length, density):
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        tokens = torch.randint(30, (length,), generator=generator)
        hidden = span_mask(length, density=density, generator=generator)
        inputs, targets = corrupt_spans(tokens, hidden, 999)
        assert (fill_spans(inputs, targets, 999) == tokens).all()
        spans = int((hidden.int().diff() == 1).sum())
        assert len(inputs) == length - int(hidden.sum()) + spans
        assert len(targets) == int(hidden.sum()) + spans + 1


def test_tokens_may_stand_just_below_the_sentinels():
    tokens = torch.arange(60).flip(0)
    hidden = span_mask(60, density=0.3, generator=torch.Generator().manual_seed(0))
    spans = int((hidden.int().diff() == 1).sum())
    sentinel = 59 + spans + 1  # the last one is 60
    inputs, targets = corrupt_spans(tokens, hidden, sentinel)
    assert targets[-1] == 60
    assert (fill_spans(inputs, targets, sentinel) == tokens).all()


@pytest.mark.parametrize("bits", range(32))
def test_any_mask_has_its_round_trip(bits):
    """Spans at the ends as well, no span, everything."""
    hidden = torch.tensor([bool(bits >> i & 1) for i in range(5)])
    tokens = torch.tensor([3, 3, 0, 1, 2])
    inputs, targets = corrupt_spans(tokens, hidden, 50)
    assert (fill_spans(inputs, targets, 50) == tokens).all()
    runs = "".join("x" if h else " " for h in hidden).split()
    assert (inputs > 40).sum() == len(runs)
    assert targets[-1] == 50 - len(runs)


def test_as_much_is_hidden_as_was_asked():
    lengths = []
    for seed in range(200):
        generator = torch.Generator().manual_seed(seed)
        hidden = span_mask(200, density=0.15, mean_span=3.0, generator=generator)
        assert hidden.sum() == 30 and not hidden[0] and hidden[-1]
        runs = "".join("x" if h else " " for h in hidden).split()
        assert len(runs) == 10
        lengths += [len(run) for run in runs]
    assert min(lengths) == 1 and max(lengths) > 8
    # 9 cuts among the 29 places between 30 tokens: P(length 1) = 9 / 29
    share = sum(length == 1 for length in lengths) / len(lengths)
    assert share == pytest.approx(9 / 29, abs=0.03)


def test_a_mask_is_drawn_from_its_generator():
    a, b = (span_mask(50, generator=torch.Generator().manual_seed(s)) for s in (1, 2))
    again = span_mask(50, generator=torch.Generator().manual_seed(1))
    assert (a == again).all() and (a != b).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: span_mask(1), "length is 1"),
        (lambda: span_mask(9, density=1.0), "density 1.0"),
        (lambda: span_mask(9, mean_span=0.5), "mean_span 0.5"),
        (
            lambda: corrupt_spans(
                torch.tensor([98, 1]), torch.tensor([True, True]), 99
            ),
            "the token 98, and its sentinels are 98 to 99",
        ),
        (
            lambda: fill_spans(torch.tensor([1, 99]), torch.tensor([98, 2, 99]), 99),
            "inputs are \\[\\], those of the targets \\[99\\]; .* down from 99",
        ),
        (
            lambda: fill_spans(torch.tensor([1, 99]), torch.tensor([99, 2, 97]), 99),
            "inputs are \\[99\\], those of the targets \\[99, 97\\]",
        ),
        (
            lambda: fill_spans(torch.tensor([1, 99]), torch.tensor([99, 2]), 99),
            "inputs are \\[99\\], those of the targets \\[99, 2\\]",
        ),
        (
            lambda: fill_spans(torch.tensor([1]), torch.zeros(0).long(), 99),
            "those of the targets \\[\\]",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
