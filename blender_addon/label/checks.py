"""The checks every record passes before it is written; an image that fails one is an error, not a label."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Optional

import numpy as np

from ..dataset_format import boxes, keypoints, masks, record
from .keypoints import KeyPoints, pixels_away
from .visibility import Visibility

_ROUNDING = 0.002  # of fractions that are summed
_PIXEL_ROUNDING = 0.01  # of key points


class LabelError(RuntimeError):
    """A label contradicts the image; the message names the check, the instance and the values."""


def check_frame(frame: record.Frame, seen: Sequence[Visibility], key_points: Sequence[Optional[KeyPoints]]) -> None:
    """Run every check on ``frame``; ``seen`` and ``key_points`` are its instances', in order. Raises LabelError."""
    check_record(frame)
    for instance, visibility, found in zip(frame.instances, seen, key_points):
        _check_nesting(instance, visibility)
        if found is not None:
            _check_visible_points(instance, found)


def check_record(frame: record.Frame) -> None:
    """Run the checks that need nothing beside the record, wherever it comes from. Raises LabelError."""
    for instance in frame.instances:
        _check_size(frame, instance)
        _check_boxes(instance)
        _check_fractions(instance)


def _check_size(frame: record.Frame, instance: record.Instance) -> None:
    if instance.mask["size"] != [frame.height, frame.width]:
        raise LabelError(
            f"mask-size: instance {instance.id}: mask {instance.mask['size']}, image {[frame.height, frame.width]}"
        )


def _check_nesting(instance: record.Instance, seen: Visibility) -> None:
    if (seen.visible & ~seen.covered).any() or (seen.covered & ~seen.silhouette).any():
        raise LabelError(f"masks-nest: instance {instance.id}: visible, covered and amodal masks do not nest")


def _check_boxes(instance: record.Instance) -> None:
    extent = boxes.mask_extent(masks.decode(instance.mask))
    if extent != instance.bbox_visible:
        raise LabelError(f"box-is-extent: instance {instance.id}: box {instance.bbox_visible}, mask extent {extent}")
    nested = [instance.bbox_visible, instance.bbox_covered, instance.bbox_amodal, instance.bbox_amodal_unclipped]
    for inner, outer in itertools.pairwise(nested):
        if inner is not None and (outer is None or not _contains(outer, inner)):
            raise LabelError(f"boxes-nest: instance {instance.id}: {inner} is not inside {outer}")


def _contains(outer: Sequence[float], inner: Sequence[float]) -> bool:
    (a1, b1, a2, b2), (x1, y1, x2, y2) = boxes.xywh_to_xyxy(np.array([outer, inner]))
    slack = 1e-6  # pixels: a corner plus a width is not exact
    return bool(a1 <= x1 + slack and b1 <= y1 + slack and a2 >= x2 - slack and b2 >= y2 - slack)


def _check_fractions(instance: record.Instance) -> None:
    for name in ("visible_fraction", "covered_fraction", "in_frame_fraction"):
        value = getattr(instance, name)
        if not 0.0 <= value <= 1.0:
            raise LabelError(f"fraction-in-range: instance {instance.id}: {name} is {value}")
    if instance.visible_fraction > instance.covered_fraction:
        raise LabelError(f"fractions-nest: instance {instance.id}: more visible than visible or covered")
    whole = instance.visible_fraction + sum(instance.hidden_by.values())
    if instance.bbox_amodal is not None and abs(whole - 1.0) > _ROUNDING:
        raise LabelError(f"fractions-add-up: instance {instance.id}: seen and hidden make {whole:.4f} of it")


def _check_visible_points(instance: record.Instance, found: KeyPoints) -> None:
    """A key point marked visible lies on its own mask, within its limb's tolerance."""
    mask = masks.decode(instance.mask)
    for name, tolerance, (x, y, v) in zip(keypoints.NAMES, found.tolerance, instance.keypoints):
        distance = pixels_away(mask, (x, y)) if v == keypoints.VISIBLE else 0.0
        if distance > tolerance + _PIXEL_ROUNDING:
            raise LabelError(
                f"visible-on-mask: instance {instance.id}: {name} at ({x}, {y}) is marked visible, "
                f"{distance:.1f} pixels from its mask, {tolerance:.1f} allowed"
            )
