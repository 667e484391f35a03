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
from typing import Any

import bpy

from ..dataset_format import atomic
from .datablocks import dependencies_of

_HELPER_DISPLAYS = ("BOUNDS", "WIRE")
_PACKED_SOURCES = ("FILE", "TILED")  # Blender packs no sequences and no movies


class LibraryWriteError(RuntimeError):
    """The collection cannot be written; one line for the user."""


def write_library_entry(collection: Any, file: Path, category: str, is_person: bool) -> None:
    """Write ``collection`` as ``file`` (.blend) and the JSON beside it; the open file stays as it is.

    Raises:
        LibraryWriteError: nothing in it is rendered, a texture is missing, or it cannot be written.
    """
    with _local_objects(collection) as objects:
        shown = [item for item in objects if _is_shown(item)]
        if not any(item.type == "MESH" for item in shown):
            raise LibraryWriteError(f"{collection.name}: it has no mesh that is rendered; show one in renders")
        rigged = is_person and any(item.type == "ARMATURE" for item in shown)
        _write_blend(file, shown)
    description = {"category": category, "rigged": rigged}
    atomic.write_bytes(file.with_suffix(".json"), (json.dumps(description, indent=2) + "\n").encode())


def _write_blend(file: Path, shown: list[Any]) -> None:
    needed = dependencies_of(shown)
    helpers = [item for item in needed if isinstance(item, bpy.types.Object) and item not in shown]
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


def rendered_objects(collection: Any) -> list[Any]:
    """The objects of ``collection`` and of its children that are not switched off in renders."""
    children = [child for child in collection.children if not child.hide_render]
    return [*collection.objects, *(item for child in children for item in rendered_objects(child))]


def _is_shown(item: Any) -> bool:
    return not item.hide_render and not (item.type == "MESH" and item.display_type in _HELPER_DISPLAYS)


@contextmanager
def _local_objects(collection: Any) -> Iterator[list[Any]]:
    """The rendered objects; those linked from other files as local copies, which are removed again."""
    objects = list(dict.fromkeys(rendered_objects(collection)))
    linked = [item for item in objects if item.library]
    copies = _append_copies(linked)
    try:
        yield [item for item in objects if not item.library] + copies
    finally:
        bpy.data.batch_remove([part for copy in copies for part in dependencies_of([copy]) if part.get(_COPY)])


_COPY = "wardsynth_copy"  # the custom property of datablocks that were appended for the time of writing


def _append_copies(linked: list[Any]) -> list[Any]:
    copies: list[Any] = []
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
def _hidden_in_render(items: Iterable[Any]) -> Iterator[None]:
    before = [(item, item.hide_render) for item in items if not item.library]
    for item, _ in before:
        item.hide_render = True
    try:
        yield
    finally:
        for item, hidden in before:
            item.hide_render = hidden


@contextmanager
def _packed(images: Iterable[Any]) -> Iterator[None]:
    """Pack the images for the time of writing; painted images stay packed, as their pixels exist nowhere else."""
    packed = []
    try:
        for image in images:
            if image.source in _PACKED_SOURCES and not image.packed_files and not image.library:
                if not image.is_dirty:
                    packed.append(image)
                _pack(image)
        yield
    finally:
        for image in packed:
            if image.packed_files:
                image.unpack(method="REMOVE")


def _pack(image: Any) -> None:
    missing = f"the texture {image.name} is missing at {image.filepath}; find it with File > External Data"
    try:
        image.pack()
    except RuntimeError as error:
        raise LibraryWriteError(missing) from error
    if not image.packed_files:
        raise LibraryWriteError(missing)
