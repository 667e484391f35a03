"""Sampling the people of an image: roles, postures and places, then identities, clothes and covers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Optional

from ..body.plan_frame import PlanFrame
from .apart import Candidate, Figures, kept_apart
from .attachments import connected
from .bedding import draw_cover
from .clothes import draw_outfit
from .custom_models import draw_character, model_of, with_attributes_of_file
from .gestures import with_gestures
from .held_objects import draw_held
from .identity import draw_identity, pick_age
from .placement import FoundPlace, Occupied, find_place, has_place, possible
from .postures import POSTURES, BedUse, PersonPlace, Posture, draw_stance
from .rooms import Layout, Spot
from .spec import FurnitureSpec, PersonSpec
from .streams import RandomStream, balanced, by_weight
from .value_types import Config, Point3
from .wheelchair_and_table import bring

_Streams = Callable[[str], RandomStream]
_Pick = Callable[[str], str]
_UNRIGGED = {"standing": 1.0}  # the only posture of a custom character that cannot be posed


class PeopleStratum(NamedTuple):
    """How many people an image has, and by what its attributes are balanced.

    Attributes:
        requested: how many people.
        number: how many images before it have as many people in rooms of the same group.
        group: the group of rooms: "beds", "no beds" or that of a custom room.
    """

    requested: int
    number: int
    group: str


class People(NamedTuple):
    """The people of an image, and the furniture adapted to them: backs raised, rails down, blankets on people."""

    people: tuple[PersonSpec, ...]
    furniture: tuple[FurnitureSpec, ...]


def draw_people(config: Config, seed: int, streams: _Streams, stratum: PeopleStratum, layout: Layout) -> People:
    """Draw the people of an image.

    In a room with a bed the first of them is a patient. If a posture finds no place, the next by weight is tried; a
    person for whom none does is left out, and so is one whose head or arms are in another's way everywhere.
    """
    people: list[PersonSpec] = []
    occupied, figures = Occupied(), Figures(config["people.apart_m"])
    furniture = {piece.id: piece for piece in layout.furniture}
    for slot in range(stratum.requested):
        key = f"{slot}/{stratum.requested}/{stratum.group}"
        pick = _picker(config, seed, stratum.number, key)
        first_patient = slot == 0 and layout.has_bed and config["people.role"]["patient"] > 0
        role = "patient" if first_patient else pick("people.role")
        character = draw_character(config, streams(f"library{slot}"), role)
        setting = f"people.{role}_posture"
        weights = config[setting] if character is None or character["rigged"] else _UNRIGGED
        value = balanced(seed, stratum.number, f"{setting}/{key}")
        placed = _place(config, streams, slot, value, possible(weights, layout, occupied), layout, occupied)
        layout = placed.layout
        if placed.found is None:
            continue
        place, spot = placed.found
        furniture = {**{piece.id: piece for piece in layout.furniture}, **furniture}
        if place.furniture:
            furniture[place.furniture] = _used(streams(f"use{slot}"), furniture[place.furniture], placed.posture, spot)
            place = replace(place, shape=furniture[place.furniture].shape)
        drawn = Candidate(_draw_person(config, pick, streams, slot, role, placed.posture, place), place)
        if figures.free:
            drawn = kept_apart(streams(f"apart{slot}"), drawn, placed.posture, layout, occupied, figures)
        if drawn is None:
            continue
        person = _with_hands(config, streams, slot, drawn.person)
        person = person if character is None else _played_by(config, person, character)
        people.append(person)
        occupied.add(person)
    kept = _without_tables_in_the_way(people, tuple(furniture.values()))
    return People(tuple(connected(streams(f"lines{person.id - 1}"), person, kept) for person in people), kept)


class _Placed(NamedTuple):
    """The last posture that was tried, its place if one was found, and the layout with the furniture added for it."""

    posture: Posture
    found: Optional[FoundPlace]
    layout: Layout


def _place(
    config: Config,
    streams: _Streams,
    slot: int,
    value: float,
    weights: dict[str, float],
    layout: Layout,
    occupied: Occupied,
) -> _Placed:
    """Try the postures of ``weights`` from the one that ``value`` picks on, until one finds a place."""
    placed = _Placed(POSTURES["standing"], None, layout)
    remaining = dict(weights)
    while remaining and placed.found is None:
        posture = POSTURES[by_weight(value, remaining)]
        del remaining[posture.name]
        layout = _with_what_it_brings(streams(f"bring{slot}"), config, posture, layout, occupied)
        placed = _Placed(posture, find_place(streams(f"place{slot}"), posture, layout, occupied), layout)
    return placed


def _with_what_it_brings(
    stream: RandomStream, config: Config, posture: Posture, layout: Layout, occupied: Occupied
) -> Layout:
    """The layout with the furniture that ``posture`` brings, if nothing in the room suits and there is free floor."""
    if posture.brings == "nothing" or has_place(posture, layout, occupied):
        return layout
    return bring(stream, config, posture, layout, occupied) or layout


def _without_tables_in_the_way(
    people: Sequence[PersonSpec], furniture: tuple[FurnitureSpec, ...]
) -> tuple[FurnitureSpec, ...]:
    """The furniture without the tables that people in beds would reach through, and what is on those."""
    beds = {person.furniture for person in people if _rises_above_tray(POSTURES[person.posture])}
    gone: set[int] = set()
    for bed in (piece for piece in furniture if piece.id in beds):
        over = [piece for piece in furniture if piece.kind == "overbed_table" and _is_over(bed, piece)]
        gone |= {piece.id for piece in over}
        gone |= {
            piece.id for piece in furniture if piece.z > 0.5 and any(_is_over(table, piece, 0.5) for table in over)
        }
    return tuple(piece for piece in furniture if piece.id not in gone)


def _rises_above_tray(posture: Posture) -> bool:
    return posture.bed is not None and posture.bed.above_tray


def _is_over(lower: FurnitureSpec, upper: FurnitureSpec, reach: float = 0.0) -> bool:
    """Whether ``upper``'s middle is over ``lower``, or within ``reach`` metres of its middle."""
    if reach:
        return math.dist((lower.x, lower.y), (upper.x, upper.y)) < reach
    across, along = PlanFrame.at(lower.x, lower.y, lower.heading).to_frame(upper.x, upper.y)
    return abs(across) < lower.shape["width"] / 2 and abs(along) < lower.shape["length"] / 2


def _draw_person(
    config: Config,
    pick: _Pick,
    streams: _Streams,
    slot: int,
    role: str,
    posture: Posture,
    place: PersonPlace,
) -> PersonSpec:
    identity = draw_identity(config, pick, streams(f"person{slot}"), role, in_bed=posture.in_bed)
    stance = draw_stance(streams(f"pose{slot}"), posture.name, identity.phenotype["weight"], place)
    outfit = draw_outfit(config, pick, streams(f"clothes{slot}"), role, identity, in_bed=posture.in_bed)
    cover = (
        draw_cover(pick, streams(f"cover{slot}"), posture, place, config["people.uneven_covers"])
        if posture.in_bed
        else None
    )
    attributes = {
        "role": role,
        "posture": posture.name,
        "lying": "yes" if posture.lying else "no",
        "cover": cover.kind if cover else "uncovered",
        "cover_to": cover.to if cover else "none",
        "sex": identity.sex,
        "age_group": pick_age(pick, role),
        "bmi_group": pick("people.bmi_group"),
        "skin_tone": identity.look.skin_tone,
        **outfit.attributes,
    }
    return PersonSpec(
        id=slot + 1,
        role=role,
        posture=posture.name,
        garments=outfit.garments,
        attachments=outfit.attachments,
        stance=stance,
        furniture=place.furniture,
        use=place.use,
        cover=cover,
        held=(),
        attributes=attributes,
        sex=identity.sex,
        age_years=identity.age_years,
        phenotype=identity.phenotype,
        look=identity.look,
    )


def _with_hands(config: Config, streams: _Streams, slot: int, person: PersonSpec) -> PersonSpec:
    """The person with what the hands hold, and their gestures."""
    held = draw_held(streams(f"held{slot}"), person.stance)
    stance = with_gestures(streams(f"hands{slot}"), config["people.hands"], person.stance, held)
    return replace(person, held=held, stance=stance)


def _played_by(config: Config, person: PersonSpec, character: Mapping[str, Any]) -> PersonSpec:
    """The person played by a custom character: same posture and place, attributes from the library."""
    kept = {name: person.attributes[name] for name in ("role", "posture", "lying")}
    drawn = {**kept, "cover": "uncovered", "cover_to": "none"}
    attributes = with_attributes_of_file(drawn, character["attributes"])
    model = model_of(config["people.library"], character)
    return replace(person, garments=(), attachments=(), held=(), cover=None, attributes=attributes, model=model)


def _used(stream: RandomStream, piece: FurnitureSpec, posture: Posture, spot: Optional[Spot]) -> FurnitureSpec:
    """The piece as someone in ``posture`` uses it."""
    shape = dict(piece.shape)
    if piece.kind == "bed" and posture.bed is not None and spot is not None:
        side = "left" if (spot.heading - piece.heading) % 360.0 < 180.0 else "right"
        _make_bed(stream, shape, posture.bed, side)
    if "blanket" in shape and piece.kind == "wheelchair":
        shape["blanket"] = False
    if "coat" in shape:
        shape["coat"] = False
    return replace(piece, shape=shape)


def _make_bed(stream: RandomStream, shape: dict[str, Any], use: BedUse, side: str) -> None:
    """Set the back, pillows and rails of a bed's ``shape`` for its user; on an edge, they sit on its ``side``."""
    shape["blanket"] = "none"
    if use.back == "raised":
        shape["back_deg"] = stream.uniform(15.0, 75.0)
        shape["knee_deg"] = stream.uniform(4.0, 24.0) if stream.unit() < 0.5 else 0.0
    else:
        shape["back_deg"] = shape["knee_deg"] = 0.0
    if use.position == "edge":
        shape[f"rail_{side}"] = False
        shape["pillows"] = min(shape["pillows"], 1)
    elif use.back == "flat":
        shape["pillows"] = max(shape["pillows"], 1)


def _picker(config: Config, seed: int, number: int, slot: str) -> Callable[[str], str]:
    def pick(key: str) -> str:
        return by_weight(balanced(seed, number, f"{key}/{slot}"), config[key])

    return pick


def middles(people: Sequence[PersonSpec]) -> list[Point3]:
    """A point in the middle of each person, metres in the room, for the camera to see."""
    return [(person.stance.x, person.stance.y, _MIDDLE.get(person.stance.method, 0.9)) for person in people]


_MIDDLE = {"upright": 1.15, "seated": 0.85, "lying": 0.6}
