"""The place of a person, as the functions that sample postures need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..value_types import Shape


@dataclass(frozen=True)
class PersonPlace:
    """A place in the room.

    Attributes:
        x, y, heading: the frame of the support, metres and degrees (see ``body.support``).
        furniture: the id of the supporting piece, 0 for the floor; ``use``: as "bed", "side" (of one), "seat", "floor".
        shape: that piece's own sizes, {} for the floor.
        aims: room points by name, (x, y, z) metres: "bed" (the point a carer bends to), "handle_l", "handle_r"
            (of what is pushed), "table_l", "table_r" (where hands are on a table top), "high" (what is reached for).
        partner: id of the person who is supported, or 0.
        way: 0..1, chooses among the ways of a posture that has several.
    """

    x: float
    y: float
    heading: float
    furniture: int = 0
    use: str = "floor"
    shape: Shape = field(default_factory=dict[str, Any])
    aims: Mapping[str, Any] = field(default_factory=dict[str, Any])
    partner: int = 0
    way: float = 0.0
