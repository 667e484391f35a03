"""Reading the artist's markers: what the JSON beside an own room's .blend says.

A marker is an object with the custom property ``wardsynth``: "lie", "sit" or "stand" on a flat box (an empty shown as a
cube) that is a mattress's top, a seat, or floor; its -y is where feet or faces point. "camera" on the cameras to use;
without any, all. The property ``wardsynth_category`` makes an object, with its children, a labelled thing.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..dataset_format import atomic
from ..draw.custom_room import FILE_DIGEST, KIND, MARKERS
from ..draw.library import digest
from ..draw.projection import camera_axes
from ..draw.spec import CameraSpec
from .room_content import room_digest

MARK, CATEGORY = "wardsynth", "wardsynth_category"
CAMERA = "camera"
SIZES = {"lie": (0.9, 2.0), "sit": (0.48, 0.45), "stand": (1.2, 1.2)}  # metres of new markers
_FLAT = 0.02  # their height
_OWN_WORDS = ("back_deg", "knee_deg", "mattress", "back_height", "recline_deg")  # custom properties that are kept
_PLACES = 6


class MarkerError(ValueError):
    """The scene is no room yet; one line for the user."""


def add_marker(scene: Any, kind: str, location: Any) -> Any:
    """A new marker of ``kind`` at ``location``: its object, linked into ``scene``."""
    marker = bpy.data.objects.new(f"people {kind}", None)
    marker.empty_display_type, marker.empty_display_size = "CUBE", 0.5
    marker.scale = (*SIZES[kind], _FLAT)
    marker.location = location
    marker.show_in_front = True
    marker[MARK] = kind
    scene.collection.objects.link(marker)
    return marker


def write_markers(scene: Any, file: Path) -> Path:
    """Write the JSON of ``scene``, which was saved as ``file``; returns its path. Raises MarkerError."""
    path = file.with_suffix(".json")
    said = {**read_markers(scene), "sha256": room_digest(file, scene.name), FILE_DIGEST: digest(file)}
    atomic.write_bytes(path, (json.dumps(said, indent=2) + "\n").encode())
    return path


def read_markers(scene: Any) -> dict:
    """What ``scene`` says of itself as a room, in room coordinates.

    Raises:
        MarkerError: there is no mesh, or no place for people.
    """
    low, high = _bounds(scene)
    marked = [(item, item.get(MARK)) for item in scene.objects]
    floors = [item.matrix_world.translation.z for item, kind in marked if kind == "stand"]
    origin = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, min(floors, default=low[2])])
    spots = [_spot(item, kind, origin) for item, kind in marked if kind in MARKERS]
    if not spots:
        raise MarkerError("no place for people: add markers where they may lie, sit or stand")
    cameras = [item for item, kind in marked if kind == CAMERA and item.type == "CAMERA"]
    cameras = cameras or [item for item in scene.objects if item.type == "CAMERA"]
    lights = [item for item in scene.objects if item.type == "LIGHT" and not item.hide_render]
    return {
        "scene": scene.name,
        "origin": _rounded(origin),
        "size": _rounded([high[0] - low[0], high[1] - low[1], high[2] - origin[2]]),
        "spots": spots,
        "cameras": [_camera(item, scene, origin) for item in cameras],
        "lights": [
            {"name": item.name, "watts": _rounded([item.data.energy])[0], "rgb": _rounded(item.data.color)}
            for item in lights
        ],
        "things": [{"name": item.name, "category": str(item[CATEGORY])} for item in scene.objects if CATEGORY in item],
    }


def _bounds(scene: Any) -> tuple:
    corners = [
        np.array(item.matrix_world) @ [*corner, 1.0]
        for item in scene.objects
        if item.type == "MESH" and not item.hide_render
        for corner in item.bound_box
    ]
    if not corners:
        raise MarkerError("no mesh: this scene is no room")
    return np.min(corners, axis=0)[:3], np.max(corners, axis=0)[:3]


def _spot(item: Any, kind: str, origin: np.ndarray) -> dict:
    place, turn, scale = item.matrix_world.decompose()
    sides = [2 * item.empty_display_size * side for side in scale[:2]] if item.type == "EMPTY" else item.dimensions[:2]
    x, y, z = _rounded(np.array(place) - origin)
    spot = {"kind": kind, "x": x, "y": y, "z": z, "heading": _rounded([math.degrees(turn.to_euler().z)])[0]}
    spot["width"], spot["length"] = _rounded(sides)
    return {**spot, **{word: float(item[word]) for word in _OWN_WORDS if word in item}}


def _camera(item: Any, scene: Any, origin: np.ndarray) -> dict:
    turn = np.array(item.matrix_world.to_3x3().normalized())
    right, forward = turn[:, 0], -turn[:, 2]
    location = np.array(item.matrix_world.translation) - origin
    level = camera_axes(CameraSpec(KIND, "pinhole", tuple(location), tuple(location + forward), 0.0, 60.0))
    corner = np.abs(np.array(item.data.view_frame(scene=scene))).max(axis=0)
    return {
        "name": item.name,
        "location": _rounded(location),
        "target": _rounded(location + forward),
        "roll": _rounded([math.degrees(math.atan2(right @ level[1], right @ level[0]))])[0],
        "horizontal_fov": _rounded([2 * math.degrees(math.atan2(corner[0], corner[2]))])[0],
    }


def _rounded(values: Any) -> list:
    return [round(float(value), _PLACES) + 0.0 for value in values]
