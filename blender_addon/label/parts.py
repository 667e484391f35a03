"""Which part of the body each visible pixel of a person shows: head, torso, arms, legs."""

from __future__ import annotations

from typing import Any

import numpy as np
from mathutils import Vector

from ..construct.scene import BuiltInstance, BuiltScene
from ..draw.projection import rays

PARTS = ("head", "torso", "arms", "legs")
_PART_OF_BONE = {
    "head": "head", "neck": "head", "upperarm": "arms", "lowerarm": "arms", "hand": "arms", "thumb": "arms",
    "index": "arms", "middle": "arms", "ring": "arms", "pinky": "arms", "thigh": "legs", "calf": "legs",
    "foot": "legs", "ball": "legs",
}  # fmt: skip


def part_masks(built: BuiltScene, instance: BuiltInstance, visible: np.ndarray, depsgraph: Any) -> dict:
    """{part: (H, W) bool}: the ``visible`` pixels of a person by the bone that moves the surface they show.

    A ray through each pixel's centre asks for the face; pixels whose ray slips past an edge that the render
    just touched belong to no part.
    """
    masks = {part: np.zeros_like(visible) for part in PARTS}
    of_face = {item.name: _part_of_faces(item, depsgraph) for item in instance.objects}
    rows, columns = np.nonzero(visible)
    pixels = np.stack([columns + 0.5, rows + 0.5], axis=1)
    origin = Vector(built.spec.camera.location)
    for row, column, direction in zip(rows, columns, rays(built.spec.camera, built.spec.size, pixels)):
        hit, _, _, face, item, _ = built.scene.ray_cast(depsgraph, origin, Vector(direction))
        if hit and item.name in of_face:
            masks[of_face[item.name][face]][row, column] = True
    return masks


def _part_of_faces(item: Any, depsgraph: Any) -> list:
    """For every face of the evaluated mesh the part its first corner belongs to."""
    mesh = item.evaluated_get(depsgraph).data
    names = [group.name for group in item.vertex_groups]
    of_vertex = []
    for vertex in mesh.vertices:
        bones = [(group.weight, names[group.group]) for group in vertex.groups if names[group.group] != "under clothes"]
        strongest = max(bones)[1].split("_")[0] if bones else ""
        of_vertex.append(_PART_OF_BONE.get(strongest, "torso"))
    return [of_vertex[polygon.vertices[0]] for polygon in mesh.polygons]
