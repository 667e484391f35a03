"""Mesh objects from arrays, and arrays from mesh objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import bpy
import numpy as np
from bpy.types import Collection, Material, Object
from numpy.typing import NDArray

from .. import compat
from .solids import Solid


def add_mesh(
    collection: Collection,
    name: str,
    vertices: np.ndarray,
    faces: Union[Sequence[Sequence[int]], NDArray[np.int64]],
    material: Material,
    smooth: bool = False,
) -> Object:
    """Create a mesh object from (n, 3) ``vertices`` in metres and ``faces`` with any number of corners; returns it."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.asarray(vertices).tolist(), [], [list(face) for face in faces])
    if smooth:
        mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), dtype=bool))
    mesh.materials.append(material)
    item = bpy.data.objects.new(name, mesh)
    collection.objects.link(item)
    return item


def room_points(evaluated: Object) -> np.ndarray:
    """(n, 3) float64 vertices of an evaluated mesh object, metres in the room."""
    vertices = evaluated.data.vertices
    points = np.empty(len(vertices) * 3, dtype=np.float32)
    vertices.foreach_get("co", points)
    world = np.array(evaluated.matrix_world)
    return points.reshape(-1, 3).astype(np.float64) @ world[:3, :3].T + world[:3, 3]


class Parts:
    """Collects solids by material and builds one mesh object of them."""

    def __init__(self) -> None:
        self._solids: list[Solid] = []
        self._slots: list[int] = []
        self._materials: list[Material] = []

    def add(self, material: Material, *solids: Solid) -> None:
        """Add ``solids`` of ``material``."""
        if material not in self._materials:
            self._materials.append(material)
        slot = self._materials.index(material)
        for solid in solids:
            self._solids.append(solid)
            self._slots.append(slot)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been added yet."""
        return not self._solids

    def build(self, collection: Collection, name: str) -> Object:
        """Create the mesh object in ``collection``."""
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
