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
from .relative_bias import RelativeBias, relative_buckets
from .rms_norm import RMSNorm
from .sampling import sample, token_entropy, token_law
from .span_corruption import corrupt_spans, fill_spans, span_mask
from .t5 import T5
from .t5_sizes import t5_base, t5_small
from .t5_stacks import T5Decoder, T5Encoder

__all__ = [
    "GPT",
    "T5",
    "Activation",
    "DecoderBlock",
    "EncoderBlock",
    "FeedForward",
    "KVCache",
    "MultiHeadAttention",
    "RMSNorm",
    "RelativeBias",
    "T5Decoder",
    "T5Encoder",
    "attention",
    "attention_weights",
    "band_mask",
    "causal_mask",
    "corrupt_spans",
    "fill_spans",
    "generate",
    "gpt1",
    "gpt2",
    "gpt2_large",
    "gpt2_medium",
    "gpt2_xl",
    "next_token_loss",
    "padding_mask",
    "relative_buckets",
    "sample",
    "span_mask",
    "t5_base",
    "t5_small",
    "token_entropy",
    "token_law",
    "token_loss",
]
