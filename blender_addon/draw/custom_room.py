"""A custom room: the JSON beside its .blend, and the places for people and cameras that it defines.

``construct.custom_markers`` writes the JSON in Blender, from the artist's markers; this layer reads nothing else of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..body.plan_frame import PlanFrame
from .colour import temperature_rgb
from .furniture.custom import KINDS as CUSTOM_KINDS
from .library import digest
from .rooms import Floor, Layout, Spot
from .spec import CameraSpec, CustomRoomSpec, FurnitureSpec, LightSpec, RoomSpec
from .streams import RandomStream, balanced
from .value_types import Array, Config, ImageAttributes, Point2

KIND = "own"  # value in records: the room kind, its cameras' mount, and its light unless that is randomised
FILE_DIGEST = "file_sha256"  # digest of the file's bytes when its markers were read; "sha256" is that of its content
MARKERS = ("lie", "sit", "stand")
_LARGEST_ROOM = 150.0  # metres
_LARGEST_SPOT = {"lie": 4.0, "sit": 4.0, "stand": _LARGEST_ROOM}  # metres
_RAISED = 12.0  # degrees: from this angle on, people half-sit against a raised back section
_BEDSIDE = 0.40  # metres from a mattress's side to a person who stands or sits beside it
_NEEDED = 0.2  # metres of free floor needed around that person
# Factors on the power of a custom light by level of the ceiling light; the fraction of lights that are broken.
_POWER = {"off": (0.02, 0.06), "low": (0.12, 0.4), "high": (0.7, 1.5), "broken": (0.5, 1.2)}
_BROKEN = 0.45


@dataclass(frozen=True)
class Area:
    """A rectangle of floor where people may stand: its middle, half sides in metres, and heading in degrees."""

    x: float
    y: float
    half_x: float
    half_y: float
    heading: float

    def inside(self, points: Array) -> Array:
        """(n, 2) points -> (n,) metres to its edge, negative outside."""
        frame = PlanFrame.at(self.x, self.y, self.heading)
        offset = np.asarray(points, dtype=float) - (self.x, self.y)
        u = np.abs(offset @ (frame.cosine, frame.sine))
        v = np.abs(offset @ (-frame.sine, frame.cosine))
        return np.minimum(self.half_x - u, self.half_y - v)

    def at(self, across: float, along: float) -> Point2:
        """A point of the room by its place in the area, ``across`` and ``along`` in -1 .. 1."""
        return PlanFrame.at(self.x, self.y, self.heading).to_room(across * self.half_x, along * self.half_y)


class CustomFloor(Floor):
    """The floor that the artist marked as free, without the furniture that was put there afterwards."""

    def __init__(self, room: RoomSpec, brought: Sequence[FurnitureSpec], areas: Sequence[Area]) -> None:
        super().__init__(room, brought)
        self._areas = areas

    def clearance(self, points: Array) -> Array:
        """(n, 2) points -> (n,) metres to the edge of the area they are in; negative outside of all."""
        if not self._areas:
            return np.full(len(points), -1.0)
        inside = np.max([area.inside(points) for area in self._areas], axis=0)
        return np.minimum(inside, super().clearance(points))


@dataclass(frozen=True)
class CustomLayout(Layout):
    """A layout whose free floor is the artist's marked areas."""

    areas: tuple[Area, ...] = ()

    @cached_property
    def floor(self) -> CustomFloor:
        """The marked areas, without the furniture that was put there afterwards."""
        return CustomFloor(self.room, [piece for piece in self.furniture if piece.kind not in CUSTOM_KINDS], self.areas)

    def somewhere(self, stream: RandomStream, margin: float) -> Point2:
        """A random point (x, y) in one of the areas."""
        across, along = stream.uniform(-1.0, 1.0), stream.uniform(-1.0, 1.0)
        return stream.choice(self.areas).at(across, along) if self.areas else (0.0, 0.0)


def list_room(file: str) -> list[dict[str, Any]]:
    """Read the markers of the custom room ``file`` (.blend) from the JSON of the same name beside it; for the config.

    Raises:
        ValueError: one line naming the file, and what is missing or wrong.
    """
    path, markers = Path(file), Path(file).with_suffix(".json")
    if path.suffix.lower() != ".blend" or not path.is_file():
        raise ValueError(f"{file}: .blend file not found; this config was made on a machine that has it")
    if not markers.is_file():
        raise ValueError(f"{markers}: file not found; in Blender, Use This File as Room writes it")
    try:
        entry = {"file": path.name, **json.loads(markers.read_text(encoding="utf-8"))}
        _check(entry)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{markers}: not a room file of Use This File as Room: {error}") from error
    file_digest = entry.pop(FILE_DIGEST, None)
    if file_digest is None and entry["sha256"] != digest(path):  # of a version that knew the file's bytes alone
        raise ValueError(f"{file}: changed after its markers were read; press Use This File as Room again")
    return [entry]


def implausible_size(entry: Mapping[str, Any]) -> Optional[str]:
    """One line about what of a room is larger than such a thing is, as where units are taken for metres; or None."""
    size = max(float(side) for side in entry["size"])
    if size > _LARGEST_ROOM:
        return f"the room is {size:.4g} m large, expected at most {_LARGEST_ROOM:g} m"
    for spot in entry["spots"]:
        side = max(float(spot["width"]), float(spot["length"]))
        if side > _LARGEST_SPOT[spot["kind"]]:
            return f"a place to {spot['kind']} is {side:.4g} m long, expected at most {_LARGEST_SPOT[spot['kind']]:g} m"
    return None


def _check(entry: Mapping[str, Any]) -> None:
    for key, length in (("origin", 3), ("size", 3)):
        if len([float(value) for value in entry[key]]) != length:
            raise ValueError(f"expected {length} numbers as {key}")
    for spot in entry["spots"]:
        if spot["kind"] not in MARKERS:
            raise ValueError(f"spot of unknown kind {spot['kind']!r}; expected one of {', '.join(MARKERS)}")
        [float(spot[name]) for name in ("x", "y", "z", "heading", "width", "length")]
    for camera in entry["cameras"]:
        [float(value) for value in (*camera["location"], *camera["target"], camera["roll"], camera["horizontal_fov"])]
        [float(value) for value in (*camera.get("off_centre", ()), *camera.get("clip", ()))]
    if not isinstance(entry["scene"], str) or not isinstance(entry["sha256"], str):
        raise ValueError("expected text as scene and sha256")
    [(str(light["name"]), float(light["watts"]), tuple(light["rgb"])) for light in entry["lights"]]
    [(str(thing["name"]), str(thing["category"])) for thing in entry["things"]]
    problem = implausible_size(entry)
    if problem:
        raise ValueError(problem)
    if not entry["spots"]:
        raise ValueError("no spot for people; add markers in Blender")


def custom_layout(config: Config) -> CustomLayout:
    """The layout of the config's custom room; its marked beds and seats are the furniture that people refer to."""
    entry = config["room.own_files"][0]
    pieces: list[FurnitureSpec] = []
    spots: list[Spot] = []
    areas: list[Area] = []
    for marker in entry["spots"]:
        if marker["kind"] == "stand":
            half_x, half_y = marker["width"] / 2, marker["length"] / 2
            areas.append(Area(marker["x"], marker["y"], half_x, half_y, marker["heading"]))
            continue
        number = len(pieces) + 1
        shape = _mattress(marker) if marker["kind"] == "lie" else _seat(marker)
        kind = "own_bed" if marker["kind"] == "lie" else "own_seat"
        pieces.append(FurnitureSpec(number, kind, marker["x"], marker["y"], 0.0, marker["heading"], shape, {}))
        spots.append(Spot(marker["kind"], marker["x"], marker["y"], 0.0, marker["heading"], number))
    layout = CustomLayout(_shell(config, entry), tuple(pieces), tuple(spots), tuple(areas))
    beside = [spot for piece in pieces if piece.kind == "own_bed" for spot in _beside(layout, piece)]
    return CustomLayout(layout.room, layout.furniture, (*layout.spots, *beside), layout.areas)


def _mattress(marker: Mapping[str, Any]) -> dict[str, Any]:
    back = float(marker.get("back_deg", 0.0))
    return {
        "style": "hospital" if back > _RAISED else "home", "length": marker["length"], "width": marker["width"],
        "surface": marker["z"], "mattress": min(float(marker.get("mattress", 0.14)), marker["z"]), "back_deg": back,
        "knee_deg": float(marker.get("knee_deg", 0.0)), "rail_left": False, "rail_right": False, "boards": "none",
    }  # fmt: skip


def _seat(marker: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "style": "own", "seat_width": marker["width"], "seat_depth": marker["length"], "seat_height": marker["z"],
        "back_height": float(marker.get("back_height", 0.45)), "recline_deg": float(marker.get("recline_deg", 8.0)),
    }  # fmt: skip


def _beside(layout: CustomLayout, bed: FurnitureSpec) -> list[Spot]:
    """Where someone may sit on the bed's edge or bend over it: where there is floor to stand on."""
    spots: list[Spot] = []
    frame = PlanFrame.at(bed.x, bed.y, bed.heading)
    for side in (-1.0, 1.0):
        edge = side * bed.shape["width"] / 2
        stand = edge + side * _BEDSIDE
        x, y = frame.to_room(stand, 0.0)
        if layout.floor.clearance(np.array([[x, y]]))[0] >= _NEEDED:
            spots.append(Spot("bend", x, y, 0.0, bed.heading - side * 90.0, bed.id))
            x, y = frame.to_room(edge, 0.0)
            spots.append(Spot("edge", x, y, 0.0, bed.heading + side * 90.0, bed.id))
    return spots


def _shell(config: Config, entry: Mapping[str, Any]) -> RoomSpec:
    """A room of the custom room's size; its surfaces are built from the .blend."""
    width, depth, height = entry["size"]
    grey = (0.5, 0.5, 0.5)
    things = tuple((thing["name"], thing["category"]) for thing in entry["things"])
    own = CustomRoomSpec(config["room.own"], entry["scene"], tuple(entry["origin"]), things)
    return RoomSpec(
        kind=KIND, width=width, depth=depth, height=height, wall=KIND, wall_rgb=grey, wall_rgb2=grey, accent_wall="",
        accent_rgb=grey, wainscot_rgb=grey, wainscot_height=0.0, floor=KIND, floor_rgb=grey, floor_rgb2=grey,
        floor_pitch=0.0, floor_roughness=0.0, ceiling=KIND, ceiling_rgb=grey, handrail_height=0.0, handrail_rgb=grey,
        panels=(), openings=(), rails=(), stripe=(), own=own,
    )  # fmt: skip


def custom_camera(config: Config, seed: int, index: int) -> CameraSpec:
    """One of the custom room's cameras, each in as many images; the room must have one."""
    cameras = config["room.own_files"][0]["cameras"]
    marked = cameras[int(balanced(seed, index, "camera.own") * len(cameras))]
    return CameraSpec(
        KIND,
        "pinhole",
        tuple(marked["location"]),
        tuple(marked["target"]),
        marked["roll"],
        marked["horizontal_fov"],
        off_centre=tuple(marked.get("off_centre", (0.0, 0.0))),
        clip=tuple(marked.get("clip", ())),
    )


def custom_lights(config: Config, stream: RandomStream, ceiling: str) -> Sequence[LightSpec]:
    """The custom room's lights: unchanged, or with random power for the ``ceiling``'s level and a random colour."""
    entry = config["room.own_files"][0]
    limits, warm = _POWER[ceiling], temperature_rgb(stream.uniform(*config["light.temperature_k"]))
    lights: list[LightSpec] = []
    for light in entry["lights"]:
        factor, chance = stream.uniform(*limits), stream.unit()
        broken = ceiling == "broken" and chance < _BROKEN and len(lights) + 1 < len(entry["lights"])  # the last works
        power = 1.0 if config["room.own_lights_kept"] else 0.0 if broken else factor
        rgb = tuple(light["rgb"]) if config["room.own_lights_kept"] else warm
        lights.append(LightSpec(KIND, light["name"], power * light["watts"], rgb))
    return tuple(lights)


def custom_attributes(config: Config, shot: ImageAttributes) -> dict[str, str]:
    """The attributes of light in a custom room: it has no sampled sun, and unchanged lights have no level."""
    if shot["sensor"] == "infrared":
        return {}
    return {"sun": KIND, **({"ceiling": KIND} if config["room.own_lights_kept"] else {})}


def custom_categories(config: Config) -> list[str]:
    """The categories of the custom room's labelled objects."""
    return [thing["category"] for entry in config["room.own_files"] for thing in entry["things"]]
