"""T5: an encoder–decoder that turns every task into text from text.

.. math::
    M = \\mathrm{encoder}(E_x), \\qquad
    h = \\mathrm{decoder}(E_{y_{<t}}, M), \\qquad
    p(y_t \\mid y_{<t}, x) = \\mathrm{softmax}(E h / \\sqrt d)

A prefix names the task: "translate English to German: …", "summarize: …".

Symbols: E ``tokens`` and ``head``, M ``memory``.
Shapes: b batch, n tokens read, t tokens written, d width, v vocabulary.
Source: Raffel et al., JMLR 21, 2020, arXiv:1910.10683, section 2.1.
Parity: ``transformers.T5Model``, ``transformers.T5ForConditionalGeneration``.
See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..weights import compare, placed
from . import t5_names
from .cache import KVCache
from .checks import check_positive, check_tokens
from .generation import generate
from .t5_reading import Reading, ended
from .t5_stacks import T5Decoder, T5Encoder
from .weights import Entries


class T5(nn.Module):
    """T5, of any size.

    E starts as N(0, 1) and serves at both ends.

    Args:
        vocabulary: number of tokens v.
        d: width.
        layers: blocks of the encoder.
        heads: number of heads.
        decoder_layers: blocks of the decoder; by default, as many.
        head: whether the model predicts tokens; without, it gives its last states.
        device: where the parameters are made.
        options: the other arguments of :class:`T5Encoder`, such as ``head_dim``.

    Raises:
        ValueError: a size is below 1.

    Source:
        Raffel et al. 2020, sections 2.1 and 3.1.1.

    Example:
        >>> model = T5(vocabulary=20, d=8, layers=1, heads=2, head_dim=4)
        >>> model(torch.tensor([[5, 6, 7]]), torch.tensor([[0, 8]])).shape
        torch.Size([1, 2, 20])
    """

    def __init__(
        self,
        vocabulary: int = 32128,
        d: int = 512,
        layers: int = 6,
        heads: int = 8,
        *,
        decoder_layers: int | None = None,
        head: bool = True,
        device: torch.device | str | None = None,
        **options,
    ):
        super().__init__()
        written = layers if decoder_layers is None else decoder_layers
        check_positive(vocabulary=vocabulary, d=d)
        self.vocabulary, self.d = vocabulary, d
        with placed(device):
            self.tokens = nn.Embedding(vocabulary, d)
            self.encoder = T5Encoder(d, layers, heads, **options)
            self.decoder = T5Decoder(d, written, heads, **options)
            self.head = nn.Linear(d, vocabulary, bias=False) if head else None
        nn.init.normal_(self.tokens.weight)
        if head:
            self.head.weight = self.tokens.weight

    def encode(
        self, tokens: Int[Tensor, "b n"], mask: Bool[Tensor, "b n"] | None = None
    ) -> Float[Tensor, "b n d"]:
        """What the decoder reads.

        Args:
            tokens: of the text (b, n).
            mask: True for real tokens, False for padding.

        Returns:
            The memory M (b, n, d).

        Raises:
            ValueError: the text is empty, or a token is unknown.
        """
        check_tokens(tokens, vocabulary=self.vocabulary, context=None)
        return self.encoder(self.tokens(tokens), mask)

    def decode(
        self,
        target: Int[Tensor, "b t"],
        memory: Float[Tensor, "b n d"],
        mask: Bool[Tensor, "b n"] | None = None,
        *,
        caches: list[KVCache] | None = None,
        last: bool = False,
    ) -> Float[Tensor, "b m v"]:
        """The scores of each next token; the states without a head.

        .. math:: z_t = E h_t / \\sqrt d

        Args:
            target: tokens after the start's (b, t), or what continues the caches.
            memory: what the encoder has read (b, n, d).
            mask: True for what is real in the memory.
            caches: those of the tokens so far, one for each block; None for no cache.
            last: whether only what follows the last token is computed.

        Returns:
            Logits (b, t, v), or states (b, t, d); with one token for the last.

        Raises:
            ValueError: the target is empty, or a token is unknown.
        """
        check_tokens(target, vocabulary=self.vocabulary, context=None)
        x = self.decoder(self.tokens(target), memory, mask, caches=caches)
        x = x[:, -1:] if last else x
        return x if self.head is None else self.head(x * self.d**-0.5)

    def forward(
        self,
        tokens: Int[Tensor, "b n"],
        target: Int[Tensor, "b t"],
        mask: Bool[Tensor, "b n"] | None = None,
    ) -> Float[Tensor, "b t v"]:
        """The scores of each next token of the target; its states without a head.

        Args:
            tokens: of the text to read (b, n).
            target: the text to write (b, t), shifted: its first token is the start's.
            mask: True for real tokens of the text to read.

        Returns:
            Logits (b, t, v), or states.
        """
        return self.decode(target, self.encode(tokens, mask), mask)

    def generate(
        self,
        tokens: Int[Tensor, "b n"],
        steps: int,
        mask: Bool[Tensor, "b n"] | None = None,
        *,
        start: int = 0,
        end: int | None = None,
        **settings,
    ) -> Int[Tensor, "b total"]:
        """Read texts and write others.

        Args:
            tokens: of the texts to read (b, n).
            steps: how many tokens to write.
            mask: True for real tokens of the texts to read.
            start: the token that each text written begins with.
            end: the token that ends a text; ``start`` follows it. None for no end.
            settings: those of :func:`generate`.

        Returns:
            Start token and tokens written (b, 1 + steps).

        Raises:
            ValueError: the model has no head; an argument is out of range.
        """
        if self.head is None:
            raise ValueError("this model has no head; make it with head=True")
        begin = tokens.new_full((len(tokens), 1), start)
        text = generate(Reading(self, tokens, mask), begin, steps, **settings)
        return ended(text, end, start)

    @classmethod
    def from_huggingface(cls, model: nn.Module) -> T5:
        """The same network, with the weights of one of ``transformers``.

        Args:
            model: a T5Model or T5ForConditionalGeneration (T5 1.1 is another network).

        Returns:
            A network with the same logits, or last states.

        Raises:
            ValueError: the weights do not fit, or the outputs differ.
        """
        entries = Entries(model, t5_names.t5)
        ours = entries.copy_to(cls(**t5_names.settings(entries), device="meta"))
        compare(ours, model, t5_names.example(ours), t5_names.output)
        return ours
