"""The size of a network of ``transformers`` of BERT's family, read off its entries.

See: chapters/09-transformers
"""

from __future__ import annotations

from .weights import Entries


def bert_head(entries: Entries) -> str | None:
    """Which head the entries have: the argument ``head`` of :class:`BERT`."""
    if "head.masked.dense.weight" in entries:
        return "pretraining"
    if "head.decoder.weight" in entries:
        return "masked"
    if "head.dense.weight" in entries:
        return "classification"
    return "tokens" if "head.out.weight" in entries else None


def bert_settings(entries: Entries) -> dict:
    """The arguments of :class:`BERT` that make a network of the same shapes.

    Args:
        entries: under our names.

    Returns:
        Arguments by name; where an entry is missing, those of BERT-base, for ``load``
        to refuse.

    Raises:
        ValueError: a setting, such as a causal mask, is not to be had here.
    """
    entries.demand(is_decoder=False, num_hidden_groups=1, inner_group_num=1)
    head = bert_head(entries)
    both = head == "pretraining"
    decoder = "head.masked.decoder" if both else "head.decoder"
    out = "head.pair.out.weight" if both else "head.out.weight"
    first = "blocks.0.mlp.expand.weight"
    d = entries.size(first, 1, 768)
    masks = head in ("masked", "pretraining")
    return {
        "vocabulary": entries.size("embeddings.tokens.weight", 0, 30522),
        "context": entries.size("embeddings.positions.weight", 0, 512),
        "d": d,
        "layers": entries.count("blocks.") or 12,
        "heads": entries.heads(d),
        "hidden": entries.size(first, 0, 4 * d),
        "head": head,
        "classes": entries.size(out, 0, 2),
        "pooler": "pooler.weight" in entries,
        "tied": not masks or entries.same(decoder, "embeddings.tokens"),
        "act": entries.activation("hidden_act", "activation"),
        "dropout": entries.setting(0.0, "hidden_dropout_prob", "dropout"),
        "segments": entries.size("embeddings.segments.weight", 0, 0),
    }
