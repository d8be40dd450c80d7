"""Transformers: attention, its blocks and the models of chapter 9."""

from .attention import attention, attention_weights
from .block import EncoderBlock
from .cache import KVCache
from .decoder_block import DecoderBlock
from .feed_forward import Activation, FeedForward
from .generation import generate
from .gpt import GPT
from .gpt_sizes import gpt1, gpt2, gpt2_large, gpt2_medium, gpt2_xl
from .losses import next_token_loss, token_loss
from .masks import band_mask, causal_mask, padding_mask
from .multi_head import MultiHeadAttention
from .sampling import sample, token_entropy, token_law

__all__ = [
    "GPT",
    "Activation",
    "DecoderBlock",
    "EncoderBlock",
    "FeedForward",
    "KVCache",
    "MultiHeadAttention",
    "attention",
    "attention_weights",
    "band_mask",
    "causal_mask",
    "generate",
    "gpt1",
    "gpt2",
    "gpt2_large",
    "gpt2_medium",
    "gpt2_xl",
    "next_token_loss",
    "padding_mask",
    "sample",
    "token_entropy",
    "token_law",
    "token_loss",
]
