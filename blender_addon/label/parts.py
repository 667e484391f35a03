"""Which part of the body each visible pixel of a person shows: head, torso, arms, legs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..construct.characters import BuiltCharacter
from ..construct.scene import BuiltInstance
from ..draw.projection import rays
from .sight import Sight

if TYPE_CHECKING:
    from bpy.types import Depsgraph, Object

_EVERYWHERE = 1.70141e38  # metres, the longest ray that Blender casts
PARTS = ("head", "torso", "arms", "legs")
_PART_OF_BONE = {
    "head": "head", "neck": "head", "upperarm": "arms", "lowerarm": "arms", "hand": "arms", "thumb": "arms",
    "index": "arms", "middle": "arms", "ring": "arms", "pinky": "arms", "thigh": "legs", "calf": "legs",
    "foot": "legs", "ball": "legs",
}  # fmt: skip


def part_masks(sight: Sight, instance: BuiltInstance, visible: np.ndarray) -> dict[str, np.ndarray]:
    """The ``visible`` pixels of a person by the bone that moves the surface there, {part: (H, W) bool}.

    A ray through each pixel's centre finds the face; pixels whose ray misses an edge that the render just hit
    belong to no part.
    """
    masks = {part: np.zeros_like(visible) for part in PARTS}
    bones = instance.person.part_bones if isinstance(instance.person, BuiltCharacter) else {}
    meshes = [item for item in instance.objects if item.type == "MESH"]
    of_face = {item.name: _part_of_faces(item, sight.depsgraph, bones) for item in meshes}
    rows, columns = np.nonzero(visible)
    pixels = np.stack([columns + 0.5, rows + 0.5], axis=1)
    spec = sight.built.spec
    for row, column, pixel, direction in zip(rows, columns, pixels, rays(spec.camera, spec.size, pixels)):
        hit = sight.first_hit(direction, _EVERYWHERE, pixel)
        if hit is not None and hit.item.name in of_face:
            masks[of_face[hit.item.name][hit.face]][row, column] = True
    return masks


def _part_of_faces(item: Object, depsgraph: Depsgraph, bones: Mapping[str, str]) -> list[str]:
    """The part that the first corner of each face of the evaluated mesh belongs to.

    Without weights that is the part of the bone whose child the object is. ``bones`` are the names in our skeleton of
    the bones of another one.
    """
    mesh = item.evaluated_get(depsgraph).data
    names = [bones.get(group.name, group.name) for group in item.vertex_groups]
    of_vertex = []
    for vertex in mesh.vertices:
        weighted = [
            (group.weight, names[group.group]) for group in vertex.groups if names[group.group] != "under clothes"
        ]
        strongest = max(weighted)[1] if weighted else bones.get(item.parent_bone, "")
        of_vertex.append(_PART_OF_BONE.get(strongest.split("_")[0], "torso"))
    return [of_vertex[polygon.vertices[0]] for polygon in mesh.polygons]
