"""The arithmetic of a network from its definition: a multiplication and an addition are two operations."""

from __future__ import annotations

import keras
import numpy as np


def forward_flops(network: keras.Model, size: int) -> float:
    """Operations of the convolutions of one forward pass of one (size, size, 3) image; all else is little."""
    total = 0.0
    kinds = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
    scale = size / network.input_shape[1] if network.input_shape[1] else 1.0
    for layer in network.layers:
        if isinstance(layer, kinds):
            # Each number of the kernel is used once at every place of the output.
            places = np.prod(layer.output.shape[1:3]) * scale**2
            total += 2.0 * float(np.prod(layer.kernel.shape)) * float(places)
    return total
