"""Squeeze-and-excitation against timm, a closed form, and a channel to be found."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
from torch import nn

from ift6135_lib import conv
from ift6135_lib.conv import (
    SEBasicBlock,
    SEBottleneck,
    SEResNet,
    SqueezeExcitation,
    names,
)
from ift6135_lib.conv.senet import squeeze
from tests.conv.parity import assert_parity, count, geometry


def test_parameters_are_counted():
    model = conv.seresnet50(device="meta")
    with torch.device("meta"):
        theirs = timm.create_model("seresnet50")
    assert count(model) == count(theirs) == 28_088_024
    assert geometry(model) == geometry(theirs)
    for channels, r in ((64, 16), (256, 4)):
        weights = 2 * channels**2 // r + channels + channels // r
        assert count(SqueezeExcitation(channels, r)) == weights


@pytest.mark.parametrize("block", ["BasicBlock", "Bottleneck"])
def test_the_same_network_as_timms(block):
    theirs = timm.models.resnet
    reference = theirs.ResNet(
        getattr(theirs, block),
        [1, 2, 1, 1],
        num_classes=7,
        block_args={"attn_layer": "se"},
    )
    assert_parity(reference, SEResNet.from_timm, names.resnet)


def test_it_is_the_equations_of_the_paper():
    se = SqueezeExcitation(6, 2).double()
    u = torch.randn(3, 6, 4, 5, dtype=torch.float64)
    z = u.flatten(2).mean(2)
    assert (squeeze(u).flatten(1) - z).abs().max() < 1e-15
    w1, w2 = se.fc1.weight[:, :, 0, 0], se.fc2.weight[:, :, 0, 0]
    s = torch.sigmoid(torch.relu(z @ w1.T + se.fc1.bias) @ w2.T + se.fc2.bias)
    assert (se.gates(u)[:, :, 0, 0] - s).abs().max() < 1e-14
    assert (se(u) - s[:, :, None, None] * u).abs().max() < 1e-14


def test_blocks_weigh_before_the_sum():
    for block in (SEBasicBlock(16, 16), SEBottleneck(64, 16)):
        se = block.residual.se
        nn.init.zeros_(se.fc2.weight)
        nn.init.constant_(se.fc2.bias, -1e4)  # s = 0
        x = torch.randn(2, 16 * block.expansion, 4, 4)
        assert (block.eval()(x) == torch.relu(x)).all()


def test_it_finds_the_channel_that_informs():
    """One channel of eight holds the answer, the others hold noise of the same size."""
    torch.manual_seed(0)
    y = torch.randint(2, (256,)).float()
    u = torch.randn(256, 8, 4, 4)
    u[:, 3] = (2 * y - 1)[:, None, None] + 0.3 * torch.randn(256, 4, 4)
    se = SqueezeExcitation(8, 2)
    optimizer = torch.optim.Adam(se.parameters(), lr=0.05)
    for _ in range(150):
        # sum of the weighted channels: noise is better silenced
        logit = 3 * se(u).mean((2, 3)).sum(1)
        loss = nn.functional.binary_cross_entropy_with_logits(logit, y)
        noise = (se(u)[:, [c for c in range(8) if c != 3]] ** 2).mean()
        optimizer.zero_grad()
        (loss + noise).backward()
        optimizer.step()
    gates = se.gates(u).mean((0, 2, 3))
    assert gates[3] > 0.8 and gates[[c for c in range(8) if c != 3]].max() < 0.3


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="reduction is 16; it must divide 40 channels"):
        SqueezeExcitation(40)
    with pytest.raises(ValueError, match="squeezed is 0"):
        SqueezeExcitation(40, squeezed=0)
