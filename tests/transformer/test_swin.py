"""Swin against transformers, timm and torchvision; its windows and their mask."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from torchvision.models import swin_transformer as theirs
from transformers import SwinConfig, SwinForImageClassification, SwinModel

from ift6135_lib import transformer
from ift6135_lib.transformer import (
    PatchMerging,
    Swin,
    SwinBlock,
    shift_mask,
    vision_names,
    window_offsets,
    window_partition,
    window_reverse,
)
from ift6135_lib.weights import WrongWeights
from tests.transformer.vision import assert_parity, count, randomized

COUNTS = {
    "swin_t": (28_288_354, "swin_tiny_patch4_window7_224"),
    "swin_s": (49_606_258, "swin_small_patch4_window7_224"),
    "swin_b": (87_768_224, "swin_base_patch4_window7_224"),
}


def huggingface(cls=SwinForImageClassification, **settings):
    settings = {
        "image_size": 24, "patch_size": 2, "num_channels": 2, "embed_dim": 12,
        "depths": (2, 2), "num_heads": (2, 3), "window_size": 3, "mlp_ratio": 2.5,
        "num_labels": 5, "drop_path_rate": 0.0, "layer_norm_eps": 1e-3, **settings,
    }  # fmt: skip
    return cls(SwinConfig(**settings))


def torchvisions(**settings):
    settings = {
        "patch_size": [2, 2], "embed_dim": 12, "depths": [2, 2, 1],
        "num_heads": [2, 3, 4], "window_size": [3, 3], "mlp_ratio": 2.5,
        "num_classes": 5, "stochastic_depth_prob": 0.0, **settings,
    }  # fmt: skip
    return torchvision.models.SwinTransformer(**settings)


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    expected, of_timm = COUNTS[name]
    model = getattr(transformer, name)(device="meta")
    assert count(model) == expected
    with torch.device("meta"):
        references = [
            Swin.from_timm(timm.create_model(of_timm)),
            Swin.from_torchvision(getattr(torchvision.models, name)()),
        ]
    shapes = {k: v.shape for k, v in model.state_dict().items()}
    for reference in references:
        assert shapes == {k: v.shape for k, v in reference.state_dict().items()}
        for mine, other in zip(model.stages, reference.stages, strict=True):
            assert [(b.attention.heads, b.shift, b.window) for b in mine] == [
                (b.attention.heads, b.shift, b.window) for b in other
            ]


@pytest.mark.parametrize("cls", [SwinForImageClassification, SwinModel])
def test_the_same_network_as_transformers(cls):
    x = torch.randn(2, 2, 24, 24)
    names = vision_names.swin_huggingface
    assert_parity(huggingface(cls), Swin.from_huggingface, names, x)


@pytest.mark.parametrize(("h", "w"), [(24, 24), (12, 24), (48, 12)])
def test_the_same_network_as_torchvisions(h, w):
    names = vision_names.swin_torchvision
    x = torch.randn(2, 3, 2 * h, 2 * w)
    assert_parity(torchvisions(), Swin.from_torchvision, names, x)


def test_the_same_network_as_timms():
    reference = timm.models.swin_transformer.SwinTransformer(
        24, 2, 2, 5, embed_dim=12, depths=(2, 3), num_heads=(2, 3), window_size=3,
        drop_path_rate=0.0,
    )  # fmt: skip
    names = vision_names.swin_timm
    assert_parity(reference, Swin.from_timm, names, torch.randn(2, 2, 24, 24))


def test_the_whole_tiny_network_as_torchvisions():
    reference = randomized(torchvision.models.swin_t())
    ours, x = Swin.from_torchvision(reference), torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        y, expected = ours(x), reference(x)
    assert (y - expected).abs().max() <= 1e-5 * expected.abs().max().clamp(min=1)
    shapes = [m.shape[1:] for m in ours.maps(x)]
    assert shapes == [(56, 56, 96), (28, 28, 192), (14, 14, 384), (7, 7, 768)]


def test_merging_is_torchvisions():
    reference = randomized(theirs.PatchMerging(6)).double()
    ours = PatchMerging(6).double()
    ours.load_state_dict(reference.state_dict())
    x = torch.randn(2, 4, 8, 6, dtype=torch.float64)
    assert (ours(x) - reference(x)).abs().max() < 1e-12


# --- windows -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("h", "w", "window"), [(4, 6, 2), (9, 3, 3), (5, 5, 5), (2, 3, 1)]
)
def test_windows_are_put_back(h, w, window):
    x = torch.randn(2, h, w, 3)
    windows = window_partition(x, window)
    assert windows.shape == (2 * (h // window) * (w // window), window**2, 3)
    assert (window_reverse(windows, h, w) == x).all()
    across = w // window
    for v, content in enumerate(windows[: len(windows) // 2]):
        i, j = v // across * window, v % across * window
        expected = x[0, i : i + window, j : j + window].flatten(0, 1)
        assert (content == expected).all()


def test_offsets_are_torchvisions():
    for window in (1, 2, 3, 7):
        layer = theirs.ShiftedWindowAttention(4, [window, window], [0, 0], 1)
        expected = layer.relative_position_index.reshape(window**2, window**2)
        assert (window_offsets(window) == expected).all()


def padded_instead_of_rolled(block, x):
    """Shifted windows, without rolling: empty patches are added around the image."""
    _, h, w, _ = x.shape
    m, s = block.window, block.shift
    wide = F.pad(x, (0, 0, m - s, s, m - s, s))
    real = F.pad(torch.ones(1, h, w, 1), (0, 0, m - s, s, m - s, s))
    real = window_partition(real, m)[..., 0].bool()  # (v, n)
    bias = block.table[window_offsets(m)].permute(2, 0, 1)
    rows = []
    for image in wide:
        windows = window_partition(image[None], m)
        y = block.attention(windows, mask=real[:, None, None], bias=bias)
        rows.append(window_reverse(y, h + m, w + m)[0])
    return torch.stack(rows)[:, m - s : h + m - s, m - s : w + m - s]


@pytest.mark.parametrize(("window", "shift"), [(4, 2), (3, 1), (4, 1), (4, 3), (2, 1)])
@pytest.mark.parametrize(("i", "j"), [(2, 2), (3, 2), (2, 4)])
def test_rolling_with_a_mask_is_padding(window, shift, i, j):
    block = randomized(SwinBlock(6, 2, window=window, shift=shift)).double()
    x = torch.randn(2, i * window, j * window, 6, dtype=torch.float64)
    gap = (block.read(x) - padded_instead_of_rolled(block, x)).abs().max()
    assert gap < 1e-10


def test_the_mask_by_a_loop():
    h, w, m, shift = 6, 9, 3, (1, 2)
    mask = shift_mask(h, w, m, shift)
    where = torch.arange(h * w).reshape(1, h, w, 1).float()
    place = window_partition(where.roll((-1, -2), (1, 2)), m)[..., 0].long()
    for v in range(len(mask)):
        for a in range(m * m):
            for b in range(m * m):
                (y, x), (y2, x2) = (divmod(int(place[v, k]), w) for k in (a, b))
                near = abs(y - y2) < m and abs(x - x2) < m
                assert mask[v, a, b] == near
    assert shift_mask(h, w, m, (0, 0)).all()


def test_one_window_is_not_shifted():
    block = randomized(SwinBlock(6, 2, window=4, shift=2)).double()
    still = SwinBlock(6, 2, window=4).double()
    still.load_state_dict(block.state_dict())
    x = torch.randn(1, 4, 4, 6, dtype=torch.float64)
    assert (block(x) - still(x)).abs().max() == 0
    tall = torch.randn(1, 8, 4, 6, dtype=torch.float64)
    assert (block(tall) - still(tall)).abs().max() > 1e-3


def test_two_blocks_let_windows_speak():
    model = randomized(Swin(6, (2,), (2,), None, 1, patch=1, window=4)).double()
    x = torch.randn(1, 1, 12, 12, dtype=torch.float64, requires_grad=True)
    y = model.norm(model.maps(x)[0])
    (gradient,) = torch.autograd.grad(y[0, 0, 0].sum(), x)
    seen = gradient[0, 0] != 0
    # the second block's window is the corner's alone, 2 × 2; the first one's 4 × 4
    assert seen[:4, :4].all() and seen.sum() == 16
    (gradient,) = torch.autograd.grad(model.norm(model.maps(x)[0])[0, 3, 3].sum(), x)
    assert (gradient[0, 0] != 0)[:8, :8].all()
    assert (gradient[0, 0] != 0).sum() == 64


def test_images_do_not_mix():
    model = randomized(Swin(6, (2, 1), (2, 2), 5, patch=1, window=2)).double()
    x = torch.randn(3, 3, 8, 4, dtype=torch.float64)
    each = torch.cat([model(image[None]) for image in x])
    assert (model(x) - each).abs().max() < 1e-12


# --- errors ------------------------------------------------------------------


def test_what_does_not_fit_is_listed():
    with pytest.raises(WrongWeights, match="do not fit this Swin"):
        Swin.from_timm(timm.create_model("resnet18", num_classes=3))
    with pytest.raises(WrongWeights, match="missing"):
        Swin.from_torchvision(torchvision.models.VisionTransformer(12, 3, 1, 2, 8, 8))
    with pytest.raises(WrongWeights, match="unexpected .*position_embeddings"):
        Swin.from_huggingface(huggingface(use_absolute_embeddings=True))
    model = randomized(torchvisions())
    model.features[1][0].mlp[1] = nn.ReLU()
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        Swin.from_torchvision(model)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Swin(8, (1, 1), (2,)), "depths are"),
        (lambda: Swin(8, (1,), (3,)), "3 heads"),
        (lambda: Swin(8, (1,), (2,), 0), "num_classes is 0"),
        (
            lambda: Swin(8, (1, 1), (2, 2), patch=2, window=3)(
                torch.zeros(1, 3, 12, 8)
            ),
            "patches of 12 pixels do not tile images of 12 × 8",
        ),
        (lambda: SwinBlock(8, 2, window=3, shift=3), "shift is 3; .* 0 to 2"),
        (lambda: PatchMerging(4)(torch.zeros(1, 3, 4, 4)), "3 × 4 patches"),
        (lambda: window_partition(torch.zeros(1, 4, 5, 1), 2), "do not tile 4 × 5"),
        (lambda: window_reverse(torch.zeros(4, 5, 1), 4, 4), "4 windows of 5 patches"),
        (lambda: window_reverse(torch.zeros(3, 4, 1), 4, 4), "each needs 4 windows"),
        (lambda: shift_mask(4, 4, 2, (2, 0)), "shift is \\(2, 0\\)"),
        (lambda: window_offsets(0), "window is 0"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
