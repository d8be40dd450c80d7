"""RoBERTa: BERT trained longer, on more text, without the second task.

What it changes: positions are counted without padding, from padding + 1 on; there is
one segment; texts are masked anew each time they are read (``masking.py``); the head of
texts reads the last states by a layer of its own.

Source: Liu et al., arXiv:1907.11692, sections 3 and 4; the published code for the
    positions.
Parity: ``transformers.RobertaModel`` and its heads.
See: chapters/09-transformers
"""

from __future__ import annotations

from . import names
from .bert import BERT
from .bert_settings import bert_settings
from .weights import Entries


class RoBERTa(BERT):
    """BERT whose positions are counted without padding.

    Args:
        vocabulary: number of tokens.
        context: the longest text, in tokens.
        padding: the token that fills texts up.
        segments: number of texts told apart; the model was trained with one.
        options: the other arguments of :class:`BERT`.

    Raises:
        ValueError: see :class:`BERT`.

    Source:
        Liu et al. 2019, section 3.

    Example:
        >>> import torch
        >>> model = RoBERTa(10, 16, d=8, layers=1, heads=2)
        >>> model.embeddings.places(torch.tensor([[5, 7, 1, 1]]))
        tensor([[2, 3, 1, 1]])
    """

    names = staticmethod(names.roberta)

    def __init__(
        self,
        vocabulary: int = 50265,
        context: int = 512,
        *args,
        padding: int = 1,
        segments: int = 1,
        **options,
    ):
        options = {"eps": 1e-5, "padding": padding, "segments": segments, **options}
        super().__init__(vocabulary, context, *args, **options)

    @classmethod
    def _settings(cls, entries: Entries) -> dict:
        """The arguments of the network that entries belong to.

        Args:
            entries: those of the other library's network.

        Returns:
            Arguments by name.
        """
        settings = bert_settings(entries)
        padding = entries.setting(1, "pad_token_id")
        context = max(settings["context"] - padding - 1, 1)
        return {**settings, "padding": padding, "context": context}
