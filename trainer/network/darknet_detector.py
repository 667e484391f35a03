"""Reads a darknet .cfg and its weight file as a detector, and writes a detector as these two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import keras

from shared_format.atomic import write_bytes

from ..disk_errors import writing
from ..errors import TrainerError
from ..progress import note
from .architectures import plan_of, spec_of
from .build import build_network
from .cfg_reader import DarknetCfg, read_cfg
from .cfg_writer import cfg_text
from .darknet_names import category_ids, class_names, numbered
from .darknet_weights import (
    OFFICIAL_TINY,
    OFFICIAL_TINY_MASKS,
    WeightFile,
    classes_in,
    fill,
    read_weights,
    save_weights,
)
from .spec import ModelNetwork, ModelSpec


def darknet_spec(cfg: Path, weights: Path, names: Optional[Path] = None) -> ModelSpec:
    """The spec of the detector in a ``.cfg``, without its weights. Raises TrainerError.

    Class names are those of ``names``, of a ``.names`` file of the same stem as either file, or COCO's for eighty
    classes, in this order of preference. An input that is not square becomes a square of its longer side.
    """
    return _spec(read_cfg(cfg), cfg, weights, names)


def _spec(read: DarknetCfg, cfg: Path, weights: Path, names: Optional[Path]) -> ModelSpec:
    classes = class_names(read.classes, (cfg, weights), names) or numbered(read.classes)
    return spec_of(read.plan, str(cfg), max(read.width, read.height), classes, category_ids(classes))


def load_darknet(cfg: Path, weights: Path, names: Optional[Path] = None) -> ModelNetwork:
    """Load the detector of ``FILE.cfg`` and ``FILE.weights``.

    Raises:
        TrainerError: a file cannot be read, or the two do not belong together.
    """
    read = read_cfg(cfg)
    spec, file = _spec(read, cfg, weights, names), read_weights(weights)
    if read.width != read.height:
        note(f"{cfg}: {read.width}x{read.height} becomes {spec.size}x{spec.size}; the weights work at every size")
    if read.ignored:
        note(f"{cfg}: {len(read.ignored)} settings of darknet's own training are not used, such as {read.ignored[-1]}")
    network = build_network(spec)
    try:
        fill(network, file)
    except TrainerError as error:
        raise TrainerError(f"{error}{_other_classes(network, spec, file)}") from error
    return ModelNetwork(network, trained_masks(replace(spec, seen=file.seen), file.sha256))


def _other_classes(network: keras.Model, spec: ModelSpec, file: WeightFile) -> str:
    """A hint, if the file fits this network with another number of classes; else empty."""
    try:
        count = classes_in(network, spec, file)
    except TrainerError:
        return ""
    return f"; it holds {count} classes, the .cfg says {len(spec.classes)}" if count != len(spec.classes) else ""


def trained_masks(spec: ModelSpec, sha256: str) -> ModelSpec:
    """The spec with the masks the weights were trained with: the official tiny weights differ from their .cfg."""
    if sha256 != OFFICIAL_TINY or spec.yolo_head.masks == OFFICIAL_TINY_MASKS:
        return spec
    note("the official yolov3-tiny.weights: trained with masks 3,4,5 and 1,2,3, which are used")
    return with_head(spec, masks=OFFICIAL_TINY_MASKS)


def with_head(spec: ModelSpec, **constants: Any) -> ModelSpec:  # Any: fields of the head
    """The spec with other anchors, masks or scales, and its .cfg, if it has one, changed accordingly."""
    return with_constants(spec, head=replace(spec.yolo_head, **constants))


def with_constants(spec: ModelSpec, **constants: Any) -> ModelSpec:  # Any: fields of the spec
    """The spec with other classes, another size or another head, and its .cfg, if it has one, changed accordingly."""
    changed = replace(spec, **constants)
    return changed if spec.cfg is None else replace(changed, cfg=cfg_text(plan_of(spec), changed))


def save_darknet(network: keras.Model, spec: ModelSpec, path: Path) -> tuple[Path, ...]:
    """Write the weight file ``path`` and beside it the .cfg and .names; returns the three paths.

    Raises:
        TrainerError: they cannot be written.
    """
    written = (path, path.with_suffix(".cfg"), path.with_suffix(".names"))
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_weights(network, path, spec.seen)
        write_bytes(written[1], cfg_text(plan_of(spec), spec).encode())
        write_bytes(written[2], "".join(f"{name}\n" for name in spec.classes).encode())
    return written
