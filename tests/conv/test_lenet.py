"""LeNet-5 against a network written with functions of torch, and its counts."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from ift6135_lib.conv import LeNet, lenet5, scaled_tanh
from tests.conv.parity import assert_close, count, step


class Written(nn.Module):
    """The same network, written again from the paper's section II.B."""

    def __init__(self, source):
        super().__init__()
        self.weights = nn.ParameterList([p.detach().clone() for p in source])

    def forward(self, x):
        c1, b1, c3, b3, c5, b5, f6, b6, out, bias = self.weights

        def φ(a):
            e = (4 / 3 * a).exp()
            return 1.7159 * (e - 1) / (e + 1)

        x = F.interpolate(φ(F.conv2d(x, c1, b1)), scale_factor=0.5, mode="area")
        x = F.interpolate(φ(F.conv2d(x, c3, b3)), scale_factor=0.5, mode="area")
        x = φ(x.flatten(1) @ c5.flatten(1).T + b5)
        return φ(x @ f6.T + b6) @ out.T + bias


def test_it_is_the_network_of_the_paper():
    ours = lenet5().double()
    theirs = Written(ours.parameters())
    x = torch.randn(3, 1, 32, 32, dtype=torch.float64)
    (y, dx, mine), (y2, dx2, others) = step(ours, x), step(theirs, x)
    assert_close(y, y2, 1e-10, "logits")
    assert_close(dx, dx2, 1e-10, "gradient of the images")
    for (name, g), g2 in zip(mine.items(), others.values(), strict=True):
        assert_close(g, g2, 1e-10, name)


def test_parameters_are_counted():
    model = lenet5(device="meta")
    assert count(model) == 61_706
    layers = [156, 2_416, 48_120, 10_164, 850]
    found = [count(m) for m in model.layers if isinstance(m, nn.Conv2d | nn.Linear)]
    assert found == layers
    with torch.device("meta"):
        assert count(lenet5(num_classes=3, in_chans=2)) == 61_706 + 150 - 7 * 85
    assert model(torch.zeros(1, 1, 32, 32, device="meta")).shape == (1, 10)


def test_the_activation_is_one_at_one():
    a = torch.linspace(-4, 4, 101, dtype=torch.float64)
    assert (scaled_tanh(a) + scaled_tanh(-a)).abs().max() < 1e-15
    assert scaled_tanh(torch.ones(1)).item() == pytest.approx(1, abs=1e-4)
    assert scaled_tanh(torch.tensor([1e3])).item() == pytest.approx(1.7159)


def test_weights_start_within_the_papers_bounds():
    for layer in lenet5().layers:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            bound = 2.4 / math.prod(layer.weight.shape[1:])
            assert 0.8 * bound < layer.weight.abs().max() <= bound


def test_it_learns_a_batch():
    model, x, y = lenet5(), torch.randn(16, 1, 32, 32), torch.arange(16) % 10
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(60):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.05


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"28 × 28 pixels; .* exactly 32 × 32"):
        LeNet()(torch.zeros(1, 1, 28, 28))
    with pytest.raises(ValueError, match="num_classes is 0"):
        lenet5(num_classes=0)
