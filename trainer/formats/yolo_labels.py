"""The label text of one image in YOLO's formats, one object per line, numbers as fractions of the image's sides.

- boxes: ``class cx cy w h``
- outlines: ``class x1 y1 x2 y2 x3 y3 ...``, three points or more
- key points: ``class cx cy w h`` and ``x y`` or ``x y visibility`` per point, as ``kpt_shape`` of data.yaml says
- box and outline: ``class cx cy w h`` and the outline, as yolov7's segmentation writes it

The last two look like outlines: they are distinguished by ``kpt_shape``, or because the box is the extent of the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

from shared_format.errors import FormatError
from shared_format.keypoints import HIDDEN, NOT_IN_IMAGE, VISIBLE
from shared_format.record import Instance

from . import polygons
from .data_yaml import KeypointLayout
from .files import is_file, read_text
from .finding_ids import FindingId
from .label_set import Reading
from .skeletons import KeypointRows

_BEYOND = 0.01  # tolerance beyond 0..1, for rounding
_FEWEST_LINES = 2  # lines that must all look like a box with key points before outlines are questioned
_IMAGE_FOLDERS = ("images", "JPEGImages")


@dataclass(frozen=True)
class LabelLine:
    """One line: the class's number, the numbers behind it, and where it is, for messages."""

    label: int
    values: tuple[float, ...]
    where: str


def label_path(image: Path) -> Path:
    """Where the label of an image lies by default: ``labels`` for the last ``images`` of its path; ``.txt``."""
    parts = list(image.parts)
    for position in range(len(parts) - 2, -1, -1):
        if parts[position] in _IMAGE_FOLDERS:
            parts[position] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


def find_label(image: Path) -> Optional[Path]:
    """The label file of an image: under ``labels``, or beside the image; None without one.

    Raises:
        FormatError: both exist and differ, so that it is unclear which one is right.
    """
    named = [label_path(image), image.with_suffix(".txt")]
    there = [path for path in dict.fromkeys([*named, *(path.with_suffix(".TXT") for path in named)]) if is_file(path)]
    first = there[0] if there else None
    for other in there[1:]:
        if read_text(other).split() != read_text(there[0]).split():
            raise FormatError(f"{image}: two label files that differ, {there[0]} and {other}; keep one")
    return first


def read_label(image: Path, reading: Reading) -> tuple[LabelLine, ...]:
    """The lines of the image's label; () where it has none or, after the problem was reported, an unreadable one."""
    try:
        path = find_label(image)
        text = read_text(path) if path is not None else ""
    except FormatError as error:
        reading.problem(FindingId.UNREADABLE_RECORD, str(error))
        return ()
    lines: list[LabelLine] = []
    for number, fields in enumerate(map(str.split, text.splitlines()), start=1):
        where = f"{path}:{number}"
        if fields:
            try:
                lines.append(_parse(fields, where))
            except ValueError:
                shown = " ".join(fields)[:60]
                reading.problem(FindingId.MALFORMED_LABEL, f"{where}: {shown!r}, expected `class cx cy w h`")
    return tuple(lines)


def _parse(fields: Sequence[str], where: str) -> LabelLine:
    """One line. Raises ValueError: no whole class number, or values that are no finite numbers."""
    label, values = float(fields[0]), tuple(float(field) for field in fields[1:])
    if label != int(label) or label < 0 or len(values) < 4 or not all(map(math.isfinite, values)):
        raise ValueError(fields)
    return LabelLine(int(label), values, where)


def refuse_unknown_layout(lines: Iterable[LabelLine], keypoints: Optional[KeypointLayout], where: object) -> None:
    """Raise FormatError if lines without ``kpt_shape`` all look like a box and key points, not like outlines.

    Lines of outlines differ in length, and read as a box their first two points seldom enclose the others.
    """
    if keypoints is not None:
        return
    longer = [line for line in lines if len(line.values) > 4]
    lengths = {len(line.values) for line in longer}
    if len(longer) < _FEWEST_LINES or len(lengths) != 1 or all(_is_box_and_outline(line.values) for line in longer):
        return
    count = lengths.pop() - 4
    if all(any(_encloses(line.values, step) for step in (2, 3)) for line in longer):
        raise FormatError(
            f"{where}: every line has a box and {count} further numbers, such as {longer[0].where}; are they key "
            f"points? Then data.yaml must say so, such as kpt_shape: [{count // 3 if count % 3 == 0 else count // 2}, "
            f"{3 if count % 3 == 0 else 2}]"
        )


def _encloses(values: Sequence[float], step: int) -> bool:
    """Whether the first four values are a box that all points behind it, of ``step`` values each, lie in."""
    rest = values[4:]
    if len(rest) % step or (step == 3 and not {*rest[2::3]} <= {0.0, 1.0, 2.0}):
        return False
    cx, cy, w, h = values[:4]
    points = [(x, y) for x, y in zip(rest[::step], rest[1::step]) if x > 0 or y > 0]
    return bool(points) and all(abs(x - cx) <= w / 2 + _BEYOND and abs(y - cy) <= h / 2 + _BEYOND for x, y in points)


def _is_box_and_outline(values: Sequence[float]) -> bool:
    """Whether the first four values are the extent (cx, cy, w, h) of the outline behind them."""
    if len(values) < 10 or len(values) % 2:
        return False
    xs, ys = values[4::2], values[5::2]
    extent = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, max(xs) - min(xs), max(ys) - min(ys))
    return all(abs(one - other) <= _BEYOND for one, other in zip(values, extent))


class NotAFraction(FormatError):
    """A coordinate is outside the image: perhaps it counts pixels."""


class _Point(NamedTuple):
    """A key point as fractions of the image's sides, and its visibility."""

    x: float
    y: float
    v: float


class _LineParts(NamedTuple):
    """The parts of a line, as fractions of the image's sides: (cx, cy, w, h) or None, outline, key points."""

    box: Optional[tuple[float, float, float, float]]
    outline: list[tuple[float, float]]
    keypoints: list[_Point]


def instance_of(
    line: LabelLine, number: int, category: str, size: tuple[int, int], keypoints: Optional[KeypointLayout], masks: bool
) -> Instance:
    """The labelled object of a line in an image of ``size`` (width, height); with its outline's mask if ``masks``.

    Raises:
        NotAFraction: a value that is no fraction of the image's side.
        FormatError: as many values as no layout has.
    """
    layout = _layout(line, keypoints)
    width, height = size
    outline = [(x * width, y * height) for x, y in layout.outline]
    _check_visibilities(line, layout.keypoints)
    sides = [*layout.outline, *((point.x, point.y) for point in layout.keypoints if point.v)]
    _check_fractions(line, [*(layout.box or ()), *(side for point in sides for side in point)])
    if layout.box is not None:
        cx, cy, w, h = layout.box
        box = [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height]
    else:
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
    mask = (
        polygons.encode([[side for point in outline for side in point]], width, height) if masks and outline else None
    )
    return Instance(number, category, {}, mask, bbox_covered=box, keypoints=_keypoint_rows(layout.keypoints, size))


def _layout(line: LabelLine, keypoints: Optional[KeypointLayout]) -> _LineParts:
    values = line.values
    box = (values[0], values[1], values[2], values[3])
    if len(values) == 4:
        return _LineParts(box, [], [])
    if keypoints is not None:
        expected = 4 + len(keypoints.skeleton) * keypoints.values
        if len(values) != expected:
            raise FormatError(
                f"{line.where}: {len(values)} numbers behind the class, expected 4 or, by kpt_shape, {expected}"
            )
        return _LineParts(box, [], _keypoints(values[4:], keypoints.values))
    if len(values) < 6 or len(values) % 2:
        raise FormatError(f"{line.where}: {len(values)} numbers behind the class, expected `class cx cy w h`")
    if _is_box_and_outline(values):
        return _LineParts(box, list(zip(values[4::2], values[5::2])), [])
    return _LineParts(None, list(zip(values[::2], values[1::2])), [])


def _check_fractions(line: LabelLine, values: Sequence[float]) -> None:
    wrong = next((value for value in values if not -_BEYOND <= value <= 1 + _BEYOND), None)
    if wrong is not None:
        raise NotAFraction(
            f"{line.where}: {wrong:g} is no fraction of the image's width or height, expected 0 to 1; "
            "are these coordinates in pixels?"
        )


def _check_visibilities(line: LabelLine, points: Sequence[_Point]) -> None:
    wrong = next((point.v for point in points if point.v not in (NOT_IN_IMAGE, HIDDEN, VISIBLE)), None)
    if wrong is not None:
        raise FormatError(f"{line.where}: a key point of visibility {wrong:g}, expected 0, 1 or 2")


def _keypoints(values: Sequence[float], step: int) -> list[_Point]:
    """The points of ``step`` values each; where they have no visibility, one at (0, 0) or before it is not labelled."""
    xs, ys = values[::step], values[1::step]
    if step == 3:
        return [_Point(x, y, v) for x, y, v in zip(xs, ys, values[2::3])]
    return [_Point(x, y, VISIBLE if x > 0 or y > 0 else NOT_IN_IMAGE) for x, y in zip(xs, ys)]


def _keypoint_rows(points: Sequence[_Point], size: tuple[int, int]) -> Optional[KeypointRows]:
    """The rows [x, y, v] in pixels; None where none is labelled."""
    if not any(v for _, _, v in points):
        return None
    return [[p.x * size[0], p.y * size[1], p.v] if p.v else [0.0, 0.0, NOT_IN_IMAGE] for p in points]


def looks_like_label(path: Path) -> bool:
    """Whether the first line of a text is that of an object; other texts beside images are not labels."""
    try:
        rows = [row.split() for row in read_text(path).splitlines() if row.strip()]
        first = rows[0] if rows else []
        return len(first) >= 5 and _parse(first, "").label >= 0
    except (FormatError, ValueError):
        return False
