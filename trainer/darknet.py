"""Darknet's weight files: a header, then little-endian float32 for each convolution in order.

For each: bias (with batch normalisation: its beta), then if normalised gamma, mean, variance, then the
kernel as (out, in / groups, height, width). Source: parser.c of pjreddie/darknet and AlexeyAB/darknet.
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from .errors import TrainerError

HEAD_SUFFIX = "_head"
ANCHORS_A_HEAD = 3


def load_weights(network: keras.Model, path: Path) -> bool:
    """Fill ``network`` from the darknet weight file at ``path``; every byte must be used.

    A file for another number of classes fits too: its head convolutions are read over and the network's own
    keep what they have. The number of classes in the file follows from its length.

    Returns:
        True if the heads were filled as well.

    Raises:
        TrainerError: no such file, not a weight file, or its length is not that of this network.
    """
    floats = _read_floats(path)
    # Keras lists layers by depth; the file is in the order they were made, which is their numbered names'.
    convolutions = [layer for layer in network.layers if isinstance(layer, _CONVOLUTIONS)]
    convolutions.sort(key=lambda layer: layer.name)
    heads = [layer for layer in convolutions if layer.name.endswith(HEAD_SUFFIX)]
    body = sum(_count(network, layer) for layer in convolutions if layer not in heads)
    own_heads = sum(_count(network, layer) for layer in heads)
    # All heads of a YOLOv3 have the same number of channels: anchors of the head * (5 + classes).
    one_channel = sum(layer.kernel.shape[-2] + 1 for layer in heads)
    channels, rest = divmod(floats.size - body, one_channel)
    if rest or channels < ANCHORS_A_HEAD * 6 or channels % ANCHORS_A_HEAD:
        short = floats.size < body + own_heads
        raise TrainerError(
            f"{path}: {floats.size} numbers after the header; {network.name} needs {body} and {own_heads} in its heads "
            f"({'truncated, or another network' if short else 'another network'})"
        )
    reader = _Reader(floats)
    fits = channels == heads[0].filters
    for layer in convolutions:
        if layer in heads and not fits:
            reader.take((channels * (layer.kernel.shape[-2] + 1),))
        else:
            _fill(network, layer, reader)
    return fits


_CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)


class _Reader:
    """The numbers in order."""

    def __init__(self, floats: np.ndarray) -> None:
        self.floats, self.position = floats, 0

    def take(self, shape: tuple) -> np.ndarray:
        count = int(np.prod(shape))
        values = self.floats[self.position : self.position + count]
        self.position += count
        return values.reshape(shape)


def _read_floats(path: Path) -> np.ndarray:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise TrainerError(f"{path}: cannot read the weights: {error.strerror}") from error
    if len(content) < 16:
        raise TrainerError(f"{path}: {len(content)} bytes, too short for a darknet weight file")
    major, minor = np.frombuffer(content, "<i4", 2)
    if not 0 <= major < 1000 or not 0 <= minor < 1000:
        raise TrainerError(f"{path}: no darknet weight file (version {major}.{minor})")
    # "seen", the number of pictures trained on, grew from 4 to 8 bytes with version 0.2.
    header = 12 + (8 if major * 10 + minor >= 2 else 4)
    if (len(content) - header) % 4:
        raise TrainerError(f"{path}: {len(content)} bytes do not end on a whole number: truncated")
    return np.frombuffer(content, "<f4", offset=header)


def _fill(network: keras.Model, layer: keras.layers.Layer, reader: _Reader) -> None:
    depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
    height, width, inputs, outputs = layer.kernel.shape
    if depthwise:
        outputs, inputs = inputs, 1
    bias = reader.take((outputs,))
    statistics = None if layer.use_bias else reader.take((3, outputs))
    kernel = reader.take((outputs, inputs, height, width))
    kernel = kernel.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
    if statistics is None:
        layer.set_weights([kernel, bias])
    else:
        gamma, mean, variance = statistics
        layer.set_weights([kernel])
        network.get_layer(f"{layer.name}_bn").set_weights([gamma, bias, mean, variance])


def _count(network: keras.Model, layer: keras.layers.Layer) -> int:
    count = layer.count_params()
    return count if layer.use_bias else count + network.get_layer(f"{layer.name}_bn").count_params()
