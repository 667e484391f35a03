"""Writes a collection into a library: a .blend with its textures, and a JSON that describes it.

Objects that the artist's render does not show, or only helpers, are included only if a modifier needs them:
objects hidden in renders, by themselves or by their collection, objects displayed as bounds or wire, and objects of
other collections that a modifier refers to, such as the cutter of a boolean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Union

import bpy
from bpy.types import Collection, Image, LayerCollection, Object

from ..dataset_format import atomic
from .datablocks import dependencies_of
from .render_state import SURFACES, is_seen, rendered_inside

_HELPER_DISPLAYS = ("BOUNDS", "WIRE")
_PACKED_SOURCES, _LEFT_SOURCES = ("FILE", "TILED"), ("SEQUENCE", "MOVIE")  # Blender packs none of the latter


class LibraryWriteError(RuntimeError):
    """The collection cannot be written; one line for the user."""


def write_library_entry(collection: Collection, file: Path, category: str, is_person: bool) -> None:
    """Write ``collection`` as ``file`` (.blend) and the JSON beside it; the open file stays as it is.

    Raises:
        LibraryWriteError: nothing in it is rendered, a texture is missing, or it cannot be written.
    """
    with _local_objects(collection) as objects:
        shown = [item for item in objects if _is_shown(item)]
        if not any(_has_surface(item) for item in shown):
            raise LibraryWriteError(f"{collection.name}: it has no surface that is rendered; show one in renders")
        rigged = is_person and any(item.type == "ARMATURE" for item in shown)
        _write_blend(file, shown)
    description = {"category": category, "rigged": rigged}
    atomic.write_bytes(file.with_suffix(".json"), (json.dumps(description, indent=2) + "\n").encode())


def _write_blend(file: Path, shown: list[Object]) -> None:
    needed = dependencies_of(shown)
    collections = [item.instance_collection for item in shown if item.instance_collection is not None]
    drawn = {*shown, *(item for collection in collections for item in rendered_inside(collection))}
    helpers = [item for item in needed if isinstance(item, bpy.types.Object) and item not in drawn]
    images = [item for item in needed if isinstance(item, bpy.types.Image)]
    with ExitStack() as restored:
        restored.enter_context(_hidden_in_render(helpers))
        restored.enter_context(_packed(images))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            part = atomic.temporary_path(file)
            # Absolute paths: sequences and linked files cannot be packed, and are then found from the library, too.
            bpy.data.libraries.write(str(part), set(shown), path_remap="ABSOLUTE", fake_user=False)
            part.replace(file)
        except (OSError, RuntimeError) as error:
            raise LibraryWriteError(f"{file}: cannot be written: {error}") from error


def rendered_objects(collection: Collection) -> list[Object]:
    """The objects of ``collection`` and of its children that are not switched off in renders.

    Of a collection that the view layer includes, excluded children are left out.
    """
    excluded = {layer.collection for layer in _layers_below(bpy.context.view_layer.layer_collection) if layer.exclude}
    return list(_objects_without(collection, excluded if collection not in excluded else set()))


def _layers_below(layer_collection: LayerCollection) -> Iterator[LayerCollection]:
    for child in layer_collection.children:
        yield child
        yield from _layers_below(child)


def _objects_without(collection: Collection, excluded: set[Union[Collection, Object]]) -> Iterator[Object]:
    yield from collection.objects
    for child in collection.children:
        if not child.hide_render and child not in excluded:
            yield from _objects_without(child, excluded)


def _has_surface(item: Object) -> bool:
    if item.instance_type == "COLLECTION":
        return item.instance_collection is not None
    return item.type in SURFACES and is_seen(item)


def _is_shown(item: Object) -> bool:
    return not item.hide_render and not (item.type == "MESH" and item.display_type in _HELPER_DISPLAYS)


@contextmanager
def _local_objects(collection: Collection) -> Iterator[list[Object]]:
    """The rendered objects; those linked from other files as local copies, which are removed again."""
    objects = list(dict.fromkeys(rendered_objects(collection)))
    linked = [item for item in objects if item.library]
    copies = _append_copies(linked)
    try:
        yield [item for item in objects if not item.library] + copies
    finally:
        bpy.data.batch_remove([part for copy in copies for part in dependencies_of([copy]) if part.get(_COPY)])


_COPY = "wardsynth_copy"  # the custom property of datablocks that were appended for the time of writing


def _append_copies(linked: list[Object]) -> list[Object]:
    copies: list[Object] = []
    for library in {item.library for item in linked}:
        names = [item.name for item in linked if item.library == library]
        with bpy.data.libraries.load(bpy.path.abspath(library.filepath), link=False) as (_, wanted):
            wanted.objects = names
        copies += [item for item in wanted.objects if item is not None]
    for part in dependencies_of(copies):
        if not part.library:
            part[_COPY] = True
    return copies


@contextmanager
def _hidden_in_render(items: Iterable[Object]) -> Iterator[None]:
    before = [(item, item.hide_render) for item in items if not item.library]
    for item, _ in before:
        item.hide_render = True
    try:
        yield
    finally:
        for item, hidden in before:
            item.hide_render = hidden


@contextmanager
def _packed(images: Iterable[Image]) -> Iterator[None]:
    """Pack the images for the time of writing; painted images stay packed, as their pixels exist nowhere else."""
    packed = []
    try:
        for image in images:
            _require_file(image)
            if image.source in _PACKED_SOURCES and not image.packed_files and not image.library:
                if not image.is_dirty:
                    packed.append(image)
                _pack(image)
        yield
    finally:
        for image in packed:
            if image.packed_files:
                image.unpack(method="REMOVE")


def _require_file(image: Image) -> None:
    """Raise LibraryWriteError if a sequence or a movie, which stays where it is, is not there."""
    if image.source not in _LEFT_SOURCES or image.packed_files:
        return
    if not Path(bpy.path.abspath(image.filepath, library=image.library)).is_file():
        raise _missing(image)


def _pack(image: Image) -> None:
    try:
        image.pack()
    except RuntimeError as error:
        raise _missing(image) from error
    if not image.packed_files:
        raise _missing(image)


def _missing(image: Image) -> LibraryWriteError:
    return LibraryWriteError(
        f"the texture {image.name} is missing at {image.filepath}; find it with File > External Data"
    )
