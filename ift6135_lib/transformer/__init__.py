"""Transformers: attention, its blocks and the models of chapter 9."""

from .attention import attention, attention_weights
from .block import EncoderBlock
from .cache import KVCache
from .decoder_block import DecoderBlock
from .feed_forward import Activation, FeedForward
from .masks import band_mask, causal_mask, padding_mask
from .multi_head import MultiHeadAttention

__all__ = [
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
    "padding_mask",
]
