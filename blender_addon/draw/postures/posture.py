"""One posture: everything that the drawing layer needs to know about it, in one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Optional

from ...body.posture import Stance
from ..spec import FurnitureSpec
from ..streams import RandomStream
from .place import PersonPlace

Family = Literal["upright", "seated", "lying", "floor"]
SpotKind = Literal["lie", "edge", "sit", "table", "bend", "push", "beside", "floor"]
Footprint = tuple[tuple[float, float], ...]
DrawStance = Callable[[RandomStream, float, PersonPlace], Stance]


@dataclass(frozen=True)
class BedUse:
    """How a posture uses a bed.

    Attributes:
        position: "in" the bed, where a sheet or blanket may cover the person and shoes are off, or on its "edge".
        back: how the bed's back section is set: "flat" or "raised".
        sits_up: whether the trunk is upright, so that covers end lower.
        above_tray: whether the person is higher than the tray of an overbed table, which is then removed.
    """

    position: Literal["in", "edge"]
    back: Literal["flat", "raised"]
    sits_up: bool
    above_tray: bool


@dataclass(frozen=True)
class Posture:
    """One posture. No field has a default: adding a posture means deciding each of them.

    Attributes:
        name: as settings and records write it.
        family: how the person is supported: "upright" (feet), "seated", "lying" (in bed), or the "floor".
        lying: whether the person lies down, in a bed or on the floor; the record says so.
        spot: the kind of ``rooms.Spot`` it needs; "beside" somebody upright and free "floor" need none.
        suits: whether a piece of furniture with such a spot is suitable.
        footprint: circles of floor it needs, (metres ahead of the person's middle, radius in metres); () in a bed.
        bed: how it uses a bed, None if it uses none.
        brings: furniture that is put on free floor where the room has none that suits: a "wheelchair", a "table"
            (with a seat), or "nothing".
        company: whether others may stand with the person, and support them.
        draw: the function that draws it: (stream, degrees that the arms of a heavy body are kept away from its trunk,
            place) -> ``Stance``.
    """

    name: str
    family: Family
    lying: bool
    spot: SpotKind
    suits: Callable[[FurnitureSpec], bool]
    footprint: Footprint
    bed: Optional[BedUse]
    brings: Literal["nothing", "wheelchair", "table"]
    company: bool
    draw: DrawStance

    @property
    def in_bed(self) -> bool:
        """Whether the person is in a bed: without shoes, perhaps covered, perhaps asleep."""
        return self.bed is not None and self.bed.position == "in"
