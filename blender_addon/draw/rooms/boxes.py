"""Upright boxes on the floor plan: the box of a piece, whether two meet, the distance to the nearest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...body.plan_frame import PlanFrame
from ..furniture import extent, is_solid
from ..spec import FurnitureSpec, RoomSpec
from ..value_types import Array, Point2, Shape

NO_PIECE = 0  # the furniture id of boxes that belong to no piece
TOUCH = 0.004  # metres by which boxes may overlap
_OVERHEAD = 1.9  # metres: objects above this height are in nobody's way


@dataclass(frozen=True)
class Box:
    """An upright box on the plan: its middle, half sizes, the cosine and sine of its heading, bottom and top."""

    id: int
    x: float
    y: float
    half_x: float
    half_y: float
    cosine: float
    sine: float
    bottom: float
    top: float
    solid: bool

    @cached_property
    def reach(self) -> float:
        """From the middle to a corner of the floor plan."""
        return math.hypot(self.half_x, self.half_y)

    @classmethod
    def turned(
        cls,
        x: float,
        y: float,
        heading: float,
        half_x: float,
        half_y: float,
        bottom: float,
        top: float,
        id: int = NO_PIECE,
        solid: bool = True,
    ) -> Box:
        """A box about (x, y) turned by ``heading`` degrees."""
        frame = PlanFrame.at(x, y, heading)
        return cls(id, x, y, half_x, half_y, frame.cosine, frame.sine, bottom, top, solid)

    @classmethod
    def of(cls, id: int, kind: str, x: float, y: float, z: float, heading: float, shape: Shape) -> Box:
        """The box of a piece."""
        own, frame = extent(kind, shape), PlanFrame.at(x, y, heading)
        middle = frame.to_room((own.x1 + own.x2) / 2, (own.y1 + own.y2) / 2)
        low = shape.get("bottom", 0.0)
        return cls(
            id, *middle, (own.x2 - own.x1) / 2, (own.y2 - own.y1) / 2, frame.cosine, frame.sine, z + low,
            z + low + own.height, is_solid(kind),
        )  # fmt: skip

    @property
    def blocks(self) -> bool:
        """Whether the box is in people's way."""
        return self.solid and self.bottom < _OVERHEAD

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x1, y1, x2, y2), the extent of the box along the room's axes, metres."""
        dx = abs(self.cosine) * self.half_x + abs(self.sine) * self.half_y
        dy = abs(self.sine) * self.half_x + abs(self.cosine) * self.half_y
        return self.x - dx, self.y - dy, self.x + dx, self.y + dy

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two boxes share space, this one grown by ``gap`` sideways."""
        if self.bottom >= other.top - TOUCH or self.top <= other.bottom + TOUCH:
            return False
        if abs(self.x - other.x) + abs(self.y - other.y) > 1.4143 * (self.reach + other.reach + gap):
            return False  # far apart; the rest costs more
        if not (self.solid and other.solid) and min(self.top - self.bottom, other.top - other.bottom) < 0.02:
            return False  # a rug may lie under other pieces
        return not (self._apart_along(other, gap) or other._apart_along(self, gap))

    def _apart_along(self, other: Box, gap: float) -> bool:
        """Whether one of this box's axes separates the two."""
        dx, dy = other.x - self.x, other.y - self.y
        along, across = dx * self.cosine + dy * self.sine, dy * self.cosine - dx * self.sine
        cosine = abs(self.cosine * other.cosine + self.sine * other.sine)
        sine = abs(self.cosine * other.sine - self.sine * other.cosine)
        reach_x = other.half_x * cosine + other.half_y * sine
        reach_y = other.half_x * sine + other.half_y * cosine
        slack = gap - TOUCH
        return abs(along) >= self.half_x + reach_x + slack or abs(across) >= self.half_y + reach_y + slack

    def distance(self, x: float, y: float) -> float:
        """Metres from a point of the floor plan; negative inside."""
        dx, dy = x - self.x, y - self.y
        u = abs(dx * self.cosine + dy * self.sine) - self.half_x
        v = abs(dy * self.cosine - dx * self.sine) - self.half_y
        return math.hypot(max(u, 0.0), max(v, 0.0)) + min(max(u, v), 0.0)


def box_of(piece: FurnitureSpec) -> Box:
    """The upright box that a piece occupies."""
    return Box.of(piece.id, piece.kind, piece.x, piece.y, piece.z, piece.heading, piece.shape)


def to_room(piece: FurnitureSpec, x: float, y: float) -> Point2:
    """A point of a piece's frame -> of the room."""
    return PlanFrame.at(piece.x, piece.y, piece.heading).to_room(x, y)


class Floor:
    """The floor of a room and the obstacles on it, to be tested at many points at once."""

    def __init__(self, room: RoomSpec, furniture: Sequence[FurnitureSpec]) -> None:
        self._half = np.array([room.width, room.depth]) / 2
        rows = [
            (box.x, box.y, box.cosine, box.sine, box.half_x, box.half_y) for box in map(box_of, furniture) if box.blocks
        ]
        columns = np.array(rows, dtype=float).reshape(-1, 6).T
        self._x, self._y, self._cosine, self._sine, self._half_x, self._half_y = columns

    def clearance(self, points: Array) -> Array:
        """(n, 2) points of the floor -> (n,) metres to the nearest wall or piece in people's way; negative inside."""
        points = np.asarray(points, dtype=float)
        away = (self._half - np.abs(points)).min(axis=1)
        dx, dy = points[:, :1] - self._x, points[:, 1:] - self._y
        u = np.abs(dx * self._cosine + dy * self._sine) - self._half_x
        v = np.abs(dy * self._cosine - dx * self._sine) - self._half_y
        outside = np.hypot(np.maximum(u, 0.0), np.maximum(v, 0.0)) + np.minimum(np.maximum(u, v), 0.0)
        return np.minimum(away, outside.min(axis=1, initial=np.inf))
