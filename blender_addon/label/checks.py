"""The checks that every record must pass before it is written; an image that fails one is an error."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Optional

import numpy as np

from ..dataset_format import boxes, keypoints, masks, record
from .keypoints import KeyPoints, pixels_away
from .visibility import Visibility

_ROUNDING = 0.002  # tolerance of sums of fractions
_PIXEL_ROUNDING = 0.01  # tolerance of key points


class LabelError(RuntimeError):
    """A label contradicts the image; the message names the check, the instance and the values."""


def check_frame(frame: record.Frame, seen: Sequence[Visibility], key_points: Sequence[Optional[KeyPoints]]) -> None:
    """Run every check on ``frame``; ``seen`` and ``key_points`` are per instance. Raises LabelError."""
    check_record(frame)
    for instance, visibility, points in zip(frame.instances, seen, key_points):
        _check_nesting(instance, visibility)
        if points is not None:
            _check_visible_points(instance, points)


def check_record(frame: record.Frame) -> None:
    """Run the checks that need only the record. Raises LabelError."""
    for instance in frame.instances:
        _check_size(frame, instance)
        _check_boxes(instance)
        _check_fractions(instance)


def _check_size(frame: record.Frame, instance: record.Instance) -> None:
    size = _rle(instance)["size"]
    if size != [frame.height, frame.width]:
        raise LabelError(f"mask-size: instance {instance.id}: mask {size}, image {[frame.height, frame.width]}")


def _rle(instance: record.Instance) -> masks.Rle:
    """The run-length encoded mask, which every record of this generator has."""
    if instance.mask is None:
        raise LabelError(f"mask-size: instance {instance.id}: no mask")
    return instance.mask


def _check_nesting(instance: record.Instance, seen: Visibility) -> None:
    if (seen.visible & ~seen.covered).any() or (seen.covered & ~seen.silhouette).any():
        raise LabelError(f"masks-nest: instance {instance.id}: visible, covered and amodal masks do not nest")


def _check_boxes(instance: record.Instance) -> None:
    extent = boxes.mask_extent(masks.decode(_rle(instance)))
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
    visible, covered, in_frame = instance.visible_fraction, instance.covered_fraction, instance.in_frame_fraction
    for name, value in (("visible_fraction", visible), ("covered_fraction", covered), ("in_frame_fraction", in_frame)):
        if value is None or not 0.0 <= value <= 1.0:
            raise LabelError(f"fraction-in-range: instance {instance.id}: {name} is {value}")
    visible, covered = visible or 0.0, covered or 0.0
    if visible > covered:
        raise LabelError(f"fractions-nest: instance {instance.id}: visible {visible} is more than covered {covered}")
    whole = visible + sum((instance.hidden_by or {}).values())
    if instance.bbox_amodal is not None and abs(whole - 1.0) > _ROUNDING:
        raise LabelError(
            f"fractions-add-up: instance {instance.id}: visible and hidden fractions add up to {whole:.4f}"
        )


def _check_visible_points(instance: record.Instance, points: KeyPoints) -> None:
    """A key point marked visible lies on its own mask, within its limb's tolerance."""
    mask, rows = masks.decode(_rle(instance)), instance.keypoints or []
    for name, tolerance, (x, y, v) in zip(keypoints.NAMES, points.tolerance, rows):
        distance = pixels_away(mask, (x, y)) if v == keypoints.VISIBLE else 0.0
        if distance > tolerance + _PIXEL_ROUNDING:
            raise LabelError(
                f"visible-on-mask: instance {instance.id}: {name} at ({x}, {y}) is marked visible, "
                f"{distance:.1f} pixels from its mask, {tolerance:.1f} allowed"
            )
