"""Masks as outlines along the edges of their pixels: the inverse of ``polygons``.

Pixels that touch only at a corner are different parts. A hole becomes part of its outline by a cut from the hole to
the outline: the line runs there and back along the same way, so that nothing is filled wrongly. COCO's own code and
OpenCV draw such an outline as the mask it was made from, pixel for pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# OpenCV drops the fraction of a coordinate and fills the border as well: on the far edge of a pixel it would fill the
# next one. Outlines for it are this many pixels further inside, which is more than single precision loses.
INSET = 0.01
_CHUNK = 256  # points whose distances to all others are computed at a time


@dataclass(frozen=True)
class Part:
    """A connected part of a mask.

    Attributes:
        outline: (N, 2) corners x, y in pixels from the image's top left corner, holes included by their cuts.
        area: its pixels.
        holes: how many holes it has.
    """

    outline: Floats
    area: int
    holes: int


@dataclass(frozen=True)
class Joined:
    """All parts of a mask as one outline.

    Attributes:
        outline: (N, 2) corners x, y in pixels; (0, 2) where the mask is empty.
        parts: how many parts the mask has, ``holes`` how many holes.
        bridges: pixels of the lines that join the parts, which OpenCV fills.
        dropped: pixels of the parts that are left out because their bridge would have been longer.
    """

    outline: Floats
    parts: int
    holes: int
    bridges: int
    dropped: int


def parts(mask: Mask, inset: float = 0.0) -> list[Part]:
    """The parts of an (H, W) mask, the largest first; ``inset``: how far inside the pixels' edges the outlines run."""
    rings = _rings(mask)
    owners = {
        (x, y): number for number, ring in enumerate(rings) for x, y in _rows_to_the_right(ring)
    }  # of the mask's left edges: column of the edge and row -> ring
    outlines = [_Outline(ring, inset) for ring in rings]
    part_of = list(range(len(rings)))
    for number in sorted((n for n, one in enumerate(outlines) if one.area < 0), key=lambda n: rings[n][:, 0].min()):
        x, row = _leftmost(rings[number])
        start = x - 1
        while start and mask[row, start - 1]:
            start -= 1
        part_of[number] = part_of[owners[start, row]]
        outlines[part_of[number]].cut_to(outlines[number], start, x, row + 0.5)
    found = [Part(one.inner, one.area, one.holes) for n, one in enumerate(outlines) if part_of[n] == n]
    return sorted(found, key=lambda part: -part.area)


def joined(mask: Mask, inset: float = INSET) -> Joined:
    """The parts of an (H, W) mask as one outline: bridges join each to the nearest, from the largest on.

    A part whose bridge would cover as many pixels as the part itself, or more, is left out: that loses less.
    """
    found = parts(mask, inset)
    if not found:
        return Joined(np.zeros((0, 2)), 0, 0, 0, 0)
    pixels = [np.floor(part.outline).astype(np.int32) for part in found]
    nearest = {n: _bridge(pixels, 0, n, part.area) for n, part in enumerate(found) if n}
    used: list[_Bridge] = []
    while any(nearest.values()):
        bridge = min(one for one in nearest.values() if one is not None)
        used.append(bridge)
        del nearest[bridge.child]
        for n, known in nearest.items():
            shorter = _bridge(pixels, bridge.child, n, found[n].area if known is None else known.pixels)
            nearest[n] = shorter or known
    return Joined(
        _assembled(found, used),
        parts=len(found),
        holes=sum(part.holes for part in found),
        bridges=sum(one.pixels for one in used),
        dropped=sum(found[n].area for n in nearest),
    )


class _Bridge(NamedTuple):
    """The line from corner ``start`` of the part ``parent`` to corner ``end`` of the part ``child``."""

    pixels: int
    child: int
    parent: int
    start: int
    end: int


def _bridge(outlines: Sequence[NDArray[np.int32]], parent: int, child: int, limit: int) -> Optional[_Bridge]:
    """The bridge between two of the ``outlines`` with the fewest pixels; None: it has ``limit`` pixels or more."""
    one, other = outlines[parent], outlines[child]
    near, close = (np.flatnonzero(_within(points, around, limit)) for points, around in ((one, other), (other, one)))
    best = _Bridge(limit, child, parent, -1, -1)
    for first in range(0, len(near), _CHUNK):
        some = near[first : first + _CHUNK]
        gaps = np.maximum(*(np.abs(one[some, axis, None] - other[None, close, axis]) for axis in (0, 1)))
        if gaps.size and gaps.min() - 1 < best.pixels:
            row, column = divmod(int(gaps.argmin()), len(close))
            best = _Bridge(max(int(gaps.min()) - 1, 0), child, parent, int(some[row]), int(close[column]))
    return best if best.start >= 0 else None


def _within(points: NDArray[np.int32], others: NDArray[np.int32], distance: int) -> Mask:
    """Which of the points are at most ``distance`` from the box around the others."""
    low, high = others.min(axis=0) - distance, others.max(axis=0) + distance
    return ((points >= low) & (points <= high)).all(axis=1)


def _assembled(found: Sequence[Part], bridges: Sequence[_Bridge]) -> Floats:
    """The outline of part 0 with all that hang on it by ``bridges``, in the order in which these were found."""
    chunks = {n: list(found[n].outline[:, None]) for n in (0, *(bridge.child for bridge in bridges))}
    for bridge in reversed(bridges):  # so that what hangs on a part is in its outline before the part is used
        child = chunks[bridge.child]
        around = np.concatenate([*child[bridge.end :], *child[: bridge.end], child[bridge.end][:1]])
        spot = chunks[bridge.parent][bridge.start]
        chunks[bridge.parent][bridge.start] = np.concatenate([spot, around, spot[:1]])
    return np.concatenate(chunks[0])


class _Outline:
    """A ring and the holes cut into it: the corners on the pixels' edges, and the same further ``inner``."""

    def __init__(self, ring: NDArray[np.int64], inset: float) -> None:
        self.edge = ring.astype(np.float64)
        before = self.edge - np.roll(self.edge, 1, axis=0)
        after = np.roll(self.edge, -1, axis=0) - self.edge
        inwards = sum(np.sign(np.stack([-step[:, 1], step[:, 0]], axis=1)) for step in (before, after))
        self.inset = inset
        self.inner = self.edge + inset * inwards
        x, y = self.edge.T
        self.area = round(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)  # of a hole: below 0
        self.holes = 0

    def cut_to(self, hole: _Outline, start: float, end: float, y: float) -> None:
        """Cut along ``y``, through mask pixels, from this outline's edge at x = ``start`` to the hole's at ``end``."""
        here = self._with_point(start, y, self.inset)
        there = hole._with_point(end, y, -self.inset)
        order = (*range(there, len(hole.edge)), *range(there + 1))
        for name in ("edge", "inner"):
            mine, theirs = getattr(self, name), getattr(hole, name)
            setattr(self, name, np.concatenate([mine[: here + 1], theirs[list(order)], mine[here:]]))
        self.area += hole.area
        self.holes += 1

    def _with_point(self, x: float, y: float, inwards: float) -> int:
        """Insert the point where the upright edge at ``x`` crosses ``y``; returns its place."""
        following = np.roll(self.edge, -1, axis=0)
        crossed = (self.edge[:, 0] == x) & (following[:, 0] == x) & ((self.edge[:, 1] < y) != (following[:, 1] < y))
        place = int(np.flatnonzero(crossed)[0]) + 1
        self.edge = np.insert(self.edge, place, (x, y), axis=0)
        self.inner = np.insert(self.inner, place, (x + inwards, y), axis=0)
        return place


def _rings(mask: Mask) -> list[NDArray[np.int64]]:
    """The closed lines around a mask and its holes: (N, 2) corners x, y, with the mask on the right of the way."""
    steps = _edges(mask)
    found: list[NDArray[np.int64]] = []
    while steps:
        first = key = next(iter(steps))
        ring: list[tuple[int, int]] = []
        while not ring or key != first:
            end = steps.pop(key)
            ring.append((key.x, key.y))
            right, left = _Start(*end, -key.dy, key.dx), _Start(*end, key.dy, -key.dx)
            # Where two pixels touch at a corner, the way stays on its own.
            key = right if right in steps or right == first else left
        found.append(np.array(ring, dtype=np.int64))
    return found


class _Start(NamedTuple):
    """Where an edge starts, and its direction: one of dx and dy is 0, the other 1 or -1."""

    x: int
    y: int
    dx: int
    dy: int


def _edges(mask: Mask) -> dict[_Start, tuple[int, int]]:
    """Start -> end of every straight edge of the mask, from corner to corner, with the mask on its right."""
    found: dict[_Start, tuple[int, int]] = {}
    padded = np.pad(mask, 1).astype(np.int8)
    for across in (False, True):  # level edges, then upright ones
        change = np.diff(padded.T if across else padded, axis=0)  # 1: the mask begins below the edge, -1: it ends
        for sign in (1, -1):
            signed = np.diff(np.pad(change == sign, ((0, 0), (1, 1))).astype(np.int8), axis=1)
            starts, ends = np.argwhere(signed == 1), np.argwhere(signed == -1)
            for (line, low), (_, high) in zip(starts.tolist(), ends.tolist()):
                low, high = low - 1, high - 1  # without the padding
                forward = (sign == 1) != across
                first, last = (low, high) if forward else (high, low)
                step = 1 if forward else -1
                if across:
                    found[_Start(line, first, 0, step)] = (line, last)
                else:
                    found[_Start(first, line, step, 0)] = (last, line)
    return found


def _rows_to_the_right(ring: NDArray[np.int64]) -> list[tuple[int, int]]:
    """(column of the edge, row) of every pixel row that begins right of an edge of the ring."""
    found: list[tuple[int, int]] = []
    for (x, y), (x_next, y_next) in zip(ring.tolist(), np.roll(ring, -1, axis=0).tolist()):
        if x == x_next and y_next < y:
            found += [(x, row) for row in range(y_next, y)]
    return found


def _leftmost(ring: NDArray[np.int64]) -> tuple[int, int]:
    """The x of the leftmost edge of a ring, and a pixel row along it."""
    x = int(ring[:, 0].min())
    on_it = ring[:, 0] == x
    first = int(np.flatnonzero(on_it & np.roll(on_it, -1))[0])
    return x, int(min(ring[first, 1], ring[(first + 1) % len(ring), 1]))
