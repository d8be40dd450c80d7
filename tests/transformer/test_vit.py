"""ViT against transformers, timm and torchvision; patches and positions."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import pytest
import timm
import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from transformers import ViTConfig, ViTForImageClassification, ViTModel

from ift6135_lib import transformer
from ift6135_lib.data import digits
from ift6135_lib.train import descend, fit
from ift6135_lib.transformer import ViT, patchify, unpatchify, vision_names
from ift6135_lib.weights import WrongWeights
from tests.transformer.vision import assert_parity, count, randomized

COUNTS = {
    "vit_ti_16": (5_717_416, "vit_tiny_patch16_224"),
    "vit_s_16": (22_050_664, "vit_small_patch16_224"),
    "vit_b_16": (86_567_656, "vit_base_patch16_224"),
    "vit_l_16": (304_326_632, "vit_large_patch16_224"),
}


def huggingface(cls=ViTForImageClassification, **settings):
    settings = {
        "image_size": 12, "patch_size": 3, "num_channels": 2, "hidden_size": 16,
        "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 40,
        "num_labels": 5, "layer_norm_eps": 1e-3, **settings,
    }  # fmt: skip
    return cls(ViTConfig(**settings))


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_counted(name):
    expected, theirs = COUNTS[name]
    model = getattr(transformer, name)(device="meta")
    assert count(model) == expected
    with torch.device("meta"):
        reference = timm.create_model(theirs)
    assert count(reference) == expected
    converted = ViT.from_timm(reference)
    shapes = {k: v.shape for k, v in model.state_dict().items()}
    assert shapes == {k: v.shape for k, v in converted.state_dict().items()}
    heads = {block.attention.heads for block in model.blocks}
    assert heads == {block.attention.heads for block in converted.blocks}
    # as a formula: 12d² + 13d for each block
    d, layers = model.norm.weight.numel(), len(model.blocks)
    embedding = 3 * 16**2 * d + d + d + 197 * d
    assert expected == embedding + layers * (12 * d**2 + 13 * d) + 2 * d + 1001 * d + (
        1000 - d
    )


@pytest.mark.parametrize("cls", [ViTForImageClassification, ViTModel])
def test_the_same_network_as_transformers(cls):
    x = torch.randn(3, 2, 12, 12)
    names = vision_names.vit_huggingface
    assert_parity(huggingface(cls), ViT.from_huggingface, names, x)
    assert (ViT.from_huggingface(huggingface(cls)).head is None) == (cls is ViTModel)


def test_the_same_network_as_timms():
    reference = timm.models.vision_transformer.VisionTransformer(
        12, 3, 2, num_classes=5, embed_dim=16, depth=2, num_heads=4, mlp_ratio=2.5
    )
    names = vision_names.vit_timm
    assert_parity(reference, ViT.from_timm, names, torch.randn(3, 2, 12, 12))


def test_the_mean_of_the_patches_as_timms():
    reference = timm.models.vision_transformer.VisionTransformer(
        12, 3, 2, num_classes=5, embed_dim=16, depth=2, num_heads=4,
        class_token=False, global_pool="avg", fc_norm=False,
    )  # fmt: skip
    names = vision_names.vit_timm
    assert_parity(reference, ViT.from_timm, names, torch.randn(3, 2, 12, 12))


def test_the_same_network_as_torchvisions():
    reference = torchvision.models.VisionTransformer(12, 3, 2, 4, 16, 40, num_classes=5)
    names = vision_names.vit_torchvision
    assert_parity(reference, ViT.from_torchvision, names, torch.randn(3, 3, 12, 12))


def test_the_whole_base_network_as_torchvisions():
    with torch.device("meta"):
        reference = torchvision.models.vit_b_16()
    assert count(ViT.from_torchvision(reference)) == 86_567_656
    small = torchvision.models.VisionTransformer(224, 16, 2, 3, 192, 768)
    ours, x = ViT.from_torchvision(randomized(small)), torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        y, expected = ours(x), small(x)
    assert (y - expected).abs().max() <= 1e-5 * expected.abs().max().clamp(min=1)


# --- patches -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("h", "w", "patch"), [(8, 8, 2), (6, 12, 3), (4, 4, 4), (3, 5, 1)]
)
def test_a_linear_map_of_patches_is_a_strided_convolution(h, w, patch):
    x = torch.randn(2, 3, h, w, dtype=torch.float64)
    conv = nn.Conv2d(3, 7, patch, stride=patch).double()
    z = patchify(x, patch) @ conv.weight.flatten(1).T + conv.bias
    expected = conv(x).flatten(2).transpose(1, 2)
    assert (z - expected).abs().max() < 1e-12
    unfolded = F.unfold(x, patch, stride=patch).transpose(1, 2)
    assert (patchify(x, patch) == unfolded).all()
    assert (unpatchify(patchify(x, patch), patch, h // patch) == x).all()


def test_the_embedding_is_patches_class_and_positions():
    model = ViT(6, 3, 8, 1, 2, 4).double()
    nn.init.normal_(model.class_token)
    x = torch.randn(2, 3, 6, 6, dtype=torch.float64)
    z = model.embed(x)
    assert z.shape == (2, 5, 8)
    first = model.class_token[0, 0] + model.positions[0, 0]
    assert (z[:, 0] - first).abs().max() < 1e-12
    weight = model.patches.weight.flatten(1)
    for p in range(4):
        i, j = p // 2 * 3, p % 2 * 3
        patch = x[:, :, i : i + 3, j : j + 3].flatten(1)
        expected = patch @ weight.T + model.patches.bias + model.positions[0, p + 1]
        assert (z[:, p + 1] - expected).abs().max() < 1e-12


@pytest.mark.parametrize("positions", [True, False])
def test_without_positions_the_order_of_patches_is_not_seen(positions):
    model = ViT(6, 2, 8, 2, 2, 4, positions=positions).double()
    nn.init.normal_(model.head.weight)
    x = torch.randn(2, 3, 6, 6, dtype=torch.float64)
    shuffled = patchify(x, 2)[:, torch.randperm(9)]
    gap = (model(unpatchify(shuffled, 2, 3)) - model(x)).abs().max()
    assert (gap > 1e-3) == positions and (positions or gap < 1e-12)


def test_weights_start_as_the_authors_draw_them():
    model = ViT(32, 8, 64, 2, 4, 10)
    weight = model.blocks[0].attention.qkv.weight
    assert 0.9 < weight.abs().max() / (6 / 128) ** 0.5 <= 1
    assert model(torch.randn(2, 3, 32, 32)).abs().max() == 0
    assert 0.015 < model.positions.std() < 0.025
    assert model.class_token.abs().max() == 0


def test_it_learns_digits():
    sets = digits(device="cpu")
    model = ViT(8, 2, 32, 1, 4, 10, in_chans=1)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    x, y = sets.train.x.reshape(-1, 1, 8, 8)[:200], sets.train.y[:200]
    step = descend(lambda _: F.cross_entropy(model(x), y), optimizer)
    history = fit(step, [None], steps=60)
    assert history["loss"][-1] < 0.3 < 2 < history["loss"][0]


# --- errors ------------------------------------------------------------------


def test_what_does_not_fit_is_listed():
    with pytest.raises(WrongWeights, match="do not fit this ViT"):
        ViT.from_timm(timm.create_model("resnet18", num_classes=3))
    with pytest.raises(WrongWeights, match="missing"):
        ViT.from_huggingface(nn.Conv2d(3, 4, 2))
    with pytest.raises(WrongWeights, match=r"unexpected .*q_norm"):
        ViT.from_timm(
            timm.models.vision_transformer.VisionTransformer(
                12, 3, 3, embed_dim=16, depth=1, num_heads=2, qk_norm=True
            )
        )
    with pytest.raises(WrongWeights, match=r"qkv.bias"):
        ViT.from_huggingface(huggingface(qkv_bias=False))
    with pytest.raises(ValueError, match="the weights fit, but the logits differ"):
        ViT.from_timm(
            randomized(
                timm.models.vision_transformer.VisionTransformer(
                    12, 3, 3, embed_dim=16, depth=1, num_heads=2, act_layer=nn.ReLU
                )
            )
        )
    with pytest.raises(ValueError, match="'quick_gelu'; it must be one of"):
        ViT.from_huggingface(huggingface(hidden_act="quick_gelu"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ViT(8, 3, 8, 1, 2), "patches of 3 pixels do not tile images of 8"),
        (lambda: ViT(8, 2, 8, 1, 3), "3 heads"),
        (lambda: ViT(8, 2, 8, 0, 2), "layers is 0"),
        (lambda: ViT(8, 2, 8, 1, 2, 0), "num_classes is 0"),
        (lambda: ViT(8, 2, 8, 1, 2)(torch.zeros(1, 3, 8, 12)), "8 × 12 pixels"),
        (lambda: patchify(torch.zeros(1, 1, 4, 5), 2), "4 × 5"),
        (lambda: patchify(torch.zeros(1, 1, 4, 4), 0), "patch is 0"),
        (lambda: unpatchify(torch.zeros(1, 5, 4), 2, 2), "no 2 rows"),
        (lambda: unpatchify(torch.zeros(1, 4, 5), 2, 2), "5 numbers"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
