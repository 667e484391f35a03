"""Drawing own characters and objects: which file of a library, and where objects stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional

import numpy as np

from .furniture.tables import KINDS as TABLES
from .furniture.tables import tabletop
from .library import PERSON
from .rooms import Layout, box_of, to_room
from .spec import FurnitureSpec, ModelSpec, ObjectSpec, PersonSpec
from .streams import RandomStream, balanced, by_weight
from .value_types import Config

_TRIES = 40
_GAP = 0.03  # metres between an object and what stands beside it
_PERSON_RADIUS, _LYING_RADIUS = 0.5, 1.1  # metres of floor around the middle of who stands or sits, or lies
_ROUND = 0.68  # of a round top's half width: the square inside it


def draw_character(config: Config, stream: RandomStream, role: str) -> Optional[dict]:
    """The entry of the character library that plays ``role``, or None where a built-in person does.

    Characters whose attributes name a role play no other.
    """
    fitting = [entry for entry in config["people.library_files"] if entry["attributes"].get("role", role) == role]
    if not fitting or stream.unit() >= config["people.library_share"]:
        return None
    return stream.choice(fitting)


def model_of(folder: str, entry: Mapping) -> ModelSpec:
    """How the file of a library's entry is built."""
    height, rigged = float(entry["height_m"]), entry["rigged"] and entry["category"] == PERSON
    return ModelSpec(
        (Path(folder) / entry["file"]).as_posix(), entry["category"], entry["up"], entry["front"], height, rigged
    )


def with_attributes_of_file(drawn: Mapping[str, str], of_file: Mapping[str, str]) -> dict[str, str]:
    """The attributes ``drawn`` for a character, replaced by what its file or library says of it.

    Where that names a posture, whether the character lies is for it to say, too.
    """
    replaced = {"lying"} if "posture" in of_file else set()
    return {**{name: value for name, value in drawn.items() if name not in replaced}, **of_file}


def draw_objects(
    config: Config, seed: int, index: int, stream: RandomStream, layout: Layout, people: Sequence[PersonSpec]
) -> tuple:
    """Objects of ``objects.library`` on free floor and table tops; those that find no place are left out."""
    entries = config["objects.library_files"]
    if not entries:
        return ()
    placed: list = []
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
    stream: RandomStream, radius: float, layout: Layout, people: Sequence, placed: Sequence
) -> Optional[tuple]:
    taken = [(p.stance.x, p.stance.y, _LYING_RADIUS if p.stance.method == "lying" else _PERSON_RADIUS) for p in people]
    taken += [(item.x, item.y, item.radius) for item in placed]
    for _ in range(_TRIES):
        x, y = layout.somewhere(stream, radius)
        alone = all(math.hypot(x - cx, y - cy) > radius + other + _GAP for cx, cy, other in taken)
        if alone and layout.floor.clearance(np.array([[x, y]]))[0] > radius + _GAP:
            return x, y, 0.0
    return None


def _on_table(
    stream: RandomStream, radius: float, layout: Layout, _people: Sequence, placed: Sequence
) -> Optional[tuple]:
    tables = [piece for piece in layout.furniture if piece.kind in TABLES and _half_top(piece, radius) is not None]
    for _ in range(_TRIES if tables else 0):
        table = stream.choice(tables)
        top, half = tabletop(table.shape), _half_top(table, radius)
        across, along = (stream.uniform(-side, side) for side in half)
        x, y = to_room(table, (top.x1 + top.x2) / 2 + across, (top.y1 + top.y2) / 2 + along)
        z = table.z + table.shape["height"]
        others = (box_of(piece) for piece in layout.furniture if piece.id != table.id)
        clear = all(box.distance(x, y) > radius + _GAP for box in others if box.top > z + 0.005)
        if clear and all(math.hypot(x - o.x, y - o.y) > radius + o.radius for o in placed):
            return x, y, z
    return None


def _half_top(table: FurnitureSpec, radius: float) -> Optional[tuple]:
    """Half the sides of the top on which the middle of what has ``radius`` may stand, or None."""
    top, part = tabletop(table.shape), _ROUND if table.shape["style"] == "round" else 1.0
    half = (part * (top.x2 - top.x1) / 2 - radius, part * (top.y2 - top.y1) / 2 - radius)
    return half if min(half) >= 0 else None
