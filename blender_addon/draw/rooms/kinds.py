"""The kinds of rooms: their usual size, and the function that furnishes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

from ..value_types import Interval
from .clinic import furnish_corridor, furnish_desk, furnish_treatment, furnish_waiting
from .homes import furnish_bathroom, furnish_bedroom
from .wards import furnish_icu, furnish_single, furnish_ward


@dataclass(frozen=True)
class RoomKind:
    """A kind of room.

    Attributes:
        furnish: adds the furniture: (plan, furniture stream, clutter stream), and for wards the number of beds.
        has_beds: whether people's attributes are balanced among rooms with beds, where the first is a patient.
        widths, depths: the usual ranges in metres; None if they follow from the number of beds.
    """

    furnish: Callable[..., None]
    has_beds: bool
    widths: Optional[Interval] = None
    depths: Optional[Interval] = None


KINDS = {
    "single": RoomKind(furnish_single, True, (3.5, 4.4), (4.3, 5.4)),
    "ward": RoomKind(furnish_ward, True),
    "icu": RoomKind(furnish_icu, True, (4.0, 4.8), (4.4, 5.2)),
    "treatment": RoomKind(furnish_treatment, True, (3.6, 5.2), (4.0, 5.6)),
    "waiting": RoomKind(furnish_waiting, False, (4.2, 6.8), (4.4, 6.4)),
    "corridor": RoomKind(furnish_corridor, False, (2.5, 3.2), (7.0, 10.0)),
    "desk": RoomKind(furnish_desk, False, (4.4, 6.0), (4.4, 5.6)),
    "bathroom": RoomKind(furnish_bathroom, False, (2.2, 3.0), (2.6, 3.4)),
    "bedroom": RoomKind(furnish_bedroom, True, (3.2, 4.4), (3.6, 4.8)),
}
