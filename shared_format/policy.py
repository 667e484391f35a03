"""The box policy: which of a record's boxes is written or trained on, ``covered``, ``visible`` or ``amodal``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

import numpy as np

from . import masks
from .boxes import clip_xyxy, xywh_to_xyxy, xyxy_to_xywh
from .errors import FormatError
from .record import BOX_POLICIES, Box, Frame, Instance

ROUNDING = 1e-6  # pixels: rounding error of a box that is written in decimals


def chosen_box(instance: Instance, policy: str, where: str = "frame") -> Optional[Box]:
    """The ``[x, y, w, h]`` box of the policy, or None if nothing of it is in the image.

    ``covered`` falls back to the visible box of an instance without bedding over it: for which the two are the same.

    Raises:
        FormatError: naming ``where``, when the record has another box but not the requested one.
    """
    box = instance.box(policy)
    if box is None and policy == "covered" and instance.attributes.get("cover", "uncovered") == "uncovered":
        box = instance.bbox_visible
    if box is None:
        present = [name for name in ("visible", *BOX_POLICIES) if instance.box(name) is not None]
        if present and not is_hidden(instance):
            raise FormatError(f"{where}: instance {instance.id} has no field bbox_{policy}; try --boxes {present[0]}")
    return box


def is_hidden(instance: Instance) -> bool:
    """Whether no pixel shows the instance; False if its pixels are not known."""
    return instance.mask is not None and instance.bbox_visible is None and masks.area(instance.mask) == 0


def clipped_box(box: Box, width: float, height: float) -> Optional[Box]:
    """The ``[x, y, w, h]`` box inside the image, unchanged if it is; None if no area is left."""
    x, y, w, h = box
    inside = min(x, y) >= -ROUNDING and x + w <= width + ROUNDING and y + h <= height + ROUNDING
    if inside and w > 0 and h > 0:
        return list(box)
    clipped = xyxy_to_xywh(clip_xyxy(xywh_to_xyxy(np.array(box)), width, height)).tolist()
    return clipped if clipped[2] > 0 and clipped[3] > 0 else None


class BoxInside(NamedTuple):
    """An instance and its ``[x, y, w, h]`` box, clipped to the image."""

    instance: Instance
    box: Box


def boxes_inside(frame: Frame, classes: Sequence[str], policy: str) -> Iterator[BoxInside]:
    """The instances of the ``classes`` with their boxes inside the image; without those outside it.

    Raises:
        FormatError: as ``chosen_box``.
    """
    for instance in frame.instances:
        if instance.category in classes:
            box = chosen_box(instance, policy, frame.file)
            inside = box and clipped_box(box, frame.width, frame.height)
            if inside:
                yield BoxInside(instance, inside)


def instance_area(instance: Instance, box: Sequence[float]) -> float:
    """The area in pixels: the annotator's, else the visible mask's, else the ``box``'s."""
    if instance.area is not None:
        return float(instance.area)
    return float(masks.area(instance.mask)) if instance.mask is not None else float(box[2] * box[3])
