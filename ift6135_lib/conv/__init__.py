"""Convolutions over sequences, and the models of chapter 7 built on them."""

from .bytenet import ByteNet
from .causal import CausalConv1d, causal_conv1d, causal_receptive_field
from .gated import gated_activation
from .mu_law import mu_law_decode, mu_law_encode
from .wavenet import WaveNet

__all__ = [
    "ByteNet",
    "CausalConv1d",
    "WaveNet",
    "causal_conv1d",
    "causal_receptive_field",
    "gated_activation",
    "mu_law_decode",
    "mu_law_encode",
]
