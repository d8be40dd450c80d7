"""BERT: a stack of blocks that read both ways, trained to fill in masked tokens.

.. math:: p(w_t \\mid w_{\\text{not masked}}) = \\mathrm{softmax}(\\mathrm{head}(h_t)),
    \\qquad h = \\mathrm{blocks}(\\mathrm{embeddings}(w))

It does not generate: each state depends on what comes after.  Its states are the start
of classifiers, taggers and readers, each with a head of its own.

Symbols: h states, ``hidden``; W of the first token, ``pooler``.
Source: Devlin et al., NAACL 2019, arXiv:1810.04805, section 3.
Parity: ``transformers.BertModel``, ``BertForPreTraining`` and its other heads.
See: chapters/09-transformers
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..weights import placed
from . import names
from .bert_embeddings import BERTEmbeddings
from .bert_heads import ClassificationHead, TokenHead
from .bert_settings import bert_settings
from .block import EncoderBlock
from .checks import check_positive
from .initialization import normal_
from .pretraining_heads import MaskedHead, PretrainingHead
from .weights import Entries

HEADS = ("masked", "pretraining", "classification", "tokens", "span")


class BERT(nn.Module):
    """An encoder of texts, with a head for a task or none.

    Weights start as N(0, 0.02²), biases at 0.

    Args:
        vocabulary: number of tokens.
        context: the longest text, in tokens.
        d: width.
        layers: number of blocks.
        heads: number of heads, which divides d.
        hidden: width inside the feed-forward networks; by default, 4d.
        head: "masked", "pretraining", "classification", "tokens", "span" or None.
        classes: those of a head that classifies.
        pooler: whether a model without head has W, for a classifier to begin with.
        tied: whether the head of masked tokens shares their embeddings.
        act: activation.
        dropout: in training; the paper uses 0.1.
        eps: added to the variances.
        device: where the parameters are made.
        embeddings: options of :class:`BERTEmbeddings`, such as the segments.

    Raises:
        ValueError: a size is below 1; the heads do not divide the width; no such head.

    Source:
        Devlin et al. 2019, section 3.

    Example:
        >>> model = BERT(10, 16, d=8, layers=2, heads=2, head="masked")
        >>> model(torch.tensor([[1, 2, 3]])).shape
        torch.Size([1, 3, 10])
    """

    names: Callable = staticmethod(names.bert)  # of the entries of transformers
    pooling = "tanh"  # activation of the pooler and of the head that classifies texts

    def __init__(
        self,
        vocabulary: int = 30522,
        context: int = 512,
        d: int = 768,
        layers: int = 12,
        heads: int = 12,
        *,
        hidden: int | None = None,
        head: str | None = None,
        classes: int = 2,
        pooler: bool = True,
        tied: bool = True,
        act: str = "gelu",
        dropout: float = 0.0,
        eps: float = 1e-12,
        device: torch.device | str | None = None,
        **embeddings,
    ):
        super().__init__()
        check_positive(layers=layers)
        if head is not None and head not in HEADS:
            raise ValueError(f"head is {head!r}; it must be None or one of {HEADS}")
        if head == "span" and classes != 2:
            raise ValueError(
                f"classes is {classes}; a span has 2, its start and its end"
            )
        common = {"dropout": dropout, "eps": eps}
        block = {"norm_first": False, "act": act, **common}
        self.vocabulary, self.context, self.layers = vocabulary, context, layers
        with placed(device):
            embeddings = {**common, **embeddings}
            self.embeddings = BERTEmbeddings(vocabulary, context, d, **embeddings)
            distinct = range(self.distinct(layers))
            self.blocks = nn.ModuleList(
                EncoderBlock(d, heads, hidden, **block) for _ in distinct
            )
            self.pooler = nn.Linear(d, d) if pooler and head is None else None
            self.head = None
            if head in ("masked", "pretraining"):
                tokens = self.embeddings.tokens
                self.head = MaskedHead(d, tokens, tied=tied, act=act, eps=eps)
            if head in ("classification", "pretraining"):
                options = {"act": self.pooling, "dropout": dropout}
                texts = ClassificationHead(d, classes, **options)
                self.head = PretrainingHead(self.head, texts) if self.head else texts
            if head in ("tokens", "span"):
                self.head = TokenHead(d, classes, dropout=dropout)
        normal_(self)

    @staticmethod
    def distinct(layers: int) -> int:
        """How many blocks have weights of their own: all of them.

        Args:
            layers: number of blocks.

        Returns:
            Their number.
        """
        return layers

    def hidden(
        self,
        tokens: Int[Tensor, "b n"],
        mask: Bool[Tensor, "b n"] | None = None,
        segments: Int[Tensor, "b n"] | None = None,
    ) -> Float[Tensor, "b n d"]:
        """The states after the last block.

        Args:
            tokens: the texts (b, n).
            mask: True for real tokens, False for padding, which is not read.
            segments: to which text each token belongs; by default, all to the first.

        Returns:
            States (b, n, d).
        """
        x = self.embeddings(tokens, segments)
        mask = None if mask is None else mask[:, None, None, :]  # (b, h, n, m)
        for i in range(self.layers):
            x = self.blocks[i % len(self.blocks)](x, mask=mask)
        return x

    def forward(
        self,
        tokens: Int[Tensor, "b n"],
        mask: Bool[Tensor, "b n"] | None = None,
        segments: Int[Tensor, "b n"] | None = None,
    ) -> Tensor | tuple[Tensor, Tensor]:
        """What the head says of the texts; the last states without a head.

        Args:
            tokens: the texts (b, n).
            mask: True for real tokens, False for padding, which is not read.
            segments: to which text each token belongs; by default, all to the first.

        Returns:
            Logits of the texts (b, k), or of the tokens (b, n, k); both for
            pre-training; or states (b, n, d).
        """
        h = self.hidden(tokens, mask, segments)
        return h if self.head is None else self.head(h)

    @classmethod
    def from_huggingface(cls, model: nn.Module) -> BERT:
        """The same network, with the weights of one of ``transformers``.

        Args:
            model: the instance, with one of its heads or none, of any size.

        Returns:
            A network with the same logits, or the same last states without a head.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the outputs
                differ.
        """
        entries = Entries(model, cls.names)
        ours = cls(device="meta", **cls._settings(entries))
        return entries.take(ours, vocabulary=ours.vocabulary, context=ours.context)

    _settings = staticmethod(bert_settings)  # the arguments that entries tell
