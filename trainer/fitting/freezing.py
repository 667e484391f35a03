"""Which convolutions of a network keep their weights while the others learn."""

from __future__ import annotations

import keras

from ..errors import TrainerError
from ..network.build import BATCH_NORM_SUFFIX
from .stage_settings import ALL_BUT_HEADS, BACKBONE, FIRST, NOTHING

# Darknet-53, the maps of yolov3-tiny up to 1024 channels, the MobileNetV2 of nano. Of any other .cfg the backbone
# is what all of its heads are computed from.
BACKBONE_CONVOLUTIONS = {"yolov3": 52, "yolov3-tiny": 7, "yolov3-nano": 48}


def freeze(network: keras.Model, what: str, model: str, keep_batch_norm: bool = False) -> int:
    """Freeze ``what`` of ``network``, an architecture called ``model``, and let the rest learn.

    A batch normalisation goes with the convolution before it, or with ``keep_batch_norm`` is always frozen. Returns
    how many convolutions are frozen. Raises TrainerError where nothing would be left to learn.
    """
    frozen = convolutions_to_freeze(network, what, model)
    for layer in network.layers:
        kept = keep_batch_norm and layer.name.endswith(BATCH_NORM_SUFFIX)
        layer.trainable = not kept and layer.name.removesuffix(BATCH_NORM_SUFFIX) not in frozen
    return len(frozen)


def convolutions_to_freeze(network: keras.Model, what: str, model: str) -> set:
    """Names of the convolutions that ``freeze`` would freeze. Raises TrainerError as it does; changes nothing."""
    # Their names count them in the order of the weight file.
    convolutions = sorted(layer.name for layer in network.layers if hasattr(layer, "kernel"))
    frozen = _chosen(convolutions, network, what, model)
    if frozen.issuperset(convolutions):
        raise TrainerError(f"freeze is {what!r}: nothing of {model} is left to learn")
    return frozen


def _chosen(convolutions: list, network: keras.Model, what: str, model: str) -> set:
    heads = set(network.output_names)
    if what == NOTHING:
        return set()
    if what == ALL_BUT_HEADS:
        return set(convolutions) - heads
    if what == BACKBONE and model not in BACKBONE_CONVOLUTIONS:
        return (set(convolutions) & shared_by_heads(network)) - heads
    count = BACKBONE_CONVOLUTIONS[model] if what == BACKBONE else int(FIRST.fullmatch(what)[1])
    return set(convolutions[:count])


def shared_by_heads(network: keras.Model) -> set:
    """Names of the layers every head is computed from."""
    paths = (keras.Model(network.inputs, head).layers for head in network.outputs)
    return set.intersection(*({layer.name for layer in path} for path in paths))
