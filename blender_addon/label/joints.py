"""The 17 key points of a person: where they are, whether they are seen, what hides them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from mathutils import Vector

from ..body import model
from ..body.skeleton import skin
from ..build.people import BuiltPerson
from ..build.scene import BuiltScene
from ..dataset_format import keypoints
from ..draw.camera import project

# A joint lies inside its limb: the surface in front of it may be this far away (metres, adult).
_RADIUS = {
    "nose": 0.03, "eye": 0.03, "ear": 0.05, "shoulder": 0.10, "elbow": 0.07, "wrist": 0.06,
    "hip": 0.18, "knee": 0.09, "ankle": 0.08,
}  # fmt: skip


@dataclass(frozen=True)
class Joints:
    """Key points of one person: (17, 3) in the room, (17, 2) pixels, v per COCO, what hides each."""

    room: np.ndarray
    pixels: np.ndarray
    visibility: tuple
    occluded_by: tuple


def radius(name: str) -> float:
    """How far in metres the surface over the joint ``name`` may be from it."""
    return _RADIUS[name.rsplit("_", 1)[-1]]


def joints_of(built: BuiltScene, person: BuiltPerson, depsgraph: Any) -> Joints:
    """Project the person's joints and ask by ray what the camera sees before each."""
    points = _room_positions(person, depsgraph)
    spec = built.spec
    pixels, depth = project(spec.camera, spec.size, points)
    inside = (depth > 0) & (pixels >= 0).all(axis=1) & (pixels < spec.size).all(axis=1)
    owners = _owners(built)
    visibility, occluded_by = [], []
    for name, point, seen in zip(keypoints.NAMES, points, inside):
        hidden_by = _first_before(built, owners, depsgraph, person.spec.id, name, point) if seen else "outside"
        occluded_by.append(hidden_by)
        if not seen:
            visibility.append(keypoints.NOT_IN_IMAGE)
        else:
            visibility.append(keypoints.VISIBLE if hidden_by == "none" else keypoints.HIDDEN)
    return Joints(points, pixels, tuple(visibility), tuple(occluded_by))


def _room_positions(person: BuiltPerson, depsgraph: Any) -> np.ndarray:
    """(17, 3): the joints as the evaluated armature carries them, whatever posed it."""
    asset = model.load()
    armature = person.armature.evaluated_get(depsgraph)
    world = np.array(armature.matrix_world)
    transforms = np.stack(
        [
            world
            @ np.array(armature.pose.bones[b.name].matrix)
            @ np.linalg.inv(armature.data.bones[b.name].matrix_local)
            for b in asset.bones
        ]
    )
    rows = np.unique(asset.keypoint_vertices)
    vertices = np.zeros_like(person.body.rest)
    vertices[rows] = skin(asset, person.body.rest, transforms, rows)
    return asset.joints(vertices)


def _owners(built: BuiltScene) -> dict:
    """Object name -> what ``occluded_by`` calls it."""
    owners = {item.name: f"person:{p.spec.id}" for p in built.people for item in p.objects}
    owners.update({item.name: "object:bed" for item in built.bed})
    return owners


def _first_before(
    built: BuiltScene, owners: dict, depsgraph: Any, person_id: int, joint: str, point: np.ndarray
) -> str:
    """What the ray from the camera meets before the joint: ``none``, ``self``, ``person:<id>``, ``object:<name>``.

    The person's own surface within the limb's radius of the joint is the joint being seen.
    """
    origin = np.asarray(built.spec.camera.location)
    reach = float(np.linalg.norm(point - origin))
    direction = (point - origin) / reach
    hit, place, _, _, item, _ = built.scene.ray_cast(depsgraph, Vector(origin), Vector(direction), distance=reach)
    if not hit:
        return "none"
    owner = owners.get(item.name, f"object:{item.name}")
    if owner != f"person:{person_id}":
        return owner
    return "none" if (Vector(point) - place).length <= radius(joint) else "self"
