"""GoogLeNet and its block against torchvision."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import torch
import torchvision

from ift6135_lib.conv import GoogLeNet, InceptionBlock, googlenet, names
from tests.conv.parity import assert_parity, count


def reference(**options):
    return torchvision.models.googlenet(init_weights=False, **options)


def test_parameters_are_counted():
    model = googlenet(device="meta")
    with torch.device("meta"):
        assert count(reference(aux_logits=False)) == count(model) == 6_624_904
        assert count(googlenet(num_classes=10)) == 6_624_904 - 990 * 1025
    assert model(torch.zeros(1, 3, 224, 224, device="meta")).shape == (1, 1000)


def test_the_same_network_as_torchvisions():
    theirs = reference(aux_logits=False, num_classes=5)
    assert_parity(theirs, GoogLeNet.from_torchvision, names.googlenet)


def test_inputs_are_transformed_as_torchvisions_and_auxiliary_heads_left_out():
    theirs = reference(aux_logits=True, transform_input=True, num_classes=5).eval()
    ours = GoogLeNet.from_torchvision(theirs)
    assert ours.transform_input and count(ours) < count(theirs)
    x = torch.randn(2, 3, 48, 48)
    assert (ours(x) - theirs(x)).abs().max() < 1e-5


def test_the_branches_lie_side_by_side():
    """Silencing a branch leaves the channels of the others as they are."""
    block = InceptionBlock(8, 2, (3, 4), (2, 5), 6).eval()
    x = torch.randn(1, 8, 9, 9)
    y, start = block(x), 0
    assert block.d_out == 2 + 4 + 5 + 6 == y.shape[1]
    for name, width in (("b1", 2), ("b3", 4), ("b5", 5), ("pool", 6)):
        branch = getattr(block, name)
        assert (y[:, start : start + width] == branch(x)).all()
        start += width


def test_the_largest_kernel_is_the_papers():
    block = InceptionBlock(8, 2, (3, 4), (2, 5), 6)
    assert block.b5[1].conv.kernel_size == (5, 5)
    # 8·2 + 8·3 + 9·3·4 + 8·2 + 25·2·5 + 8·6, and two numbers per channel normalized
    assert count(block) == 462 + 2 * (2 + 3 + 4 + 2 + 5 + 6)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="kernel is 4; it must be odd"):
        InceptionBlock(8, 2, (3, 4), (2, 5), 6, kernel=4)
    with pytest.raises(ValueError, match="3 channels, red, green, blue, got 1"):
        googlenet(in_chans=1, transform_input=True)
    model = googlenet(device="meta").eval()
    assert model(torch.zeros(1, 3, 15, 15, device="meta")).shape == (1, 1000)
    with pytest.raises(ValueError, match="14 × 14 pixels"):
        model(torch.zeros(1, 3, 14, 14, device="meta"))
