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
