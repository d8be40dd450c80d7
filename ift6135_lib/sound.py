"""A signal as a sound: the bytes of a WAV file, which every browser plays.

Source: Microsoft & IBM, *Multimedia Programming Interface and Data Specifications 1.0*,
    1991 (RIFF WAVE, PCM).
See: chapters/07-convnets/causal.md
"""

from __future__ import annotations

import io
import wave

import numpy as np


def wav(signal: object, rate: int) -> bytes:
    """A WAV file of one channel, 16 bits per sample.

    Args:
        signal: amplitudes (t,) in [-1, 1], a tensor or an array.
        rate: samples per second, 1,000 to 48,000.

    Returns:
        The file's bytes: ``show(figure, label, sound=...)`` puts a player below a
        figure.

    Raises:
        ValueError: the signal has no sample, several axes, or leaves [-1, 1]; the rate
            is out of range.

    Example:
        >>> wav([0.0, 0.5, -0.5], rate=8000)[:4]
        b'RIFF'
    """
    x = np.asarray(signal, dtype=np.float64)
    if x.ndim != 1 or not x.size:
        raise ValueError(
            f"the signal has the shape {x.shape}; it must have one axis, of one sample "
            "or more"
        )
    if not np.abs(x).max() <= 1:
        raise ValueError(
            f"the signal goes up to {np.abs(x).max():g} in absolute value; it must lie "
            "in [-1, 1]: divide it by its largest absolute value"
        )
    if not 1_000 <= rate <= 48_000:
        raise ValueError(f"rate is {rate}; it must lie between 1000 and 48000")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(32767 * x).astype("<i2").tobytes())
    return buffer.getvalue()
