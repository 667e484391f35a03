"""The evaluated geometry of an instance: after modifiers, pose and simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..construct.mesh import room_points

if TYPE_CHECKING:
    from bpy.types import Depsgraph, Object


@dataclass(frozen=True)
class Surface:
    """``vertices`` (N, 3) float64 metres in the room; ``triangles`` (T, 3) int rows of them."""

    vertices: np.ndarray
    triangles: np.ndarray


def evaluated_surface(objects: Sequence[Object], depsgraph: Depsgraph) -> Surface:
    """The evaluated meshes of ``objects`` as one; hair has none."""
    vertices, triangles, count = [np.zeros((0, 3))], [np.zeros((0, 3), dtype=np.int32)], 0
    for item in objects:
        if item.type != "MESH":
            continue
        evaluated = item.evaluated_get(depsgraph)
        mesh = evaluated.data
        mesh.calc_loop_triangles()
        corners = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", corners)
        vertices.append(room_points(evaluated))
        triangles.append(corners.reshape(-1, 3) + count)
        count += len(vertices[-1])
    return Surface(np.concatenate(vertices), np.concatenate(triangles))
