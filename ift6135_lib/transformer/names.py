"""The names that ``transformers`` gives to the entries of the same networks.

Each function goes from the names of a state to ours: ``{theirs: ours}``.  A name that
no rule knows stays as it is, for ``load`` to refuse; None leaves an entry out.  The
separate layers ``q``, ``k``, ``v`` are joined into ``qkv`` by ``weights.py``.

See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Iterable

from ..weights import rename


def gpt(names: Iterable[str]) -> dict[str, str]:
    """GPT-1 and GPT-2, with or without the head that predicts tokens."""
    return rename(
        names,
        [
            (r"^transformer\.", ""),
            (r"^(wte|tokens_embed)\.", "tokens."),
            (r"^(wpe|positions_embed)\.", "positions."),
            (r"^h\.", "blocks."),
            (r"\.ln_1\.", ".norm_attention."),
            (r"\.ln_2\.", ".norm_mlp."),
            (r"\.attn\.c_attn\.", ".attention.qkv."),
            (r"\.attn\.c_proj\.", ".attention.out."),
            (r"\.mlp\.c_fc\.", ".mlp.expand."),
            (r"\.mlp\.c_proj\.", ".mlp.project."),
            (r"^ln_f\.", "norm."),
            (r"^lm_head\.", "head."),
        ],
    )


EMBEDDINGS = [
    (r"^embeddings\.word_embeddings\.", "embeddings.tokens."),
    (r"^embeddings\.position_embeddings\.", "embeddings.positions."),
    (r"^embeddings\.token_type_embeddings\.", "embeddings.segments."),
    (r"^embeddings\.LayerNorm\.", "embeddings.norm."),
]
BLOCKS = [
    (r"^encoder\.layer\.", "blocks."),
    (r"\.attention\.self\.(q)uery\.", r".attention.\1."),
    (r"\.attention\.self\.(k)ey\.", r".attention.\1."),
    (r"\.attention\.self\.(v)alue\.", r".attention.\1."),
    (r"\.attention\.output\.dense\.", ".attention.out."),
    (r"\.attention\.output\.LayerNorm\.", ".norm_attention."),
    (r"\.intermediate\.dense\.", ".mlp.expand."),
    (r"^(blocks\.\d+)\.output\.dense\.", r"\1.mlp.project."),
    (r"^(blocks\.\d+)\.output\.LayerNorm\.", r"\1.norm_mlp."),
]


def bert(names: Iterable[str]) -> dict[str, str | None]:
    """BERT, with any of its heads; the pooler goes to the head that uses it."""
    names = [*names]
    both = any("seq_relationship" in name for name in names)
    masked = any(name.startswith("cls.predictions.") for name in names)
    texts = any(name.startswith("classifier.") for name in names)
    pooled = any(".pooler." in name for name in names)
    if both and masked:
        head, pair = "head.masked.", "head.pair."
    else:
        head = pair = "head."
    used = both or (texts and pooled)
    renamed = rename(
        names,
        [
            (r"^bert\.", ""),
            *EMBEDDINGS,
            *BLOCKS,
            (r"^pooler\.dense\.", f"{pair}dense." if used else "pooler."),
            (r"^cls\.predictions\.transform\.dense\.", f"{head}dense."),
            (r"^cls\.predictions\.transform\.LayerNorm\.", f"{head}norm."),
            (r"^cls\.predictions\.decoder\.", f"{head}decoder."),
            (r"^cls\.seq_relationship\.", f"{pair}out."),
            (r"^(classifier|qa_outputs)\.", "head.out."),
        ],
    )
    renamed.update({n: None for n in names if n == "cls.predictions.bias"})
    return renamed


def roberta(names: Iterable[str]) -> dict[str, str | None]:
    """RoBERTa, with any of its heads."""
    names = [*names]
    renamed = rename(
        names,
        [
            (r"^roberta\.", ""),
            *EMBEDDINGS,
            *BLOCKS,
            (r"^pooler\.dense\.", "pooler."),
            (r"^lm_head\.(dense|decoder)\.", r"head.\1."),
            (r"^lm_head\.layer_norm\.", "head.norm."),
            (r"^classifier\.dense\.", "head.dense."),
            (r"^classifier\.out_proj\.", "head.out."),
            (r"^(classifier|qa_outputs)\.", "head.out."),
        ],
    )
    renamed.update({n: None for n in names if n == "lm_head.bias"})
    return renamed


def albert(names: Iterable[str]) -> dict[str, str | None]:
    """ALBERT, with any of its heads; its one block serves many times."""
    names = [*names]
    both = any(name.startswith("sop_classifier.") for name in names)
    texts = any(name.startswith("classifier.") for name in names)
    pooled = any(".pooler." in name for name in names)
    head, pair = ("head.masked.", "head.pair.") if both else ("head.", "head.")
    used = both or (texts and pooled)
    group = r"^encoder\.albert_layer_groups\.0\.albert_layers\."
    renamed = rename(
        names,
        [
            (r"^albert\.", ""),
            *EMBEDDINGS,
            (r"^encoder\.embedding_hidden_mapping_in\.", "embeddings.widen."),
            (group, "blocks."),
            (r"\.attention\.(q)uery\.", r".attention.\1."),
            (r"\.attention\.(k)ey\.", r".attention.\1."),
            (r"\.attention\.(v)alue\.", r".attention.\1."),
            (r"\.attention\.dense\.", ".attention.out."),
            (r"\.attention\.LayerNorm\.", ".norm_attention."),
            (r"\.ffn\.", ".mlp.expand."),
            (r"\.ffn_output\.", ".mlp.project."),
            (r"\.full_layer_layer_norm\.", ".norm_mlp."),
            (
                r"^pooler\.",
                f"{pair}dense." if used else "pooler.",
            ),
            (r"^predictions\.(dense|decoder)\.", rf"{head}\1."),
            (r"^predictions\.LayerNorm\.", f"{head}norm."),
            (r"^sop_classifier\.classifier\.", f"{pair}out."),
            (r"^(classifier|qa_outputs)\.", "head.out."),
        ],
    )
    renamed.update({n: None for n in names if n == "predictions.bias"})
    return renamed


def distilbert(names: Iterable[str]) -> dict[str, str]:
    """DistilBERT, with any of its heads."""
    return rename(
        names,
        [
            (r"^distilbert\.", ""),
            *EMBEDDINGS,
            (r"^transformer\.layer\.", "blocks."),
            (r"\.attention\.([qkv])_lin\.", r".attention.\1."),
            (r"\.attention\.out_lin\.", ".attention.out."),
            (r"\.sa_layer_norm\.", ".norm_attention."),
            (r"\.ffn\.lin1\.", ".mlp.expand."),
            (r"\.ffn\.lin2\.", ".mlp.project."),
            (r"\.output_layer_norm\.", ".norm_mlp."),
            (r"^vocab_transform\.", "head.dense."),
            (r"^vocab_layer_norm\.", "head.norm."),
            (r"^vocab_projector\.", "head.decoder."),
            (r"^pre_classifier\.", "head.dense."),
            (r"^(classifier|qa_outputs)\.", "head.out."),
        ],
    )
