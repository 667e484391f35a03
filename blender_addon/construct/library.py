"""Reading own characters and objects from their files into the scene: upright, in metres, on their feet."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import bpy
import numpy as np
from mathutils import Matrix

from .. import compat
from ..body.vectors import cross
from ..draw.library import AXES
from ..draw.spec import ModelSpec
from .mesh import room_points

_KEPT = ("MESH", "ARMATURE", "EMPTY")
_TALLEST = 5.0  # metres of what stands in a room


class LibraryError(RuntimeError):
    """A file of a library is not what it should be; one line naming the file."""


@dataclass(frozen=True)
class Model:
    """What a file holds, under one empty whose origin is on the floor in the middle; facing -y at rest.

    Attributes:
        root: the empty; meshes: the mesh objects that are rendered.
        armature: the one that moves them, or None.
        height: metres, at rest.
        attributes: what the file's own root object says.
    """

    spec: ModelSpec
    root: Any
    meshes: tuple
    armature: Optional[Any]
    height: float
    attributes: dict


def load_model(collection: Any, name: str, spec: ModelSpec, view_layer: Any) -> Model:
    """Import ``spec.file`` into ``collection``; custom properties of its root object win over ``spec``.

    Raises:
        LibraryError: it cannot be read, holds no mesh, or is not of a size to stand in a room.
    """
    items = _import(spec.file)
    root = bpy.data.objects.new(name, None)
    for item in (root, *items):
        for other in item.users_collection:
            other.objects.unlink(item)
        collection.objects.link(item)
    tops = [item for item in items if item.parent is None]
    for item in tops:
        item.parent = root
    spec, attributes = _own_words(spec, tops)
    armature = next((item for item in items if item.type == "ARMATURE"), None) if spec.rigged else None
    if armature is not None:
        armature.animation_data_clear()
        armature.data.pose_position = "REST"
    meshes = tuple(item for item in items if item.type == "MESH" and not item.hide_render)
    if not meshes:
        raise LibraryError(f"{spec.file}: holds no mesh that is rendered")
    height = _stand(root, meshes, spec, view_layer)
    return Model(spec, root, meshes, armature, height, attributes)


def world_points(objects: Any, view_layer: Any) -> np.ndarray:
    """(n, 3) vertices of the evaluated meshes, in the room."""
    view_layer.update()
    depsgraph = view_layer.depsgraph
    return np.concatenate([np.zeros((0, 3)), *(room_points(item.evaluated_get(depsgraph)) for item in objects)])


def _import(file: str) -> list:
    """The new objects of a file; what is no mesh, armature or empty is dropped, as are the shapes that bones show."""
    if not Path(file).is_file():
        raise LibraryError(f"{file}: no such file; the config was made where there is one")
    before = {kind: set(getattr(bpy.data, kind).keys()) for kind in ("objects", "collections", "libraries")}
    try:
        _READERS[Path(file).suffix.lower()](file)
    except (RuntimeError, OSError, ValueError) as error:
        said = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Location:")]
        raise LibraryError(f"{file}: cannot be read: {said[-1] if said else type(error).__name__}") from error
    items = [item for item in bpy.data.objects if item.name not in before["objects"]]
    shapes = set()
    for item in items:
        for bone in item.pose.bones if item.type == "ARMATURE" else ():
            shapes |= {bone.custom_shape} - {None}
            bone.custom_shape = None
    dropped = [item for item in items if item in shapes or item.type not in _KEPT]
    items = [item for item in items if item not in dropped]
    bpy.data.batch_remove(dropped)
    for kind in ("collections", "libraries"):
        bpy.data.batch_remove([left for left in getattr(bpy.data, kind) if left.name not in before[kind]])
    return items


def _append(file: str) -> None:
    with bpy.data.libraries.load(file, link=False) as (there, wanted):
        wanted.objects = there.objects
    for item in wanted.objects:
        bpy.context.scene.collection.objects.link(item)


_READERS: dict[str, Callable[[str], None]] = {
    ".blend": _append,
    ".glb": compat.import_gltf,
    ".gltf": compat.import_gltf,
    ".obj": compat.import_obj,
}


def _own_words(spec: ModelSpec, tops: list) -> tuple:
    """The spec and the attributes with what the custom properties of the root objects say."""
    attributes: dict = {}
    for item in tops:
        said = {key: item[key] for key in ("category", "height_m", "up", "front") if key in item}
        if said.get("category", spec.category) != spec.category:
            raise LibraryError(
                f"{spec.file}: {item.name} says category {said['category']!r}, the library {spec.category!r}; "
                f"name it in {Path(spec.file).with_suffix('.json').name}"
            )
        for key in ("up", "front"):
            if said.get(key, "z") not in AXES:
                raise LibraryError(f"{spec.file}: {item.name} says {key} {said[key]!r}, expected {', '.join(AXES)}")
        spec = replace(
            spec,
            up=said.get("up", spec.up),
            front=said.get("front", spec.front),
            height=float(said.get("height_m", spec.height)),
        )
        attributes.update(_words(spec.file, item.get("attributes", {})))
    return spec, attributes


def _words(file: str, value: Any) -> dict:
    """Attributes as a property group, or as JSON text."""
    try:
        found = json.loads(value) if isinstance(value, str) else dict(value)
        return {str(key): str(word) for key, word in found.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise LibraryError(f"{file}: its custom property attributes is no object of words") from error


def _stand(root: Any, meshes: tuple, spec: ModelSpec, view_layer: Any) -> float:
    """Turn and scale what is under ``root`` so that it stands on its middle; returns its height in metres."""
    turn = _upright(spec.up, spec.front)
    points = world_points(meshes, view_layer) @ turn.T
    low, high = points.min(axis=0), points.max(axis=0)
    height = spec.height or float(high[2] - low[2])
    if not 0.0 < height <= _TALLEST:
        raise LibraryError(f"{spec.file}: is {height:.3g} m tall; its height_m says how tall it should be")
    matrix = np.eye(4)
    scale = height / float(high[2] - low[2])
    matrix[:3, :3] = turn * scale
    matrix[:3, 3] = -scale * np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    root.matrix_world = Matrix(matrix.tolist())
    view_layer.update()
    return height


def _upright(up: str, front: str) -> np.ndarray:
    """3x3, the file's axes -> z up, facing -y."""
    z, y = _axis(up), -_axis(front)
    return np.stack([cross(y, z), y, z])


def _axis(name: str) -> np.ndarray:
    return np.eye(3)["xyz".index(name[-1])] * (-1.0 if name[0] == "-" else 1.0)
