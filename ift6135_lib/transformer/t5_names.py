"""T5's entries in ``transformers``, and how both networks are compared.

See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from ..weights import rename
from .weights import Entries


def t5(names: Iterable[str]) -> dict[str, str | None]:
    """T5, with or without the head; the copies of the embedding are left out."""
    renamed = rename(
        names,
        [
            (r"^shared\.", "tokens."),
            (r"^lm_head\.", "head."),
            (r"^(\w+)\.final_layer_norm\.", r"\1.norm."),
            (r"^(\w+)\.block\.(\d+)\.layer\.", r"\1.blocks.\2."),
            (
                r"\.blocks\.0\.0\.SelfAttention\.relative_attention_bias\.",
                ".bias.table.",
            ),
            (r"\.0\.layer_norm\.", ".norm_attention."),
            (r"^decoder\.(.*)\.1\.layer_norm\.", r"decoder.\1.norm_cross."),
            (r"\.[12]\.layer_norm\.", ".norm_mlp."),
            (r"\.0\.SelfAttention\.", ".attention."),
            (r"\.1\.EncDecAttention\.", ".cross."),
            (r"\.o\.weight$", ".out.weight"),
            (r"\.[12]\.DenseReluDense\.wi\.", ".mlp.expand."),
            (r"\.[12]\.DenseReluDense\.wo\.", ".mlp.project."),
        ],
    )
    return {k: None if "embed_tokens" in k else v for k, v in renamed.items()}


def settings(entries: Entries) -> dict[str, Any]:
    """The arguments that make the same network; of another, any that are possible."""
    d = entries.size("tokens.weight", 1, 512)
    heads = entries.size("encoder.bias.table.weight", 1, 8)
    inner = entries.size("encoder.blocks.0.attention.out.weight", 1, heads)
    return {
        "vocabulary": entries.size("tokens.weight", 0, 32128),
        "d": d,
        "layers": entries.count("encoder.blocks.") or 6,
        "heads": heads,
        "head_dim": max(inner // heads, 1),
        "hidden": entries.size("encoder.blocks.0.mlp.expand.weight", 0, 4 * d),
        "decoder_layers": entries.count("decoder.blocks.") or 6,
        "buckets": entries.size("encoder.bias.table.weight", 0, 32),
        "max_distance": entries.setting(128, "relative_attention_max_distance"),
        "dropout": entries.setting(0.0, "dropout_rate"),
        "head": "head.weight" in entries,
        "eps": entries.setting(1e-6, "layer_norm_epsilon"),
    }


def example(model: nn.Module) -> list[Tensor]:
    """Random texts to read and to write, and a mask with some padding."""
    generator, device = torch.Generator().manual_seed(0), model.tokens.weight.device
    tokens, target = (
        torch.randint(model.vocabulary, (2, n), generator=generator) for n in (7, 5)
    )
    mask = torch.arange(7) < torch.tensor([[7], [4]])
    return [x.to(device) for x in (tokens, target, mask)]


def output(
    reference: nn.Module, tokens: Tensor, target: Tensor, mask: Tensor
) -> Tensor:
    """The logits of the reference, or its last states."""
    out = reference(
        input_ids=tokens, attention_mask=mask.long(), decoder_input_ids=target
    )
    return out.logits if hasattr(out, "logits") else out.last_hidden_state
