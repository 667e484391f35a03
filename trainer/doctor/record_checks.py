"""What only WardSynth's own records say: who hides what, the body in space and its parts, the camera."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Optional

import numpy as np

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.keypoints import NAMES, NOT_IN_IMAGE, VISIBLE
from shared_format.record import Frame, Instance
from shared_format.record_types import OCCLUDERS

SUM = 0.01  # by which the shares seen and hidden may miss 1: each is rounded
ROTATION = 1e-3  # by which the axes may miss being of length 1 and square on each other

_NO_OWNERS = ("none", "self", "outside")
_WORDS_OF_V = {VISIBLE: "none", NOT_IN_IMAGE: "outside"}

Problem = Callable[[str, str], None]


def check_camera(frame: Frame, where: str, problem: Problem) -> None:
    """The camera's image is the record's, and its axes turn the room without stretching it."""
    camera = frame.camera
    if camera is None:
        return
    if (camera.width, camera.height) != (frame.width, frame.height):
        said = f"{where}: a camera of {camera.width}x{camera.height}, the image is {frame.width}x{frame.height}"
        problem("labels.camera", said)
    rotation = np.array(camera.extrinsics, dtype=np.float64)[:, :3]
    square = np.abs(rotation).max() <= 2.0 and np.allclose(rotation @ rotation.T, np.eye(3), rtol=0, atol=ROTATION)
    if not square or np.linalg.det(rotation) < 0:
        problem("labels.camera", f"{where}: extrinsics {camera.extrinsics} do not begin with a rotation")


def check_record(
    instance: Instance, mask: Optional[np.ndarray], people: Optional[Collection], where: str, problem: Problem
) -> None:
    """Check one instance; ``people`` are the ids of those in the image, None where the record left people out."""
    for name in ("area", "distance"):
        value = getattr(instance, name)
        if value is not None and value < 0:
            problem("labels.negative", f"{where}: {name} is {value}")
    _check_hidden_by(instance, people, where, problem)
    _check_occluded_by(instance, people, where, problem)
    _check_parts(instance, mask, where, problem)
    box = instance.bbox_3d
    if box is not None and any(far < near for near, far in zip(box[:3], box[3:])):
        problem("labels.box_3d", f"{where}: bbox_3d {box}, expected [x1, y1, z1, x2, y2, z2] with x1 <= x2 ...")


def _check_hidden_by(instance: Instance, people: Optional[Collection], where: str, problem: Problem) -> None:
    if instance.hidden_by is None:
        return
    for owner, share in instance.hidden_by.items():
        wrong = "cannot hide it" if owner in _NO_OWNERS else _why_not(owner, instance, people)
        if wrong:
            problem("labels.hidden_by", f"{where}: hidden by {owner[:60]!r}, which {wrong}")
        elif not 0.0 <= share <= 1.0:
            problem("labels.hidden_by", f"{where}: {share} of it hidden by {owner}")
            return
    if instance.visible_fraction is not None and instance.bbox_amodal is not None:
        whole = instance.visible_fraction + sum(instance.hidden_by.values())
        if abs(whole - 1.0) > SUM:
            problem("labels.hidden_by", f"{where}: what is seen and hidden of it makes {whole:.4f}, expected 1")


def _check_occluded_by(instance: Instance, people: Optional[Collection], where: str, problem: Problem) -> None:
    words, points = instance.occluded_by, instance.keypoints
    if words is None:
        return
    if points is None or len(words) != len(NAMES):
        said = f"{len(words)} words for {len(points or ())} key points, expected {len(NAMES)}"
        problem("labels.occluded_by", f"{where}: {said}")
        return
    for name, word, (_, _, v) in zip(NAMES, words, points):
        wrong = _why_not(word, instance, people)
        if wrong:
            problem("labels.occluded_by", f"{where}: {name} is hidden by {word[:60]!r}, which {wrong}")
        elif word != _WORDS_OF_V.get(v, word) or (word in _WORDS_OF_V.values() and v not in _WORDS_OF_V):
            problem("labels.occluded_by", f"{where}: {name} has v {v} and is hidden by {word!r}")


def _why_not(word: str, instance: Instance, people: Optional[Collection]) -> str:
    """Why what hides cannot be called so; "" where it can."""
    if not OCCLUDERS.fullmatch(word):
        return "is no word for what hides"
    kind, _, number = word.partition(":")
    if kind == "person" and number == str(instance.id):
        return "is itself: that is 'self'"
    if kind == "person" and people is not None and number not in map(str, people):
        return "is not in the image"
    return ""


def _check_parts(instance: Instance, mask: Optional[np.ndarray], where: str, problem: Problem) -> None:
    for part, rle in (instance.parts or {}).items():
        try:
            if mask is not None and rle["size"] != list(mask.shape):
                raise FormatError(f"of size {rle['size']}, the image has {list(mask.shape)}")
            pixels = masks.decode(rle)
        except FormatError as error:
            problem("labels.mask", f"{where}: mask of the {part} {error}")
            continue
        beyond = int((pixels & ~mask).sum()) if mask is not None else 0
        if beyond:
            problem("labels.part_mask", f"{where}: {beyond} pixels of the {part} are not in its mask")
