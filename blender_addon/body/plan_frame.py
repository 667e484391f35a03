"""Frames on the floor plan: of furniture, of places for people, of boxes. The home of a heading's sine and cosine."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class PlanFrame(NamedTuple):
    """A frame on the floor plan: its origin in metres, cosine and sine of its heading about z.

    At heading 0 its axes are the room's. People and furniture face -y of their frame: "ahead" is towards -y.
    """

    x: float
    y: float
    cosine: float
    sine: float

    @classmethod
    def at(cls, x: float, y: float, heading: float) -> PlanFrame:
        """The frame at (x, y), turned by ``heading`` degrees."""
        turn = math.radians(heading)
        return cls(x, y, math.cos(turn), math.sin(turn))

    def to_room(self, x: float, y: float) -> tuple[float, float]:
        """A point of this frame -> of the room."""
        return self.x + self.cosine * x - self.sine * y, self.y + self.sine * x + self.cosine * y

    def to_frame(self, x: float, y: float) -> tuple[float, float]:
        """A point of the room -> of this frame."""
        dx, dy = x - self.x, y - self.y
        return dx * self.cosine + dy * self.sine, dy * self.cosine - dx * self.sine

    def points_to_room(self, points: NDArray[np.float64], z: float = 0.0) -> NDArray[np.float64]:
        """(..., 3) points of this frame, whose floor is ``z`` metres above the room's -> of the room."""
        return points @ self._rotation().T + np.array([self.x, self.y, z])

    def points_to_frame(self, points: NDArray[np.float64], z: float = 0.0) -> NDArray[np.float64]:
        """(..., 3) points of the room -> of this frame, whose floor is ``z`` metres above the room's."""
        return (points - np.array([self.x, self.y, z])) @ self._rotation()

    def _rotation(self) -> NDArray[np.float64]:
        """3x3, directions of this frame -> of the room."""
        return np.array([[self.cosine, -self.sine, 0.0], [self.sine, self.cosine, 0.0], [0.0, 0.0, 1.0]])

    def ahead(self, distance: float) -> tuple[float, float]:
        """The room's point ``distance`` metres ahead of the origin."""
        return self.x + distance * self.sine, self.y - distance * self.cosine


def heading_towards(dx: float, dy: float) -> float:
    """The heading in degrees of someone who faces the direction (dx, dy)."""
    return math.degrees(math.atan2(dx, -dy))
