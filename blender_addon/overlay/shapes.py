"""What the overlay shows of a record, as lines, points and words in image pixels; without Blender."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ..dataset_format import keypoints, record
from .raster import COLOURS, THING_COLOUR

_PIECES = 24  # of a box's side: where the view is not the camera's lens, straight sides are curves
# Dash and gap in screen pixels by the kind of box; gap 0 is a solid line.
DASHES = {"visible": (1.0, 0.0), "covered": (7.0, 4.0), "amodal": (2.0, 4.0)}


@dataclass(frozen=True)
class Line:
    """A polyline: ``points`` (N, 2) pixels; ``away`` metres from the camera; ``dash`` (on, off) screen pixels."""

    points: np.ndarray
    away: np.ndarray
    rgb: tuple
    dash: tuple


@dataclass(frozen=True)
class Dot:
    """A key point at ``point`` (2,) pixels; hollow where it is hidden."""

    point: np.ndarray
    away: float
    rgb: tuple
    filled: bool


@dataclass(frozen=True)
class Words:
    """Lines of text above ``point``."""

    point: np.ndarray
    away: float
    rgb: tuple
    lines: tuple


def shapes_of(
    frame: record.Frame, boxes: Collection[str], points: bool, names: bool, things: bool
) -> tuple[list, list, list]:
    """(lines, dots, words) of a record.

    Args:
        boxes: kinds of boxes, of "visible", "covered" and "amodal".
        points: whether skeletons are shown; names: whether names and fractions are.
        things: whether furniture is shown beside people.
    """
    lines: list = []
    dots: list = []
    words: list = []
    for instance in frame.instances:
        if instance.keypoints is None and not things:
            continue
        colour = COLOURS[instance.id % len(COLOURS)] if instance.keypoints else THING_COLOUR
        rgb = tuple(value / 255.0 for value in colour)
        for kind, dash in DASHES.items():
            box = getattr(instance, f"bbox_{kind}")
            if kind in boxes and box is not None:
                outline = _outline(box)
                lines.append(Line(outline, np.full(len(outline), instance.distance), rgb, dash))
        if points and instance.keypoints is not None:
            _add_skeleton(instance, rgb, lines, dots)
        if names and instance.bbox_amodal is not None:
            corner = np.array(instance.bbox_amodal[:2], dtype=np.float64)
            words.append(Words(corner, instance.distance, rgb, _said_of(instance)))
    return lines, dots, words


def _outline(box: list) -> np.ndarray:
    x, y, width, height = box
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]])
    share = np.linspace(0.0, 1.0, _PIECES, endpoint=False)[:, None]
    sides = [start + share * (end - start) for start, end in itertools.pairwise(corners)]
    return np.concatenate([*sides, corners[-1:]])


def _add_skeleton(instance: record.Instance, rgb: tuple, lines: list, dots: list) -> None:
    pixels = np.array(instance.keypoints, dtype=np.float64)
    away = np.linalg.norm(np.array(instance.keypoints_3d, dtype=np.float64), axis=1)
    for pair in keypoints.LIMBS:
        ends = [keypoints.NAMES.index(name) for name in pair]
        if (pixels[ends, 2] > 0).all():
            lines.append(Line(pixels[ends, :2], away[ends], rgb, DASHES["visible"]))
    for (x, y, v), far in zip(pixels, away):
        if v != keypoints.NOT_IN_IMAGE:
            dots.append(Dot(np.array([x, y]), float(far), rgb, v == keypoints.VISIBLE))


def _said_of(instance: record.Instance) -> tuple:
    posture = instance.attributes.get("posture", "")
    said = f"{instance.category} {instance.id} {posture}".strip()
    fractions = (instance.visible_fraction, instance.covered_fraction, instance.in_frame_fraction)
    seen, covered, inside = (f"{100 * value:.0f}" for value in fractions)
    return said, f"seen {seen}, covered {covered}, in frame {inside} %"
