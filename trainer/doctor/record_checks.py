"""Checks of fields that only WardSynth's own records have: occluders, 3D box, body parts, camera."""

from __future__ import annotations

from collections.abc import Collection
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.keypoints import NAMES, NOT_IN_IMAGE, VISIBLE
from shared_format.record import Frame, Instance
from shared_format.record_types import OCCLUDERS

from ..formats.finding_ids import FindingId
from ..formats.label_set import ReportProblem

Mask = NDArray[np.bool_]  # (H, W)
People = Optional[Collection[int]]  # the ids of the people in an image; None where a record has no people
SUM = 0.01  # by which the visible and hidden fractions may differ from 1: each is rounded
ROTATION = 1e-3  # by which the axes may differ from unit length and right angles

_NO_OWNERS = ("none", "self", "outside")
_OCCLUDER_OF_V: dict[float, str] = {VISIBLE: "none", NOT_IN_IMAGE: "outside"}


def check_camera(frame: Frame, where: str, problem: ReportProblem) -> None:
    """Check that the camera has the size of the image, and that its axes are a rotation."""
    camera = frame.camera
    if camera is None:
        return
    if (camera.width, camera.height) != (frame.width, frame.height):
        message = f"{where}: the camera has {camera.width}x{camera.height}, the image is {frame.width}x{frame.height}"
        problem(FindingId.CAMERA, message)
    rotation = np.array(camera.extrinsics, dtype=np.float64)[:, :3]
    square = np.abs(rotation).max() <= 2.0 and np.allclose(rotation @ rotation.T, np.eye(3), rtol=0, atol=ROTATION)
    if not square or np.linalg.det(rotation) < 0:
        problem(FindingId.CAMERA, f"{where}: extrinsics {camera.extrinsics} do not begin with a rotation")


def check_record(
    instance: Instance,
    mask: Optional[Mask],
    people: People,
    where: str,
    problem: ReportProblem,
) -> None:
    """Check one instance; ``people`` are the ids of the people in the image, None where the record has no people."""
    for name in ("area", "distance"):
        value = getattr(instance, name)
        if value is not None and value < 0:
            problem(FindingId.NEGATIVE_VALUE, f"{where}: {name} is {value}")
    _check_hidden_by(instance, people, where, problem)
    _check_occluded_by(instance, people, where, problem)
    _check_parts(instance, mask, where, problem)
    box = instance.bbox_3d
    if box is not None and any(far < near for near, far in zip(box[:3], box[3:])):
        problem(FindingId.BOX_3D, f"{where}: bbox_3d {box}, expected [x1, y1, z1, x2, y2, z2] with x1 <= x2 ...")


def _check_hidden_by(instance: Instance, people: People, where: str, problem: ReportProblem) -> None:
    if instance.hidden_by is None:
        return
    for owner, fraction in instance.hidden_by.items():
        wrong = "cannot hide it" if owner in _NO_OWNERS else _why_impossible(owner, instance, people)
        if wrong:
            problem(FindingId.HIDDEN_BY, f"{where}: hidden by {owner[:60]!r}, which {wrong}")
        elif not 0.0 <= fraction <= 1.0:
            problem(FindingId.HIDDEN_BY, f"{where}: a fraction of {fraction} is hidden by {owner}, expected 0 to 1")
            return
    if instance.visible_fraction is not None and instance.bbox_amodal is not None:
        whole = instance.visible_fraction + sum(instance.hidden_by.values())
        if abs(whole - 1.0) > SUM:
            problem(FindingId.HIDDEN_BY, f"{where}: the visible and hidden fractions sum to {whole:.4f}, expected 1")


def _check_occluded_by(instance: Instance, people: People, where: str, problem: ReportProblem) -> None:
    occluders, points = instance.occluded_by, instance.keypoints
    if occluders is None:
        return
    if points is None or len(occluders) != len(NAMES):
        message = f"{len(occluders)} values for {len(points or ())} key points, expected {len(NAMES)}"
        problem(FindingId.OCCLUDED_BY, f"{where}: {message}")
        return
    for name, occluder, (_, _, v) in zip(NAMES, occluders, points):
        wrong = _why_impossible(occluder, instance, people)
        if wrong:
            problem(FindingId.OCCLUDED_BY, f"{where}: {name} is hidden by {occluder[:60]!r}, which {wrong}")
        elif occluder != _OCCLUDER_OF_V.get(v, occluder) or (
            occluder in _OCCLUDER_OF_V.values() and v not in _OCCLUDER_OF_V
        ):
            problem(FindingId.OCCLUDED_BY, f"{where}: {name} has v {v} and is hidden by {occluder!r}")


def _why_impossible(occluder: str, instance: Instance, people: People) -> Optional[str]:
    """Why ``occluder`` cannot hide the instance; None where it can."""
    if not OCCLUDERS.fullmatch(occluder):
        return "is not a known kind of occluder"
    kind, _, number = occluder.partition(":")
    if kind == "person" and number == str(instance.id):
        return "is the person itself, expected 'self'"
    if kind == "person" and people is not None and number not in map(str, people):
        return "is not in the image"
    return None


def _check_parts(instance: Instance, mask: Optional[Mask], where: str, problem: ReportProblem) -> None:
    for part, rle in (instance.parts or {}).items():
        try:
            if mask is not None and rle["size"] != list(mask.shape):
                raise FormatError(f"of size {rle['size']}, the image has {list(mask.shape)}")
            pixels = masks.decode(rle)
        except FormatError as error:
            problem(FindingId.MASK, f"{where}: the mask of the {part} is unusable: {error}")
            continue
        beyond = int((pixels & ~mask).sum()) if mask is not None else 0
        if beyond:
            problem(FindingId.PART_MASK, f"{where}: {beyond} pixels of the {part} are not in its mask")
