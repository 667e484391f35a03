"""The support of a body as a profile seen from the side: floor, mattress sections, seat and back rest.

The frame of a support has its origin on the floor in the middle of its footprint, z up; y runs from the feet
to the head of a person who lies there (a bed), or from the front of a seat to its back. The profile is the same for
all x. The same numbers build the furniture, so that bodies and meshes agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_DECK, _CUSHION = 0.05, 0.08  # metres below a mattress, and of a seat

# A hospital bed's deck from the head end, metres, for a mattress of 2.0 m; other lengths scale the last section.
BACK_SECTION, SEAT_SECTION, THIGH_SECTION = 0.80, 0.22, 0.36


@dataclass(frozen=True)
class Support:
    """A profile to rest on, above the floor.

    Attributes:
        profile: ((y, z), ...) metres, y never decreasing: the top of the supporting surface; () for the bare floor.
        half_width: how far it reaches to both sides, metres.
        thickness: of the cushion or mattress with its frame; below that, legs have room again.
    """

    profile: tuple = ()
    half_width: float = 0.0
    thickness: float = 0.0

    def clearance(self, points: np.ndarray) -> np.ndarray:
        """(n, 3) points of the frame -> (n,) metres to the nearest surface, negative inside cushion or floor."""
        over_floor = points[:, 2]
        if not self.profile:
            return over_floor
        nodes = np.asarray(self.profile)
        start, edge = nodes[:-1], np.diff(nodes, axis=0)
        offset = points[:, None, 1:] - start
        along = np.clip((offset * edge).sum(-1) / (edge**2).sum(-1), 0.0, 1.0)
        distance = np.linalg.norm(offset - along[..., None] * edge, axis=-1).min(axis=1)
        y, z = points[:, 1], points[:, 2]
        sides = np.minimum(self.half_width - np.abs(points[:, 0]), np.minimum(y - nodes[0, 0], nodes[-1, 0] - y))
        below = z < np.interp(y, nodes[:, 0], nodes[:, 1])
        inside = below & (sides > 0)
        depth = np.minimum(np.minimum(distance, self.thickness), sides)
        return np.minimum(over_floor, np.where(inside, -depth, np.where(below, np.inf, distance)))

    def height(self, y: float) -> float:
        """The height of the profile (or the floor) at ``y``."""
        if not self.profile or not self.profile[0][0] <= y <= self.profile[-1][0]:
            return 0.0
        nodes = np.asarray(self.profile)
        return float(np.interp(y, nodes[:, 0], nodes[:, 1]))


def floor() -> Support:
    """The bare floor."""
    return Support()


def bed(shape: Mapping[str, Any]) -> Support:
    """The top of a mattress; ``shape`` has length, width, surface, mattress (m), back_deg, knee_deg."""
    return Support(bed_profile(shape), shape["width"] / 2, shape["mattress"] + _DECK)


def bed_profile(shape: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    """((y, z), ...) of the mattress's top from the foot end to the head end; the hinges are the inner nodes.

    The back section turns up about the hip hinge, the thigh section about its upper end; the calf section
    comes down again to the height of the seat.
    """
    length, surface = shape["length"], shape["surface"]
    back, knee = np.radians(shape["back_deg"]), np.radians(shape["knee_deg"])
    calf = length - BACK_SECTION - SEAT_SECTION - THIGH_SECTION
    hip = (length / 2 - BACK_SECTION, surface)
    seat = (hip[0] - SEAT_SECTION, surface)
    rise = THIGH_SECTION * np.sin(knee)
    knees = (seat[0] - THIGH_SECTION * np.cos(knee), surface + rise)
    feet = (knees[0] - np.sqrt(calf**2 - rise**2), surface)
    head = (hip[0] + BACK_SECTION * np.cos(back), surface + BACK_SECTION * np.sin(back))
    return tuple((float(y), float(z)) for y, z in (feet, knees, seat, hip, head))


def bed_side(shape: Mapping[str, Any]) -> Support:
    """The side of a bed for a person who sits on its edge: y = 0 is the edge, +y goes across the mattress."""
    edge = ((0.0, shape["surface"]), (shape["width"], shape["surface"]))
    return Support(edge, shape["length"] / 2, shape["mattress"] + _DECK)


def seat(shape: Mapping[str, Any]) -> Support:
    """A seat with a back rest; ``shape`` has seat_height, seat_depth, seat_width, back_height (m, above the seat;
    0 = a stool) and recline_deg. The seat's front edge is at y = -seat_depth / 2."""
    half, height = shape["seat_depth"] / 2, shape["seat_height"]
    nodes = [(-half, height), (half, height)]
    if shape["back_height"] > 0:
        recline = np.radians(shape["recline_deg"])
        # A vertical back rest still leans by a millimetre, because the profile is a function of y.
        behind = max(shape["back_height"] * np.sin(recline), 0.001)
        nodes.append((half + float(behind), height + float(shape["back_height"] * np.cos(recline))))
    return Support(tuple(nodes), shape["seat_width"] / 2, _CUSHION)
