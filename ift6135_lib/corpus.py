"""Texts as sequences of characters.

Source: seven plays and the Sonnets of Shakespeare, public domain;
    ``datasets/README.md`` gives the provenance.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import torch
from torch import Tensor

from ift6135_lib.device import default_device


@dataclass(frozen=True)
class Text:
    """A text as whole numbers, one for each character.

    Example:
        >>> text = Text(torch.tensor([0, 1]), torch.tensor([1]), ("a", "b"))
        >>> text.encode("ba"), text.decode(text.train)
        (tensor([1, 0]), 'ab')
    """

    train: Tensor  # (t,) of int64
    val: Tensor  # (t,) of int64
    vocabulary: tuple[str, ...]  # the character of each number

    def encode(self, text: str) -> Tensor:
        """The numbers of a text.

        Args:
            text: of t characters, all in the vocabulary.

        Returns:
            Numbers (t,), on the device of ``train``.

        Raises:
            ValueError: a character that the vocabulary does not have.
        """
        strangers = set(text) - set(self.vocabulary)
        if strangers:
            raise ValueError(
                f"the characters {sorted(strangers)} are not in the vocabulary "
                f"({''.join(self.vocabulary)!r})"
            )
        number = {character: i for i, character in enumerate(self.vocabulary)}
        return torch.tensor([number[c] for c in text], device=self.train.device)

    def decode(self, numbers: Tensor) -> str:
        """The text of numbers.

        Args:
            numbers: (t,), each below the vocabulary's size.

        Returns:
            A text of t characters.

        Raises:
            IndexError: a number that stands for no character.
        """
        return "".join(self.vocabulary[i] for i in numbers.tolist())


def shakespeare(*, val: float = 0.1, device: torch.device | str | None = None) -> Text:
    """Seven plays and the Sonnets, character by character.

    Args:
        val: fraction at the end kept for validation, in (0, 1).
        device: where the tensors go; this machine's fastest by default.

    Returns:
        The characters' numbers, and the vocabulary in the characters' own order.

    Raises:
        ValueError: val is not in (0, 1).

    Example:
        >>> text = shakespeare(device="cpu")
        >>> text.decode(text.encode("To be"))
        'To be'
    """
    if not 0 < val < 1:
        raise ValueError(f"val is {val}; it must lie in (0, 1)")
    content = (files("ift6135_lib") / "datasets" / "shakespeare.txt").read_text("utf8")
    vocabulary = tuple(sorted(set(content)))
    number = {character: i for i, character in enumerate(vocabulary)}
    device = default_device() if device is None else device
    numbers = torch.tensor([number[c] for c in content], device=device)
    cut = round(len(numbers) * (1 - val))
    return Text(numbers[:cut], numbers[cut:], vocabulary)
