"""Boxes on walls, given by their extent along a wall, upwards and away from it."""

from __future__ import annotations

from ..draw.spec import OpeningSpec, RoomSpec
from .solids import Solid, box

THICK = 0.18  # metres


def on_wall(
    spec: RoomSpec, wall: str, low: float, high: float, bottom: float, top: float, front: float, back: float
) -> Solid:
    """A box from ``low`` to ``high`` along the wall, ``front`` to ``back`` metres into the room (negative: outside)."""
    reach = (spec.width if wall[1] == "x" else spec.depth) / 2
    sign = 1.0 if wall[0] == "+" else -1.0
    near, far = sign * (reach - front), sign * (reach - back)
    if wall[1] == "x":
        return box((near, low, bottom), (far, high, top))
    return box((low, near, bottom), (high, far, top))


def openings_of(spec: RoomSpec, wall: str) -> list[OpeningSpec]:
    """The doors and windows of a wall in order along it."""
    return sorted((opening for opening in spec.openings if opening.wall == wall), key=lambda opening: opening.along)
