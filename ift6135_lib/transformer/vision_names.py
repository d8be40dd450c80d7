"""The names that other libraries give to the entries of ViT and Swin.

Each function goes from the names of a state to ours: ``{theirs: ours}``.  A name that
no rule knows stays as it is, for ``load`` to refuse; None leaves an entry out.

See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Iterable

from ..weights import rename

TIMM = [  # the blocks of timm and, of Swin, torchvision
    (r"\.norm1\.", ".norm_attention."),
    (r"\.norm2\.", ".norm_mlp."),
    (r"\.attn\.proj\.", ".attention.out."),
    (r"\.attn\.relative_position_bias_table$", ".table"),
    (r"\.attn\.", ".attention."),
    (r"\.mlp\.(fc1|0)\.", ".mlp.expand."),
    (r"\.mlp\.(fc2|3)\.", ".mlp.project."),
]
HUGGINGFACE = [
    (r"^(vit|swin)\.", ""),
    (r"^embeddings\.patch_embeddings\.projection\.", "patches."),
    (r"\.layernorm_before\.", ".norm_attention."),
    (r"\.layernorm_after\.", ".norm_mlp."),
    (r"\.attention\.([qkv])_proj\.", r".attention.\1."),
    (r"\.attention\.o_proj\.", ".attention.out."),
    (
        r"\.attention\.(relative_position_bias\.)?relative_position_bias_table$",
        ".table",
    ),
    (r"\.mlp\.fc1\.", ".mlp.expand."),
    (r"\.mlp\.fc2\.", ".mlp.project."),
    (r"^layernorm\.", "norm."),
    (r"^classifier\.", "head."),
]


def vit_timm(names: Iterable[str]) -> dict[str, str]:
    """ViT, of timm."""
    return rename(
        names,
        [
            (r"^cls_token$", "class_token"),
            (r"^pos_embed$", "positions"),
            (r"^patch_embed\.proj\.", "patches."),
            *TIMM,
        ],
    )


def vit_torchvision(names: Iterable[str]) -> dict[str, str]:
    """ViT, of torchvision."""
    return rename(
        names,
        [
            (r"^conv_proj\.", "patches."),
            (r"^encoder\.pos_embedding$", "positions"),
            (r"^encoder\.layers\.encoder_layer_(\d+)\.", r"blocks.\1."),
            (r"\.ln_1\.", ".norm_attention."),
            (r"\.ln_2\.", ".norm_mlp."),
            (r"\.self_attention\.in_proj_", ".attention.qkv."),
            (r"\.self_attention\.out_proj\.", ".attention.out."),
            (r"\.mlp\.(0|linear_1)\.", ".mlp.expand."),
            (r"\.mlp\.(3|linear_2)\.", ".mlp.project."),
            (r"^encoder\.ln\.", "norm."),
            (r"^heads\.head\.", "head."),
        ],
    )


def vit_huggingface(names: Iterable[str]) -> dict[str, str | None]:
    """ViT, of ``transformers``; the pooler after the last states is left out."""
    renamed = rename(
        names,
        [
            *HUGGINGFACE,
            (r"^embeddings\.cls_token$", "class_token"),
            (r"^embeddings\.position_embeddings$", "positions"),
            (r"^layers\.", "blocks."),
        ],
    )
    return {k: None if v.startswith("pooler.") else v for k, v in renamed.items()}


def swin_timm(names: Iterable[str]) -> dict[str, str]:
    """Swin, of timm: a stage begins with the merging of patches."""
    return rename(
        names,
        [
            (r"^patch_embed\.proj\.", "patches."),
            (r"^patch_embed\.norm\.", "norm_patches."),
            (r"^layers\.(\d)\.downsample\.", lambda m: f"merges.{int(m[1]) - 1}."),
            (r"^layers\.(\d)\.blocks\.", r"stages.\1."),
            (r"^head\.fc\.", "head."),
            *TIMM,
        ],
    )


def swin_torchvision(names: Iterable[str]) -> dict[str, str | None]:
    """Swin, of torchvision: stages and mergings in turn; the index is left out."""
    renamed = rename(
        names,
        [
            (r"^features\.0\.0\.", "patches."),
            (r"^features\.0\.2\.", "norm_patches."),
            (r"^features\.([13579])\.", lambda m: f"stages.{int(m[1]) // 2}."),
            (r"^features\.([2468])\.", lambda m: f"merges.{int(m[1]) // 2 - 1}."),
            *TIMM,
        ],
    )
    index = "relative_position_index"
    return {k: None if k.endswith(index) else v for k, v in renamed.items()}


def swin_huggingface(names: Iterable[str]) -> dict[str, str | None]:
    """Swin, of ``transformers``: a stage ends with the merging of patches."""
    return rename(
        names,
        [
            *HUGGINGFACE,
            (r"^embeddings\.norm\.", "norm_patches."),
            (r"^encoder\.layers\.(\d)\.downsample\.", r"merges.\1."),
            (r"^encoder\.layers\.(\d)\.blocks\.", r"stages.\1."),
        ],
    )
