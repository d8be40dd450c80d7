"""ALBERT: BERT whose blocks are one, and whose vectors of tokens are narrow.

.. math:: V E + E H \\text{ instead of } V H, \\qquad
    x^{ℓ} = \\mathrm{block}(x^{ℓ-1}) \\text{ with the same block for all } ℓ

Ten times fewer parameters at the same width; as many operations.  Its second task is to
tell two sentences from the same two exchanged.

Symbols: V vocabulary, E ``embedding``, H width of the model ``d``.
Source: Lan et al., ICLR 2020, arXiv:1909.11942, section 3.1.
Parity: ``transformers.AlbertModel`` and its heads.
See: chapters/09-transformers
"""

from __future__ import annotations

from . import names
from .bert import BERT
from .bert_settings import bert_settings
from .weights import Entries


class ALBERT(BERT):
    """BERT with one block for all layers, and narrow vectors of tokens.

    Args:
        vocabulary: number of tokens.
        embedding: width E of their vectors.
        act: activation.
        options: the other arguments of :class:`BERT`.

    Raises:
        ValueError: see :class:`BERT`.

    Source:
        Lan et al. 2020, section 3.1.

    Example:
        >>> one = ALBERT(100, d=8, layers=1, heads=2, embedding=4)
        >>> six = ALBERT(100, d=8, layers=6, heads=2, embedding=4)
        >>> [sum(p.numel() for p in model.parameters()) for model in (one, six)]
        [3448, 3448]
    """

    names = staticmethod(names.albert)

    def __init__(
        self,
        vocabulary: int = 30000,
        *args,
        embedding: int = 128,
        act: str = "gelu_tanh",
        **options,
    ):
        super().__init__(vocabulary, *args, act=act, width=embedding, **options)

    @staticmethod
    def distinct(layers: int) -> int:
        """How many blocks have weights of their own: one.

        Args:
            layers: number of blocks.

        Returns:
            One: all blocks share their weights.
        """
        return 1

    @classmethod
    def _settings(cls, entries: Entries) -> dict:
        """The arguments of the network that entries belong to.

        Args:
            entries: those of the other library's network.

        Returns:
            Arguments by name.
        """
        settings = bert_settings(entries)
        settings["layers"] = entries.setting(12, "num_hidden_layers")
        width = entries.size("embeddings.tokens.weight", 1, 128)
        return {**settings, "embedding": width}
