"""WaveNet: the μ-law, the gate, the receptive field, and both ways to generate."""

import math

import numpy as np
import pytest
import torch

from ift6135_lib.conv import WaveNet, gated_activation, mu_law_decode, mu_law_encode
from ift6135_lib.conv.sampling import sample_softmax
from ift6135_lib.conv.wavenet import loss
from ift6135_lib.train import descend, fit

# --- the μ-law ---------------------------------------------------------------


def thresholds():
    """Where the class changes, from the formula solved for x in NumPy."""
    middles = (2 * (np.arange(255) + 0.5) / 255) - 1
    return np.sign(middles) * (256 ** np.abs(middles) - 1) / 255


def test_encoding_counts_the_thresholds_below():
    x = np.random.default_rng(0).uniform(-1, 1, 20_000)
    x = np.concatenate([x, x * 1e-2, x * 1e-4, [-1, 0, 1]])
    expected = np.searchsorted(thresholds(), x, side="right")
    assert (mu_law_encode(torch.from_numpy(x)).numpy() == expected).all()


def test_every_class_decodes_to_its_own_middle():
    codes = torch.arange(256)
    x = mu_law_decode(codes.double())
    assert (mu_law_encode(x) == codes).all()
    assert (x.diff() > 0).all()
    torch.testing.assert_close(x, -x.flip(0), rtol=0, atol=1e-15)
    ends = torch.from_numpy(thresholds())
    torch.testing.assert_close(
        mu_law_decode(codes[:-1] + 0.5).double(), ends, rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("mu", [15, 255])
def test_the_round_trip_errs_by_half_a_class_at_most(mu):
    x = torch.linspace(-1, 1, 10_001, dtype=torch.float64)
    codes = mu_law_encode(x, mu)
    assert codes.min() == 0 and codes.max() == mu
    low, high = (mu_law_decode(codes + half, mu) for half in (-0.5, 0.5))
    assert (low.double() <= x + 1e-7).all() and (x <= high.double() + 1e-7).all()
    assert (mu_law_encode(mu_law_decode(codes.double(), mu), mu) == codes).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mu_law_encode(torch.tensor([0.5, -1.5])), "up to 1.5 .* \\[-1, 1\\]"),
        (lambda: mu_law_encode(torch.tensor([math.nan])), "up to nan"),
        (lambda: mu_law_encode(torch.zeros(2), mu=0), "mu .* ≥ 1, got 0"),
        (lambda: mu_law_decode(torch.tensor([3, 256])), "from 3 to 256; .* 0 and 255"),
        (lambda: WaveNet([]), "dilations is empty"),
        (lambda: WaveNet([1, 0]), "dilation .* got 0"),
        (lambda: WaveNet([1], stacks=0), "stacks .* got 0"),
        (lambda: WaveNet([1], classes=1), "classes .* ≥ 2, got 1"),
        (lambda: tiny().generate(torch.zeros(1, 0).long(), 3), "continue .* got 0"),
        (lambda: tiny().generate(torch.zeros(1, 1).long(), 0), "samples .* got 0"),
        (
            lambda: tiny().generate(torch.zeros(1, 1).long(), 2, temperature=-1.0),
            "temperature .* 0 or more",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# --- the model ---------------------------------------------------------------


def tiny(**options):
    torch.manual_seed(1)
    sizes = {"channels": 4, "skip_channels": 6, "classes": 32, **options}
    return WaveNet(sizes.pop("dilations", (1, 2, 4)), **sizes).double()


def test_the_gate_is_the_paper_s():
    f, g = torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True)
    z = gated_activation(f, g)
    expected = np.tanh(f.detach().numpy()) / (1 + np.exp(-g.detach().numpy()))
    torch.testing.assert_close(z.detach(), torch.from_numpy(expected))
    assert torch.autograd.gradcheck(gated_activation, (f, g))


class ByHand:
    """The logits of one time step, by recursion on the paper's figure 4, in NumPy."""

    def __init__(self, model, codes, h=None):
        self.p = {k: v.detach().numpy() for k, v in model.state_dict().items()}
        self.model, self.codes, self.h, self.known = model, codes, h, {}

    def conv(self, name, source, t, d):
        w = self.p[f"{name}.weight"]
        y = self.p[f"{name}.bias"].copy()
        for j in range(w.shape[2]):
            s = t - d * (w.shape[2] - 1 - j)
            if s >= 0:
                y += w[:, :, j] @ source(s)
        return y

    def layer(self, i, t):
        """The input of block i at time t, and what it skips."""
        if (i, t) not in self.known:
            self.known[i, t] = self._layer(i, t)
        return self.known[i, t]

    def _layer(self, i, t):
        if i == 0:
            levels = self.model.classes - 1

            def amplitude(s):
                return np.array([2 * self.codes[s] / levels - 1])

            return self.conv("first", amplitude, t, 1), 0.0
        name, x = f"blocks.{i - 1}", self.layer(i - 1, t)[0]
        y = self.conv(
            f"{name}.conv",
            lambda s: self.layer(i - 1, s)[0],
            t,
            self.model.dilations[i - 1],
        )
        if self.h is not None:
            y = y + self.p[f"{name}.condition.weight"] @ self.h
        half = len(y) // 2
        z = np.tanh(y[:half]) / (1 + np.exp(-y[half:]))
        skip = self.conv(f"{name}.skip", lambda s: z, t, 1)
        return x + self.conv(f"{name}.residual", lambda s: z, t, 1), skip

    def logits(self, t):
        total = sum(self.layer(i + 1, t)[1] for i in range(len(self.model.dilations)))
        relu = np.maximum(total, 0)
        hidden = np.maximum(self.conv("hidden", lambda s: relu, t, 1), 0)
        return self.conv("last", lambda s: hidden, t, 1)


@pytest.mark.parametrize("conditions", [0, 3])
@pytest.mark.parametrize("kernel_size", [2, 3])
def test_logits_by_hand(kernel_size, conditions):
    model = tiny(stacks=2, kernel_size=kernel_size, conditions=conditions)
    codes = torch.randint(32, (2, 20))
    h = torch.randn(2, 3, dtype=torch.float64) if conditions else None
    with torch.no_grad():
        ours = model(codes, h)
    for row in range(2):
        by_hand = ByHand(
            model, codes[row].numpy(), None if h is None else h[row].numpy()
        )
        expected = np.stack([by_hand.logits(t) for t in range(20)], -1)
        torch.testing.assert_close(
            ours[row], torch.from_numpy(expected), rtol=0, atol=1e-12
        )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"dilations": (1, 2, 4, 8), "stacks": 2},
        {"dilations": (3, 1), "kernel_size": 4},
        {"dilations": (1,), "kernel_size": 1},
    ],
)
def test_the_receptive_field_is_what_a_perturbation_reaches(options):
    model = tiny(**options)
    r = model.receptive_field
    codes = torch.randint(32, (1, r + 40))
    changed = codes.clone()
    changed[0, 20] = (codes[0, 20] + 16) % 32
    with torch.no_grad():
        moved = (model(changed) != model(codes)).any(1)[0].nonzero().flatten()
    assert moved[0] == 20 and moved[-1] == 20 + r - 1


def test_the_field_of_the_paper():
    model = WaveNet([2**i for i in range(10)], stacks=3, channels=2, skip_channels=2)
    assert model.receptive_field == 1 + 1 + 3 * 1023


@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("beginning", [1, 7, 40])
def test_fast_generation_is_slow_generation(temperature, beginning):
    model = tiny(stacks=2)
    codes, seen = torch.randint(32, (3, beginning)), []
    model.register_forward_hook(lambda *called: seen.append(called[-1][..., -1]))
    samples = [
        model.generate(
            codes,
            60,
            temperature=temperature,
            generator=torch.Generator().manual_seed(5),
            fast=fast,
        )
        for fast in (True, False)
    ]
    assert samples[0].shape == (3, 60)
    assert (samples[0] == samples[1]).all()
    everything = torch.cat([codes, samples[0]], 1)
    assert len(seen) == 60  # the slow way only
    rings, windows = model._rings(3), torch.stack(seen, -1)
    with torch.no_grad():
        steps = torch.stack([model._step(c, rings) for c in everything.T], -1)
        torch.testing.assert_close(steps, model(everything), rtol=0, atol=1e-12)
    before = steps[..., beginning - 1 : -1]
    torch.testing.assert_close(windows, before, rtol=0, atol=1e-12)


def test_conditions_are_followed_and_change_the_samples():
    model = tiny(conditions=2)
    codes, h = torch.zeros(2, 1).long(), 5 * torch.eye(2, dtype=torch.float64)
    made = [
        model.generate(
            codes, 40, h=h, fast=fast, generator=torch.Generator().manual_seed(0)
        )
        for fast in (True, False)
    ]
    assert (made[0] == made[1]).all()
    other = model.generate(
        codes, 40, h=h.flip(0), generator=torch.Generator().manual_seed(0)
    )
    assert (other != made[0]).any()


def test_one_temperature_for_each_signal():
    model = tiny()
    codes = torch.full((2, 4), 3)
    both = model.generate(codes, 30, temperature=torch.tensor([0.0, 3.0]))
    greedy = model.generate(codes[:1], 30, temperature=0.0)
    assert (both[:1] == greedy).all() and (both[1] != both[0]).any()


def test_the_draws_follow_the_softmax_and_sharpen_as_the_temperature_falls():
    logits = torch.tensor([[0.0, 1.0, 2.0, -1.0]]).expand(40_000, 4)
    for T in (0.5, 1.0, 2.0):
        drawn = sample_softmax(logits, torch.full((40_000, 1), T))
        share = drawn.flatten().bincount(minlength=4) / 40_000
        torch.testing.assert_close(
            share, torch.softmax(logits[0] / T, 0), rtol=0, atol=0.01
        )
    assert (sample_softmax(logits, torch.zeros(40_000, 1)) == 2).all()
    cold = sample_softmax(logits, torch.full((40_000, 1), 1e-3))
    assert (cold == 2).all()


def test_the_loss_is_the_mean_code_length():
    model = tiny()
    codes = torch.randint(32, (2, 15))
    metrics = loss(model, (codes,))
    with torch.no_grad():
        p = torch.log_softmax(model(codes), 1)
        nats = -np.mean([p[b, codes[b, t + 1], t] for b in range(2) for t in range(14)])
    assert metrics["loss"].item() == pytest.approx(nats, abs=1e-12)
    assert metrics["bits"].item() == pytest.approx(nats / math.log(2), abs=1e-12)


def test_it_learns_a_periodic_signal_by_heart():
    model = tiny(channels=8, dilations=(1, 2, 4, 8)).float()
    t = torch.arange(200)
    codes = mu_law_encode(0.8 * torch.sin(2 * math.pi * t / 25), mu=31)[None]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    history = fit(
        descend(lambda batch: loss(model, batch), optimizer), [(codes,)], steps=150
    )
    assert history["loss"][0] > 3 and history["loss"][-1] < 0.3
    with torch.no_grad():
        likeliest = model(codes[:, :-1]).argmax(1)
    assert (likeliest == codes[:, 1:])[:, 30:].float().mean() > 0.9
