"""Darknet's weight files: a header, then little-endian float32 for each convolution in order.

Each has its bias (with batch normalisation: its beta), then if normalised gamma, mean and variance, then the kernel
as (out, in / groups, height, width). Source: parser.c of pjreddie/darknet and AlexeyAB/darknet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from shared_format.atomic import write_bytes

from ..disk_errors import read_bytes
from ..errors import TrainerError
from .build import BATCH_NORM_SUFFIX, HEAD_SUFFIX
from .spec import ModelSpec

# Since version 0.2 "seen" has eight bytes; files are written as this version.
VERSION = (0, 2, 5)
# The official yolov3-tiny.weights were trained with masks 3,4,5 and 1,2,3; the .cfg published since says 0,1,2
# (pjreddie/darknet#851). The file is recognised by its digest.
OFFICIAL_TINY = "dccea06f59b781ec1234ddf8d1e94b9519a97f4245748a7d4db75d5b7080a42c"
OFFICIAL_TINY_MASKS = ((3, 4, 5), (1, 2, 3))


@dataclass(frozen=True)
class WeightFile:
    """A darknet weight file as read.

    Attributes:
        floats: (N,) float32, everything after the header.
        header: number of bytes of the header, 16 or 20.
        seen: number of images the weights were trained on, as darknet counted them.
        sha256: digest of the whole file.
    """

    path: str
    floats: NDArray[np.float32]
    header: int
    seen: int
    sha256: str


def read_weights(path: Path) -> WeightFile:
    """Read ``path``. Raises TrainerError: no such file, or not a darknet weight file."""
    content = read_bytes(path, "weights")
    if len(content) < 16:
        raise TrainerError(f"{path}: {len(content)} bytes, too short for a darknet weight file")
    major, minor = (int(number) for number in np.frombuffer(content, "<i4", 2))
    if not 0 <= major < 1000 or not 0 <= minor < 1000:
        raise TrainerError(f"{path}: not a darknet weight file (version {major}.{minor})")
    header = 12 + (8 if major * 10 + minor >= 2 else 4)
    if len(content) < header or (len(content) - header) % 4:
        raise TrainerError(f"{path}: {len(content)} bytes do not end with a whole 4-byte number: the file is truncated")
    seen = int(np.frombuffer(content, "<u8" if header == 20 else "<u4", 1, offset=12)[0])
    floats = np.frombuffer(content, "<f4", offset=header).astype(np.float32, copy=False)
    return WeightFile(str(path), floats, header, seen, hashlib.sha256(content).hexdigest())


def classes_in(network: keras.Model, spec: ModelSpec, file: WeightFile) -> int:
    """The number of classes that the heads in ``file`` predict, if it fits the architecture of ``network``.

    Raises:
        TrainerError: no number of classes gives this length: truncated, or of another architecture.
    """
    convolutions = _convolutions(network)
    whole = sum(_numbers(network, layer) for layer in convolutions)
    heads = sum(_numbers(network, layer) for layer in convolutions if layer.name.endswith(HEAD_SUFFIX))
    # All anchors of all heads predict equally many numbers: five, and one per class.
    channels, rest = divmod((file.floats.size - whole + heads) * (5 + len(spec.classes)), heads)
    if rest or channels < 6:
        raise wrong_length(network, file, whole)
    return channels - 5


def fill(network: keras.Model, file: WeightFile) -> None:
    """Set the weights of ``network`` from a darknet weight file; every number must be used.

    Raises:
        TrainerError: its length does not fit this network, or a weight is not finite.
    """
    expected = sum(_numbers(network, layer) for layer in _convolutions(network))
    if file.floats.size != expected:
        raise wrong_length(network, file, expected)
    _fill(network, _convolutions(network), file)


def fill_first(network: keras.Model, file: WeightFile) -> int:
    """Set the weights of the first convolutions of ``network`` from a file that ends between two of them.

    Such files (darknet53.conv.74, yolov3-tiny.conv.15) hold only a backbone. Returns the number of convolutions set.

    Raises:
        TrainerError: the file ends within a convolution, or reaches into a head.
    """
    filled: list[Any] = []
    used = 0
    for layer in _convolutions(network):
        if used == file.floats.size or layer.name.endswith(HEAD_SUFFIX):
            break
        filled.append(layer)
        used += _numbers(network, layer)
    if used != file.floats.size:
        raise TrainerError(
            f"{file.path}: {file.floats.size:,} numbers do not end with a convolution of {network.name}: truncated, "
            "or of another architecture"
        )
    _fill(network, filled, file)
    return len(filled)


def save_weights(network: keras.Model, path: Path, seen: int = 0) -> None:
    """Write ``network`` as a darknet weight file, whole or not at all. Raises OSError."""
    header = np.array(VERSION, "<i4").tobytes() + np.array([seen], "<u8").tobytes()
    write_bytes(path, b"".join([header, *_blobs(network)]))


def _blobs(network: keras.Model) -> Iterator[bytes]:
    for layer in _convolutions(network):
        kernel, *bias = layer.get_weights()
        if not bias:
            gamma, beta, mean, variance = _batch_norm(network, layer).get_weights()
            bias = [beta, gamma, mean, variance]
        for values in (*bias, kernel.transpose(_TO_DARKNET[type(layer)])):
            yield values.astype("<f4").tobytes()


def _fill(network: keras.Model, convolutions: list[Any], file: WeightFile) -> None:
    position = 0

    def take(shape: tuple[int, ...]) -> NDArray[np.float32]:
        nonlocal position
        count = int(np.prod(shape))
        values = file.floats[position : position + count]
        if not np.isfinite(values).all():
            bad = position + int(np.argmin(np.isfinite(values)))
            raise TrainerError(f"{file.path}: number {bad + 1:,} ({layer.name}) is not finite: damaged, or diverged")
        position += count
        return values.reshape(shape)

    for layer in convolutions:
        to_darknet = _TO_DARKNET[type(layer)]
        shape = tuple(layer.kernel.shape[axis] for axis in to_darknet)
        outputs = layer.output.shape[-1]
        bias = take((outputs,))
        statistics = None if layer.use_bias else take((3, outputs))
        kernel = take(shape).transpose(np.argsort(to_darknet))
        if statistics is None:
            layer.set_weights([kernel, bias])
        else:
            gamma, mean, variance = statistics
            layer.set_weights([kernel])
            _batch_norm(network, layer).set_weights([gamma, bias, mean, variance])


# Keras has (height, width, in, out), depthwise (height, width, channel, times); darknet (out, in, height, width)
# with out = channel * times + time.
_TO_DARKNET = {keras.layers.Conv2D: (3, 2, 0, 1), keras.layers.DepthwiseConv2D: (2, 3, 0, 1)}


def _convolutions(network: keras.Model) -> list[Any]:  # Any: Keras declares neither kernel nor use_bias
    """The convolutions in the order of the file: Keras lists layers by depth, but their names are numbered in order."""
    convolutions = [layer for layer in network.layers if type(layer) in _TO_DARKNET]
    return sorted(convolutions, key=lambda layer: layer.name)


def _batch_norm(network: keras.Model, layer: keras.layers.Layer) -> keras.layers.Layer:
    return network.get_layer(layer.name + BATCH_NORM_SUFFIX)


def _numbers(network: keras.Model, layer: Any) -> int:  # Any: as in _convolutions
    """Number of the file's numbers that belong to this convolution."""
    count = layer.count_params()
    return count if layer.use_bias else count + _batch_norm(network, layer).count_params()


def wrong_length(network: keras.Model, file: WeightFile, expected: int) -> TrainerError:
    """The error for a file that is too short or too long for ``network``, which has ``expected`` numbers."""
    received, expected_bytes = file.header + 4 * file.floats.size, file.header + 4 * expected
    cause = "truncated, or of another network" if received < expected_bytes else "of another network"
    return TrainerError(
        f"{file.path}: {received:,} bytes, {network.name} needs {expected_bytes:,} "
        f"({file.header} of header and {expected:,} numbers): {cause}"
    )
