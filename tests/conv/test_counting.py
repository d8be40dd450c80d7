"""Parameters and MACs: torch's counter, closed forms, what really runs."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from ift6135_lib.conv import (
    LayerRow,
    LocallyConnected2d,
    layer_table,
    macs,
    parameter_count,
)


def flops(model, shape):
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        model(torch.zeros(1, *shape, device=next(model.parameters()).device))
    return counter.get_total_flops()


class Block(nn.Module):
    """A residual block: strided, with a projection, its ReLU by a function."""

    def __init__(self, c, o, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c, o, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(o)
        self.conv2 = nn.Conv2d(o, o, 3, 1, 1, groups=4, bias=False)
        self.norm2 = nn.BatchNorm2d(o)
        self.project = nn.Conv2d(c, o, 1, stride, bias=False)

    def forward(self, x):
        y = self.norm2(self.conv2(self.norm1(self.conv1(x)).relu()))
        return (y + self.project(x)).relu()


def resnet_18(device="meta"):
    """ResNet-18, from its description: stem, 4 stages of 2 blocks, a linear layer."""

    def conv(c, o, kernel, stride=1):
        return nn.Conv2d(c, o, kernel, stride, kernel // 2, bias=False, device=device)

    class Basic(nn.Module):
        def __init__(self, c, o, stride):
            super().__init__()
            self.conv1, self.conv2 = conv(c, o, 3, stride), conv(o, o, 3)
            self.norm1, self.norm2 = (nn.BatchNorm2d(o, device=device) for _ in "ab")
            self.shortcut = nn.Identity()
            if stride > 1:
                norm = nn.BatchNorm2d(o, device=device)
                self.shortcut = nn.Sequential(conv(c, o, 1, stride), norm)

        def forward(self, x):
            y = self.norm2(self.conv2(self.norm1(self.conv1(x)).relu()))
            return (y + self.shortcut(x)).relu()

    stages = []
    for c, o, stride in ((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)):
        stages += [Basic(c, o, stride), Basic(o, o, 1)]
    return nn.Sequential(
        *(conv(3, 64, 7, 2), nn.BatchNorm2d(64, device=device), nn.ReLU()),
        *(nn.MaxPool2d(3, 2, 1), *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        nn.Linear(512, 1000, device=device),
    )


MODELS = {
    "residual": (
        lambda: nn.Sequential(
            *(nn.Conv2d(3, 8, 7, 2, 3), nn.MaxPool2d(3, 2, 1), Block(8, 16, 2)),
            *(Block(16, 16, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
            nn.Linear(16, 10),
        ),
        (3, 37, 33),
    ),
    "one dimension, groups, dilation": (
        lambda: nn.Sequential(nn.Conv1d(4, 8, 3, 2, 2, 2, groups=2), nn.Linear(9, 5)),
        (4, 17),
    ),
    "transposed": (
        lambda: nn.Sequential(
            nn.ConvTranspose2d(4, 6, 4, 2, 1, 1, groups=2), nn.ConvTranspose2d(6, 2, 3)
        ),
        (4, 5, 6),
    ),
    "three dimensions": (lambda: nn.Conv3d(2, 4, (1, 2, 3)), (2, 4, 5, 6)),
    "linear over places": (lambda: nn.Linear(7, 3), (5, 7)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_mac_is_two_flops_of_torchs_counter(name):
    make, shape = MODELS[name]
    model = make().eval()
    assert 2 * macs(model, shape) == flops(model, shape) > 0


def test_resnet_18_at_224_squared():
    model = resnet_18()
    assert parameter_count(model) == 11_689_512
    assert macs(model, (3, 224, 224)) == 1_814_073_344
    assert flops(model.eval(), (3, 224, 224)) == 3_628_146_688
    rows = layer_table(model, (3, 224, 224))
    assert sum(row.parameters for row in rows) == 11_689_512
    assert rows[0] == LayerRow("0", (64, 112, 112), 9408, 118_013_952)


def test_the_table_says_what_forward_does():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.shared = nn.Conv2d(2, 2, 3, padding=1)
            self.unused = nn.Linear(100, 100)
            self.scale = nn.Parameter(torch.ones(5))
            self.norm = nn.BatchNorm2d(2)

        def forward(self, x):
            return self.norm(self.shared(self.shared(x))), None

    model = Twice().train()
    model.norm.eval()
    assert layer_table(model, (2, 4, 4)) == [
        ("shared", (2, 4, 4), 38, 576),
        ("shared", (2, 4, 4), 0, 576),
        ("norm", (2, 4, 4), 4, 0),
        ("Twice", (2, 4, 4), 5, 0),
    ]
    assert model.training and model.shared.training and not model.norm.training
    assert parameter_count(model) == 38 + 10_100 + 5 + 4
    assert not any(layer._forward_hooks for layer in model.modules())


def test_nothing_is_left_behind_when_forward_fails():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Linear(3, 3))
    with pytest.raises(RuntimeError):
        macs(model, (1, 8, 8))
    assert model.training and not any(layer._forward_hooks for layer in model)


def test_statistics_and_generators_do_not_move():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout())
    before, state = model[1].running_mean.clone(), torch.get_rng_state()
    macs(model, (1, 8, 8))
    assert torch.equal(model[1].running_mean, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_shared_and_frozen_parameters():
    layer = nn.Linear(3, 4)
    model = nn.Sequential(layer, nn.Linear(4, 3, bias=False))
    model[1].weight = nn.Parameter(layer.weight.T)
    assert parameter_count(model) == 12 + 4 + 12
    assert parameter_count(nn.Sequential(layer, layer)) == 16
    layer.bias.requires_grad_(False)
    assert parameter_count(layer, trainable=True) == 12


def test_dimensions_of_the_batch_do_not_count():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), LocallyConnected2d(4, 2, 6, 3))
    assert [row.output_shape for row in layer_table(model, (1, 8, 8))] == [
        (4, 6, 6),
        (2, 4, 4),
    ]
