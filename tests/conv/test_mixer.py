"""MLP-Mixer against timm, and what its two mixings see."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
from timm.models.mlp_mixer import MlpMixer
from torch import nn

from ift6135_lib import conv
from ift6135_lib.conv import MixerBlock, MLPMixer, names
from tests.conv.parity import assert_parity, count

COUNTS = {"mixer_s16_224": 18_528_264, "mixer_b16_224": 59_880_472}


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    model = getattr(conv, name)(device="meta")
    assert count(model) == COUNTS[name]
    with torch.device("meta"):
        other = getattr(conv, name)(num_classes=10, in_chans=1)
        assert count(timm.create_model(name)) == COUNTS[name]
        theirs = timm.create_model(name, num_classes=10, in_chans=1)
        assert count(other) == count(theirs)
        assert other(torch.zeros(1, 1, 224, 224)).shape == (1, 10)


@pytest.mark.parametrize("ratio", [(0.5, 4.0), (1.0, 2.0)])
def test_the_same_network_as_timms(ratio):
    reference = MlpMixer(
        num_classes=7,
        img_size=40,
        in_chans=2,
        patch_size=8,
        num_blocks=3,
        embed_dim=32,
        mlp_ratio=ratio,
    )
    assert_parity(reference, MLPMixer.from_timm, names.mixer, size=40, channels=2)


def test_the_first_mlp_mixes_patches_the_second_one_channels():
    block = MixerBlock(6, 8, 5, 7).double()
    x = torch.randn(1, 6, 8, dtype=torch.float64)
    identity = torch.nn.Identity()
    block.norm_tokens = block.norm_channels = identity  # LN mixes channels, too
    jacobian = torch.autograd.functional.jacobian
    with torch.no_grad():
        block.channels.fc2.weight.zero_()
    across = jacobian(block, x).reshape(6, 8, 6, 8)
    same_channel = torch.eye(8).bool()[None, :, None, :].expand_as(across)
    assert (across[~same_channel] == 0).all() and (across[same_channel] != 0).all()
    with torch.no_grad():
        block.tokens.fc2.weight.zero_()
        nn.init.normal_(block.channels.fc2.weight)
    within = jacobian(block, x).reshape(6, 8, 6, 8)
    same_patch = torch.eye(6).bool()[:, None, :, None].expand_as(within)
    assert (within[~same_patch] == 0).all() and (within[same_patch] != 0).all()


def test_it_starts_with_equal_logits():
    model = MLPMixer(32, 8, 64, 2, 10)
    assert (model(torch.randn(2, 3, 32, 32)) == 0).all()
    assert model.blocks[0].channels.fc2.weight.std().item() == pytest.approx(
        1 / 16, rel=0.05
    )


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="patches of 7 pixels do not tile"):
        MLPMixer(32, 7, 64, 2)
    with pytest.raises(ValueError, match=r"24 × 32 pixels; .* exactly 32 × 32"):
        MLPMixer(32, 8, 16, 1)(torch.zeros(1, 3, 24, 32))
    with pytest.raises(ValueError, match="depth is 0"):
        MLPMixer(32, 8, 16, 0)
