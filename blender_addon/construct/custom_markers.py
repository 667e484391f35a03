"""Reading the artist's markers, for the JSON beside a custom room's .blend; all lengths become metres.

A marker is an object with the custom property ``wardsynth``: "lie", "sit" or "stand" on a flat box (an empty shown as a
cube) that is a mattress's top, a seat, or floor; its -y is where feet or faces point. "camera" marks the cameras to
use; without any, all are used. The property ``wardsynth_category`` labels an object with its children.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.types import Light, Object, Scene
from mathutils import Vector
from numpy.typing import NDArray

from ..dataset_format import atomic
from ..draw.custom_room import FILE_DIGEST, KIND, MARKERS, implausible_size
from ..draw.library import digest
from ..draw.projection import camera_axes
from ..draw.spec import CameraSpec
from . import render_state
from .render_state import CATEGORY
from .room_content import room_digest

MARK = "wardsynth"
CAMERA = "camera"
SIZES = {"lie": (0.9, 2.0), "sit": (0.48, 0.45), "stand": (1.2, 1.2)}  # metres of new markers
_FLAT = 0.02  # their height
_KEPT_PROPERTIES = ("back_deg", "knee_deg", "mattress", "back_height", "recline_deg")  # custom properties that are kept
_PLACES = 6


class MarkerError(ValueError):
    """The scene cannot be used as a room; one line for the user."""


def add_marker(scene: Scene, kind: str, location: Sequence[float]) -> Object:
    """Create a marker of ``kind`` at ``location`` in ``scene``; returns its object."""
    marker = bpy.data.objects.new(f"people {kind}", None)
    marker.empty_display_type, marker.empty_display_size = "CUBE", 0.5
    marker.scale = (*SIZES[kind], _FLAT)
    marker.location = location
    marker.show_in_front = True
    marker[MARK] = kind
    scene.collection.objects.link(marker)
    return marker


def write_markers(scene: Scene, file: Path) -> Path:
    """Write the JSON of ``scene``, which was saved as ``file``; returns its path. Raises MarkerError."""
    path = file.with_suffix(".json")
    entry = {**read_markers(scene), "sha256": room_digest(file, scene.name), FILE_DIGEST: digest(file)}
    atomic.write_bytes(path, (json.dumps(entry, indent=2) + "\n").encode())
    return path


def read_markers(scene: Scene) -> dict[str, Any]:
    """Read ``scene`` as a room, in metres from the room's origin, in the form that ``draw.custom_room`` reads.

    Raises:
        MarkerError: there is no mesh, no place for people, a camera that is not supported, or an implausible size.
    """
    rendered, metres = render_state.rendered_objects(scene), render_state.metres_per_unit(scene)
    low, high = _bounds(rendered, metres)
    items = render_state.all_objects(scene)
    marked = [(item, item.get(MARK)) for item in items]
    floors = [item.matrix_world.translation.z * metres for item, kind in marked if kind == "stand"]
    origin = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, min(floors, default=low[2])])
    spots = [_spot(item, kind, origin, metres) for item, kind in marked if kind in MARKERS]
    if not spots:
        raise MarkerError("no place for people: add markers where they may lie, sit or stand")
    cameras = [item for item, kind in marked if kind == CAMERA and item.type == "CAMERA"]
    cameras = cameras or [item for item in items if item.type == "CAMERA"]
    lights = [item for item in items if item.type == "LIGHT" and item in rendered]
    room = {
        "scene": scene.name,
        "origin": _rounded(origin),
        "size": _rounded([high[0] - low[0], high[1] - low[1], high[2] - origin[2]]),
        "spots": spots,
        "cameras": [_camera(item, scene, origin, metres) for item in cameras],
        "lights": [
            {"name": item.name, "watts": _watts(item.data, metres), "rgb": _rounded(item.data.color)} for item in lights
        ],
        "things": [{"name": item.name, "category": name} for item in items for name in _categories(item, rendered)],
    }
    problem = implausible_size(room)
    if problem:
        raise MarkerError(f"{problem}; check the unit scale of the scene, which is {metres:g} m per unit")
    return room


def labelled_but_not_rendered(scene: Scene) -> list[str]:
    """The names of objects that have a category but are not visible in renders, so that no image labels them."""
    rendered = render_state.rendered_objects(scene)
    labelled = [item for item in render_state.all_objects(scene) if CATEGORY in item]
    return sorted(item.name for item in labelled if not _is_shown(item, rendered))


def _categories(item: Object, rendered: set[Object]) -> list[str]:
    """The category of a labelled object that a render shows, or those of the things inside the collection it instances.

    These are labelled in every place in which the collection is.
    """
    if CATEGORY in item:
        return [str(item[CATEGORY])] if _is_shown(item, rendered) else []
    if item not in rendered or item.instance_collection is None or item.instance_type != "COLLECTION":
        return []
    inside = set(render_state.rendered_inside(item.instance_collection))
    return sorted({str(part[CATEGORY]) for part in inside if CATEGORY in part and _is_shown(part, inside)})


def _is_shown(item: Object, rendered: set[Object]) -> bool:
    """Whether a render shows a surface of an object, of its children, or of what they instance."""
    family = [part for part in (item, *item.children_recursive) if part in rendered]
    surfaces = [part for part in family if part.type in render_state.SURFACES and render_state.is_seen(part)]
    return bool(surfaces) or any(part.instance_collection is not None for part in family)


def _bounds(rendered: set[Object], metres: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    corners = [
        np.array(item.matrix_world) @ [*corner, 1.0]
        for item in rendered
        if item.type in render_state.SURFACES or item.instance_collection is not None
        for corner in _corners(item)
    ]
    if not corners:
        raise MarkerError("the scene has no mesh, so it cannot be a room")
    return np.min(corners, axis=0)[:3] * metres, np.max(corners, axis=0)[:3] * metres


def _corners(item: Object) -> list[Sequence[float]]:
    """The corners of the bounding box of an object, or of those of the collection it instances, in its frame."""
    if item.instance_collection is None:
        return list(item.bound_box)
    parts = [part for part in item.instance_collection.all_objects if part.type in render_state.SURFACES]
    offset = item.instance_collection.instance_offset
    return [part.matrix_world @ Vector(corner) - offset for part in parts for corner in part.bound_box]


def _watts(light: Light, metres: float) -> float:
    """The power in a room in metres that looks as ``light`` does in the file's units; a sun's needs no conversion."""
    return _rounded([light.energy * (1.0 if light.type == "SUN" else metres**2)])[0]


def _spot(item: Object, kind: str, origin: np.ndarray, metres: float) -> dict[str, Any]:
    place, turn, scale = item.matrix_world.decompose()
    sides = [2 * item.empty_display_size * side for side in scale[:2]] if item.type == "EMPTY" else item.dimensions[:2]
    sides = [side * metres for side in sides]
    x, y, z = _rounded(np.array(place) * metres - origin)
    spot = {"kind": kind, "x": x, "y": y, "z": z, "heading": _rounded([math.degrees(turn.to_euler().z)])[0]}
    spot["width"], spot["length"] = _rounded(sides)
    return {**spot, **{name: float(item[name]) for name in _KEPT_PROPERTIES if name in item}}


def _camera(item: Object, scene: Scene, origin: np.ndarray, metres: float) -> dict[str, Any]:
    """A perspective camera with its shift and clipping. Raises MarkerError for other kinds."""
    if item.data.type != "PERSP":
        raise MarkerError(f"camera {item.name} is of the type {item.data.type}, expected PERSP (perspective)")
    turn = np.array(item.matrix_world.to_3x3().normalized())
    right, forward = turn[:, 0], -turn[:, 2]
    location = np.array(item.matrix_world.translation) * metres - origin
    level = camera_axes(CameraSpec(KIND, "pinhole", tuple(location), tuple(location + forward), 0.0, 60.0))
    frame = np.array(item.data.view_frame(scene=scene))
    (left, bottom, _), (right_side, top, _) = frame.min(axis=0), frame.max(axis=0)
    width, depth = right_side - left, abs(frame[0, 2])
    return {
        "name": item.name,
        "location": _rounded(location),
        "target": _rounded(location + forward),
        "roll": _rounded([math.degrees(math.atan2(right @ level[1], right @ level[0]))])[0],
        "horizontal_fov": _rounded([2 * math.degrees(math.atan2(width / 2, depth))])[0],
        "off_centre": _rounded([-(left + right_side) / 2 / width, (bottom + top) / 2 / width]),
        "clip": _rounded([item.data.clip_start * metres, item.data.clip_end * metres]),
    }


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), _PLACES) + 0.0 for value in values]
