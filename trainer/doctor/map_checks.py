"""The maps beside an image: are they there, whole, of its size, and do they show what its masks say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.label_set import LabelledImage
from shared_format.paths import image_inside, is_file
from shared_format.record import Frame

from ..errors import ImageError
from ..examples.images import opened

# Field of the record -> the setting of the dataset's config that asks for such maps.
MAPS = {"depth_file": "labels.depth", "mask_file": "labels.masks"}


def check_maps(labelled: LabelledImage, root: Path, config: Mapping[str, Any]) -> Iterator[tuple]:
    """(rule, line) for every problem with the maps of an image of the data in ``root``."""
    frame = labelled.frame
    for field, setting in MAPS.items():
        file = getattr(frame, field)
        if file is None:
            if config.get(setting) is True:
                yield "files.missing_map", f"{labelled.where}: no {field}, and the dataset's config has {setting}"
            continue
        try:
            path = image_inside(root, file)
            if not is_file(path):
                raise FormatError(f"{labelled.where}: no {field} {path}")
        except FormatError as error:
            yield "files.missing_map", str(error)
            continue
        try:
            shown = _load(path)
        except ImageError as error:
            yield "files.corrupt_map", str(error)
            continue
        if shown.shape != (frame.height, frame.width):
            said = f"{path}: {shown.shape[1]}x{shown.shape[0]}, its label says {frame.width}x{frame.height}"
            yield "files.size_mismatch", said
        elif field == "mask_file":
            yield from _differences(frame, shown, path)


def _load(path: Path) -> np.ndarray:
    """(H, W) uint16. Raises PictureError."""
    with opened(path) as image:
        if not image.mode.startswith("I;16"):
            raise ImageError(f"{path}: an image of mode {image.mode}, expected 16-bit grey")
        return np.asarray(image, dtype=np.uint16)


def _differences(frame: Frame, shown: np.ndarray, path: Path) -> Iterator[tuple]:
    for instance in frame.instances:
        if instance.mask is None or instance.mask["size"] != list(shown.shape):
            continue
        try:
            wrong = int((masks.decode(instance.mask) != (shown == instance.id)).sum())
        except FormatError:
            continue  # a finding of its own
        if wrong:
            yield "labels.map_not_mask", f"{path}: {wrong} pixels are not those of instance {instance.id}'s mask"
