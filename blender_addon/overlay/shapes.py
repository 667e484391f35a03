"""The overlay of a record as lines, dots and text in image pixels; without Blender."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..dataset_format import keypoints, record
from ..draw.projection import principal_point, sees
from ..draw.spec import CameraSpec
from .raster import COLOURS, OBJECT_COLOUR

_EDGE_POINTS, _EDGE_STEPS = 181, 200  # around the image's edge, and from its middle to the border
_PIECES = 24  # per side of a box: a view with another lens than the camera shows straight sides as curves
# Dash and gap in screen pixels by the kind of box; gap 0 is a solid line.
DASHES = {"visible": (1.0, 0.0), "covered": (7.0, 4.0), "amodal": (2.0, 4.0)}


@dataclass(frozen=True)
class Polyline:
    """A polyline: ``points`` (N, 2) pixels; ``away`` metres from the camera; ``dash`` (on, off) screen pixels."""

    points: NDArray[np.float64]
    away: NDArray[np.float64]
    rgb: tuple[float, ...]
    dash: tuple[float, float]


@dataclass(frozen=True)
class Dot:
    """A key point at ``point`` (2,) pixels; hollow where it is hidden."""

    point: NDArray[np.float64]
    away: float
    rgb: tuple[float, ...]
    filled: bool


@dataclass(frozen=True)
class TextLabel:
    """Lines of text above ``point``, ``away`` metres from the camera."""

    point: NDArray[np.float64]
    away: float
    rgb: tuple[float, ...]
    lines: tuple[str, ...]


@dataclass
class Shapes:
    """Everything the overlay draws of a record."""

    lines: list[Polyline] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[TextLabel] = field(default_factory=list)


def shapes_of(frame: record.Frame, boxes: Collection[str], points: bool, names: bool, things: bool) -> Shapes:
    """The shapes of a record.

    Args:
        boxes: kinds of boxes, of "visible", "covered" and "amodal".
        points: whether skeletons are shown; names: whether names and fractions are.
        things: whether furniture and other objects are shown beside people.
    """
    shapes = Shapes()
    for instance in frame.instances:
        if instance.keypoints is None and not things:
            continue
        colour = COLOURS[instance.id % len(COLOURS)] if instance.keypoints else OBJECT_COLOUR
        rgb = tuple(value / 255.0 for value in colour)
        for kind, dash in DASHES.items():
            box = getattr(instance, f"bbox_{kind}")
            if kind in boxes and box is not None:
                outline = _outline(box)
                shapes.lines.append(Polyline(outline, np.full(len(outline), instance.distance), rgb, dash))
        if points and instance.keypoints is not None:
            _add_skeleton(instance, rgb, shapes)
        if names and instance.bbox_amodal is not None:
            corner = np.array(instance.bbox_amodal[:2], dtype=np.float64)
            shapes.texts.append(TextLabel(corner, instance.distance or 0.0, rgb, _text_of(instance)))
    return shapes


def image_edge(camera: CameraSpec, size: tuple[int, int]) -> NDArray[np.float64]:
    """(N, 2) pixels around the part of an image of ``size`` that the lens fills: its border, or the image circle."""
    centre = np.array(principal_point(camera, size))
    turn = np.linspace(0.0, 2.0 * np.pi, _EDGE_POINTS)
    direction = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    limits = np.where(direction > 0, np.array(size) - centre, centre)
    border = (limits / np.maximum(np.abs(direction), 1e-9)).min(axis=1)
    reach = np.linspace(0.0, 1.0, _EDGE_STEPS)[:, None] * border  # (steps, N) pixels from the centre
    points = centre + reach[..., None] * direction
    seen = sees(camera, size, points.reshape(-1, 2)).reshape(reach.shape)
    farthest = np.where(seen, reach, 0.0).max(axis=0)
    return centre + farthest[:, None] * direction


def _outline(box: list[float]) -> NDArray[np.float64]:
    x, y, width, height = box
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]])
    fraction = np.linspace(0.0, 1.0, _PIECES, endpoint=False)[:, None]
    sides = [start + fraction * (end - start) for start, end in itertools.pairwise(corners)]
    return np.concatenate([*sides, corners[-1:]])


def _add_skeleton(instance: record.Instance, rgb: tuple[float, ...], shapes: Shapes) -> None:
    pixels = np.array(instance.keypoints, dtype=np.float64)
    away = np.linalg.norm(np.array(instance.keypoints_3d, dtype=np.float64), axis=1)
    for pair in keypoints.LIMBS:
        ends = [keypoints.NAMES.index(name) for name in pair]
        if (pixels[ends, 2] > 0).all():
            shapes.lines.append(Polyline(pixels[ends, :2], away[ends], rgb, DASHES["visible"]))
    for (x, y, v), far in zip(pixels, away):
        if v != keypoints.NOT_IN_IMAGE:
            shapes.dots.append(Dot(np.array([x, y]), float(far), rgb, v == keypoints.VISIBLE))


def _text_of(instance: record.Instance) -> tuple[str, str]:
    posture = instance.attributes.get("posture", "")
    name = f"{instance.category} {instance.id} {posture}".strip()
    fractions = (instance.visible_fraction, instance.covered_fraction, instance.in_frame_fraction)
    visible, covered, in_frame = (f"{100 * (value or 0.0):.0f}" for value in fractions)
    return name, f"visible {visible} %, covered {covered} %, in frame {in_frame} %"
