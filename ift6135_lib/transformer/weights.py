"""The weights of a network of ``transformers``, under our names and in our shapes.

Its settings, such as the number of heads, which no shape tells, are read from its
configuration.  What is common to all networks is in ``ift6135_lib/weights.py``.

See: chapters/09-transformers
"""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import Tensor, nn

from .. import weights
from ..weights import Model, Names, compare

# their names of the activations, and ours
ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu_fast": "gelu_tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
}


class Entries(weights.Entries):
    """The entries of a network of ``transformers``, under our names.

    Args:
        reference: the network, with its weights.
        names: from its entries' names to ours.

    Raises:
        ValueError: the reference is not an instance of ``nn.Module``, or chooses among
            several texts.
    """

    example = "transformers.AutoModel.from_pretrained('gpt2')"

    def __init__(self, reference: nn.Module, names: Names):
        super().__init__(reference, names)
        if type(reference).__name__.endswith("MultipleChoice"):
            raise ValueError(
                f"{type(reference).__name__} reads several texts for one answer, which "
                "no head here does; give the same network with another head, or none"
            )
        for name, layer in reference.named_modules():
            if type(layer).__name__ == "Conv1D":  # x W instead of W x
                ours = self.names.get(f"{name}.weight")
                self[ours] = self[ours].T
        for query in [name for name in self if re.search(r"\.q\.(weight|bias)$", name)]:
            parts = [query.replace(".q.", f".{part}.") for part in "qkv"]
            if all(part in self for part in parts):
                joined = torch.cat([self.pop(part) for part in parts])
                self[query.replace(".q.", ".qkv.")] = joined

    def setting(self, default: Any, *names: str) -> Any:
        """The first setting of these names that the configuration has."""
        config = getattr(self.reference, "config", None)
        found = (getattr(config, name, None) for name in names)
        return next((value for value in found if value is not None), default)

    def demand(self, **settings: Any) -> None:
        """Raise ValueError unless the configuration has these settings, or none."""
        for name, value in settings.items():
            if (theirs := self.setting(value, name)) != value:
                raise ValueError(
                    f"{name} is {theirs!r} in the configuration of this network; our "
                    f"network has what {value!r} stands for, and nothing else"
                )

    def heads(self, d: int) -> int:
        """The number of heads; 1 if it cannot cut the width, for ``load`` to refuse."""
        heads = self.setting(1, "num_attention_heads")
        return 1 if d % heads else heads

    def activation(self, *names: str) -> str:
        """Our name of the activation; GPT-1's "gelu" is the approximation."""
        theirs = self.setting("gelu", *names)
        if theirs not in ACTIVATIONS:
            raise ValueError(
                f"the activation of this network is {theirs!r}; it must be one of "
                f"{[*ACTIVATIONS]}"
            )
        if self.setting("", "model_type") == "openai-gpt" and theirs == "gelu":
            return "gelu_tanh"
        return ACTIVATIONS[theirs]

    def same(self, first: str, second: str) -> bool:
        """Whether two of our modules share their weight in the reference."""
        one, other = self.module(first), self.module(second)
        return one is not None and other is not None and one.weight is other.weight

    def take(self, model: Model, *, vocabulary: int, context: int) -> Model:
        """Give a model, made on the device meta, these weights; compare the outputs.

        Args:
            model: its configuration fits the reference's.
            vocabulary: how many tokens there are.
            context: the longest text.

        Returns:
            The model.

        Raises:
            WrongWeights: an entry does not fit.
            ValueError: the outputs differ all the same.
        """
        model = self.copy_to(model)
        n, generator = min(7, context), torch.Generator().manual_seed(0)
        tokens = torch.randint(vocabulary, (2, n), generator=generator)
        mask = torch.arange(n) < torch.tensor([[n], [max(n - 2, 1)]])  # some padding
        device = next(model.parameters()).device
        compare(model, self.reference, [tokens.to(device), mask.to(device)], output)
        return model


def output(
    reference: nn.Module, tokens: Tensor, mask: Tensor
) -> Tensor | tuple[Tensor, Tensor]:
    """What a network of ``transformers`` answers: its logits, or its last states.

    Args:
        reference: the network.
        tokens: the texts (b, n).
        mask: True for real tokens.

    Returns:
        Logits; the two of a span, side by side (b, n, 2); two of a pre-training; or
        states (b, n, d).
    """
    out = reference(input_ids=tokens, attention_mask=mask.long())
    if hasattr(out, "start_logits"):
        return torch.stack([out.start_logits, out.end_logits], -1)
    if hasattr(out, "prediction_logits"):  # of the tokens, and of the pair
        pair = "seq_relationship_logits" if "seq" in str(out.keys()) else "sop_logits"
        return out.prediction_logits, out[pair]
    return out.logits if hasattr(out, "logits") else out.last_hidden_state
