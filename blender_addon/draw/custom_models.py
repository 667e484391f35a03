"""Sampling custom characters and objects: which file of a library, and where objects stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import numpy as np

from .furniture.tables import KINDS as TABLES
from .furniture.tables import tabletop
from .library import PERSON
from .rooms import Layout, box_of, to_room
from .spec import FurnitureSpec, ModelSpec, ObjectSpec, PersonSpec
from .streams import RandomStream, balanced, by_weight
from .value_types import Config, Point2, Point3

_TRIES = 40
_GAP = 0.03  # metres between an object and what stands beside it
_PERSON_RADIUS = 0.5  # metres of floor around people who stand or sit
_RADIUS = {"lying": 1.1}  # the same for people who lie, by family of posture
_ROUND = 0.68  # half side of the square inside a round table top, as a fraction of its radius


def draw_character(config: Config, stream: RandomStream, role: str) -> Optional[dict[str, Any]]:
    """Choose the library entry of a custom character for ``role``; None for a built-in person.

    Characters whose attributes name a role play no other.
    """
    fitting = [entry for entry in config["people.library_files"] if entry["attributes"].get("role", role) == role]
    if not fitting or stream.unit() >= config["people.library_share"]:
        return None
    return stream.choice(fitting)


def model_of(folder: str, entry: Mapping[str, Any]) -> ModelSpec:
    """The spec of a library entry's file."""
    height, rigged = float(entry["height_m"]), entry["rigged"] and entry["category"] == PERSON
    return ModelSpec(
        (Path(folder) / entry["file"]).as_posix(), entry["category"], entry["up"], entry["front"], height, rigged
    )


def with_attributes_of_file(drawn: Mapping[str, str], of_file: Mapping[str, str]) -> dict[str, str]:
    """The attributes ``drawn`` for a character, overridden by those that its file or library gives.

    A file that names a posture must therefore also state whether the character lies.
    """
    kept = {name: value for name, value in drawn.items() if name != "lying" or "posture" not in of_file}
    return {**kept, **of_file}


def draw_objects(
    config: Config, seed: int, index: int, stream: RandomStream, layout: Layout, people: Sequence[PersonSpec]
) -> tuple[ObjectSpec, ...]:
    """Place objects of ``objects.library`` on free floor and table tops; those that find no free space are left out."""
    entries = config["objects.library_files"]
    if not entries:
        return ()
    placed: list[ObjectSpec] = []
    for _ in range(int(by_weight(balanced(seed, index, "objects.per_picture"), config["objects.per_picture"]))):
        entry = stream.choice(entries)
        find = _on_table if entry["place"] == "table" else _on_floor
        place = find(stream, float(entry["radius_m"]), layout, people, placed)
        heading = stream.uniform(-180.0, 180.0)
        if place is not None:
            model = model_of(config["objects.library"], entry)
            attributes = dict(entry["attributes"])
            placed.append(ObjectSpec(model, attributes, *place, heading, float(entry["radius_m"])))
    return tuple(placed)


def _on_floor(
    stream: RandomStream, radius: float, layout: Layout, people: Sequence[PersonSpec], placed: Sequence[ObjectSpec]
) -> Optional[Point3]:
    occupied = [(p.stance.x, p.stance.y, _RADIUS.get(p.stance.method, _PERSON_RADIUS)) for p in people]
    occupied += [(item.x, item.y, item.radius) for item in placed]
    for _ in range(_TRIES):
        x, y = layout.somewhere(stream, radius)
        alone = all(math.hypot(x - cx, y - cy) > radius + other + _GAP for cx, cy, other in occupied)
        if alone and layout.floor.clearance(np.array([[x, y]]))[0] > radius + _GAP:
            return x, y, 0.0
    return None


def _on_table(
    stream: RandomStream, radius: float, layout: Layout, _people: Sequence[PersonSpec], placed: Sequence[ObjectSpec]
) -> Optional[Point3]:
    halves = ((piece, _half_top(piece, radius)) for piece in layout.furniture if piece.kind in TABLES)
    half_tops = {piece.id: half for piece, half in halves if half is not None}
    tables = [piece for piece in layout.furniture if piece.id in half_tops]
    for _ in range(_TRIES if tables else 0):
        table = stream.choice(tables)
        top, half_x, half_y = tabletop(table.shape), *half_tops[table.id]
        across, along = stream.uniform(-half_x, half_x), stream.uniform(-half_y, half_y)
        x, y = to_room(table, (top.x1 + top.x2) / 2 + across, (top.y1 + top.y2) / 2 + along)
        z = table.z + table.shape["height"]
        others = (box_of(piece) for piece in layout.furniture if piece.id != table.id)
        clear = all(box.distance(x, y) > radius + _GAP for box in others if box.top > z + 0.005)
        if clear and all(math.hypot(x - o.x, y - o.y) > radius + o.radius for o in placed):
            return x, y, z
    return None


def _half_top(table: FurnitureSpec, radius: float) -> Optional[Point2]:
    """Half the sides of the area on a top where an object of ``radius`` may be centred; None if there is none."""
    top, part = tabletop(table.shape), _ROUND if table.shape["style"] == "round" else 1.0
    half = (part * (top.x2 - top.x1) / 2 - radius, part * (top.y2 - top.y1) / 2 - radius)
    return half if min(half) >= 0 else None
