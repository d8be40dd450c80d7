"""WaveNet: a sound, sample after sample, from gated causal dilated convolutions.

.. math:: p(x) = \\prod_t p(x_t \\mid x_{t-1}, …, x_{t-r}), \\qquad
    z = \\tanh(W_f * x + V_f h) ⊙ σ(W_g * x + V_g h)

Each p is a softmax over the 256 classes of the μ-law.

Symbols: x signal, q ``codes``, μ ``mu``, r ``receptive_field``, h ``condition``, z the
gated unit's output, W_f and W_g the halves of ``conv``, V_f and V_g those of
``condition``.  Shapes: b batch, c channels, t time, q classes.
Source: van den Oord et al., arXiv:1609.03499, sections 2.1–2.5; generation with rings:
    Paine et al., arXiv:1611.09482.
Deviations: the input is the companded amplitude, one number in [-1, 1]; the paper does
    not say what it feeds, and many programs feed 256 indicators.
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from .causal import CausalConv1d, Ring, causal_receptive_field
from .gated import GatedBlock, pointwise
from .mu_law import amplitude
from .sampling import sample_softmax
from .whole import check_whole


class WaveNet(nn.Module):
    """An autoregressive model of quantised signals.

    .. math:: p(x) = \\prod_t p(x_t \\mid x_{t-1}, …, x_{t-r})

    Args:
        dilations: of the blocks of a stack, such as (1, 2, 4, 8).
        stacks: how many times the dilations are repeated.
        channels: of the residual connections and of the gated units.
        skip_channels: of the skip connections and of the two last layers.
        kernel_size: taps of each causal convolution.
        classes: levels of the quantised signal.
        conditions: size of the vector h that describes the whole signal; 0 for none.

    Raises:
        ValueError: a size is no whole number ≥ 1, or there is no dilation.

    Source:
        van den Oord et al., arXiv:1609.03499, sections 2.1–2.5 and figure 4.

    Example:
        >>> model = WaveNet((1, 2, 4), stacks=2, channels=4)
        >>> model(torch.zeros(1, 10, dtype=torch.long)).shape, model.receptive_field
        (torch.Size([1, 256, 10]), 16)
    """

    def __init__(
        self,
        dilations: Sequence[int] = (1, 2, 4, 8, 16, 32, 64, 128),
        *,
        stacks: int = 1,
        channels: int = 32,
        skip_channels: int = 64,
        kernel_size: int = 2,
        classes: int = 256,
        conditions: int = 0,
    ):
        super().__init__()
        if not dilations:
            raise ValueError("dilations is empty; give one whole number per block")
        check_whole("stacks", stacks)
        check_whole("classes", classes, at_least=2)
        check_whole("conditions", conditions, at_least=0)
        self.classes, self.kernel_size = classes, kernel_size
        self.dilations = [*dilations] * stacks
        self.first = CausalConv1d(1, channels, kernel_size)
        self.blocks = nn.ModuleList(
            GatedBlock(channels, skip_channels, kernel_size, d, conditions)
            for d in self.dilations
        )
        self.hidden = nn.Conv1d(skip_channels, skip_channels, 1)
        self.last = nn.Conv1d(skip_channels, classes, 1)

    @property
    def receptive_field(self) -> int:
        """r = 1 + Σ d(k−1), the first layer's d = 1 included, in samples."""
        return causal_receptive_field(self.kernel_size, [1, *self.dilations])

    def _read(self, codes: Int[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """What the network sees of the codes: companded amplitudes."""
        return amplitude(codes.to(self.last.weight), self.classes - 1)

    def forward(
        self, codes: Int[Tensor, "b t"], h: Tensor | None = None
    ) -> Float[Tensor, "b q t"]:
        """Logits of the next class at each time: those at t have seen codes ≤ t."""
        x = self.first(self._read(codes)[:, None])
        total = 0
        for block in self.blocks:
            x, skip = block(x, h)
            total = total + skip
        return self.last(F.relu(self.hidden(F.relu(total))))

    def _rings(self, batch: int) -> list[Ring]:
        """The empty past of each causal convolution, for :meth:`_step`."""
        return [c.ring(batch) for c in [self.first, *(b.conv for b in self.blocks)]]

    def _step(
        self, codes: Int[Tensor, " b"], rings: list[Ring], h=None
    ) -> Float[Tensor, "b q"]:
        """Logits of the next class, from one more code and the rings."""
        x = self._read(codes)[:, None]  # one channel
        x, total = self.first.step(x, rings[0]), 0
        for block, ring in zip(self.blocks, rings[1:], strict=True):
            x, skip = block.step(x, ring, h)
            total = total + skip
        return pointwise(self.last, F.relu(pointwise(self.hidden, F.relu(total))))

    @torch.no_grad()
    def generate(
        self,
        codes: Int[Tensor, "b t"],
        samples: int,
        *,
        temperature: float | Float[Tensor, " b"] = 1.0,
        generator: torch.Generator | None = None,
        h: Float[Tensor, "b conditions"] | None = None,
        fast: bool = True,
    ) -> Int[Tensor, "b samples"]:
        """Continue signals, one sample after the other.

        Args:
            codes: the beginnings (b, t), of at least one sample.
            samples: how many to add.
            temperature: T ≥ 0 that divides the logits, one for all or one for each
                signal; 1 samples the model, 0 takes the likeliest class.
            generator: of the draws.
            h: what describes each signal, where the model has conditions.
            fast: keep the past in rings, instead of computing it again.

        Returns:
            The samples added (b, samples).

        Raises:
            ValueError: nothing to continue, or a negative temperature.
        """
        check_whole("samples", samples)
        check_whole("the number of codes to continue", codes.shape[1])
        T = (
            torch.as_tensor(temperature)
            .to(self.last.weight)
            .expand(len(codes))[:, None]
        )
        if not (T >= 0).all():
            raise ValueError(f"temperature is {temperature}; it must be 0 or more")
        rings, start = self._rings(len(codes)), codes.shape[1]
        codes = F.pad(codes, (0, samples))  # room for what comes
        if fast:
            for code in codes[:, : start - 1].T:
                self._step(code, rings, h)
        for t in range(start, start + samples):
            if fast:
                logits = self._step(codes[:, t - 1], rings, h)
            else:
                seen = codes[:, max(0, t - self.receptive_field) : t]
                logits = self(seen, h)[..., -1]
            codes[:, t : t + 1] = sample_softmax(logits, T, generator)
        return codes[:, start:]


def loss(model: WaveNet, batch: tuple) -> dict[str, Tensor]:
    """Mean negative log-likelihood of the samples, given those before.

    .. math:: L = -\\frac1{T-1} \\sum_{t=2}^{T} \\ln p(x_t \\mid x_{t-1}, …)

    Args:
        model: of the signals.
        batch: their codes (b, t), alone or followed by h (b, conditions).

    Returns:
        "loss" in nats per sample, "bits" the same in bits.

    Example:
        >>> model = WaveNet((1, 2), channels=4)
        >>> sorted(loss(model, (torch.zeros(1, 9, dtype=torch.long),)))
        ['bits', 'loss']
    """
    codes, *h = batch
    nats = F.cross_entropy(model(codes[:, :-1], *h), codes[:, 1:])
    return {"loss": nats, "bits": nats.detach() / math.log(2)}
