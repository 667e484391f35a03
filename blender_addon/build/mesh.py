"""Mesh objects from arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from .. import compat
from .solids import Solid

_CUBE_FACES = ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))


def add_mesh(
    collection: Any,
    name: str,
    vertices: np.ndarray,
    faces: Sequence,
    material: Any,
    smooth: bool = False,
) -> Any:
    """A mesh object in ``collection`` from (n, 3) vertices in metres and faces of any corners; returns the object."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.asarray(vertices).tolist(), [], [list(face) for face in faces])
    if smooth:
        mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), dtype=bool))
    mesh.materials.append(material)
    item = bpy.data.objects.new(name, mesh)
    collection.objects.link(item)
    return item


def add_box(
    collection: Any, name: str, low: Sequence[float], high: Sequence[float], material: Any, bevel: float = 0.0
) -> Any:
    """An axis-aligned box between two corners, its edges rounded by ``bevel`` metres."""
    (x1, y1, z1), (x2, y2, z2) = low, high
    corners = [(x1, y1, z1), (x2, y1, z1), (x2, y2, z1), (x1, y2, z1)]
    corners += [(x, y, z2) for x, y, _ in corners]
    item = add_mesh(collection, name, corners, _CUBE_FACES, material)
    if bevel > 0:
        modifier = item.modifiers.new("Bevel", "BEVEL")
        modifier.width, modifier.segments, modifier.limit_method = bevel, 2, "NONE"
    return item


class Parts:
    """Solids gathered by material, to become one mesh object."""

    def __init__(self) -> None:
        self._solids: list = []
        self._slots: list = []
        self._materials: list = []

    def add(self, material: Any, *solids: Solid) -> None:
        """Add ``solids`` of ``material``."""
        if material not in self._materials:
            self._materials.append(material)
        slot = self._materials.index(material)
        for solid in solids:
            self._solids.append(solid)
            self._slots.append(slot)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added yet."""
        return not self._solids

    def build(self, collection: Any, name: str) -> Any:
        """The mesh object of everything gathered, in ``collection``."""
        vertices, loops, totals, slots, smooth = [], [], [], [], []
        start = 0
        for solid, slot in zip(self._solids, self._slots):
            for faces, is_smooth in zip(solid.faces, solid.smooth):
                loops.append((faces + start).reshape(-1))
                totals.append(np.full(len(faces), faces.shape[1]))
                slots.append(np.full(len(faces), slot))
                smooth.append(np.full(len(faces), is_smooth))
            vertices.append(solid.vertices)
            start += len(solid.vertices)
        mesh = bpy.data.meshes.new(name)
        compat.fill_mesh(mesh, np.concatenate(vertices), np.concatenate(loops), np.concatenate(totals))
        mesh.polygons.foreach_set("material_index", np.concatenate(slots).astype(np.int32))
        mesh.polygons.foreach_set("use_smooth", np.concatenate(smooth))
        for material in self._materials:
            mesh.materials.append(material)
        mesh.update(calc_edges=True)
        item = bpy.data.objects.new(name, mesh)
        collection.objects.link(item)
        return item
