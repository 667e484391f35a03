"""The checks every record passes before it is written; a picture that fails one is an error, not a label."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..dataset_format import boxes, keypoints, masks, record
from .joints import Joints, radius

_PIXELS = 2.0  # the mask is sampled at pixel centres and may miss what is thinner than a pixel


class LabelError(RuntimeError):
    """A label contradicts the picture; the message names the check, the instance and the values."""


def check_frame(frame: record.Frame, instance_map: np.ndarray, joints: Sequence[Joints]) -> None:
    """Run every check on ``frame``; ``joints`` belong to its person instances in order. Raises LabelError."""
    if instance_map.shape != (frame.height, frame.width):
        raise LabelError(f"map-size: the instance map is {instance_map.shape}, the picture {frame.height, frame.width}")
    known = {0} | {instance.id for instance in frame.instances}
    strangers = set(np.unique(instance_map).tolist()) - known
    if strangers:
        raise LabelError(f"map-ids: the instance map shows {sorted(strangers)}, the record knows {sorted(known)}")
    for instance in frame.instances:
        _check_box(instance)
        _check_fractions(instance)
    people = [instance for instance in frame.instances if instance.keypoints is not None]
    for instance, found in zip(people, joints):
        _check_visible_joints(frame, instance, found)


def _check_box(instance: record.Instance) -> None:
    extent = boxes.mask_extent(masks.decode(instance.mask))
    if extent != instance.bbox_visible:
        raise LabelError(f"box-is-extent: instance {instance.id}: box {instance.bbox_visible}, mask extent {extent}")
    inner, outer = instance.bbox_visible, instance.bbox_amodal
    if inner is not None and outer is not None:
        (x1, y1, x2, y2), (a1, b1, a2, b2) = boxes.corners_from_xywh(np.array([inner, outer]))
        if x1 < a1 - 1 or y1 < b1 - 1 or x2 > a2 + 1 or y2 > b2 + 1:  # a pixel's width: one is counted in pixels
            raise LabelError(f"amodal-contains-visible: instance {instance.id}: visible {inner}, amodal {outer}")


def _check_fractions(instance: record.Instance) -> None:
    for name in ("visible_fraction", "covered_fraction", "in_frame_fraction"):
        value = getattr(instance, name)
        if value is not None and not 0.0 <= value <= 1.0:
            raise LabelError(f"fraction-in-range: instance {instance.id}: {name} is {value}")


def _check_visible_joints(frame: record.Frame, instance: record.Instance, joints: Joints) -> None:
    """A key point marked visible is within its limb's radius, as seen from the camera, of its own mask."""
    mask = masks.decode(instance.mask)
    rows, columns = np.nonzero(mask)
    camera = np.asarray(frame.camera.extrinsics)
    for name, point, (x, y, v) in zip(keypoints.NAMES, joints.room, instance.keypoints):
        if v != keypoints.VISIBLE:
            continue
        depth = float(camera[2, :3] @ point + camera[2, 3])
        tolerance = _PIXELS + frame.camera.intrinsics["fx"] * radius(name) / depth
        distance = np.hypot(columns + 0.5 - x, rows + 0.5 - y).min() if rows.size else np.inf
        if distance > tolerance:
            raise LabelError(
                f"visible-on-mask: instance {instance.id}: {name} at ({x}, {y}) is marked visible, "
                f"{distance:.1f} pixels from its mask, {tolerance:.1f} allowed"
            )
