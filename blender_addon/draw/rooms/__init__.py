"""Sampling rooms: their kind and size, their furniture, and the spots for people.

- ``kinds``         the kinds of rooms, furnished by ``wards``, ``clinic`` and ``homes``
- ``plan``          the floor plan that keeps pieces apart and paths free, made of ``boxes``
- ``shell``         surfaces, doors, windows, ceiling; ``walls`` places at the four walls
- ``dressing``      objects on walls and in corners that any room may have
- ``fixtures``      what is built into ceiling and walls
- ``wear``          how worn the floor is
- ``people_spots``  the spots for people
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from ..spec import FurnitureSpec, RoomSpec
from ..streams import RandomStream
from ..textiles import with_patterns
from ..value_types import Config, Interval, Point2
from ..wall_art import with_wall_art
from .boxes import Box, Floor, box_of, to_room
from .dressing import add_distractors
from .fixtures import draw_fixtures
from .kinds import KINDS, RoomKind
from .people_spots import note_spots
from .plan import Plan, Spot
from .shell import draw_shell
from .walls import HEADING, at_wall
from .wear import draw_wear

__all__ = [
    "HEADING",
    "KINDS",
    "Box",
    "Floor",
    "Layout",
    "RoomKind",
    "Spot",
    "at_wall",
    "box_of",
    "draw_room",
    "to_room",
]


@dataclass(frozen=True)
class Layout:
    """A room, the ``FurnitureSpec``s in it and the ``Spot``s for people."""

    room: RoomSpec
    furniture: tuple[FurnitureSpec, ...]
    spots: tuple[Spot, ...]

    @property
    def has_bed(self) -> bool:
        """Whether the room has a bed in which a person can lie."""
        return any(spot.kind == "lie" for spot in self.spots)

    @cached_property
    def floor(self) -> Floor:
        """The floor that is not taken by furniture."""
        return Floor(self.room, self.furniture)

    def somewhere(self, stream: RandomStream, margin: float) -> Point2:
        """(x, y) on the floor, ``margin`` metres from the walls."""
        half = (self.room.width / 2 - margin, self.room.depth / 2 - margin)
        x, y = (stream.uniform(-side, side) for side in half)
        return x, y

    def piece(self, number: int) -> FurnitureSpec:
        """The piece with the id ``number``."""
        return next(piece for piece in self.furniture if piece.id == number)


def draw_room(config: Config, streams: Callable[[str], RandomStream], kind: str) -> Layout:
    """Draw a room of ``kind`` (one of ``KINDS``), furnished.

    Args:
        streams: aspect -> its stream; "room", "furniture", "clutter", "ceiling", "distractors", "panorama",
            "floor wear", "fixtures", "wall art" and "textiles" are read.
    """
    room_kind, size = KINDS[kind], streams("room")
    beds: tuple[int, ...] = ()
    if room_kind.widths is None or room_kind.depths is None:
        low, high = config["room.beds"]
        beds = (min(int(low + (high - low + 1) * size.unit()), int(high)),)
        ranges = _ward_size(*beds)
    else:
        ranges = (room_kind.widths, room_kind.depths)
    width, depth = (size.uniform(*limits) * size.uniform(*config["room.scale"]) for limits in ranges)
    plan = Plan(kind, width, depth, size.uniform(*config["room.height_m"]), config)
    furniture, clutter = streams("furniture"), streams("clutter")
    room_kind.furnish(plan, furniture, clutter, *beds)
    add_distractors(plan, streams("distractors"))
    note_spots(plan)
    room = draw_shell(plan, size, streams("ceiling"))
    if config["room.panorama"]:
        room = replace(room, panorama=1 + int(streams("panorama").unit() * 2**31))
    if config["room.worn_surfaces"]:
        room = replace(room, wear=draw_wear(plan, streams("floor wear")))
    if config["room.fixtures"]:
        room = replace(room, fixtures=draw_fixtures(room, plan, streams("fixtures")))
    pieces = with_wall_art(plan.pieces, streams("wall art")) if config["room.wall_art"] else plan.pieces
    if config["room.patterned_textiles"]:
        pieces = with_patterns(pieces, streams("textiles"), config["room.patterned_textiles"])
    return Layout(room, tuple(pieces), tuple(plan.spots))


def _ward_size(beds: int) -> tuple[Interval, Interval]:
    """The ranges of width and depth: bays of about 2.3 m in one row up to three beds, else in two with an aisle."""
    if beds <= 3:
        return ((2.3 * beds + 0.4, 2.6 * beds + 0.4), (4.6, 5.4))
    row = (beds + 1) // 2
    return ((6.6, 7.4), (2.3 * row + 0.5, 2.6 * row + 0.5))
