"""Drawing the people of an image: their roles, what they do and where; then who they are and what they wear."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Optional

from .attachments import connected
from .bedding import draw_cover
from .clothes import draw_outfit
from .custom_models import draw_character, model_of
from .held_objects import draw_held
from .identity import draw_identity, pick_age
from .placement import IN_BED, Occupied, find_place, possible
from .rooms import Layout, Spot
from .spec import FurnitureSpec, PersonSpec
from .stances import PersonPlace, draw_stance
from .streams import RandomStream, balanced, by_weight
from .wheelchair_and_table import BROUGHT, bring

_Streams = Callable[[str], RandomStream]
_TALL_IN_BED = ("sitting-in-bed", "lateral-left", "lateral-right")  # higher than the tray of a table over the bed
_FLAT = tuple(posture for posture in IN_BED if posture != "half-sitting")


def draw_people(config: Mapping, seed: int, streams: _Streams, stratum: tuple, layout: Layout) -> tuple:
    """The people, and the furniture as they use it: backs raised, rails down, blankets on whom they cover.

    ``stratum`` is (how many people, the image's number among those with as many in such rooms, what such rooms are
    called). Where the room has a bed the first of them is a patient. A posture that has no place left gives way to
    the next by share.
    """
    count, number, group = stratum
    people: list = []
    occupied = Occupied()
    furniture = {piece.id: piece for piece in layout.furniture}
    for slot in range(count):
        pick = _picker(config, seed, number, f"{slot}/{count}/{group}")
        in_bed = slot == 0 and layout.has_bed and config["people.role"]["patient"] > 0
        role = "patient" if in_bed else pick("people.role")
        own = draw_character(config, streams(f"library{slot}"), role)
        wanted = config[f"people.{role}_posture"] if own is None or own["rigged"] else _AS_MADE
        weights = possible(wanted, layout, occupied, BROUGHT)
        u = balanced(seed, number, f"people.{role}_posture/{slot}/{count}/{group}")
        found = None
        while weights and found is None:
            posture = by_weight(u, weights)
            del weights[posture]
            layout = _with_what_it_needs(streams(f"bring{slot}"), config, posture, layout, occupied)
            found = find_place(streams(f"place{slot}"), posture, layout, occupied)
        if found is None:
            continue
        place, spot = found
        furniture = {**{piece.id: piece for piece in layout.furniture}, **furniture}
        if place.furniture:
            furniture[place.furniture] = _used(streams(f"use{slot}"), furniture[place.furniture], posture, spot)
            place = replace(place, shape=furniture[place.furniture].shape)
        person = _draw_person(config, pick, streams, slot, role, posture, place)
        person = person if own is None else _played_by(config, person, own)
        people.append(person)
        occupied.add(person)
    left = _out_of_the_way(people, tuple(furniture.values()))
    return tuple(connected(streams(f"lines{person.id - 1}"), person, left) for person in people), left


def _with_what_it_needs(
    stream: RandomStream, config: Mapping, posture: str, layout: Layout, occupied: Occupied
) -> Layout:
    """The layout, where nothing in it will do with what ``posture`` needs brought in, if there is room for it."""
    if posture not in BROUGHT or possible({posture: 1.0}, layout, occupied):
        return layout
    return bring(stream, config, posture, layout, occupied) or layout


def _out_of_the_way(people: Sequence[PersonSpec], furniture: tuple) -> tuple:
    """The furniture without tables over beds whose people would reach through them, and what lies on those."""
    beds = {person.furniture for person in people if person.use == "bed" and person.posture in _TALL_IN_BED}
    gone: set = set()
    for bed in (piece for piece in furniture if piece.id in beds):
        over = [piece for piece in furniture if piece.kind == "overbed_table" and _is_over(bed, piece)]
        gone |= {piece.id for piece in over}
        gone |= {
            piece.id for piece in furniture if piece.z > 0.5 and any(_is_over(table, piece, 0.5) for table in over)
        }
    return tuple(piece for piece in furniture if piece.id not in gone)


def _is_over(lower: FurnitureSpec, upper: FurnitureSpec, reach: float = 0.0) -> bool:
    """Whether ``upper``'s middle is over ``lower``, or within ``reach`` metres of its middle."""
    if reach:
        return math.dist((lower.x, lower.y), (upper.x, upper.y)) < reach
    turn = math.radians(lower.heading)
    dx, dy = upper.x - lower.x, upper.y - lower.y
    across, along = dx * math.cos(turn) + dy * math.sin(turn), dy * math.cos(turn) - dx * math.sin(turn)
    return abs(across) < lower.shape["width"] / 2 and abs(along) < lower.shape["length"] / 2


def _draw_person(
    config: Mapping, pick: Callable, streams: _Streams, slot: int, role: str, posture: str, place: PersonPlace
) -> PersonSpec:
    identity = draw_identity(config, pick, streams(f"person{slot}"), role, lying=posture in IN_BED)
    stance = draw_stance(streams(f"pose{slot}"), posture, identity["phenotype"]["weight"], place)
    outfit = draw_outfit(config, pick, streams(f"clothes{slot}"), role, identity, in_bed=posture in IN_BED)
    cover = draw_cover(pick, streams(f"cover{slot}"), posture, place) if posture in IN_BED else None
    attributes = {
        "role": role,
        "posture": posture,
        "cover": cover.kind if cover else "uncovered",
        "cover_to": cover.to if cover else "none",
        "sex": identity["sex"],
        "age_group": pick_age(pick, role),
        "bmi_group": pick("people.bmi_group"),
        "skin_tone": identity["look"].skin_tone,
        **outfit.attributes,
    }
    return PersonSpec(
        id=slot + 1,
        role=role,
        posture=posture,
        garments=outfit.garments,
        attachments=outfit.attachments,
        stance=stance,
        furniture=place.furniture,
        use=place.use,
        cover=cover,
        held=draw_held(streams(f"held{slot}"), stance),
        attributes=attributes,
        **identity,
    )


_AS_MADE = {"standing": 1.0}  # where a character stands that takes no postures


def _played_by(config: Mapping, person: PersonSpec, own: Mapping) -> PersonSpec:
    """The person as an own character: its body's posture and place, and of its attributes what the library says."""
    known = {name: person.attributes[name] for name in ("role", "posture")}
    attributes = {**known, "cover": "uncovered", "cover_to": "none", **own["attributes"]}
    model = model_of(config["people.library"], own)
    return replace(person, garments=(), attachments=(), held=(), cover=None, attributes=attributes, model=model)


def _used(stream: RandomStream, piece: FurnitureSpec, posture: str, spot: Optional[Spot]) -> FurnitureSpec:
    """The piece as someone in ``posture`` uses it."""
    shape = dict(piece.shape)
    if piece.kind == "bed":
        shape["blanket"] = "none"
        if posture == "half-sitting":
            shape["back_deg"] = stream.uniform(15.0, 75.0)
            shape["knee_deg"] = stream.uniform(4.0, 24.0) if stream.unit() < 0.5 else 0.0
        elif posture in _FLAT or posture == "sitting-edge":
            shape["back_deg"] = shape["knee_deg"] = 0.0
        if posture in _FLAT:
            shape["pillows"] = max(shape["pillows"], 1)
        if posture == "sitting-edge":
            side = "left" if (spot.heading - piece.heading) % 360.0 < 180.0 else "right"
            shape[f"rail_{side}"] = False
            shape["pillows"] = min(shape["pillows"], 1)
    if "blanket" in shape and piece.kind == "wheelchair":
        shape["blanket"] = False
    if "coat" in shape:
        shape["coat"] = False
    return replace(piece, shape=shape)


def _picker(config: Mapping, seed: int, number: int, slot: str) -> Callable[[str], str]:
    def pick(key: str) -> str:
        return by_weight(balanced(seed, number, f"{key}/{slot}"), config[key])

    return pick


def middles(people: Sequence[PersonSpec]) -> list:
    """A room point in the middle of each person, metres: what a camera should see."""
    return [(person.stance.x, person.stance.y, _MIDDLE.get(person.stance.method, 0.9)) for person in people]


_MIDDLE = {"upright": 1.15, "seated": 0.85, "lying": 0.6}
