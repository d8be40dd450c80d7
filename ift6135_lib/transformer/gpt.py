"""GPT: a stack of causal blocks that predicts the next token.

.. math:: x^0_t = E_{w_t} + P_t, \\qquad x^ℓ = \\mathrm{block}_ℓ(x^{ℓ-1}), \\qquad
    p(w_{t+1} \\mid w_{≤ t}) = \\mathrm{softmax}(E\\, \\mathrm{LN}(x^L_t))

GPT-1 normalizes after each addition and has no last LN; GPT-2 normalizes before.  With
L blocks of width d, a context of c tokens and a vocabulary of v, GPT-2 has
12 L d² + 13 L d + (v + c + 2) d parameters: E serves at both ends.

Symbols: E ``tokens``, P ``positions``, LN ``norm``, the last E ``head``.
Source: Radford et al., 2018, *Improving Language Understanding by Generative
    Pre-Training*, section 3.1; Radford et al., 2019, *Language Models are Unsupervised
    Multitask Learners*, section 2.3.
Parity: ``transformers.GPT2LMHeadModel``, ``transformers.OpenAIGPTLMHeadModel``.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..weights import placed
from . import names
from .cache import KVCache
from .checks import check_positive, check_tokens
from .decoder_block import DecoderBlock
from .generation import generate
from .initialization import normal_
from .weights import Entries


class GPT(nn.Module):
    """A causal language model of the family of GPT-1 and GPT-2.

    Weights start as N(0, 0.02²), those of the layers that add to the residual stream
    √(2L) times smaller; biases at 0.

    Args:
        vocabulary: number of tokens v.
        context: the longest text c, in tokens.
        d: width.
        layers: number of blocks L.
        heads: number of heads, which divides d.
        hidden: width inside the feed-forward networks; by default, 4d.
        norm_first: True is GPT-2, with a last LN; False is GPT-1.
        act: activation; the papers use GELU's approximation by tanh.
        dropout: in training; the papers use 0.1.
        head: whether the model predicts tokens; without, it gives its last states.
        tied: whether the last layer is E as well.
        eps: added to the variances.
        device: where the parameters are made.

    Raises:
        ValueError: a size is below 1; the heads do not divide the width.

    Source:
        Radford et al. 2019, section 2.3.

    Example:
        >>> model = GPT(vocabulary=10, context=16, d=8, layers=2, heads=2)
        >>> model(torch.tensor([[1, 2, 3]])).shape
        torch.Size([1, 3, 10])
    """

    def __init__(
        self,
        vocabulary: int = 50257,
        context: int = 1024,
        d: int = 768,
        layers: int = 12,
        heads: int = 12,
        *,
        hidden: int | None = None,
        norm_first: bool = True,
        act: str = "gelu_tanh",
        dropout: float = 0.0,
        head: bool = True,
        tied: bool = True,
        eps: float = 1e-5,
        device: torch.device | str | None = None,
    ):
        super().__init__()
        check_positive(vocabulary=vocabulary, context=context, layers=layers)
        options = {"norm_first": norm_first, "act": act, "dropout": dropout, "eps": eps}
        self.vocabulary, self.context = vocabulary, context
        with placed(device):
            self.tokens = nn.Embedding(vocabulary, d)
            self.positions = nn.Embedding(context, d)
            self.drop = nn.Dropout(dropout)
            self.blocks = nn.ModuleList(
                DecoderBlock(d, heads, hidden, **options) for _ in range(layers)
            )
            self.norm = nn.LayerNorm(d, eps=eps) if norm_first else None
            self.head = nn.Linear(d, vocabulary, bias=False) if head else None
        normal_(self, adding=("attention.out.weight", "mlp.project.weight"))
        if head and tied:
            self.head.weight = self.tokens.weight

    def forward(
        self,
        tokens: Int[Tensor, "b n"],
        mask: Bool[Tensor, "b n"] | None = None,
        *,
        caches: list[KVCache] | None = None,
        last: bool = False,
    ) -> Float[Tensor, "b n2 v"]:
        """The scores of the token after each one; the last states without a head.

        Args:
            tokens: the text (b, n), or what continues the caches; from 0 to v − 1.
            mask: True for real tokens, False for padding, which is not read.
            caches: those of the text so far, one for each block; None for no cache.
            last: whether only the scores after the last token are wanted.

        Returns:
            Logits (b, n, v), or states (b, n, d); (b, 1, …) for the last alone.

        Raises:
            ValueError: no token, or an unknown one; more of them than the context.
        """
        start = caches[0].length if caches else 0
        check_tokens(tokens, vocabulary=self.vocabulary, context=self.context, at=start)
        places = torch.arange(start, start + tokens.shape[1], device=tokens.device)
        x = self.drop(self.tokens(tokens) + self.positions(places))  # (b, n, d)
        mask = None if mask is None else mask[:, None, None, :]  # (b, h, n, m)
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask, cache=caches[i] if caches else None)
        x = x[:, -1:] if last else x
        x = x if self.norm is None else self.norm(x)
        return x if self.head is None else self.head(x)

    def caches(self, batch: int, room: int) -> list[KVCache]:
        """One empty cache for each block.

        Args:
            batch: number of texts.
            room: how many tokens fit.

        Returns:
            The caches.
        """
        return [block.attention.cache(batch, room) for block in self.blocks]

    def generate(
        self, prompt: Int[Tensor, "b n"], steps: int, **settings
    ) -> Int[Tensor, "b total"]:
        """Continue texts.

        Args:
            prompt: the texts to continue (b, n).
            steps: how many tokens to add.
            settings: those of :func:`generate`, such as the temperature.

        Returns:
            Prompts and continuations (b, n + steps).

        Raises:
            ValueError: see :func:`generate`; the model has no head.
        """
        if self.head is None:
            raise ValueError("this model has no head; make it with head=True")
        return generate(self, prompt, steps, **settings)

    @classmethod
    def from_huggingface(cls, model: nn.Module) -> GPT:
        """The same network, with the weights of one of ``transformers``.

        Args:
            model: a GPT2Model, GPT2LMHeadModel, OpenAIGPTModel or OpenAIGPTLMHeadModel
                of any size.

        Returns:
            A network with the same logits, or the same last states without a head.

        Raises:
            ValueError: the weights do not fit (the message lists them), or the outputs
                differ.
        """
        entries = Entries(model, names.gpt)
        entries.demand(scale_attn_weights=True, scale_attn_by_inverse_layer_idx=False)
        v = entries.size("tokens.weight", 0, 50257)
        d = entries.size("tokens.weight", 1, 768)
        head = "head.weight" in entries
        ours = cls(
            v,
            entries.size("positions.weight", 0, 1024),
            d,
            entries.count("blocks.") or 12,
            entries.heads(d),
            hidden=entries.size("blocks.0.mlp.expand.weight", 0, 4 * d),
            norm_first="norm.weight" in entries,
            act=entries.activation("activation_function", "afn"),
            dropout=entries.setting(0.0, "resid_pdrop"),
            head=head,
            tied=not head or entries.same("head", "tokens"),
            device="meta",
        )
        return entries.take(ours, vocabulary=v, context=ours.context)
