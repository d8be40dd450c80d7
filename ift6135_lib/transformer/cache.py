"""The keys and values of the past, kept so that a new token costs one token.

Generating token t + 1 needs k and v of all t tokens before it, which no later token
changes.  Kept, they make a step cost O(t) instead of the O(t²) of starting again.
The room is written in place: generate with it, do not train.

See: chapters/09-transformers
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .checks import check_positive


class KVCache:
    """Room for the keys and values of a layer, filled from the left.

    Args:
        batch: number of sequences.
        heads: number of heads.
        room: how many positions fit.
        d: width of a head.
        dtype: of the numbers; by default, torch's.
        device: where they lie.

    Attributes:
        length: how many positions are filled.

    Raises:
        ValueError: a size is below 1.

    Example:
        >>> cache = KVCache(batch=1, heads=2, room=8, d=4)
        >>> k, v = cache.append(torch.ones(1, 2, 3, 4), torch.ones(1, 2, 3, 4))
        >>> k, v = cache.append(torch.ones(1, 2, 1, 4), torch.ones(1, 2, 1, 4))
        >>> k.shape, cache.length
        (torch.Size([1, 2, 4, 4]), 4)
    """

    def __init__(
        self,
        batch: int,
        heads: int,
        room: int,
        d: int,
        *,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ):
        check_positive(batch=batch, heads=heads, room=room, d=d)
        shape, place = (batch, heads, room, d), {"dtype": dtype, "device": device}
        self.keys = torch.zeros(shape, **place)
        self.values = torch.zeros(shape, **place)
        self.length = 0

    def append(
        self, k: Float[Tensor, "b h n d"], v: Float[Tensor, "b h n d"]
    ) -> tuple[Float[Tensor, "b h m d"], Float[Tensor, "b h m d"]]:
        """Keep the keys and values of n more positions.

        Args:
            k: their keys (b, h, n, d).
            v: their values (b, h, n, d).

        Returns:
            All keys and all values so far (b, h, m, d).

        Raises:
            ValueError: there is no room left.
        """
        start, end = self.length, self.length + k.shape[-2]
        room = self.keys.shape[-2]
        if end > room:
            raise ValueError(
                f"{end} positions do not fit in a cache of {room}; make a larger one"
            )
        self.keys.narrow(2, start, k.shape[-2]).copy_(k)
        self.values.narrow(2, start, k.shape[-2]).copy_(v)
        self.length = end
        return self.keys.narrow(2, 0, end), self.values.narrow(2, 0, end)
