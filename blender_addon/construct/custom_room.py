"""Appending an artist's custom room from its .blend, in metres, its origin at the origin of the scene."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import bpy
from mathutils import Matrix

from ..dataset_format import atomic
from ..draw.custom_room import KIND
from ..draw.spec import CustomRoomSpec, SceneSpec
from . import datablocks, render_state
from .library import LibraryError, refuse_newer

NAME_THERE = "wardsynth_name"  # custom property: an object's name in its file; once appended it may have another
LabelledThings = tuple[tuple[str, tuple[Any, ...]], ...]  # (category, its rendered mesh objects) of each
_LEFT_OUT = ("CAMERA", "SPEAKER")  # cameras come from the spec


def build_custom_room(scene: Any, spec: SceneSpec) -> LabelledThings:
    """Append the room's scene into ``scene``; returns the labelled things that a render shows.

    Lights stay where the spec has lights of the custom room; its world stays with them. Objects that a render of the
    artist's scene does not show stay hidden, as modifiers may need them.

    Raises:
        LibraryError: the file or its scene cannot be read, or needs more memory than there is.
    """
    assert spec.room.own is not None, "the spec has no custom room"
    own: CustomRoomSpec = spec.room.own
    room = _append(own.file, own.scene)
    if problem := render_state.find_memory_problem(room.items, room.rendered):
        raise LibraryError(f"{own.file}: {problem}")
    lit = any(light.kind == KIND for light in spec.lights)
    scene.world = room.scene.world if lit or not spec.lights else None
    scene.frame_set(room.scene.frame_current, subframe=room.scene.frame_subframe)
    metres = render_state.metres_per_unit(room.scene)
    bpy.data.scenes.remove(room.scene)
    gone = [item for item in room.items if item.type in _LEFT_OUT or (item.type == "LIGHT" and not lit)]
    gone += [item for item in room.items if item.type == "LIGHT" and item not in room.rendered and item not in gone]
    kept = [item for item in room.items if item not in gone]
    bpy.data.batch_remove(gone)
    root = bpy.data.objects.new("own room", None)
    root.matrix_world = Matrix.Translation([-value for value in own.origin]) @ Matrix.Scale(metres, 4)
    for item in kept if metres != 1.0 else ():
        if item.type == "LIGHT" and item.data.type in ("POINT", "SPOT"):
            item.data.shadow_soft_size *= metres
    for item in (root, *kept):
        scene.collection.objects.link(item)
    for item in kept:
        if item.parent is None:
            item.parent = root
    render_state.show_as_rendered(kept, room.rendered)
    named = {item[NAME_THERE]: item for item in kept}
    things = [(category, named[name]) for name, category in own.things if name in named]
    labelled = [part for _, thing in things for part in (thing, *thing.children_recursive)]
    render_state.to_meshes(scene, kept, labelled)
    parts = ((category, _rendered_meshes(thing)) for category, thing in things)
    return tuple((category, meshes) for category, meshes in parts if meshes)


class _Room(NamedTuple):
    """An appended scene, its objects, and those of them that a render of it shows."""

    scene: Any
    items: list[Any]
    rendered: set[Any]


def _append(file: str, name: str) -> _Room:
    """Append scene ``name`` of ``file``; its objects are local, in no collection, and remember their names."""
    if not Path(file).is_file():
        raise LibraryError(f"{file}: file not found; this config was made on a machine that has it")
    refuse_newer(file)
    linked_before = datablocks.linked()
    with _readable(Path(file)) as path, bpy.data.libraries.load(str(path), link=False) as (there, wanted):
        if name not in there.scenes:
            raise LibraryError(f"{file}: has no scene {name!r}")
        wanted.scenes, wanted.objects = [name], list(there.objects)
        names = list(there.objects)
    room: Any = wanted.scenes[0]
    render_state.keep_collection_flags(room)
    inside, rendered = list(room.collection.all_objects), render_state.rendered_objects(room)
    name_of = {item: was for item, was in zip(wanted.objects, names) if item in set(inside)}
    render_state.remove_unused(item for item in wanted.objects if item not in name_of)
    known = [(name_of.get(item, item.name), item in rendered) for item in inside]
    items = render_state.localise(inside, linked_before)
    for item, (its_name, _) in zip(items, known):
        item[NAME_THERE] = its_name
        for collection in item.users_collection:
            collection.objects.unlink(item)
    return _Room(room, items, {item for item, (_, shown) in zip(items, known) if shown})


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """``path``, or a copy beside it where it is the file that is open, from which Blender appends nothing."""
    if not bpy.data.filepath or path.resolve() != Path(bpy.data.filepath).resolve():
        yield path
        return
    copy = atomic.temporary_path(path)
    shutil.copyfile(path, copy)
    try:
        yield copy
    finally:
        copy.unlink()


def _rendered_meshes(item: Any) -> tuple[Any, ...]:
    """The meshes of an object and its children that the camera can see."""
    family = (item, *item.children_recursive)
    return tuple(part for part in family if part.type == "MESH" and not part.hide_render and part.visible_camera)
