"""Sampling how worn a room's floor is, and where people have walked."""

from __future__ import annotations

from ..spec import WearSpec
from ..streams import RandomStream
from .plan import Plan

_MOST_PATHS = 8


def draw_wear(plan: Plan, stream: RandomStream) -> WearSpec:
    """Paths lead from the main door to the middle of the room and from there to where people stand and sit."""
    seed, amount = int(stream.unit() * 2**31), round(0.15 + 0.85 * stream.unit() ** 1.5, 3)
    middle_x = round(stream.uniform(-0.15, 0.15) * plan.width, 3)
    middle_y = round(stream.uniform(-0.15, 0.15) * plan.depth, 3)
    doors = [plan.at_wall(door.wall, door.along, 0.0) for door in plan.openings if door.kind == "door"]
    spots = [(spot.x, spot.y) for spot in plan.spots if spot.kind != "lie"]
    ends = [*doors, *spots[: _MOST_PATHS - len(doors)]]
    return WearSpec(seed, amount, tuple((round(x, 3), round(y, 3), middle_x, middle_y) for x, y in ends))
