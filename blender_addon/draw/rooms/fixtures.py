"""Sampling what is built into ceiling and walls: vents, smoke detectors, sprinklers, speakers; light switches, exit
signs, radiators."""

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
_SIGN_ABOVE = 0.2  # metres from a door's top to the middle of its sign
_RADIATOR_FROM, _RADIATOR_BELOW, _RADIATOR_LEAST = 0.12, 0.12, 0.3  # above the floor, below the window; height, metres
_RADIATOR_MOST, _RADIATOR_DEEP = 1.4, 0.11  # greatest width, depth, metres
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
    doors = [opening for opening in room.openings if opening.kind == "door"]
    on_walls = [_switch(room, plan, door) for door in doors]
    if room.kind not in HOME and doors and stream.unit() < 0.6:
        on_walls.append(_exit_sign(room, plan, doors[0]))
    if stream.unit() < 0.7:
        on_walls += [_radiator(room, plan, window) for window in room.openings if window.kind == "window"]
    return (*placed, *(fixture for fixture in on_walls if fixture is not None))


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


def _exit_sign(room: RoomSpec, plan: Plan, door: OpeningSpec) -> Optional[FixtureSpec]:
    """The sign above a way out, where the wall is high enough for it."""
    z = round(door.bottom + door.height + _SIGN_ABOVE, 3)
    if not plan.wall_is_free(door.wall, door.along, z, 0.09):
        return None
    x, y = at_wall(room, door.wall, door.along, 0.0)
    return FixtureSpec("exit_sign", round(x, 3), round(y, 3), z, HEADING[door.wall])


def _radiator(room: RoomSpec, plan: Plan, window: OpeningSpec) -> Optional[FixtureSpec]:
    """A radiator below ``window``, where there is room for it and nothing stands before the wall."""
    low, high = _RADIATOR_FROM, window.bottom - _RADIATOR_BELOW
    width, height = round(min(window.width, _RADIATOR_MOST), 3), round(high - low, 3)
    if height < _RADIATOR_LEAST:
        return None
    x, y = at_wall(room, window.wall, window.along, 0.0)
    middle = at_wall(room, window.wall, window.along, _RADIATOR_DEEP / 2)
    box = Box.turned(*middle, HEADING[window.wall], width / 2, _RADIATOR_DEEP / 2, low, high)
    if any(box.meets(box_of(piece)) for piece in plan.pieces):
        return None
    z = round(low + height / 2, 3)
    return FixtureSpec("radiator", round(x, 3), round(y, 3), z, HEADING[window.wall], width, height)


def _switch(room: RoomSpec, plan: Plan, door: OpeningSpec) -> Optional[FixtureSpec]:
    """A light switch beside ``door``, on the first side where the wall is free."""
    for side in (1.0, -1.0):
        along = round(door.along + side * (door.width / 2 + _SWITCH_BESIDE), 3)
        if plan.wall_is_free(door.wall, along, _SWITCH_HEIGHT, 0.06):
            x, y = at_wall(room, door.wall, along, 0.0)
            return FixtureSpec("switch", round(x, 3), round(y, 3), _SWITCH_HEIGHT, HEADING[door.wall])
    return None
