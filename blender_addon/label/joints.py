"""The 17 key points of a person: where they are, whether they are seen, what hides them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from mathutils import Vector

from ..body import model
from ..body.skeleton import skin
from ..build.people import BuiltPerson
from ..build.scene import BuiltInstance, BuiltScene
from ..dataset_format import keypoints
from ..draw.camera import project
from .owners import Owners, owner_name

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


def joints_of(built: BuiltScene, instance: BuiltInstance, owners: Owners, depsgraph: Any) -> Joints:
    """Project the person's joints and ask by ray what the camera sees before each."""
    points = room_positions(instance.person, depsgraph)
    pixels = project(built.spec.camera, built.spec.size, points)
    inside = ((pixels >= 0) & (pixels < built.spec.size)).all(axis=1)  # False where NaN
    occluded_by = tuple(
        hidden_by(built, owners, depsgraph, owner_name(instance), point, radius(name)) if seen else "outside"
        for name, point, seen in zip(keypoints.NAMES, points, inside)
    )
    visibility = tuple(_VISIBILITY.get(cause, keypoints.HIDDEN) for cause in occluded_by)
    return Joints(points, pixels, visibility, occluded_by)


_VISIBILITY = {"none": keypoints.VISIBLE, "outside": keypoints.NOT_IN_IMAGE}


def room_positions(person: BuiltPerson, depsgraph: Any) -> np.ndarray:
    """(17, 3) metres in the room: the joints as the evaluated armature carries them, whatever posed it."""
    asset = model.load()
    armature = person.armature.evaluated_get(depsgraph)
    world = np.array(armature.matrix_world)
    posed = (np.array(armature.pose.bones[bone.name].matrix) for bone in asset.bones)
    at_rest = (np.linalg.inv(armature.data.bones[bone.name].matrix_local) for bone in asset.bones)
    transforms = np.stack([world @ now @ before for now, before in zip(posed, at_rest)])
    rows = np.unique(asset.keypoint_vertices)
    vertices = np.zeros_like(person.body.rest)
    vertices[rows] = skin(asset, person.body.rest, transforms, rows)
    return asset.joints(vertices)


def hidden_by(
    built: BuiltScene, owners: Owners, depsgraph: Any, own: str, point: np.ndarray, inside_limb: float
) -> str:
    """What the ray from the camera to ``point`` meets first: ``none``, ``self`` or an owner of ``owners``.

    The own surface within ``inside_limb`` metres of the point is the point being seen.
    """
    origin = np.asarray(built.spec.camera.location)
    reach = float(np.linalg.norm(point - origin))
    direction = (point - origin) / reach
    hit, place, _, _, item, _ = built.scene.ray_cast(depsgraph, Vector(origin), Vector(direction), distance=reach)
    if not hit:
        return "none"
    owner = owners.by_object[item.name]
    if owner != own:
        return owner
    return "none" if (Vector(point) - place).length <= inside_limb else "self"
