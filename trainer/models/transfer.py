"""Weights from another detector of the same architecture: everything but the heads unchanged, the heads class by class.

A class in both detectors keeps its weights, and with them the boxes and the objectness: a detector reduced to
``person`` gives the same boxes and scores of people as the one it came from. New classes start fresh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import keras
import numpy as np

from ..errors import TrainerError, unknown_key
from ..network.architectures import plan_of, spec_of
from ..network.build import BATCH_NORM_SUFFIX, HEAD_SUFFIX, build_network
from ..network.darknet_detector import trained_masks, with_head
from ..network.darknet_names import category_ids, class_names, numbered
from ..network.darknet_weights import classes_in, fill, fill_first, read_weights
from ..network.spec import ModelNetwork, ModelSpec
from ..network.tensors import ops
from ..progress import note
from .files import load_network

_BACKBONE_FILE = re.compile(r".*\.conv\.\d+")
# Darknet's names for classes of COCO, and COCO's names.
# Index of a class in one detector -> its index in another.
SharedClasses = dict[int, int]
_Layers = Mapping[str, Any]  # Any: layers by name; Keras declares neither bias nor beta
_ALIASES = {
    **{"motorbike": "motorcycle", "aeroplane": "airplane", "sofa": "couch", "tvmonitor": "tv"},
    **{"pottedplant": "potted plant", "diningtable": "dining table"},
}


def chosen_loss(loss: str, weights: Optional[str]) -> str:
    """The loss for the setting ``loss``: "auto" means darknet's for weights in its format, else the modern one."""
    if loss != "auto":
        return loss
    return "darknet" if weights is not None and _is_darknet(weights) else "modern"


def _is_darknet(weights: str) -> bool:
    return weights.endswith(".weights") or _BACKBONE_FILE.fullmatch(weights) is not None


def start_from(
    network: keras.Model, spec: ModelSpec, weights: str, keep_anchors: bool = False, new_classes_from: str = ""
) -> ModelSpec:
    """Set the weights of the fresh ``network`` from ``weights``.

    Args:
        weights: MODEL as the command line takes it, a darknet ``FILE.weights`` of the same architecture, or the
            beginning of one (``darknet53.conv.74``).
        keep_anchors: keep the anchors and masks of ``spec``, and shift the heads so that their boxes do not change;
            otherwise those of the weights are used.
        new_classes_from: a class of the weights as which the classes start that the weights do not have; "": fresh.

    Returns:
        The spec that belongs to the weights.

    Raises:
        TrainerError: no such file, or of another architecture, or without the class ``new_classes_from``.
    """
    if _BACKBONE_FILE.fullmatch(weights):
        count = fill_first(network, read_weights(Path(weights)))
        note(f"{weights}: the first {count} convolutions are loaded, the rest is fresh")
        return spec
    if weights.endswith(".weights") and ".cfg," not in weights:
        source, source_spec = _darknet_source(spec, Path(weights))
    else:
        source, source_spec = load_network(weights)
    if not keep_anchors:
        constants = {name: getattr(source_spec.yolo_head, name) for name in ("anchors", "masks", "scale_x_y")}
        spec = with_head(spec, **constants)
    shared = transfer(source, source_spec, network, spec, weights, new_classes_from)
    note(f"{weights}: {_summary(shared, source_spec, spec)}")
    return replace(spec, seen=source_spec.seen)


def transfer(
    source: keras.Model,
    source_spec: ModelSpec,
    network: keras.Model,
    spec: ModelSpec,
    where: str,
    new_classes_from: str = "",
) -> SharedClasses:
    """Copy the weights of ``source`` into ``network``; returns the classes whose weights were copied.

    Args:
        new_classes_from: as of ``start_from``.

    Raises:
        TrainerError: the two have different architectures, or the source has no class ``new_classes_from``; ``where``
            names the source.
    """
    theirs = {layer.name: layer for layer in source.layers if layer.weights}
    mine = {layer.name: layer for layer in network.layers if layer.weights}
    anchors_there, anchors_here = ([len(mask) for mask in one.yolo_head.masks] for one in (source_spec, spec))
    if anchors_there != anchors_here or not _same_architecture(theirs, mine):
        raise TrainerError(
            f"{where}: holds {source_spec.model}, whose layers are not those of {spec.model}; --model chooses another"
        )
    shared = shared_classes(source_spec.classes, spec.classes)
    if new_classes_from:
        shared = {**_start_classes(source_spec.classes, spec.classes, new_classes_from, where), **shared}
    heads = sorted(name for name in mine if name.endswith(HEAD_SUFFIX))
    for name, layer in mine.items():
        head = _head_of(name)
        if head is None:
            layer.set_weights(theirs[name].get_weights())
        elif shared:
            anchors = len(spec.yolo_head.masks[heads.index(head)])
            layer.set_weights(
                [_rows(old, new, anchors, shared) for old, new in zip(theirs[name].get_weights(), layer.get_weights())]
            )
    if shared:
        for number, name in enumerate(heads):
            _shift(mine, name, source_spec.yolo_head.anchors_of(number) / spec.yolo_head.anchors_of(number))
    return shared


def shared_classes(theirs: Sequence[str], mine: Sequence[str]) -> SharedClasses:
    """{index in ``mine``: index in ``theirs``} of the classes in both, whether named as in COCO or as in darknet."""
    places = {_canonical(name): place for place, name in enumerate(theirs)}
    return {place: places[_canonical(name)] for place, name in enumerate(mine) if _canonical(name) in places}


def _start_classes(theirs: Sequence[str], mine: Sequence[str], start: str, where: str) -> SharedClasses:
    """Every class of ``mine`` as the class ``start`` of the weights. Raises TrainerError."""
    for place, name in enumerate(theirs):
        if _canonical(name) == _canonical(start):
            return dict.fromkeys(range(len(mine)), place)
    raise TrainerError(f"{where}: new_classes_from: {unknown_key('class', start, list(theirs))}")


def _darknet_source(spec: ModelSpec, path: Path) -> ModelNetwork:
    """A weight file without .cfg as a detector of the architecture of ``spec``, as published."""
    file, plan = read_weights(path), plan_of(spec)
    count = classes_in(build_network(spec), spec, file)
    same = spec.classes if count == len(spec.classes) else numbered(count)
    classes = class_names(count, (path,)) or same
    source_spec = spec_of(plan, spec.model, spec.size, classes, category_ids(classes))
    source = build_network(source_spec)
    fill(source, file)
    return ModelNetwork(source, trained_masks(replace(source_spec, seen=file.seen), file.sha256))


def _same_architecture(theirs: _Layers, mine: _Layers) -> bool:
    """Whether both have the same layers of the same shapes, except for the channels of the heads."""
    if list(theirs) != list(mine):
        return False
    for name, layer in mine.items():
        for old, new in zip(theirs[name].weights, layer.weights):
            axes = -1 if _head_of(name) else None
            if tuple(old.shape[:axes]) != tuple(new.shape[:axes]):
                return False
    return True


def _head_of(name: str) -> Optional[str]:
    """The name of the head's convolution, if the layer is that or its batch normalisation."""
    name = name.removesuffix(BATCH_NORM_SUFFIX)
    return name if name.endswith(HEAD_SUFFIX) else None


def _canonical(name: str) -> str:
    name = name.strip().casefold()
    return _ALIASES.get(name, name)


def _rows(old: np.ndarray, new: np.ndarray, anchors: int, shared: SharedClasses) -> np.ndarray:
    """``new`` with the rows of the shared classes from ``old``; the last axis is anchor-major x, y, w, h, objectness,
    classes.
    """
    old = old.reshape(*old.shape[:-1], anchors, -1)
    result = new.reshape(*new.shape[:-1], anchors, -1).copy()
    result[..., :5] = old[..., :5]
    for mine, theirs in shared.items():
        result[..., 5 + mine] = old[..., 5 + theirs]
    return result.reshape(new.shape)


def _shift(layers: _Layers, name: str, ratio: np.ndarray) -> None:
    """Add the logarithm of the (A, 2) ``ratio`` of old to new anchors, so that exp(t) * anchor does not change."""
    if (ratio == 1).all():
        return
    shifted = layers.get(name + BATCH_NORM_SUFFIX, layers[name])
    bias = shifted.beta if shifted is not layers[name] else shifted.bias
    values = ops.convert_to_numpy(bias).reshape(len(ratio), -1).copy()
    values[:, 2:4] += np.log(ratio)
    bias.assign(values.reshape(-1))


def _summary(shared: SharedClasses, source_spec: ModelSpec, spec: ModelSpec) -> str:
    kept = [spec.classes[place] for place in shared if _from_its_namesake(place, shared, source_spec, spec)]
    started = {source_spec.classes[shared[place]] for place in shared if spec.classes[place] not in kept}
    fresh = [name for name in spec.classes if name not in kept]
    if not shared:
        return "all weights but those of the heads are loaded"
    if not fresh and len(kept) == len(source_spec.classes):
        return "all weights are loaded"
    text = "all weights are loaded"
    if kept:
        text = f"{text}; of its {len(source_spec.classes)} classes {', '.join(kept)}"
    as_class = f" (they start as {', '.join(sorted(started))})" if started else ""
    return f"{text}; new classes: {', '.join(fresh)}{as_class}" if fresh else text


def _from_its_namesake(place: int, shared: SharedClasses, source_spec: ModelSpec, spec: ModelSpec) -> bool:
    return _canonical(source_spec.classes[shared[place]]) == _canonical(spec.classes[place])
