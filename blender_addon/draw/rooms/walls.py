"""The four walls of a room, named by their direction from its middle, and points along them."""

from __future__ import annotations

from typing import Protocol

from ..spec import OpeningSpec
from ..value_types import Point2

WALLS = ("-x", "+x", "-y", "+y")
HEADING = {"+y": 0.0, "-x": 90.0, "-y": 180.0, "+x": -90.0}  # heading in degrees of a piece with its back to that wall
BAR = 0.06  # metres: the width of the upright bars in a window
INWARDS = {"-x": (1.0, 0.0), "+x": (-1.0, 0.0), "-y": (0.0, 1.0), "+y": (0.0, -1.0)}  # unit vectors into the room


class Rectangle(Protocol):
    """A room, or the plan of one: ``width`` along x, ``depth`` along y, metres."""

    @property
    def width(self) -> float:
        """Along x."""
        ...

    @property
    def depth(self) -> float:
        """Along y."""
        ...


def wall_length(room: Rectangle, wall: str) -> float:
    """The length of ``wall``, metres."""
    return room.depth if wall.endswith("x") else room.width


def at_wall(room: Rectangle, wall: str, along: float, away: float) -> Point2:
    """The point ``along`` a wall and ``away`` metres from it into the room."""
    side = (room.width if wall.endswith("x") else room.depth) / 2 - away
    across = side if wall[0] == "+" else -side
    return (across, along) if wall.endswith("x") else (along, across)


def window_bars(window: OpeningSpec) -> list[float]:
    """The middles of a window's upright bars along its wall, metres."""
    left = window.along - window.width / 2
    return [window.along] if window.style == "plain" else [left + window.width * k / 3 for k in (1, 2)]
