"""Furniture that postures bring: a wheelchair with its patient, a seat with a table to write or eat at."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from .furniture import draw_furniture, extent
from .placement import Occupied, free_floor
from .postures import Posture
from .rooms import HEADING, Box, Layout, Spot, at_wall, box_of, to_room
from .spec import FurnitureSpec, OpeningSpec, RoomSpec
from .streams import RandomStream
from .value_types import Config

# The floor that is needed: circles (ahead of the seat's middle, radius), metres.
_WHEELCHAIR = ((-0.1, 0.42), (0.5, 0.38))
_AT_TABLE = ((0.0, 0.42), (0.62, 0.46))
_SEATS = ("chair", "chair", "office_chair")
_TABLES = ("table", "table", "overbed_table")
_WIDEST = 0.9  # a table, metres
_BEFORE_DOORS = 1.0  # metres of floor that stay free
_TRIES = 4


def bring(
    stream: RandomStream, config: Config, posture: Posture, layout: Layout, occupied: Occupied
) -> Optional[Layout]:
    """Put the furniture that ``posture`` brings on free floor: the new layout, or None if there is no room."""
    needs = _WHEELCHAIR if posture.brings == "wheelchair" else _AT_TABLE
    number = 1 + max((piece.id for piece in layout.furniture), default=0)
    for _ in range(_TRIES):
        found = free_floor(stream, needs, layout, occupied)
        if found is None:
            return None
        if posture.brings == "wheelchair":
            pieces: tuple[FurnitureSpec, ...] = (_piece(stream, config, number, "wheelchair", *found),)
        else:
            seat = _piece(stream, config, number, stream.choice(_SEATS), *found)
            pieces = (seat, _table_before(stream, config, number + 1, seat))
        if all(_has_room(piece, layout) for piece in pieces):
            seat, *tables = pieces
            table = tables[0].id if tables else 0
            spot = Spot("table" if table else "sit", seat.x, seat.y, seat.z, seat.heading, seat.id, table)
            return replace(layout, furniture=(*layout.furniture, *pieces), spots=(*layout.spots, spot))
    return None


def _table_before(stream: RandomStream, config: Config, number: int, seat: FurnitureSpec) -> FurnitureSpec:
    """A small table in front of ``seat``, near enough to write."""
    table = _piece(stream, config, number, stream.choice(_TABLES), 0.0, 0.0, seat.heading + 180.0)
    table = replace(table, shape={**table.shape, "width": min(table.shape["width"], _WIDEST)})
    away = extent(table.kind, table.shape).y2 + stream.uniform(0.12, 0.3)
    x, y = to_room(seat, 0.0, -away)
    return replace(table, x=x, y=y)


def _piece(
    stream: RandomStream, config: Config, number: int, kind: str, x: float, y: float, heading: float
) -> FurnitureSpec:
    shape, colours = draw_furniture(kind, stream, config)
    return FurnitureSpec(number, kind, x, y, 0.0, heading, shape, colours)


def _has_room(piece: FurnitureSpec, layout: Layout) -> bool:
    """Whether ``piece`` is inside the room, in nothing, and not before a door."""
    box, room = box_of(piece), layout.room
    x1, y1, x2, y2 = box.bounds
    if max(-x1, x2) > room.width / 2 or max(-y1, y2) > room.depth / 2:
        return False
    doors = [_before(room, opening) for opening in room.openings if opening.kind == "door"]
    return not any(box.meets(other) for other in (*doors, *map(box_of, layout.furniture)))


def _before(room: RoomSpec, door: OpeningSpec) -> Box:
    """The room that a door needs."""
    x, y = at_wall(room, door.wall, door.along, _BEFORE_DOORS / 2)
    half_x, half_y = door.width / 2, _BEFORE_DOORS / 2
    return Box.turned(x, y, HEADING[door.wall], half_x, half_y, 0.0, door.height)
