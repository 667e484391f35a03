"""An artist's own room from its .blend, moved so that the room's origin is the scene's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix

from ..dataset_format import atomic
from ..draw.custom_room import KIND
from ..draw.spec import SceneSpec
from .library import LibraryError

NAME_THERE = "wardsynth_name"  # the property with an object's name in its file: appended, it may get another
LabelledThings = tuple[tuple[str, tuple[Any, ...]], ...]  # (category, its rendered objects) of each
_LEFT_OUT = ("CAMERA", "SPEAKER")  # cameras come from the spec


def build_custom_room(scene: Any, spec: SceneSpec) -> LabelledThings:
    """Append the room's scene into ``scene``; returns ((category, mesh objects), ...) of what is labelled in it.

    Lights stay where the spec has lights of the room's own; the world stays with them.

    Raises:
        LibraryError: the file or its scene is not there.
    """
    own = spec.room.own
    room = _append(own.file, own.scene)
    items = list(room.collection.all_objects)
    for item in items:
        for collection in item.users_collection:
            collection.objects.unlink(item)
    lit = any(light.kind == KIND for light in spec.lights)
    gone = [item for item in items if item.type in _LEFT_OUT or (item.type == "LIGHT" and not lit)]
    scene.world = room.world if lit or not spec.lights else None
    bpy.data.scenes.remove(room)
    bpy.data.batch_remove(gone)
    root = bpy.data.objects.new("own room", None)
    root.matrix_world = Matrix.Translation([-value for value in own.origin])
    kept = [item for item in items if item not in gone]
    for item in (root, *kept):
        scene.collection.objects.link(item)
    for item in kept:
        if item.parent is None:
            item.parent = root
    scene.view_layers[0].update()
    named = {item[NAME_THERE]: item for item in kept}
    return tuple((category, _meshes(named[name])) for name, category in own.things if name in named)


def _append(file: str, name: str) -> Any:
    if not Path(file).is_file():
        raise LibraryError(f"{file}: no such file; the config was made where there is one")
    with _readable(Path(file)) as path, bpy.data.libraries.load(str(path), link=False) as (there, wanted):
        if name not in there.scenes:
            raise LibraryError(f"{file}: has no scene {name!r}")
        wanted.scenes, wanted.objects = [name], list(there.objects)
        names = list(there.objects)
    room, objects = wanted.scenes[0], wanted.objects
    for item, was in zip(objects, names):
        item[NAME_THERE] = was
    inside = set(room.collection.all_objects)
    bpy.data.batch_remove([item for item in objects if item not in inside])
    return room


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """``path``, or a copy beside it where it is the file that is open: Blender appends nothing from that."""
    if not bpy.data.filepath or path.resolve() != Path(bpy.data.filepath).resolve():
        yield path
        return
    copy = atomic.temporary_path(path)
    shutil.copyfile(path, copy)
    try:
        yield copy
    finally:
        copy.unlink()


def _meshes(item: Any) -> tuple:
    return tuple(part for part in (item, *item.children_recursive) if part.type == "MESH" and not part.hide_render)
