"""Weights from another detector of the same architecture: everything but the heads as it is, the heads by class.

A class that both name keeps its row, and with it the boxes and the objectness: a detector cut down to ``person``
gives the same boxes and scores of persons as the one it came from. New classes start fresh.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

import keras
import numpy as np

from ..errors import TrainerError
from ..network.architectures import plan_of, spec_of
from ..network.build import BATCH_NORM_SUFFIX, HEAD_SUFFIX, build_network
from ..network.darknet_detector import trained_masks, with_constants
from ..network.darknet_names import category_ids, class_names, numbered
from ..network.darknet_weights import classes_in, fill, fill_first, read_weights
from ..network.spec import DetectorSpec
from ..progress import note
from .files import load_network

_BACKBONE_FILE = re.compile(r".*\.conv\.\d+")
# Darknet's names for classes of COCO, and COCO's own.
_ALIASES = {
    **{"motorbike": "motorcycle", "aeroplane": "airplane", "sofa": "couch", "tvmonitor": "tv"},
    **{"pottedplant": "potted plant", "diningtable": "dining table"},
}


def chosen_loss(loss: str, weights: Optional[str]) -> str:
    """The loss that the setting ``loss`` means: "auto" is darknet's for weights of its format, else the modern one."""
    if loss != "auto":
        return loss
    return "darknet" if weights is not None and _is_darknet(weights) else "modern"


def _is_darknet(weights: str) -> bool:
    return weights.endswith(".weights") or _BACKBONE_FILE.fullmatch(weights) is not None


def start_from(network: keras.Model, spec: DetectorSpec, weights: str, keep_anchors: bool = False) -> DetectorSpec:
    """Fill the fresh ``network`` from ``weights``.

    Args:
        weights: MODEL as the command line takes it, a darknet ``FILE.weights`` of the same architecture, or the
            beginning of one (``darknet53.conv.74``).
        keep_anchors: anchors and masks of ``spec`` stay, and the heads are shifted so that their boxes do not
            change; otherwise those of the weights are taken over.

    Returns:
        The spec to go on with.

    Raises:
        TrainerError: no such file, or of another architecture.
    """
    if _BACKBONE_FILE.fullmatch(weights):
        count = fill_first(network, read_weights(Path(weights)))
        note(f"{weights}: the first {count} convolutions taken over, the rest is fresh")
        return spec
    if weights.endswith(".weights") and ".cfg," not in weights:
        source, source_spec = _darknet_source(spec, Path(weights))
    else:
        source, source_spec = load_network(weights)
    if not keep_anchors:
        constants = {name: getattr(source_spec, name) for name in ("anchors", "masks", "scale_x_y")}
        spec = with_constants(spec, **constants)
    carried = transfer(source, source_spec, network, spec, weights)
    note(f"{weights}: {_summary(carried, source_spec, spec)}")
    return replace(spec, seen=source_spec.seen)


def transfer(
    source: keras.Model, source_spec: DetectorSpec, network: keras.Model, spec: DetectorSpec, where: str
) -> dict:
    """Copy the weights of ``source`` into ``network``.

    Returns:
        {index of a class in ``spec``: its index in ``source_spec``} of the classes carried over.

    Raises:
        TrainerError: the two are not of one architecture; ``where`` names the source.
    """
    theirs = {layer.name: layer for layer in source.layers if layer.weights}
    mine = {layer.name: layer for layer in network.layers if layer.weights}
    slots, own_slots = ([len(mask) for mask in one.masks] for one in (source_spec, spec))
    if slots != own_slots or not _same_architecture(theirs, mine):
        raise TrainerError(
            f"{where}: holds {source_spec.model}, whose layers are not those of {spec.model}; --model chooses another"
        )
    carried = shared_classes(source_spec.classes, spec.classes)
    heads = sorted(name for name in mine if name.endswith(HEAD_SUFFIX))
    for name, layer in mine.items():
        head = _head_of(name)
        if head is None:
            layer.set_weights(theirs[name].get_weights())
        elif carried:
            anchors = len(spec.masks[heads.index(head)])
            layer.set_weights(
                [_rows(old, new, anchors, carried) for old, new in zip(theirs[name].get_weights(), layer.get_weights())]
            )
    if carried:
        for number, name in enumerate(heads):
            _shift(mine, name, source_spec.head_anchors(number) / spec.head_anchors(number))
    return carried


def shared_classes(theirs: Sequence, mine: Sequence) -> dict:
    """{index in ``mine``: index in ``theirs``} of the classes that both name, whatever COCO or darknet calls them."""
    places = {_canonical(name): place for place, name in enumerate(theirs)}
    return {place: places[_canonical(name)] for place, name in enumerate(mine) if _canonical(name) in places}


def _darknet_source(spec: DetectorSpec, path: Path) -> tuple:
    """A bare weight file as a detector of the architecture of ``spec``, as published."""
    file, plan = read_weights(path), plan_of(spec)
    count = classes_in(build_network(spec), spec, file)
    same = spec.classes if count == len(spec.classes) else numbered(count)
    classes = class_names(count, (path,)) or same
    source_spec = spec_of(plan, spec.model, spec.size, classes, category_ids(classes))
    source = build_network(source_spec)
    fill(source, file)
    return source, trained_masks(replace(source_spec, seen=file.seen), file.sha256)


def _same_architecture(theirs: dict, mine: dict) -> bool:
    """Same layers with the same shapes, the channels of the heads aside."""
    if list(theirs) != list(mine):
        return False
    for name, layer in mine.items():
        for old, new in zip(theirs[name].weights, layer.weights):
            axes = -1 if _head_of(name) else None
            if tuple(old.shape[:axes]) != tuple(new.shape[:axes]):
                return False
    return True


def _head_of(name: str) -> str | None:
    """The convolution of a head that this layer is, or is the batch normalisation of."""
    name = name.removesuffix(BATCH_NORM_SUFFIX)
    return name if name.endswith(HEAD_SUFFIX) else None


def _canonical(name: str) -> str:
    name = name.strip().casefold()
    return _ALIASES.get(name, name)


def _rows(old: np.ndarray, new: np.ndarray, anchors: int, carried: dict) -> np.ndarray:
    """The last axis is anchor-major x, y, w, h, objectness, classes: what is carried from ``old``, else ``new``."""
    old = old.reshape(*old.shape[:-1], anchors, -1)
    result = new.reshape(*new.shape[:-1], anchors, -1).copy()
    result[..., :5] = old[..., :5]
    for mine, theirs in carried.items():
        result[..., 5 + mine] = old[..., 5 + theirs]
    return result.reshape(new.shape)


def _shift(layers: dict, name: str, ratio: np.ndarray) -> None:
    """Where the anchors changed by ``ratio`` (A, 2), add its logarithm, so that exp(t) * anchor stays."""
    if (ratio == 1).all():
        return
    shifted = layers.get(name + BATCH_NORM_SUFFIX, layers[name])
    bias = shifted.beta if shifted is not layers[name] else shifted.bias
    values = keras.ops.convert_to_numpy(bias).reshape(len(ratio), -1).copy()
    values[:, 2:4] += np.log(ratio)
    bias.assign(values.reshape(-1))


def _summary(carried: dict, source_spec: DetectorSpec, spec: DetectorSpec) -> str:
    kept = [spec.classes[place] for place in carried]
    fresh = [name for place, name in enumerate(spec.classes) if place not in carried]
    if not kept:
        return "all but the heads taken over"
    if not fresh and len(kept) == len(source_spec.classes):
        return "all weights taken over"
    text = f"all weights taken over; of its {len(source_spec.classes)} classes {', '.join(kept)}"
    return f"{text}; fresh: {', '.join(fresh)}" if fresh else text
