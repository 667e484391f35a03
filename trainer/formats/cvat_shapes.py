"""The shapes of CVAT's own XML: each with its box, outline or mask, and key points, in pixels of the image.

Attributes of a shape's element are by CVAT's page "XML annotation format", version 1.1: boxes have corners, polygons
and points ``x,y;x,y;...``, masks runs of pixels row by row within a box, beginning with those that are not of the mask.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple, Optional
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from shared_format.errors import FormatError
from shared_format.keypoints import HIDDEN, NOT_IN_IMAGE, VISIBLE
from shared_format.record import Box
from shared_format.record_types import is_box, is_pixel, is_size

BOX, POLYGON, ELLIPSE, MASK, SKELETON, POINTS = "box", "polygon", "ellipse", "mask", "skeleton", "points"
SHAPES = (BOX, POLYGON, ELLIPSE, MASK, SKELETON, POINTS)
KEYPOINT_SHAPES = (SKELETON, POINTS)
NO_GROUP = "0"
_ELLIPSE_CORNERS = 72
_ON = "1"


class PlacedPoint(NamedTuple):
    """A point in pixels, and COCO's visibility: 0 not in the image, 1 hidden, 2 visible."""

    x: float
    y: float
    v: float


NOT_PLACED = PlacedPoint(0.0, 0.0, NOT_IN_IMAGE)


class PixelRuns(NamedTuple):
    """A mask within a box: ``runs`` of pixels outside and inside by turns, row by row."""

    left: int
    top: int
    width: int
    height: int
    runs: tuple[int, ...]


@dataclass(frozen=True)
class Shape:
    """One shape of an image.

    Attributes:
        kind: of ``SHAPES``.
        label: its class.
        group: shapes of one group belong together; ``NO_GROUP``: it is in none.
        box: the extent ``[x, y, width, height]`` in pixels; None where no point of it is in the image.
        attributes: the user's, and ``occluded``.
        outline: flat ``[x1, y1, x2, y2, ...]``, of polygons and ellipses.
        runs: of masks.
        keypoints: name -> point, of skeletons; of points the names are ``0``, ``1`` ...
        rotated: the box is the upright one around a rotated one.
    """

    kind: str
    label: str
    group: str
    box: Optional[Box]
    attributes: dict[str, object]
    outline: Optional[list[float]] = None
    runs: Optional[PixelRuns] = None
    keypoints: dict[str, PlacedPoint] = field(default_factory=dict[str, PlacedPoint])
    rotated: bool = False


def read_shape(element: ElementTree.Element) -> Shape:
    """The shape of an element, one of ``SHAPES``. Raises FormatError: a value is missing or impossible."""
    label = element.get("label")
    if not label:
        raise FormatError("has no label")
    box: Optional[Box]
    outline, runs, rotated = None, None, False
    keypoints: dict[str, PlacedPoint] = {}
    match element.tag:
        case "box":
            corners = [_number(element, name) for name in ("xtl", "ytl", "xbr", "ybr")]
            rotated = bool(_number(element, "rotation", 0.0) % 360)
            box = _corners_box(corners, _number(element, "rotation", 0.0))
        case "ellipse":
            outline, box = _ellipse(element)
        case "mask":
            runs = _pixel_runs(element)
            box = [float(side) for side in runs[:4]]
        case "skeleton":
            keypoints = _joints(element)
            box = _points_box(keypoints)
        case "points":
            keypoints = {str(place): PlacedPoint(*xy, VISIBLE) for place, xy in enumerate(_points(element))}
            box = _points_box(keypoints)
        case _:
            outline = [side for point in _points(element) for side in point]
            if len(outline) < 6:
                raise FormatError(f"has {len(outline) // 2} points, expected three or more")
            box = _extent(outline)
    if box is not None and not is_box(box):
        raise FormatError(f"has the box {box}, which is too large for an image")
    return Shape(
        element.tag,
        label,
        element.get("group_id", NO_GROUP),
        box,
        _attributes(element),
        outline,
        runs,
        keypoints,
        rotated,
    )


def draw_runs(runs: PixelRuns, width: int, height: int) -> NDArray[np.bool_]:
    """The (height, width) mask of the runs; pixels outside the image are cut off.

    Raises:
        FormatError: the runs do not fill their box.
    """
    if sum(runs.runs) != runs.width * runs.height:
        raise FormatError(f"mask runs add up to {sum(runs.runs)}, expected {runs.width} x {runs.height}")
    inside = np.repeat(np.arange(len(runs.runs)) % 2 == 1, runs.runs).reshape(runs.height, runs.width)
    mask = np.zeros((height, width), dtype=bool)
    top, left = max(runs.top, 0), max(runs.left, 0)
    visible = inside[top - runs.top : max(height - runs.top, 0), left - runs.left : max(width - runs.left, 0)]
    mask[top : top + visible.shape[0], left : left + visible.shape[1]] = visible
    return mask


def joined_box(boxes: list[Box]) -> Box:
    """The extent of several boxes, at least one."""
    corners = np.array([[x, y, x + w, y + h] for x, y, w, h in boxes])
    low, high = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    return [*low.tolist(), *(high - low).tolist()]


def _attributes(element: ElementTree.Element) -> dict[str, object]:
    """What the user says of an object, by name; CVAT's own mark ``occluded`` unless the user has one of that name.

    Checkboxes become True and False, as in CVAT's COCO export.
    """
    found: dict[str, object] = {}
    if element.get("occluded") is not None:
        found["occluded"] = element.get("occluded") == _ON
    for attribute in element.findall("attribute"):
        name, text = attribute.get("name"), (attribute.text or "").strip()
        if name and text:
            found[name] = {"true": True, "false": False}.get(text, text)
    return found


def _joints(element: ElementTree.Element) -> dict[str, PlacedPoint]:
    """The points of a skeleton by their labels. Raises FormatError."""
    found: dict[str, PlacedPoint] = {}
    for joint in element.findall(POINTS):
        name = joint.get("label")
        if not name or name in found:
            raise FormatError(f"has a point labelled {name!r}, expected a label of its own for each")
        if joint.get("outside") == _ON:
            found[name] = NOT_PLACED
            continue
        points = _points(joint)
        if len(points) != 1:
            raise FormatError(f"has {len(points)} places for its point {name}, expected one")
        found[name] = PlacedPoint(*points[0], HIDDEN if joint.get("occluded") == _ON else VISIBLE)
    return found


def _points_box(points: dict[str, PlacedPoint]) -> Optional[Box]:
    placed = [point for point in points.values() if point.v]
    return _extent([side for point in placed for side in point[:2]]) if len(placed) > 1 else None


def _corners_box(corners: list[float], degrees: float) -> Box:
    """The upright box around one that is turned about its centre. Raises FormatError: the corners are exchanged."""
    x1, y1, x2, y2 = corners
    if x2 < x1 or y2 < y1:
        raise FormatError(f"has the box {corners}, expected xtl <= xbr, ytl <= ybr")
    if not degrees % 360:
        return [x1, y1, x2 - x1, y2 - y1]
    c, s = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    width, height = (x2 - x1) * c + (y2 - y1) * s, (x2 - x1) * s + (y2 - y1) * c
    return [(x1 + x2 - width) / 2, (y1 + y2 - height) / 2, width, height]


def _ellipse(element: ElementTree.Element) -> tuple[list[float], Box]:
    """The outline of an ellipse as flat corners, and its extent."""
    cx, cy, rx, ry = (_number(element, name) for name in ("cx", "cy", "rx", "ry"))
    angle = math.radians(_number(element, "rotation", 0.0))
    around = np.linspace(0, 2 * np.pi, _ELLIPSE_CORNERS, endpoint=False)
    x, y = abs(rx) * np.cos(around), abs(ry) * np.sin(around)
    turned = np.stack(
        [cx + x * math.cos(angle) - y * math.sin(angle), cy + x * math.sin(angle) + y * math.cos(angle)], axis=1
    )
    half = (
        math.hypot(rx * math.cos(angle), ry * math.sin(angle)),
        math.hypot(rx * math.sin(angle), ry * math.cos(angle)),
    )
    return turned.ravel().tolist(), [cx - half[0], cy - half[1], 2 * half[0], 2 * half[1]]


def _pixel_runs(element: ElementTree.Element) -> PixelRuns:
    left, top, width, height = (_whole(element, name) for name in ("left", "top", "width", "height"))
    text = element.get("rle", "")
    try:
        runs = tuple(int(run) for run in text.split(","))
    except ValueError as error:
        raise FormatError(f"has the mask runs {text!r:.60}, expected whole numbers") from error
    if not is_size(width, height) or min(runs) < 0:
        raise FormatError(f"has a mask of {width} x {height} pixels, or runs below 0")
    return PixelRuns(left, top, width, height, runs)


def _extent(flat: list[float]) -> Box:
    xs, ys = flat[::2], flat[1::2]
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


def _points(element: ElementTree.Element) -> list[tuple[float, float]]:
    """``x,y;x,y;...``. Raises FormatError: not so, or too far from the image."""
    text = element.get("points", "")
    try:
        points = [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split(";"))]
    except ValueError as error:
        raise FormatError(f"has the points {text!r:.60}, expected x,y;x,y") from error
    far = next((side for point in points for side in point if not is_pixel(side)), None)
    if far is not None:
        raise FormatError(f"has the coordinate {far:g}, expected pixels")
    return points


def _number(element: ElementTree.Element, name: str, missing: Optional[float] = None) -> float:
    """A number of an element. Raises FormatError: there is none and ``missing`` is None, or it is no pixel."""
    text = element.get(name)
    if text is None and missing is not None:
        return missing
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not is_pixel(value):
        raise FormatError(f"has {name} {text!r}, expected a number of pixels")
    return value


def _whole(element: ElementTree.Element, name: str) -> int:
    """As ``_number``, of a whole number."""
    value = _number(element, name)
    if value % 1:
        raise FormatError(f"has {name} {element.get(name)!r}, expected a whole number")
    return int(value)
