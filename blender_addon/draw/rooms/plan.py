"""A floor plan that is filled piece by piece: pieces neither overlap nor block paths that must stay free.

Every piece is an upright box about its drawn extent, turned by its heading. A piece that would meet another, leave
the room or stand in a passage is not placed. Nothing is moved afterwards, so earlier calls have priority.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Optional

import numpy as np

from ...body.plan_frame import PlanFrame
from ..furniture import draw_furniture, extent
from ..furniture.kind import DrawnFurniture
from ..furniture.tables import tabletop
from ..spec import FurnitureSpec, OpeningSpec
from ..streams import RandomStream
from ..value_types import Colour, Colours, Config, Point2, Shape
from .boxes import NO_PIECE, TOUCH, Box, to_room
from .walls import HEADING, at_wall, wall_length

_WAY = 0.7  # the width of a way that is kept free, metres
_CORNER, _CORNER_FROM = 0.6, 1.75  # metres: side and lower end of the upper corners kept clear for cameras


@dataclass(frozen=True)
class Spot:
    """A place for a person, as the frame of the support (``body.support``); the person faces its -y.

    Attributes:
        kind: "lie" (bed), "edge" (side of a bed), "sit", "table" (a seat with a table before it), "bend" (standing
            beside a bed and facing it), "push" (standing behind something with handles), "stand" (at a desk, counter).
        x, y, z: the frame's origin; ``heading`` in degrees.
        furniture_id: the piece that the spot belongs to.
        table_id: the table before a seat, 0 for none.
    """

    kind: str
    x: float
    y: float
    z: float
    heading: float
    furniture_id: int
    table_id: int = 0


@dataclass
class Plan:
    """A room being furnished.

    Attributes:
        free: (x1, y1, x2, y2) floor that must stay free: before doors, walkways.
        alike: kinds whose pieces all have the colours of the first one, as if bought together.
    """

    kind: str
    width: float
    depth: float
    height: float
    config: Config
    openings: list[OpeningSpec] = field(default_factory=list)
    rails: list[tuple[float, float, float, float]] = field(default_factory=list)
    pieces: list[FurnitureSpec] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    free: list[tuple[float, float, float, float]] = field(default_factory=list)
    alike: tuple[str, ...] = ()
    _boxes: list[Box] = field(default_factory=list)
    _colours: dict[str, dict[str, Colour]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the upper corners clear for cameras, except in bathrooms, which are too small."""
        if self.kind == "bathroom":
            return
        half = _CORNER / 2
        for sx in (-1, 1):
            for sy in (-1, 1):
                x, y = sx * (self.width / 2 - half), sy * (self.depth / 2 - half)
                self._boxes.append(Box(NO_PIECE, x, y, half, half, 1.0, 0.0, _CORNER_FROM, self.height, solid=False))

    def wall_length(self, wall: str) -> float:
        """The length of the wall, metres."""
        return wall_length(self, wall)

    def at_wall(self, wall: str, along: float, away: float) -> Point2:
        """(x, y) of a point ``along`` a wall and ``away`` from it."""
        return at_wall(self, wall, along, away)

    def open(self, opening: OpeningSpec) -> None:
        """Put a door or window into its wall; the floor before a door and the wall before a window stay free."""
        self.openings.append(opening)
        if opening.kind == "door":
            half = opening.width / 2 + 0.05
            corners = [
                self.at_wall(opening.wall, opening.along + side * half, away) for side in (-1, 1) for away in (0.0, 1.0)
            ]
            self.keep_free(*np.min(corners, axis=0), *np.max(corners, axis=0))
            return
        x, y = self.at_wall(opening.wall, opening.along, 0.0)
        frame = PlanFrame.at(x, y, HEADING[opening.wall])
        reach, low = 0.1, opening.bottom - (0.27 if opening.shade == "curtain" else 0.05)
        self._boxes.append(
            Box(
                NO_PIECE,
                *frame.ahead(reach / 2),
                opening.width / 2 + 0.18,
                reach / 2,
                frame.cosine,
                frame.sine,
                low,
                opening.bottom + opening.height + 0.15,
                solid=False,
            )
        )

    def keep_free(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Keep this floor free of furniture."""
        self.free.append((float(x1), float(y1), float(x2), float(y2)))

    def lead_to(self, x: float, y: float) -> None:
        """Keep a path free from the main door to (x, y): away from the door's wall, then sideways, or the reverse."""
        door, half, start = self.openings[0].along, _WAY / 2, 0.6 - self.depth / 2
        turn = start if self.clearance(door, y) < half else y  # the door is blocked: sideways first
        straight = x if turn == start else door
        self.keep_free(straight - half, start - half, straight + half, y + half)
        self.keep_free(min(door, x) - half, turn - half, max(door, x) + half, turn + half)

    def put(
        self,
        stream: RandomStream,
        kind: str,
        x: float,
        y: float,
        heading: float = 0.0,
        z: float = 0.0,
        style: str = "",
        gap: float = 0.0,
        beside: Sequence[int] = (),
        **given: object,
    ) -> Optional[FurnitureSpec]:
        """Put a piece of ``kind`` with its origin at (x, y), or None where it does not fit.

        Args:
            stream: draws the piece.
            gap: metres that must be free around it.
            beside: ids of pieces it may meet: a tray over a bed.
            given: sizes that override the drawn ones.
        """
        shape, colours = self._draw(stream, kind, style, given)
        return self._add(kind, x, y, z, heading, shape, colours, gap, beside)

    def against(
        self,
        stream: RandomStream,
        kind: str,
        wall: str,
        along: Sequence[float],
        z: float = 0.0,
        style: str = "",
        gap: float = 0.02,
        off: float = 0.02,
        **given: object,
    ) -> Optional[FurnitureSpec]:
        """Put a piece with its back ``off`` metres from a wall, at the first of ``along`` where it fits."""
        shape, colours = self._draw(stream, kind, style, given)
        box = extent(kind, shape)
        for place in along:
            x, y = self.at_wall(wall, place, box.y2 + off)
            found = self._add(kind, x, y, z, HEADING[wall], shape, colours, gap, ())
            if found is not None:
                return found
        return None

    def beside(
        self,
        stream: RandomStream,
        kind: str,
        piece: FurnitureSpec,
        side: float,
        back: float,
        gap: float = 0.05,
        turn: float = 0.0,
        style: str = "",
        **given: object,
    ) -> Optional[FurnitureSpec]:
        """Put a piece next to ``piece``, ``gap`` metres from its +x (``side`` 1) or -x side (-1).

        It faces as ``piece`` does, turned by ``turn``; its back is ``back`` metres in front of that of ``piece``.
        """
        shape, colours = self._draw(stream, kind, style, given)
        own, other = extent(kind, shape), extent(piece.kind, piece.shape)
        x = other.x2 + gap - own.x1 if side > 0 else other.x1 - gap - own.x2
        place = to_room(piece, x, other.y2 - back - own.y2)
        return self._add(kind, *place, 0.0, piece.heading + turn, shape, colours, 0.0, ())

    def on_top(
        self,
        stream: RandomStream,
        kind: str,
        under: FurnitureSpec,
        x: float,
        y: float,
        turn: float = 0.0,
        style: str = "",
        height: Optional[float] = None,
    ) -> Optional[FurnitureSpec]:
        """Put a small object on top of ``under``, at (x, y) of that piece's frame, if it does not stick out."""
        shape, colours = self._draw(stream, kind, style, {})
        box, top = extent(kind, shape), tabletop(under.shape)
        half_x, half_y = box.x2, max(box.y2, -box.y1)
        if abs(turn % 180.0 - 90.0) < 45.0:
            half_x, half_y = half_y, half_x
        x = min(max(x, top.x1 + half_x + 0.03), top.x2 - half_x - 0.03)
        y = min(max(y, top.y1 + half_y + 0.04), top.y2 - half_y - 0.02)
        if top.x1 + half_x > x + 0.001 or top.y1 + half_y > y + 0.001:
            return None
        place = to_room(under, x, y)
        z = under.z + (height if height is not None else under.shape["height"])
        return self._add(kind, *place, z, under.heading + turn, shape, colours, 0.0, (under.id,))

    def hang(
        self,
        stream: RandomStream,
        kind: str,
        wall: str,
        along: Sequence[float],
        z: float,
        style: str = "",
        **given: object,
    ) -> Optional[FurnitureSpec]:
        """Fix something to a wall with its lower edge at ``z``, at the first of ``along`` where there is room."""
        shape, colours = self._draw(stream, kind, style, given)
        box = extent(kind, shape)
        for place in along:
            if not self._wall_is_whole(wall, place + box.x1, place + box.x2, z, z + box.height):
                continue
            x, y = self.at_wall(wall, place, 0.0)
            found = self._add(kind, x, y, z, HEADING[wall], shape, colours, 0.0, ())
            if found is not None:
                return found
        return None

    def spot(self, kind: str, piece: FurnitureSpec, x: float, y: float, turn: float = 0.0, table_id: int = 0) -> None:
        """Add a spot for a person at (x, y) of ``piece``'s frame, turned by ``turn`` degrees against it."""
        place = to_room(piece, x, y)
        self.spots.append(Spot(kind, *place, 0.0, piece.heading + turn, piece.id, table_id))

    def clearance(self, x: float, y: float, without: Sequence[int] = ()) -> float:
        """Metres from (x, y) to the nearest obstacle or wall; negative inside one."""
        away = min(self.width / 2 - abs(x), self.depth / 2 - abs(y))
        for box in self._boxes:
            if box.blocks and box.id not in without and math.hypot(x - box.x, y - box.y) - box.reach < away:
                away = min(away, box.distance(x, y))
        return away

    def wall_is_free(self, wall: str, along: float, z: float, half: float) -> bool:
        """Whether a square of the half size ``half`` about a point of the wall meets no opening and no piece."""
        if not self._wall_is_whole(wall, along - half, along + half, z - half, z + half):
            return False
        box = Box.turned(*self.at_wall(wall, along, 0.02), HEADING[wall], half, 0.02, z - half, z + half)
        return not any(box.meets(other) for other in self._boxes)

    def _draw(self, stream: RandomStream, kind: str, style: str, given: Shape) -> DrawnFurniture:
        """Sample a piece, its sizes overridden by those ``given``."""
        shape, colours = draw_furniture(kind, stream, self.config, style)
        if kind in self.alike and "model" not in shape:
            colours = self._colours.setdefault(kind, colours)
        return {**shape, **given}, dict(colours)

    def _wall_is_whole(self, wall: str, low: float, high: float, z1: float, z2: float) -> bool:
        if max(-low, high) > self.wall_length(wall) / 2 - 0.02 or z2 > self.height - 0.02:
            return False
        return not any(
            opening.wall == wall
            and low < opening.along + opening.width / 2 + 0.1
            and high > opening.along - opening.width / 2 - 0.1
            and z1 < opening.bottom + opening.height + 0.1
            and z2 > opening.bottom - 0.1
            for opening in self.openings
        )

    def _add(
        self,
        kind: str,
        x: float,
        y: float,
        z: float,
        heading: float,
        shape: Shape,
        colours: Colours,
        gap: float,
        beside: Sequence[int],
    ) -> Optional[FurnitureSpec]:
        x, y, z, heading = (round(value, 4) for value in (x, y, z, heading))
        box = Box.of(len(self.pieces) + 1, kind, x, y, z, heading, shape)
        if not self._fits(box, gap, beside):
            return None
        self._boxes.append(box)
        piece = FurnitureSpec(box.id, kind, x, y, z, heading, dict(shape), dict(colours))
        self.pieces.append(piece)
        return piece

    def _fits(self, box: Box, gap: float, beside: Sequence[int]) -> bool:
        x1, y1, x2, y2 = box.bounds
        if max(-x1, x2) > self.width / 2 + TOUCH or max(-y1, y2) > self.depth / 2 + TOUCH:
            return False
        if box.top > self.height:
            return False
        if box.blocks and any(
            x1 < fx2 - TOUCH and x2 > fx1 + TOUCH and y1 < fy2 - TOUCH and y2 > fy1 + TOUCH
            for fx1, fy1, fx2, fy2 in self.free
        ):
            return False
        return not any(box.meets(other, gap) for other in self._boxes if other.id not in beside)
