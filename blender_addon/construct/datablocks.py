"""Whose datablocks are whose in a file that is an artist's: what was made for a preview, and what was there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy

_MARK = "wardsynth_preview"  # the custom property of what was made for a preview
# Of these no two have the same name in a file; the others (screens, window managers ...) no build makes.
_KINDS = (
    "objects", "meshes", "materials", "armatures", "cameras", "lights", "images", "textures", "node_groups", "worlds",
    "collections", "actions", "curves", "scenes", "libraries", "texts", "palettes", "linestyles", "brushes", "masks",
)  # fmt: skip


@contextmanager
def marking_new_datablocks() -> Iterator[None]:
    """Mark every datablock that is made inside; what the file has without users is kept, whatever purges orphans."""
    before = {kind: set(_of(kind)) for kind in _KINDS}
    orphans = [item for kind in _KINDS for item in _of(kind) if item.users == 0]
    for item in orphans:
        item.use_fake_user = True
    try:
        yield
    finally:
        for item in orphans:
            item.use_fake_user = False
        for kind in _KINDS:
            for item in set(_of(kind)) - before[kind]:
                if item.library is None:
                    item[_MARK] = True


def remove_marked_datablocks() -> None:
    """Remove everything that was marked, from whenever."""
    doomed = [item for kind in _KINDS for item in _of(kind) if item.get(_MARK)]
    bpy.data.batch_remove(doomed)


def _of(kind: str) -> Any:
    return getattr(bpy.data, kind)
