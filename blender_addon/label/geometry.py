"""The evaluated geometry of an instance: what the modifiers, the pose and any simulation made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def room_vertices(objects: Sequence[Any], depsgraph: Any) -> np.ndarray:
    """(N, 3) float64 vertices of the evaluated mesh ``objects`` in the room, metres."""
    found = []
    for item in objects:
        evaluated = item.evaluated_get(depsgraph)
        mesh = evaluated.data
        points = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
        mesh.vertices.foreach_get("co", points)
        world = np.array(evaluated.matrix_world)
        found.append(points.reshape(-1, 3).astype(np.float64) @ world[:3, :3].T + world[:3, 3])
    return np.concatenate(found) if found else np.zeros((0, 3))
