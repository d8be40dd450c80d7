"""Transformers: attention, its blocks and the models of chapter 9."""

from .albert import ALBERT
from .attention import attention, attention_weights
from .bert import BERT
from .bert_embeddings import BERTEmbeddings
from .bert_heads import ClassificationHead, TokenHead
from .bert_sizes import (
    albert_base,
    bert_base,
    bert_large,
    distilbert_base,
    roberta_base,
)
from .block import EncoderBlock
from .cache import KVCache
from .decoder_block import DecoderBlock
from .distilbert import DistilBERT
from .distillation import cosine_loss, distillation_loss
from .encoder_decoder import Transformer
from .feed_forward import Activation, FeedForward
from .generation import generate
from .gpt import GPT
from .gpt_sizes import gpt1, gpt2, gpt2_large, gpt2_medium, gpt2_xl
from .losses import next_token_loss, token_loss
from .masking import MaskedTokens, mask_tokens, masked_loss
from .masks import band_mask, causal_mask, padding_mask
from .multi_head import MultiHeadAttention
from .patches import patchify, unpatchify
from .positions import (
    LearnedPositions,
    SinusoidalPositions,
    angular_frequencies,
    sinusoidal_positions,
)
from .pretraining_heads import MaskedHead, PretrainingHead
from .relative_attention import RelativeAttention, relative_shift, sinusoids
from .relative_bias import RelativeBias, relative_buckets
from .rms_norm import RMSNorm
from .roberta import RoBERTa
from .rotary import Rotary, rotate
from .sampling import sample, token_entropy, token_law
from .shaw import ShawAttention, clipped_distances
from .span_corruption import corrupt_spans, fill_spans, span_mask
from .spans import best_span
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
    "ALBERT",
    "BERT",
    "GPT",
    "T5",
    "Activation",
    "BERTEmbeddings",
    "ClassificationHead",
    "DecoderBlock",
    "DistilBERT",
    "EncoderBlock",
    "EncoderDecoder",
    "FeedForward",
    "KVCache",
    "LearnedPositions",
    "MaskedHead",
    "MaskedTokens",
    "MultiHeadAttention",
    "PatchMerging",
    "PretrainingHead",
    "RMSNorm",
    "RelativeAttention",
    "RelativeBias",
    "RoBERTa",
    "Rotary",
    "ShawAttention",
    "SinusoidalPositions",
    "Swin",
    "SwinBlock",
    "T5Decoder",
    "T5Encoder",
    "TokenHead",
    "Transformer",
    "TransformerXL",
    "ViT",
    "XLBlock",
    "albert_base",
    "angular_frequencies",
    "attention",
    "attention_weights",
    "band_mask",
    "bert_base",
    "bert_large",
    "best_span",
    "causal_mask",
    "clipped_distances",
    "corrupt_spans",
    "cosine_loss",
    "distilbert_base",
    "distillation_loss",
    "fill_spans",
    "generate",
    "gpt1",
    "gpt2",
    "gpt2_large",
    "gpt2_medium",
    "gpt2_xl",
    "mask_tokens",
    "masked_loss",
    "next_token_loss",
    "noam_rate",
    "padding_mask",
    "patchify",
    "relative_buckets",
    "relative_shift",
    "roberta_base",
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
