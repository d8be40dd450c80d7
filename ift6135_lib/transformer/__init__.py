"""Transformers: attention, its blocks and the models of chapter 9."""

from .attention import attention, attention_weights
from .block import EncoderBlock
from .cache import KVCache
from .decoder_block import DecoderBlock
from .encoder_decoder import Transformer
from .feed_forward import Activation, FeedForward
from .generation import generate
from .gpt import GPT
from .gpt_sizes import gpt1, gpt2, gpt2_large, gpt2_medium, gpt2_xl
from .losses import next_token_loss, token_loss
from .masks import band_mask, causal_mask, padding_mask
from .multi_head import MultiHeadAttention
from .patches import patchify, unpatchify
from .positions import (
    LearnedPositions,
    SinusoidalPositions,
    angular_frequencies,
    sinusoidal_positions,
)
from .relative_attention import RelativeAttention, relative_shift, sinusoids
from .relative_bias import RelativeBias, relative_buckets
from .rms_norm import RMSNorm
from .rotary import Rotary, rotate
from .sampling import sample, token_entropy, token_law
from .shaw import ShawAttention, clipped_distances
from .span_corruption import corrupt_spans, fill_spans, span_mask
from .stacks import EncoderDecoder
from .swin import Swin
from .swin_block import PatchMerging, SwinBlock
from .swin_sizes import swin_b, swin_s, swin_t
from .t5 import T5
from .t5_sizes import t5_base, t5_small
from .t5_stacks import T5Decoder, T5Encoder
from .transformer_xl import TransformerXL, segments_loss
from .vit import ViT
from .vit_sizes import vit_b_16, vit_l_16, vit_s_16, vit_ti_16
from .warmup import noam_rate
from .windows import shift_mask, window_offsets, window_partition, window_reverse
from .xl_block import XLBlock

__all__ = [
    "GPT",
    "T5",
    "Activation",
    "DecoderBlock",
    "EncoderBlock",
    "EncoderDecoder",
    "FeedForward",
    "KVCache",
    "LearnedPositions",
    "MultiHeadAttention",
    "PatchMerging",
    "RMSNorm",
    "RelativeAttention",
    "RelativeBias",
    "Rotary",
    "ShawAttention",
    "SinusoidalPositions",
    "Swin",
    "SwinBlock",
    "T5Decoder",
    "T5Encoder",
    "Transformer",
    "TransformerXL",
    "ViT",
    "XLBlock",
    "angular_frequencies",
    "attention",
    "attention_weights",
    "band_mask",
    "causal_mask",
    "clipped_distances",
    "corrupt_spans",
    "fill_spans",
    "generate",
    "gpt1",
    "gpt2",
    "gpt2_large",
    "gpt2_medium",
    "gpt2_xl",
    "next_token_loss",
    "noam_rate",
    "padding_mask",
    "patchify",
    "relative_buckets",
    "relative_shift",
    "rotate",
    "sample",
    "segments_loss",
    "shift_mask",
    "sinusoidal_positions",
    "sinusoids",
    "span_mask",
    "swin_b",
    "swin_s",
    "swin_t",
    "t5_base",
    "t5_small",
    "token_entropy",
    "token_law",
    "token_loss",
    "unpatchify",
    "vit_b_16",
    "vit_l_16",
    "vit_s_16",
    "vit_ti_16",
    "window_offsets",
    "window_partition",
    "window_reverse",
]
