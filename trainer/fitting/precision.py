"""Mixed precision: what runs in 16 bits."""

from __future__ import annotations

import keras

FULL = "float32"


def use_precision(network: keras.Model, precision: str) -> None:
    """Let ``network`` compute in ``precision``, one of ``config.PRECISIONS``.

    Weights stay float32, and so do the heads: what they give goes through exponentials and logarithms.
    """
    for layer in network.layers:
        layer.dtype_policy = FULL if layer.name in network.output_names else precision
