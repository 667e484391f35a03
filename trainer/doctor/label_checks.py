"""The labels of one image, each against its own format, its image and its mask."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple, Optional

import numpy as np

from shared_format import masks
from shared_format.boxes import mask_extent, pairwise_iou, xywh_to_xyxy
from shared_format.errors import FormatError
from shared_format.keypoints import NOT_IN_IMAGE, VISIBLE
from shared_format.policy import chosen_box
from shared_format.record import Box, Frame, Instance

from ..formats.finding_ids import FindingId
from ..formats.label_set import LabelledImage, ReportProblem
from ..formats.skeletons import COCO_SKELETON, Skeleton
from .record_checks import Mask, check_camera, check_record

OUTSIDE = 0.5  # pixels that a box may leave the image by: rounding
NESTED = 1.0  # pixels: one box is counted in pixels, another projected
TINY = 8.0  # pixels at the training size: one cell of YOLOv3's finest grid
SAME = 0.99  # IoU
OUTSIDE_BOX = 0.1  # of a mask's pixels: annotators draw boxes and masks at different times
OFF_MASK, OFF_MASK_OF_DIAGONAL = 4.0, 0.1  # pixels, plus this times the box's diagonal, from a joint to the mask


class CheckedBox(NamedTuple):
    """An instance that can be counted, and its box ``[x, y, width, height]`` by the policy in force."""

    instance: Instance
    box: Box


def check_labels(
    labelled: LabelledImage,
    categories: Collection[str],
    policy: str,
    size: int,
    problem: ReportProblem,
    skeleton: Skeleton = COCO_SKELETON,
) -> list[CheckedBox]:
    """Check every instance; returns those whose boxes can be counted.

    Args:
        categories: the class names that the data declares.
        policy: the box policy, where a record has several boxes.
        size: side of the network's input in pixels, by which tiny objects are judged.
        problem: called with the finding and one line for each problem.
        skeleton: what the key points of the data are.
    """
    frame = labelled.frame
    scale = size / max(frame.width, frame.height)
    people = {i.id for i in frame.instances if i.category == "person"} if "person" in categories else None
    check_camera(frame, labelled.where, problem)
    _check_ids(frame, labelled.where, problem)
    good: list[CheckedBox] = []
    for instance in frame.instances:
        where = f"{labelled.where}: instance {instance.id}"
        if instance.category not in categories:
            problem(FindingId.UNKNOWN_CLASS, f"{where} is a {instance.category!r}, which the data does not declare")
            continue
        mask = _mask(instance, frame, where, problem)
        _check_extent(instance, mask, where, problem)
        _check_mask_in_box(instance, mask, where, problem)
        _check_nesting(instance, where, problem)
        _check_fractions(instance, where, problem)
        box = _box(instance, policy, labelled.where, problem)
        named = _named_points(instance, skeleton, where, problem)
        _check_keypoints(named, mask, box, frame, where, problem)
        check_record(instance, mask, people, where, problem)
        if box is not None and _check_box(instance, box, frame, scale, where, problem):
            good.append(CheckedBox(instance, box))
    _check_duplicates(good, labelled.where, problem)
    return good


def _check_ids(frame: Frame, where: str, problem: ReportProblem) -> None:
    for number, count in Counter(instance.id for instance in frame.instances).items():
        if number == 0:
            problem(FindingId.INSTANCE_ID, f"{where}: an instance has id 0, expected 1 or more")
        elif count > 1:
            problem(FindingId.INSTANCE_ID, f"{where}: {count} instances of id {number}")


def _mask(instance: Instance, frame: Frame, where: str, problem: ReportProblem) -> Optional[Mask]:
    if instance.mask is None:
        return None
    try:
        if list(instance.mask["size"]) != [frame.height, frame.width]:
            raise FormatError(f"of size {instance.mask['size']}, the image has {[frame.height, frame.width]}")
        return masks.decode(instance.mask)
    except FormatError as error:
        problem(FindingId.MASK, f"{where}: mask {error}")
        return None


def _check_extent(instance: Instance, mask: Optional[Mask], where: str, problem: ReportProblem) -> None:
    if mask is None or (instance.bbox_visible is None and instance.bbox_covered is not None and not mask.any()):
        return
    extent, box = mask_extent(mask), instance.bbox_visible
    # A converted label has an annotator's mask and box, and no visible box to compare.
    if box is None and (extent is None or instance.bbox_covered is not None):
        return
    if extent is None or box is None or not np.allclose(extent, np.asarray(box, float), rtol=0, atol=OUTSIDE):
        problem(FindingId.BOX_NOT_MASK_EXTENT, f"{where}: visible box {box}, mask extent {extent}")


def _check_mask_in_box(instance: Instance, mask: Optional[Mask], where: str, problem: ReportProblem) -> None:
    """Of a converted label, whose box an annotator drew; that of a record is checked exactly."""
    box = instance.bbox_covered
    if mask is None or box is None or instance.bbox_visible is not None or not mask.any():
        return
    x1, y1, x2, y2 = xywh_to_xyxy(box)
    inside = mask[max(math.floor(y1), 0) : max(math.ceil(y2), 0), max(math.floor(x1), 0) : max(math.ceil(x2), 0)]
    outside = 1.0 - float(inside.sum()) / float(mask.sum())
    if outside > OUTSIDE_BOX:
        problem(FindingId.MASK_OFF_BOX, f"{where}: {outside:.0%} of its mask is outside its box {_short(box)}")


def _check_nesting(instance: Instance, where: str, problem: ReportProblem) -> None:
    if instance.bbox_amodal is None:
        return
    a1, b1, a2, b2 = xywh_to_xyxy(instance.bbox_amodal)
    for policy in ("visible", "covered"):
        inner = instance.box(policy)
        if inner is not None:
            x1, y1, x2, y2 = xywh_to_xyxy(inner)
            if x1 < a1 - NESTED or y1 < b1 - NESTED or x2 > a2 + NESTED or y2 > b2 + NESTED:
                message = f"{where}: {policy} box {inner} extends outside amodal box {instance.bbox_amodal}"
                problem(FindingId.BOX_NOT_NESTED, message)


def _check_fractions(instance: Instance, where: str, problem: ReportProblem) -> None:
    for name in ("visible_fraction", "covered_fraction", "in_frame_fraction"):
        value = getattr(instance, name)
        if value is not None and not 0.0 <= value <= 1.0:
            problem(FindingId.FRACTION_OUT_OF_RANGE, f"{where}: {name} is {value}")
            return
    visible, covered = instance.visible_fraction, instance.covered_fraction
    if visible is not None and covered is not None and visible > covered + 1e-6:
        message = f"{where}: visible_fraction {visible} is above covered_fraction {covered}"
        problem(FindingId.FRACTION_OUT_OF_RANGE, message)


def _box(instance: Instance, policy: str, where: str, problem: ReportProblem) -> Optional[Box]:
    try:
        return chosen_box(instance, policy, where)
    except FormatError as error:
        problem(FindingId.MISSING_BOX, str(error))
        return None


def _check_box(instance: Instance, box: Box, frame: Frame, scale: float, where: str, problem: ReportProblem) -> bool:
    """Whether the box is one to count; ``ignore`` instances may be slivers."""
    x, y, w, h = box
    if x < -OUTSIDE or y < -OUTSIDE or x + w > frame.width + OUTSIDE or y + h > frame.height + OUTSIDE:
        message = f"{where}: box {_short(box)} extends outside the {frame.width}x{frame.height} image"
        problem(FindingId.BOX_OUTSIDE_IMAGE, message)
    if instance.ignore:
        return True
    if w < 1 or h < 1:
        problem(FindingId.DEGENERATE_BOX, f"{where}: box {_short(box)} is less than a pixel wide or high")
        return False
    if math.sqrt(w * h) * scale < TINY:
        message = f"{where}: {w * scale:.1f}x{h * scale:.1f} pixels when the image is scaled to the training size"
        problem(FindingId.TINY_OBJECT, message)
    return True


class _NamedPoint(NamedTuple):
    """A key point with its name; x and y in pixels, v as COCO's."""

    name: str
    x: float
    y: float
    v: float


def _named_points(
    instance: Instance, skeleton: Skeleton, where: str, problem: ReportProblem
) -> tuple[_NamedPoint, ...]:
    """The key points by name; () where there are none, or after it was reported that they are malformed."""
    points = tuple(_NamedPoint(name, *row) for name, row in zip(skeleton.names, instance.keypoints or ()))
    flags = sorted({point.v for point in points} - {0, 1, 2})
    if flags:
        problem(FindingId.MALFORMED_KEYPOINT, f"{where}: a key point has v {flags[0]}, expected 0, 1 or 2")
        return ()
    away = next((point for point in points if point.v == NOT_IN_IMAGE and (point.x or point.y)), None)
    if away is not None:
        message = f"{where}: {away.name} has v 0 at ({away.x}, {away.y}), expected (0, 0)"
        problem(FindingId.MALFORMED_KEYPOINT, message)
    return points


def _check_keypoints(
    points: Sequence[_NamedPoint],
    mask: Optional[Mask],
    box: Optional[Box],
    frame: Frame,
    where: str,
    problem: ReportProblem,
) -> None:
    pixels = np.argwhere(mask)[:, ::-1] + 0.5 if mask is not None and mask.any() else None
    allowed = OFF_MASK + OFF_MASK_OF_DIAGONAL * (math.hypot(*box[2:]) if box is not None else 0.0)
    for name, x, y, v in points:
        if v != NOT_IN_IMAGE and not (0 <= x <= frame.width and 0 <= y <= frame.height):
            message = f"{where}: {name} at ({x}, {y}) has v {v}, the image is {frame.width}x{frame.height}"
            problem(FindingId.KEYPOINT_OUTSIDE_IMAGE, message)
        elif v == VISIBLE and pixels is not None:
            distance = np.sqrt(((pixels - (x, y)) ** 2).sum(axis=1).min())
            if distance > allowed:
                message = f"{where}: {name} at ({x}, {y}) is marked visible, {distance:.1f} pixels from its mask"
                problem(FindingId.KEYPOINT_OFF_MASK, message)


def _check_duplicates(good: Sequence[CheckedBox], where: str, problem: ReportProblem) -> None:
    counted = [(instance, box) for instance, box in good if not instance.ignore]
    if len(counted) < 2:
        return
    corners = xywh_to_xyxy(np.array([box for _, box in counted]))
    for first, second in np.argwhere(np.triu(pairwise_iou(corners, corners) >= SAME, k=1)):
        one, other = counted[first][0], counted[second][0]
        if one.category == other.category:
            message = f"{where}: instances {one.id} and {other.id}, both {one.category}, at {_short(counted[first][1])}"
            problem(FindingId.DUPLICATE_BOX, message)


def _short(box: Box) -> Box:
    return [round(float(side), 2) for side in box]
