"""Sampling what is built into ceiling and walls: vents, smoke detectors, sprinklers, speakers, light switches."""

from __future__ import annotations

from typing import Optional

from ..spec import FixtureSpec, OpeningSpec, RoomSpec
from ..streams import RandomStream
from .boxes import Box, box_of
from .plan import Plan
from .shell import HOME
from .walls import HEADING, at_wall

_GRID = 0.6  # metres, of the ceiling
_FROM_WALLS = 0.75  # metres from ceiling fixtures to the walls, where cameras hang
_SWITCH_HEIGHT, _SWITCH_BESIDE = 1.08, 0.16  # metres: of its middle, from the opening
_HALF = {"vent": 0.3, "smoke_detector": 0.07, "sprinkler": 0.06, "speaker": 0.12}  # half sizes, metres


def draw_fixtures(room: RoomSpec, plan: Plan, stream: RandomStream) -> tuple[FixtureSpec, ...]:
    """Fixtures that overlap neither lamps, rails, doors, windows nor what stands or hangs before the wall."""
    area = room.width * room.depth
    kinds = ["smoke_detector"]
    if room.kind not in HOME:
        kinds += ["vent"] * (1 + (area > 20.0)) + ["speaker"] * (stream.unit() < 0.4)
        kinds += ["sprinkler"] * (round(area / 12.0) if stream.unit() < 0.5 else 0)
    placed: list[FixtureSpec] = []
    for kind in kinds:
        for _ in range(10):
            fixture = _in_ceiling(room, kind, stream)
            if fixture is not None and not _meets(room, placed, plan, fixture):
                placed.append(fixture)
                break
    switches = [_switch(room, plan, door) for door in room.openings if door.kind == "door"]
    return (*placed, *(switch for switch in switches if switch is not None))


def _in_ceiling(room: RoomSpec, kind: str, stream: RandomStream) -> Optional[FixtureSpec]:
    """A place in the middle of a field of the ceiling's grid; None where it is too near a wall."""
    x, y = (_GRID * (round(stream.uniform(-0.5, 0.5) * side / _GRID - 0.5) + 0.5) for side in (room.width, room.depth))
    if abs(x) > room.width / 2 - _FROM_WALLS or abs(y) > room.depth / 2 - _FROM_WALLS:
        return None
    return FixtureSpec(kind, round(x, 3), round(y, 3), room.height)


def _meets(room: RoomSpec, placed: list[FixtureSpec], plan: Plan, new: FixtureSpec) -> bool:
    half = _HALF[new.kind]
    if any(abs(x - new.x) < w / 2 + half and abs(y - new.y) < d / 2 + half for x, y, w, d in room.panels):
        return True
    if any(max(abs(one.x - new.x), abs(one.y - new.y)) < _HALF[one.kind] + half for one in placed):
        return True
    box = Box.turned(new.x, new.y, 0.0, half, half, new.z - 0.1, new.z)
    return any(box.meets(box_of(piece)) for piece in plan.pieces)


def _switch(room: RoomSpec, plan: Plan, door: OpeningSpec) -> Optional[FixtureSpec]:
    """A light switch beside ``door``, on the first side where the wall is free."""
    for side in (1.0, -1.0):
        along = round(door.along + side * (door.width / 2 + _SWITCH_BESIDE), 3)
        if plan.wall_is_free(door.wall, along, _SWITCH_HEIGHT, 0.06):
            x, y = at_wall(room, door.wall, along, 0.0)
            return FixtureSpec("switch", round(x, 3), round(y, 3), _SWITCH_HEIGHT, HEADING[door.wall])
    return None
