"""Byte-pair encoding: merge the most frequent pair of neighbours, again and again.

.. math:: (a, b)^* = \\arg\\max_{(a, b)} \\#(a, b), \\qquad a\\,b → ab

It begins with the 256 bytes, so that every text can be written, in any language, and
ends with whole frequent words. A rare word costs several tokens, none is unknown.

Symbols: ``merges``, the pairs in the order in which they were learned; ``tokens``, the
    bytes of each token.
Source: Sennrich, Haddow & Birch, ACL 2016, arXiv:1508.07909, section 3.2; over bytes:
    Radford et al. 2019 (GPT-2), section 2.2.
Deviation: ties go to the tokens with the smallest numbers.
Parity: ``tokenizers.models.BPE``.
See: chapters/09-transformers
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ift6135_lib.conv.whole import check_whole

from .merges import BYTES, LETTERS, Pair, merge, pair_counts
from .pretokens import pieces


class BPE:
    """A tokenizer of bytes and of the merges learned from a text.

    Token i < 256 is a byte, in GPT-2's order; the others are merges, in theirs.

    Args:
        merges: pairs of tokens, each of tokens that come before.

    Raises:
        ValueError: a pair holds a token that is not there yet.

    Source:
        Sennrich et al. 2016; Radford et al. 2019.

    Example:
        >>> bpe = BPE.train("le lait, le lac, la loi", merges=2)
        >>> bpe.tokens[256:]
        [b' l', b' la']
        >>> bpe.encode("la laine"), bpe.decode(bpe.encode("la laine"))
        ([75, 64, 257, 72, 77, 68], 'la laine')
    """

    def __init__(self, merges: Iterable[Pair] = ()):
        self.tokens = [bytes([b]) for b in BYTES]
        self.merges = {}  # the token that a pair becomes, in order
        self.ranks = {}
        self.number = {token: i for i, token in enumerate(self.tokens)}
        self.encode_piece = lru_cache(maxsize=100_000)(self._encode_piece)
        for pair in merges:
            self._add(pair)

    def _add(self, pair: Pair) -> int:
        a, b = pair
        if not max(a, b) < len(self.tokens):
            raise ValueError(
                f"the merge {pair} holds a token that is not there yet; there are "
                f"{len(self.tokens)}"
            )
        token = self.tokens[a] + self.tokens[b]
        if token not in self.number:  # two pairs may spell the same
            self.number[token] = len(self.tokens)
            self.tokens.append(token)
        self.ranks.setdefault(pair, len(self.ranks))
        return self.merges.setdefault(pair, self.number[token])

    def __len__(self) -> int:
        return len(self.tokens)

    @classmethod
    def train(cls, text: str, merges: int) -> BPE:
        """Learn merges from a text.

        Args:
            text: any; the merges stay inside its pieces.
            merges: how many to learn; fewer if no pair is left.

        Returns:
            The tokenizer.

        Raises:
            ValueError: the number of merges is no whole number ≥ 0.
        """
        check_whole("merges", merges, at_least=0)
        bpe, words = cls(), Counter(pieces(text))
        words = {bpe._bytes(piece): n for piece, n in words.items()}
        current = dict(enumerate(words))
        times = list(words.values())
        counts, where = pair_counts(words), defaultdict(set)
        for i, word in current.items():
            for pair in pairwise(word):
                where[pair].add(i)
        while len(bpe.merges) < merges and counts:
            pair = min(counts, key=lambda pair: (-counts[pair], pair))
            token = bpe._add(pair)
            for i in where.pop(pair):  # only the words that hold it change
                counts.subtract(pair_counts({current[i]: times[i]}))
                current[i] = merge(current[i], pair, token)
                counts.update(pair_counts({current[i]: times[i]}))
                for new in pairwise(current[i]):
                    where[new].add(i)
            counts = +counts  # without those that are at 0
        return bpe

    @classmethod
    def from_huggingface(cls, tokenizer: Any) -> BPE:
        """The merges of a byte-level tokenizer of ``tokenizers`` or ``transformers``.

        Args:
            tokenizer: such as GPT-2's; special tokens are left out.

        Returns:
            A tokenizer with the same numbers.

        Raises:
            ValueError: it is no byte-level BPE, or numbers its tokens otherwise.
        """
        backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
        model = json.loads(backend.to_str())["model"]
        if model["type"] != "BPE" or not model["vocab"].keys() >= LETTERS.keys():
            raise ValueError(
                f"this is a tokenizer of the kind {model['type']}; give a byte-level "
                "BPE, such as GPT-2's"
            )
        bpe = cls()
        for pair in model["merges"]:
            pair = pair.split(" ") if isinstance(pair, str) else pair
            a, b = (bytes(LETTERS[letter] for letter in side) for side in pair)
            bpe._add((bpe.number[a], bpe.number[b]))
        for letters, number in model["vocab"].items():
            token = bytes(LETTERS.get(letter, 0) for letter in letters)
            if bpe.number.get(token, number) != number:
                raise ValueError(
                    f"{letters!r} has the number {number}, here {bpe.number[token]}; "
                    "this tokenizer puts other tokens before the bytes or the merges"
                )
        return bpe

    def _bytes(self, piece: str) -> tuple[int, ...]:
        return tuple(self.number[bytes([b])] for b in piece.encode("utf8"))

    def _encode_piece(self, piece: str) -> tuple[int, ...]:
        word = self._bytes(piece)
        while len(word) > 1:
            pair = min(pairwise(word), key=lambda p: self.ranks.get(p, len(self.ranks)))
            if pair not in self.merges:
                break
            word = merge(word, pair, self.merges[pair])
        return word

    def encode(self, text: str) -> list[int]:
        """The tokens of a text: its pieces' bytes, merged in the order of learning.

        Args:
            text: any.

        Returns:
            Numbers of tokens.
        """
        return [token for piece in pieces(text) for token in self.encode_piece(piece)]

    def decode(self, codes: Iterable[int]) -> str:
        """The text of tokens; bytes that are no text become �.

        Args:
            codes: numbers of tokens.

        Returns:
            The text.

        Raises:
            ValueError: a number is no token.
        """
        codes = list(codes)
        if codes and not 0 <= min(codes) <= max(codes) < len(self):
            raise ValueError(
                f"tokens go from {min(codes)} to {max(codes)}; there are {len(self)}"
            )
        return b"".join(self.tokens[i] for i in codes).decode("utf8", "replace")
