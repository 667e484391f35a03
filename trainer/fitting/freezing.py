"""Which convolutions of a network keep their weights while the others learn."""

from __future__ import annotations

import keras

from ..errors import TrainerError
from ..network.build import BATCH_NORM_SUFFIX
from .stages import ALL_BUT_HEADS, BACKBONE, NOTHING, first_convolutions

# Darknet-53, the maps of yolov3-tiny up to 1024 channels, the MobileNetV2 of nano. The backbone of any other .cfg is
# what all of its heads are computed from.
BACKBONE_CONVOLUTIONS = {"yolov3": 52, "yolov3-tiny": 7, "yolov3-nano": 48}


def freeze(network: keras.Model, part: str, model: str, keep_batch_norm: bool = False) -> int:
    """Freeze a ``part`` of ``network``, an architecture called ``model``, and make the rest trainable.

    A batch normalisation is frozen with the convolution before it, or always with ``keep_batch_norm``. Returns the
    number of frozen convolutions. Raises TrainerError where nothing would be left to learn.
    """
    frozen = convolutions_to_freeze(network, part, model)
    for layer in network.layers:
        kept = keep_batch_norm and layer.name.endswith(BATCH_NORM_SUFFIX)
        layer.trainable = not kept and layer.name.removesuffix(BATCH_NORM_SUFFIX) not in frozen
    return len(frozen)


def convolutions_to_freeze(network: keras.Model, part: str, model: str) -> set[str]:
    """Names of the convolutions that ``freeze`` would freeze. Raises TrainerError as it does; changes nothing."""
    # Their names count them in the order of the weight file.
    convolutions = sorted(layer.name for layer in network.layers if hasattr(layer, "kernel"))
    frozen = _convolutions_of(part, convolutions, network, model)
    if frozen.issuperset(convolutions):
        raise TrainerError(f"freeze is {part!r}: nothing of {model} is left to learn; freeze fewer layers")
    return frozen


def _convolutions_of(part: str, convolutions: list[str], network: keras.Model, model: str) -> set[str]:
    heads = set(network.output_names)
    if part == NOTHING:
        return set()
    if part == ALL_BUT_HEADS:
        return set(convolutions) - heads
    if part == BACKBONE and model not in BACKBONE_CONVOLUTIONS:
        return (set(convolutions) & shared_by_heads(network)) - heads
    count = BACKBONE_CONVOLUTIONS[model] if part == BACKBONE else first_convolutions(part)
    return set(convolutions[:count])


def shared_by_heads(network: keras.Model) -> set[str]:
    """Names of the layers every head is computed from."""
    paths = (keras.Model(network.inputs, head).layers for head in network.outputs)
    return set.intersection(*({layer.name for layer in path} for path in paths))
