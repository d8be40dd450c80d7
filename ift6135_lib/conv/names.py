"""The names that timm and torchvision give to the entries of the same networks.

Each function goes from the names of a state to ours: ``{theirs: ours}``. A name that
no rule knows stays as it is, for ``weights.load`` to refuse; None leaves an entry out.

See: chapters/07-convnets
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

Rules = Sequence[tuple[str, str | Callable[[re.Match], str]]]
Names = Callable[[Iterable[str]], Mapping[str, str | None]]
CONV_NORM = ("conv", "norm")


def rename(names: Iterable[str], rules: Rules) -> dict[str, str]:
    """Apply the rules (pattern, replacement) to every name, one after the other.

    Example:
        >>> rename(["fc.weight", "fc.bias"], [(r"^fc\\.", "head.")])
        {'fc.weight': 'head.weight', 'fc.bias': 'head.bias'}
    """
    renamed = {}
    for name in names:
        ours = name
        for pattern, new in rules:
            ours = re.sub(pattern, new, ours)
        renamed[name] = ours
    return renamed


def unchanged(names: Iterable[str]) -> dict[str, str]:
    """The same names on both sides: AlexNet, and VGG of torchvision."""
    return {name: name for name in names}


def resnet(names: Iterable[str]) -> dict[str, str]:
    """ResNet and SE-ResNet, of both libraries."""
    return rename(
        names,
        [
            (r"^conv1\.", "stem.conv."),
            (r"^bn1\.", "stem.norm."),
            (r"^fc\.", "head."),
            (r"^layer(\d)\.", lambda m: f"stages.{int(m[1]) - 1}."),
            (r"\.conv(\d)\.", lambda m: f".residual.{int(m[1]) - 1}.conv."),
            (r"\.bn(\d)\.", lambda m: f".residual.{int(m[1]) - 1}.norm."),
            (r"\.se\.", ".residual.se."),
            (r"\.downsample\.([01])\.", lambda m: f".shortcut.{CONV_NORM[int(m[1])]}."),
        ],
    )


def vgg_timm(names: Iterable[str]) -> dict[str, str]:
    """VGG: timm writes its linear layers as convolutions."""
    return rename(
        names,
        [
            (r"^pre_logits\.fc1\.", "classifier.0."),
            (r"^pre_logits\.fc2\.", "classifier.3."),
            (r"^head\.fc\.", "classifier.6."),
        ],
    )


def googlenet(names: Iterable[str]) -> dict[str, str | None]:
    """GoogLeNet, of torchvision; the auxiliary classifiers are left out."""
    blocks = {"3": "ab", "4": "abcde", "5": "ab"}
    branches = ("b1", "b3", "b5", "pool")

    def block(m: re.Match) -> str:
        return f"stage{m[1]}.{blocks[m[1]].index(m[2])}."

    renamed = rename(
        names,
        [
            (r"\.bn\.", ".norm."),
            (r"^conv(\d)\.", lambda m: f"stem.{(0, 2, 3)[int(m[1]) - 1]}."),
            (r"^inception(\d)([a-e])\.", block),
            (r"\.branch(\d)\.", lambda m: f".{branches[int(m[1]) - 1]}."),
            (r"^fc\.", "head."),
        ],
    )
    return {k: None if k.startswith("aux") else v for k, v in renamed.items()}


def inverted_residuals_timm(names: Iterable[str]) -> dict[str, str]:
    """MobileNetV2 and EfficientNet, of timm: ``blocks.<stage>.<number>.<layer>``."""
    names = list(names)
    # two pointwise convolutions, the second one linear, or only the second
    expanding = {name.split(".conv_pwl")[0] for name in names if ".conv_pwl" in name}
    found = (re.match(r"blocks\.(\d+)\.(\d+)\.", name) for name in names)
    order = sorted({(int(m[1]), int(m[2])) for m in found if m})

    def layer(m: re.Match) -> str:
        stage, number, name = int(m[1]), int(m[2]), m[3]
        roles = ["expand", "depthwise", "project"]
        layers = ["conv_pw", "conv_dw", "conv_pwl"]
        if f"blocks.{stage}.{number}" not in expanding:
            roles, layers = roles[1:], ["conv_dw", "conv_pw"]
        ours = dict(zip(layers, (f"{role}.conv" for role in roles), strict=True))
        ours |= {f"bn{i}": f"{role}.norm" for i, role in enumerate(roles, 1)}
        return f"blocks.{order.index((stage, number))}.{ours.get(name, name)}."

    return rename(
        names,
        [
            (r"^conv_stem\.", "stem.conv."),
            (r"^bn1\.", "stem.norm."),
            (r"^conv_head\.", "last.conv."),
            (r"^bn2\.", "last.norm."),
            (r"^classifier\.", "head."),
            (r"^blocks\.(\d+)\.(\d+)\.(\w+)\.", layer),
            (r"\.se\.conv_reduce\.", ".se.fc1."),
            (r"\.se\.conv_expand\.", ".se.fc2."),
        ],
    )


def inverted_residuals_torchvision(names: Iterable[str]) -> dict[str, str]:
    """MobileNetV2 and EfficientNet, of torchvision: numbered layers, last one first.

    A block's layers are numbered from 0 whether or not it expands: what a number means
    is counted from the end.
    """
    names = list(names)
    block = re.compile(r"^features\.(\d+(?:\.\d+)?)\.(?:conv|block)\.(\d+)\.")
    depth, order = {}, []
    for name in names:
        if m := block.match(name):
            if m[1] not in depth:
                order.append(m[1])
            depth[m[1]] = max(depth.get(m[1], 0), int(m[2]) + 1)
    first = max((int(key.split(".")[0]) for key in order), default=0) + 1
    mobile = any(".conv." in name for name in names)
    if mobile:
        roles = ["expand", "depthwise", "project.conv", "project.norm"]
    else:
        roles = ["expand", "depthwise", "se", "project"]

    def layer(m: re.Match) -> str:
        role = roles[int(m[2]) - depth[m[1]]]
        return f"blocks.{order.index(m[1])}.{role}."

    def pair(m: re.Match) -> str:
        return f"{m[1]}.{CONV_NORM[int(m[2])]}."

    return rename(
        names,
        [
            (block.pattern, layer),
            (r"^features\.0\.", "stem."),
            (rf"^features\.{first}\.", "last."),
            (r"(stem|last|expand|depthwise|project)\.([01])\.", pair),
            (r"^classifier\.1\.", "head."),
        ],
    )


def convnext_timm(names: Iterable[str]) -> dict[str, str]:
    """ConvNeXt, of timm."""

    def block(m: re.Match) -> str:
        return f"stages.{m[1]}.{int(m[2]) + (m[1] != '0')}."

    return rename(
        names,
        [
            (r"^stages\.(\d)\.blocks\.(\d+)\.", block),
            (r"^stages\.([1-3])\.downsample\.", r"stages.\1.0."),
            (r"\.conv_dw\.", ".depthwise."),
            (r"\.mlp\.fc1\.", ".expand."),
            (r"\.mlp\.fc2\.", ".project."),
            (r"^head\.norm\.", "norm."),
            (r"^head\.fc\.", "head."),
        ],
    )


def convnext_torchvision(names: Iterable[str]) -> dict[str, str]:
    """ConvNeXt, of torchvision: downsampling and stages in turn."""
    layers = {"0": "depthwise", "2": "norm", "3": "expand", "5": "project"}

    def block(m: re.Match) -> str:
        stage = int(m[1]) // 2
        return f"stages.{stage}.{int(m[2]) + (stage > 0)}."

    return rename(
        names,
        [
            (r"^features\.0\.", "stem."),
            (r"^features\.([1357])\.(\d+)\.", block),
            (r"^features\.([246])\.", lambda m: f"stages.{int(m[1]) // 2}.0."),
            (r"\.block\.([0235])\.", lambda m: f".{layers[m[1]]}."),
            (r"\.layer_scale$", ".gamma"),
            (r"^classifier\.0\.", "norm."),
            (r"^classifier\.2\.", "head."),
        ],
    )


def mixer(names: Iterable[str]) -> dict[str, str]:
    """MLP-Mixer, of timm."""
    return rename(
        names,
        [
            (r"^stem\.proj\.", "patches."),
            (r"\.norm1\.", ".norm_tokens."),
            (r"\.norm2\.", ".norm_channels."),
            (r"\.mlp_(tokens|channels)\.", r".\1."),
        ],
    )
