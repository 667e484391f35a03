"""The network with what is exported behind it, as one Keras model with names on both ends."""

from __future__ import annotations

from typing import Optional

import keras

from ..network.decode import as_heads, boxes_and_scores
from ..network.layers import INPUT_CHANNELS
from ..network.spec import DetectorSpec
from ..runtimes.exported import HEADS, INPUT, head_name


def export_graph(network: keras.Model, spec: DetectorSpec, output: str, batch: Optional[int] = None) -> keras.Model:
    """``pixels`` -> ``head_0`` .. or ``boxes`` and ``scores``.

    Args:
        output: of ``runtimes.exported.OUTPUTS``; suppression is not in it.
        batch: images of a call, where that is fixed.
    """
    pixels = keras.Input((spec.size, spec.size, INPUT_CHANNELS), batch_size=batch, name=INPUT)
    heads = as_heads(network(pixels, training=False))
    if output == HEADS:
        outputs = {head_name(number): head for number, head in enumerate(heads)}
    else:
        boxes, scores = boxes_and_scores(heads, spec)
        outputs = {"boxes": boxes, "scores": scores}
    graph = keras.Model(pixels, outputs, name="detector")
    graph(keras.ops.zeros((1, *pixels.shape[1:])))  # Keras exports only what was called
    return graph
