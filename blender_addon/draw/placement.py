"""Finding a place for a posture: on a bed or seat, behind a trolley, beside another person, on free floor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

import numpy as np

from ..body.plan_frame import PlanFrame, heading_towards
from .furniture import anchors
from .postures import POSTURES, Footprint, PersonPlace, Posture
from .rooms import Layout, Spot, to_room
from .spec import FurnitureSpec, PersonSpec
from .streams import RandomStream
from .value_types import Point2, Point3

_TRIES = 60
_FROM_WALL = 0.06  # metres between circles and walls or furniture
_SUPPORT_APART = 0.5  # metres from the supported person to the one who supports


class Circle(NamedTuple):
    """A circle of floor, metres."""

    x: float
    y: float
    radius: float


class FloorPlace(NamedTuple):
    """A place on free floor: metres, and the heading in degrees."""

    x: float
    y: float
    heading: float


class FoundPlace(NamedTuple):
    """The place chosen for a person, and its ``Spot``; None on free floor."""

    place: PersonPlace
    spot: Optional[Spot] = None


@dataclass
class Occupied:
    """The circles of floor, beds and seats that people occupy so far; and the upright people, for company."""

    circles: list[Circle] = field(default_factory=list)
    beds: set[int] = field(default_factory=set)
    seats: list[Point2] = field(default_factory=list)
    upright: list[PersonSpec] = field(default_factory=list)

    def add(self, person: PersonSpec) -> None:
        """Mark the place of ``person`` as occupied."""
        stance = person.stance
        if person.use in ("bed", "side"):
            self.beds.add(person.furniture)
        if person.use == "seat":
            self.seats.append((stance.x, stance.y))
        posture = POSTURES[person.posture]
        self.circles += _circles(stance.x, stance.y, stance.heading, posture.footprint)
        if posture.company:
            self.upright.append(person)

    def distance(self, x: float, y: float) -> float:
        """Metres from a point of the floor to the nearest person."""
        return min((math.hypot(x - cx, y - cy) - radius for cx, cy, radius in self.circles), default=math.inf)


def possible(weights: Mapping[str, float], layout: Layout, occupied: Occupied) -> dict[str, float]:
    """The weights of the postures that have a place left, or whose furniture can be brought; {} if none has."""
    return {
        name: weight
        for name, weight in weights.items()
        if weight > 0 and (POSTURES[name].brings != "nothing" or has_place(POSTURES[name], layout, occupied))
    }


def has_place(posture: Posture, layout: Layout, occupied: Occupied) -> bool:
    """Whether there is a spot for ``posture``; for postures on free floor, whether any may be found."""
    if posture.spot == "beside":
        return bool(occupied.upright)
    return posture.spot == "floor" or bool(_free_spots(posture, layout, occupied))


def find_place(stream: RandomStream, posture: Posture, layout: Layout, occupied: Occupied) -> Optional[FoundPlace]:
    """Choose a place for ``posture``; None if there is no room."""
    if posture.spot == "beside":
        return _beside(stream, layout, occupied)
    if posture.spot == "floor":
        return _on_floor(stream, posture, layout, occupied)
    spots = _free_spots(posture, layout, occupied)
    if posture.spot == "bend" and occupied.beds:  # preferably at an occupied bed
        spots = [spot for spot in spots if spot.furniture_id in occupied.beds] or spots
    if not spots:
        return None
    spot = stream.choice(spots)
    return FoundPlace(_at_spot(stream, spot, layout), spot)


def _free_spots(posture: Posture, layout: Layout, occupied: Occupied) -> list[Spot]:
    spots = (spot for spot in layout.spots if spot.kind == posture.spot and _is_free(spot, occupied))
    return [spot for spot in spots if posture.suits(layout.piece(spot.furniture_id))]


def _is_free(spot: Spot, occupied: Occupied) -> bool:
    if spot.kind in ("lie", "edge") and spot.furniture_id in occupied.beds:
        return False
    if spot.kind in ("sit", "table"):
        return all(math.dist((spot.x, spot.y), seat) > 0.3 for seat in occupied.seats)
    if spot.kind == "lie":
        return True
    return occupied.distance(spot.x, spot.y) > 0.2


def _at_spot(stream: RandomStream, spot: Spot, layout: Layout) -> PersonPlace:
    piece = layout.piece(spot.furniture_id)
    if spot.kind == "lie":
        return PersonPlace(piece.x, piece.y, piece.heading, piece.id, "bed", piece.shape)
    if spot.kind == "edge":
        return PersonPlace(spot.x, spot.y, spot.heading, piece.id, "side", piece.shape)
    if spot.kind in ("sit", "table"):
        aims = _table_hands(stream, spot, layout) if spot.kind == "table" else {}
        return PersonPlace(spot.x, spot.y, spot.heading, piece.id, "seat", piece.shape, aims)
    if spot.kind == "bend":
        return PersonPlace(spot.x, spot.y, spot.heading, aims={"bed": _over_bed(stream, spot, piece)})
    hands = anchors(piece.kind, piece.shape)
    aims = {
        f"handle_{side[0]}": (*to_room(piece, *hands[f"handle_{side}"][:2]), hands[f"handle_{side}"][2])
        for side in ("left", "right")
    }
    return PersonPlace(spot.x, spot.y, spot.heading, aims=aims)


def _over_bed(stream: RandomStream, spot: Spot, bed: FurnitureSpec) -> Point3:
    """A point over the mattress, straight ahead of the person who bends there."""
    x, y = PlanFrame.at(spot.x, spot.y, spot.heading).ahead(stream.uniform(0.45, 0.6))
    return x, y, bed.shape["surface"] + stream.uniform(0.12, 0.26)


def _table_hands(stream: RandomStream, spot: Spot, layout: Layout) -> dict[str, Point3]:
    table = layout.piece(spot.table_id)
    frame = PlanFrame.at(spot.x, spot.y, spot.heading)
    aims: dict[str, Point3] = {}
    for side, sign in (("l", 1.0), ("r", -1.0)):
        ahead, across = stream.uniform(0.42, 0.52), sign * stream.uniform(0.08, 0.2)
        aims[f"table_{side}"] = (*frame.to_room(across, -ahead), table.z + table.shape["height"] + 0.03)
    return aims


def _beside(stream: RandomStream, layout: Layout, occupied: Occupied) -> Optional[FoundPlace]:
    """A place beside an upright person, facing them, with the hands at their near elbow and shoulder."""
    for person in occupied.upright:
        for sign in (1.0, -1.0) if stream.unit() < 0.5 else (-1.0, 1.0):  # at their left (+1) or right
            stance = person.stance
            x, y = PlanFrame.at(stance.x, stance.y, stance.heading).to_room(sign * _SUPPORT_APART, 0.0)
            others = [
                circle for circle in occupied.circles if math.dist(circle[:2], (person.stance.x, person.stance.y)) > 0.4
            ]
            alone = all(math.dist((x, y), (cx, cy)) > radius + 0.35 for cx, cy, radius in others)
            if alone and layout.floor.clearance(np.array([[x, y]]))[0] > 0.25:
                elbow, shoulder = (7, 5) if sign > 0 else (8, 6)  # COCO's joints of the near arm
                joints = (shoulder, elbow) if sign > 0 else (elbow, shoulder)
                heading = person.stance.heading - sign * stream.uniform(50.0, 75.0)
                return FoundPlace(PersonPlace(x, y, heading, aims={"joints": joints}, partner=person.id))
    return None


def _on_floor(stream: RandomStream, posture: Posture, layout: Layout, occupied: Occupied) -> Optional[FoundPlace]:
    floor = free_floor(stream, posture.footprint, layout, occupied)
    if floor is None:
        return None
    return FoundPlace(PersonPlace(*floor, way=stream.unit()))


def free_floor(stream: RandomStream, footprint: Footprint, layout: Layout, occupied: Occupied) -> Optional[FloorPlace]:
    """Find free floor for a ``footprint``, mostly facing other people or a bed; None if there is none.

    A third of the people stand near others.
    """
    social = [(person.stance.x, person.stance.y) for person in occupied.upright]
    for attempt in range(_TRIES):
        x, y = layout.somewhere(stream, 0.25)
        if social and attempt < _TRIES // 2 and stream.unit() < 0.35:
            away, towards = stream.uniform(0.55, 1.1), stream.uniform(0.0, 2 * math.pi)
            cx, cy = stream.choice(social)
            x, y = cx + away * math.cos(towards), cy + away * math.sin(towards)
        heading = _heading(stream, x, y, layout, social)
        if _fits(_circles(x, y, heading, footprint), layout, occupied):
            return FloorPlace(x, y, heading)
    return None


def _circles(x: float, y: float, heading: float, footprint: Footprint) -> list[Circle]:
    frame = PlanFrame.at(x, y, heading)
    return [Circle(*frame.ahead(ahead), radius) for ahead, radius in footprint]


def _fits(circles: Sequence[Circle], layout: Layout, occupied: Occupied) -> bool:
    middles = np.array([circle[:2] for circle in circles])
    radii = np.array([circle[2] for circle in circles])
    if any(occupied.distance(x, y) <= radius for x, y, radius in circles):
        return False
    return not (layout.floor.clearance(middles) < radii + _FROM_WALL).any()


def _heading(stream: RandomStream, x: float, y: float, layout: Layout, social: Sequence[Point2]) -> float:
    towards = [(piece.x, piece.y) for piece in layout.furniture if piece.kind in ("bed", "desk")] + list(social)
    if towards and stream.unit() < 0.6:
        tx, ty = stream.choice(towards)
        return heading_towards(tx - x, ty - y) + stream.normal(0.0, 25.0)
    return stream.uniform(-180.0, 180.0)
