"""Appending an artist's custom room from its .blend, in metres, its origin at the origin of the scene."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import bpy
from bpy.types import Depsgraph, Object, Scene
from mathutils import Matrix

from ..dataset_format import atomic
from ..draw.custom_room import KIND
from ..draw.spec import CustomRoomSpec, SceneSpec
from . import datablocks, render_state
from .custom_markers import MARK
from .library import LibraryError, refuse_newer
from .mesh_conversion import settle_geometry, things_inside, to_meshes
from .render_state import CATEGORY

NAME_THERE = "wardsynth_name"  # custom property: an object's name in its file, which appending may change
LabelledThings = tuple[tuple[str, tuple[Object, ...]], ...]  # (category, its rendered mesh objects) of each
_LEFT_OUT = ("CAMERA", "SPEAKER")  # cameras come from the spec


def build_custom_room(scene: Scene, spec: SceneSpec) -> LabelledThings:
    """Append the room's scene into ``scene``; returns the labelled objects that a render shows.

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
    metres = render_state.metres_per_unit(room.scene)
    render_state.adopt_scene(room.scene, scene)
    for item in room.items:
        scene.collection.objects.link(item)
    render_state.settle_transforms(scene, room.items, room.simulated)
    gone = {item: None for item in room.items if _is_left_out(item, lit and item in room.rendered)}
    shown, kept = room.rendered - set(gone), [item for item in room.items if item not in gone]
    kept += render_state.remove_or_hide(list(gone))
    render_state.show_as_rendered(kept, shown)
    new = settle_geometry(scene, kept)
    _move_to_origin(scene, [*kept, *render_state.instanced_relatively()], own.origin, metres)
    things = _labelled_items(kept, own.things)
    labelled = {part for _, thing in things for part in (thing, *thing.children_recursive)}
    new += to_meshes(scene, kept, labelled)
    parts = (part for thing in things for part in _parts_of(thing, {item for _, item in things}, new))
    depsgraph = scene.view_layers[0].depsgraph
    return tuple((category, seen) for category, items in parts if (seen := _seen_parts(items, depsgraph)))


def _is_left_out(item: Object, is_lit: bool) -> bool:
    """Whether an object of the artist's scene is no part of the room: a camera, a marker, or a light that is off."""
    if item.type == "LIGHT":
        return not is_lit
    return item.type in _LEFT_OUT or (item.type == "EMPTY" and MARK in item)


def _move_to_origin(scene: Scene, items: Sequence[Object], origin: Sequence[float], metres: float) -> None:
    """Scale ``items`` to metres and move ``origin`` to that of ``scene``, by an empty above all of them."""
    root = bpy.data.objects.new("own room", None)
    root.matrix_world = Matrix.Translation([-value for value in origin]) @ Matrix.Scale(metres, 4)
    scene.collection.objects.link(root)
    for item in items if metres != 1.0 else ():
        if item.type == "LIGHT" and item.data.type in ("POINT", "SPOT"):
            item.data.shadow_soft_size *= metres
    for item in items:
        top = item
        while top.parent is not None:  # which may be in no collection of the room
            top = top.parent
        if top != root:
            top.parent = root


def _labelled_items(items: Sequence[Object], things: Iterable[tuple[str, str]]) -> list[tuple[str, Object]]:
    """(category, object) of the things by their names, which objects linked from different files may share."""
    named: dict[str, list[Object]] = {}
    for item in items:
        named.setdefault(item[NAME_THERE], []).append(item)
    found = []
    for name, category in things:
        candidates = named.get(name, [])
        best = next((item for item in candidates if item.get(CATEGORY) == category), next(iter(candidates), None))
        if best is not None:
            found.append((category, best))
            if len(candidates) > 1:
                candidates.remove(best)
    return found


def _parts_of(
    thing: tuple[str, Object], labelled: set[Object], new: Sequence[Object]
) -> Iterator[tuple[str, list[Object]]]:
    """(category, objects) of a thing: it and its children without those that are things of their own.

    An object without a category of its own stands for the things inside the collection that it instances.
    """
    category, item = thing
    inside = list(things_inside(new, item, category)) if CATEGORY not in item else []
    if inside:
        yield from ((category, objects) for objects in inside)
    else:
        yield category, list(_family(item, labelled))


def _family(item: Object, labelled: set[Object]) -> Iterator[Object]:
    yield item
    for child in item.children:
        if child not in labelled:
            yield from _family(child, labelled)


class _Room(NamedTuple):
    """An appended scene, its objects, those of them that a render of it shows, and where rigid bodies are (4x4)."""

    scene: Scene
    items: list[Object]
    rendered: set[Object]
    simulated: dict[Object, Matrix]


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
    room: Scene = wanted.scenes[0]
    inside, rendered = render_state.all_objects(room), render_state.rendered_objects(room)
    name_of = {item: was for item, was in zip(wanted.objects, names) if item in set(inside)}
    render_state.remove_unused(item for item in wanted.objects if item not in name_of)
    known = [(name_of.get(item, item.name), item in rendered) for item in inside]
    places = render_state.simulated_places(room)
    simulated = [places.get(item) for item in inside]
    items = render_state.take_out(inside, [room], linked_before)
    for item, (its_name, _) in zip(items, known):
        item[NAME_THERE] = its_name
    return _Room(
        room,
        items,
        {item for item, (_, shown) in zip(items, known) if shown},
        {item: place for item, place in zip(items, simulated) if place is not None},
    )


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """``path``, or a copy beside it if it is the open file, from which Blender cannot append."""
    if not bpy.data.filepath or path.resolve() != Path(bpy.data.filepath).resolve():
        yield path
        return
    copy = atomic.temporary_path(path)
    shutil.copyfile(path, copy)
    try:
        yield copy
    finally:
        copy.unlink()


def _seen_parts(items: Iterable[Object], depsgraph: Depsgraph) -> tuple[Object, ...]:
    """The meshes of ``items`` with a surface that the camera sees, and their hair."""
    return tuple(
        item
        for item in items
        if render_state.is_seen(item)
        and (item.type in render_state.STRANDS or (item.type == "MESH" and _has_surface(item, depsgraph)))
    )


def _has_surface(item: Object, depsgraph: Depsgraph) -> bool:
    return len(item.evaluated_get(depsgraph).data.polygons) > 0 or len(item.particle_systems) > 0
