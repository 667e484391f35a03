"""Polygons as masks, pixel for pixel as COCO's own code draws them (cocodataset/cocoapi, common/maskApi.c).

The outline is walked in fifths of a pixel; wherever it crosses the middle of a column, all pixels of that
column below the crossing change sides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.record_types import FARTHEST

Integers = NDArray[np.int64]

_FINE = 5  # points per pixel along the outline


def fill(polygons: Sequence[Sequence[float]], width: int, height: int) -> NDArray[np.bool_]:
    """The union of flat ``[x1, y1, x2, y2, ...]`` polygons in pixels -> (H, W) bool mask.

    Raises:
        FormatError: a polygon is not a list of at least three points.
    """
    mask = np.zeros((height, width), dtype=bool)
    for polygon in polygons:
        mask |= _fill_one(_corners(polygon), width, height)
    return mask


def encode(polygons: Sequence[Sequence[float]], width: int, height: int) -> masks.Rle:
    """The union of the polygons as a COCO RLE; a single one is not drawn for it. Raises FormatError as ``fill``."""
    if len(polygons) != 1:
        return masks.encode(fill(polygons, width, height))
    places, times = np.unique(_changes(_corners(polygons[0]), width, height), return_counts=True)
    places = places[(times % 2 == 1) & (places < width * height)]
    runs = np.diff(np.concatenate([[0], places, [width * height]]))
    return masks.from_counts(runs.tolist(), [height, width])


def _corners(polygon: Sequence[float]) -> NDArray[np.float64]:
    try:
        flat = np.asarray(polygon, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise FormatError(f"a polygon of {str(polygon)[:60]}, expected [x1, y1, x2, y2, ...]") from error
    if flat.ndim != 1 or flat.size < 6 or flat.size % 2 or not np.isfinite(flat).all():
        raise FormatError(f"a polygon of {flat.size} numbers, expected [x1, y1, x2, y2, ...] of three points or more")
    if np.abs(flat).max() > FARTHEST:  # the time grows with the distances between the points
        raise FormatError(f"a polygon that reaches {np.abs(flat).max():.0f} pixels from the origin")
    return flat.reshape(-1, 2)


def _fill_one(corners: NDArray[np.float64], width: int, height: int) -> NDArray[np.bool_]:
    changes = np.bincount(_changes(corners, width, height), minlength=width * height + 1)
    return (np.cumsum(changes[: width * height]) % 2 == 1).reshape(width, height).T


def _changes(corners: NDArray[np.float64], width: int, height: int) -> Integers:
    """Where, counting pixels down the columns, the mask changes between outside and inside; not sorted."""
    fine = np.trunc(_FINE * corners + 0.5).astype(np.int64)
    u, v = _outline(fine, np.roll(fine, -1, axis=0))
    crossing = np.flatnonzero(u[1:] != u[:-1]) + 1
    x = (np.where(u[crossing] < u[crossing - 1], u[crossing], u[crossing] - 1) + 0.5) / _FINE - 0.5
    y = (np.minimum(v[crossing], v[crossing - 1]) + 0.5) / _FINE - 0.5
    kept = (np.floor(x) == x) & (x >= 0) & (x <= width - 1)
    columns = x[kept].astype(np.int64)
    rows = np.ceil(np.clip(y[kept], 0, height)).astype(np.int64)
    return columns * height + rows


def _outline(start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """The points of all edges from (N, 2) ``start`` to ``end``, one per step of the longer axis, ends included.

    Returns:
        Their x and their y, edge after edge.
    """
    steep = np.abs(end[:, 0] - start[:, 0]) < np.abs(end[:, 1] - start[:, 1])  # y is the longer axis
    first, last = (np.where(steep[:, None], ends[:, ::-1], ends) for ends in (start, end))  # the longer axis first
    backwards = first[:, 0] > last[:, 0]
    low, high = (np.where(backwards[:, None], one, other) for one, other in ((last, first), (first, last)))
    length = high[:, 0] - low[:, 0]
    slope = (high[:, 1] - low[:, 1]) / np.maximum(length, 1)
    edge = np.repeat(np.arange(len(length)), length + 1)
    along = np.arange(len(edge)) - np.repeat(np.cumsum(length + 1) - length - 1, length + 1)
    along = np.where(backwards[edge], length[edge] - along, along)
    longer = low[edge, 0] + along
    shorter = np.trunc(low[edge, 1] + slope[edge] * along + 0.5).astype(np.int64)
    return np.where(steep[edge], shorter, longer), np.where(steep[edge], longer, shorter)
