"""Networks of transformers with random weights, and what they answer."""

import tests.torchvision_shim  # isort: skip # noqa: F401

import copy

import torch
import transformers

from ift6135_lib.transformer.weights import output
from tests.transformer.parity import close, randomized, tokens

transformers.logging.set_verbosity_error()


def make(name, **settings):
    """The network of that name, with weights that are nothing special."""
    cls = getattr(transformers, name)
    return randomized(cls(cls.config_class(**settings)), scale=0.3).eval()


def answers(reference, text, mask):
    """Its outputs, in a tuple."""
    with torch.no_grad():
        out = output(reference, text, mask)
    return out if isinstance(out, tuple) else (out,)


def assert_same(convert, reference, *, vocabulary, n, padding=None):
    """Same outputs in both precisions, with and without padding; same gradients.

    Args:
        convert: our ``from_huggingface``.
        reference: the network.
        vocabulary: number of tokens.
        n: length of the texts.
        padding: the token that fills up the texts; by default, any.
    """
    text = tokens(3, n, vocabulary)
    lengths = torch.tensor([[n], [max(n // 2, 1)], [1]])
    for mask in (torch.ones(3, n, dtype=torch.bool), torch.arange(n) < lengths):
        if padding is not None:
            text = torch.where(text == padding, padding + 1, text)
            text = text.masked_fill(~mask, padding)
        for model, tolerance in (
            (reference, 1e-5),
            (copy.deepcopy(reference).double(), 1e-10),
        ):
            ours = convert(model)
            assert {p.dtype for p in ours.parameters()} == {model.dtype}
            assert not ours.training
            with torch.no_grad():
                y = ours(text, mask)
            y = y if isinstance(y, tuple) else (y,)
            for a, b in zip(y, answers(model, text, mask), strict=True):
                close(a, b, tolerance)
    same_size = sum(p.numel() for p in ours.parameters())
    assert same_size == sum(p.numel() for p in reference.parameters())


def assert_same_gradients(ours, reference, text, mask, pairs):
    """Of a mix of the first output, for parameters (ours, theirs)."""
    a = ours(text, mask)
    b = output(reference, text, mask)
    a, b = (y[0] if isinstance(y, tuple) else y for y in (a, b))
    mix = torch.linspace(-1, 1, a.numel(), dtype=a.dtype).reshape(a.shape)
    mine = torch.autograd.grad((a * mix).sum(), [p for p, _ in pairs])
    theirs = torch.autograd.grad((b * mix).sum(), [p for _, p in pairs])
    for one, other in zip(mine, theirs, strict=True):
        close(one, other.T if one.shape != other.shape else other, 1e-10)
