"""Telling apart the datablocks created for a preview and those of the artist's file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

import bpy
from bpy.types import ID

_MARK = "wardsynth_preview"  # the custom property of datablocks that were created for a preview
# The kinds that building can create; names are unique within each.
KINDS = (
    "objects", "meshes", "materials", "armatures", "cameras", "lights", "images", "textures", "node_groups", "worlds",
    "collections", "actions", "curves", "scenes", "libraries", "texts", "palettes", "linestyles", "brushes", "masks",
)  # fmt: skip


@contextmanager
def marking_new_datablocks() -> Iterator[None]:
    """Mark every datablock created inside; the file's own datablocks without users survive a purge of orphans."""
    before = {kind: set(_of(kind)) for kind in KINDS}
    orphans = [item for kind in KINDS for item in _of(kind) if item.users == 0]
    for item in orphans:
        item.use_fake_user = True
    try:
        yield
    finally:
        for item in orphans:
            item.use_fake_user = False
        for kind in KINDS:
            for item in set(_of(kind)) - before[kind]:
                if item.library is None:
                    item[_MARK] = True


def remove_marked_datablocks() -> None:
    """Remove every marked datablock, whenever it was created."""
    doomed = [item for kind in KINDS for item in _of(kind) if item.get(_MARK)]
    bpy.data.batch_remove(doomed)


def pack_marked_images() -> None:
    """Pack the marked images that were painted here; a saved file would lose their pixels."""
    for image in bpy.data.images:
        if image.get(_MARK) and image.is_dirty:
            image.pack()


def dependencies_of(items: Iterable[ID]) -> list[ID]:
    """``items`` and every datablock that they use, directly or not: data, materials, images, modifiers' objects ..."""
    used: dict[ID, list[ID]] = {}
    for item, users in bpy.data.user_map().items():
        for user in users:
            used.setdefault(user, []).append(item)
    found: dict[ID, None] = dict.fromkeys(items)
    pending = list(found)
    while pending:
        new = [item for item in used.get(pending.pop(), ()) if item not in found]
        found.update(dict.fromkeys(new))
        pending += new
    return list(found)


def _of(kind: str) -> Collection[ID]:
    return getattr(bpy.data, kind)


def linked() -> set[ID]:
    """The datablocks of the file that are linked from others, and the libraries they are linked from."""
    return {item for kind in KINDS for item in _of(kind) if item.library is not None} | set(bpy.data.libraries)
