"""How the weights of the models of this folder start.

.. math:: W ∼ N(0, σ^2), \\qquad σ = 0.02, \\text{ or } σ / \\sqrt{n}
    \\text{ for the } n \\text{ layers that add to the residual stream}

A sum of n independent terms has n times their variance: divided by √n, the stream keeps
the same size at all depths.

Source: Radford et al. 2019, section 2.3; Devlin et al., NAACL 2019, arXiv:1810.04805,
    whose published code draws with σ = 0.02.
See: chapters/09-transformers
"""

from __future__ import annotations

import math

from torch import nn


def normal_(model: nn.Module, *, std: float = 0.02, adding: tuple[str, ...] = ()):
    """Draw every weight of two axes or more; biases become 0.

    Args:
        model: whose parameters are drawn, but for those of its normalizations.
        std: standard deviation σ.
        adding: how the names of the weights end that add to the residual stream.
    """
    adds = [name for name, _ in model.named_parameters() if name.endswith(adding)]
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)
        elif parameter.ndim > 1:
            smaller = math.sqrt(len(adds)) if adding and name in adds else 1.0
            nn.init.normal_(parameter, 0, std / smaller)
