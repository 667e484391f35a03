"""Reading custom characters and objects from their files into the scene: upright, in metres, on their feet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import bpy
import numpy as np
from bpy.types import Collection, Object, ViewLayer
from mathutils import Matrix

from .. import compat
from ..body import rigs
from ..body.vectors import cross
from ..draw.library import AXES
from ..draw.spec import ModelSpec
from . import blend_file, datablocks, render_state
from .mesh import room_points
from .mesh_conversion import settle_geometry, to_meshes

_KEPT = (
    *render_state.SURFACES,
    *render_state.STRANDS,
    "ARMATURE",
    "EMPTY",
    "LATTICE",
)  # lattices and curves deform meshes
_LEFT_BEHIND = ("collections", "libraries")  # kinds of data that are imported with objects but not needed
_CLEARLY = 0.9  # minimum cosine between the direction of the toes and an axis
_TALLEST = 5.0  # largest size of an object in a room, metres


class LibraryError(RuntimeError):
    """A file of a library or a custom room cannot be used; one line naming the file and the reason."""


@dataclass(frozen=True)
class Model:
    """The content of a file under one empty, whose origin is on the floor in the middle; facing -y at rest.

    Attributes:
        root: the empty.
        meshes: the mesh objects that a render shows.
        strands: the hair objects that it shows.
        armature: the one that moves them, or None.
        height: metres, at rest.
        attributes: those of the custom property ``attributes`` of the file's root objects.
    """

    spec: ModelSpec
    root: Object
    meshes: tuple[Object, ...]
    armature: Optional[Object]
    height: float
    attributes: dict[str, str]
    strands: tuple[Object, ...] = ()

    @property
    def objects(self) -> tuple[Object, ...]:
        """All that its labels are computed from."""
        return (*self.meshes, *self.strands)


def load_model(collection: Collection, name: str, spec: ModelSpec, view_layer: ViewLayer) -> Model:
    """Import ``spec.file`` into ``collection``; custom properties of its root object win over ``spec``.

    Raises:
        LibraryError: it cannot be read, shows nothing in a render, or is too large to stand in a room
            or for the memory.
    """
    items, rendered = _import(spec.file)
    if problem := render_state.find_memory_problem(items, rendered):
        raise LibraryError(f"{spec.file}: {problem}")
    root = bpy.data.objects.new(name, None)
    render_state.leave_collections(items)
    for item in (root, *items):
        collection.objects.link(item)
    tops = [item for item in items if item.parent is None]
    for item in tops:
        item.parent = root
    spec, attributes = _with_custom_properties(spec, tops)
    armature = _main_armature(items) if spec.rigged else None
    for item in items if spec.rigged else ():
        if item.type == "ARMATURE":
            item.animation_data_clear()
            item.data.pose_position = "REST"
    render_state.show_as_rendered(items, rendered)
    settled = [] if spec.rigged else settle_geometry(bpy.context.scene, items)
    new = [*settled, *to_meshes(bpy.context.scene, items, items)]
    for item in new:
        bpy.context.scene.collection.objects.unlink(item)
        collection.objects.link(item)
    seen = [item for item in (*items, *new) if render_state.is_seen(item)]
    meshes = tuple(item for item in seen if item.type == "MESH")
    if not meshes:
        raise LibraryError(f"{spec.file}: holds no mesh that a render shows")
    if armature is not None:
        spec = replace(spec, front=_front_of(armature, spec))
    height = _stand(root, meshes, spec, view_layer)
    strands = tuple(item for item in seen if item.type in render_state.STRANDS)
    return Model(spec, root, meshes, armature, height, attributes, strands)


def _main_armature(items: Sequence[Object]) -> Optional[Object]:
    """The armature with the most bones of known names; props and facial rigs have others."""
    armatures = [item for item in items if item.type == "ARMATURE"]
    known = [len(rigs.our_bones([bone.name for bone in item.data.bones])) for item in armatures]
    return armatures[int(np.argmax(known))] if armatures else None


def _front_of(armature: Object, spec: ModelSpec) -> str:
    """The axis that the toes of a rig at rest point along, or that of ``spec`` if the bones do not show it."""
    ours = rigs.our_bones([bone.name for bone in armature.data.bones])
    feet = [bone for bone in armature.data.bones if ours.get(bone.name) in ("foot_l", "foot_r")]
    steps = [child.head_local - foot.head_local for foot in feet for child in foot.children]
    if not steps:
        return spec.front
    towards = np.array(armature.matrix_world.to_3x3()) @ np.sum(steps, axis=0)
    level = [axis for axis in AXES if axis[-1] != spec.up[-1]]
    length = np.linalg.norm([towards @ _axis(axis) for axis in level if len(axis) == 1])
    best = max(level, key=lambda axis: float(towards @ _axis(axis)))
    return best if towards @ _axis(best) > _CLEARLY * length else spec.front


def refuse_newer(file: str) -> None:
    """Raise LibraryError if ``file`` is a .blend of a newer Blender, on which this one may crash."""
    version = blend_file.saved_by(Path(file)) if file.lower().endswith(".blend") else None
    if version is not None and version > tuple(bpy.app.version[:2]):
        this = ".".join(map(str, bpy.app.version[:2]))
        raise LibraryError(
            f"{file}: was saved by Blender {version[0]}.{version[1]}, newer than this Blender {this}; "
            f"use Blender {version[0]}.{version[1]} or newer"
        )


def world_points(objects: Iterable[Object], view_layer: ViewLayer) -> np.ndarray:
    """(n, 3) vertices of the evaluated meshes, in the room."""
    view_layer.update()
    depsgraph = view_layer.depsgraph
    return np.concatenate([np.zeros((0, 3)), *(room_points(item.evaluated_get(depsgraph)) for item in objects)])


def _import(file: str) -> tuple[list[Object], set[Object]]:
    """The new objects of a file, and those of them that a render shows; shapes that bones display are dropped."""
    if not Path(file).is_file():
        raise LibraryError(f"{file}: file not found; this config was made on a machine that has it")
    refuse_newer(file)
    before = {kind: set(getattr(bpy.data, kind)) for kind in (*_LEFT_BEHIND, "objects")}
    try:
        items, rendered = _READERS[Path(file).suffix.lower()](file, before["objects"])
    except (RuntimeError, OSError, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Location:")]
        raise LibraryError(f"{file}: cannot be read: {lines[-1] if lines else type(error).__name__}") from error
    shapes = set()
    for item in items:
        for bone in item.pose.bones if item.pose is not None else ():
            shapes |= {bone.custom_shape} - {None}
            bone.custom_shape = None
    kept = [item for item in items if item not in shapes and item.type in _KEPT]
    unwanted = [item for item in bpy.data.objects if item not in before["objects"] and item not in kept]
    bpy.data.batch_remove([item for item in unwanted if item in shapes or item.type not in _KEPT])
    for kind in _LEFT_BEHIND:
        bpy.data.batch_remove([left for left in getattr(bpy.data, kind) if left not in before[kind] and not left.users])
    return kept, rendered & set(kept)


def _append(file: str, _before: set[Object]) -> tuple[list[Object], set[Object]]:
    """Append the content of a .blend's scenes, or all its objects if it has no scene."""
    linked_before = datablocks.linked()
    with bpy.data.libraries.load(file, link=False) as (there, wanted):
        wanted.scenes, wanted.objects = there.scenes, there.objects
    scenes = list(wanted.scenes)
    inside = dict.fromkeys(item for scene in scenes for item in scene.collection.all_objects)
    rendered = {item for scene in scenes for item in render_state.rendered_objects(scene)}
    if not inside:
        instanced = render_state.instanced_objects()
        inside = dict.fromkeys(item for item in wanted.objects if item not in instanced)
        rendered = {item for item in inside if not item.hide_render} - _cutters(inside)
    render_state.remove_unused(item for item in wanted.objects if item not in inside)
    is_rendered = [item in rendered for item in inside]
    local = render_state.take_out(list(inside), scenes, linked_before)
    worlds = [scene.world for scene in scenes if scene.world is not None]
    for scene in scenes:
        bpy.data.scenes.remove(scene)
    bpy.data.batch_remove([world for world in worlds if not world.users])
    for item in local:
        bpy.context.scene.collection.objects.link(item)
    return local, {item for item, shown in zip(local, is_rendered) if shown}


def _cutters(items: Iterable[Object]) -> set[Object]:
    """The operands of boolean modifiers: a file without a scene does not record that renders do not show them."""
    modifiers = [modifier for item in items for modifier in item.modifiers if modifier.type == "BOOLEAN"]
    collections = [modifier.collection for modifier in modifiers if modifier.collection is not None]
    members = {item for collection in collections for item in collection.all_objects}
    return members | {modifier.object for modifier in modifiers if modifier.object is not None}


def _importer(operator: Callable[[str], None]) -> Callable[[str, set[Object]], tuple[list[Object], set[Object]]]:
    """A reader by an import operator, which links into the window's scene."""

    def read(file: str, before: set[Object]) -> tuple[list[Object], set[Object]]:
        operator(file)
        items = [item for item in bpy.data.objects if item not in before]
        return items, {item for item in items if not item.hide_render}

    return read


_READERS: dict[str, Callable[[str, set[Object]], tuple[list[Object], set[Object]]]] = {
    ".blend": _append,
    ".glb": _importer(compat.import_gltf),
    ".gltf": _importer(compat.import_gltf),
    ".obj": _importer(compat.import_obj),
}


def _with_custom_properties(spec: ModelSpec, tops: Sequence[Object]) -> tuple[ModelSpec, dict[str, str]]:
    """The spec and the attributes, changed by the custom properties of the root objects."""
    attributes: dict[str, str] = {}
    for item in tops:
        given = {key: item[key] for key in ("category", "height_m", "up", "front") if key in item}
        if given.get("category", spec.category) != spec.category:
            raise LibraryError(
                f"{spec.file}: {item.name} has category {given['category']!r}, the library {spec.category!r}; "
                f"set the right one in {Path(spec.file).with_suffix('.json').name}"
            )
        for key in ("up", "front"):
            if given.get(key, "z") not in AXES:
                raise LibraryError(f"{spec.file}: {item.name} has {key} {given[key]!r}, expected {', '.join(AXES)}")
        spec = replace(
            spec,
            up=given.get("up", spec.up),
            front=given.get("front", spec.front),
            height=float(given.get("height_m", spec.height)),
        )
        attributes.update(_attributes(spec.file, item.get("attributes", {})))
    return spec, attributes


def _attributes(file: str, value: Any) -> dict[str, str]:
    """Attributes from a property group, or from JSON text."""
    try:
        group = json.loads(value) if isinstance(value, str) else dict(value)
        return {str(key): str(text) for key, text in group.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise LibraryError(f"{file}: its custom property attributes is {value!r}, expected names and texts") from error


def _stand(root: Object, meshes: tuple, spec: ModelSpec, view_layer: ViewLayer) -> float:
    """Turn, scale and move the objects under ``root`` to stand on the origin; returns their height in metres."""
    turn = _upright(spec.up, spec.front)
    points = world_points(meshes, view_layer) @ turn.T
    low, high = points.min(axis=0), points.max(axis=0)
    height = spec.height or float(high[2] - low[2])
    if not 0.0 < height <= _TALLEST:
        raise LibraryError(f"{spec.file}: is {height:.3g} m tall, expected up to {_TALLEST:g} m; give its height_m")
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
