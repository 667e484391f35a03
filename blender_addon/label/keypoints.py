"""The 17 key points of a person: their positions, visibility and causes of occlusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

import numpy as np
from mathutils import Vector

from ..body import model
from ..body.skeleton import skin
from ..construct.characters import BuiltCharacter
from ..construct.people import BuiltPerson
from ..construct.scene import BuiltInstance
from ..dataset_format import keypoints
from ..draw.projection import focal_length, intrinsics, project
from ..draw.spec import SceneSpec
from .pass_indices import UNKNOWN, PassIndices, occluder_name
from .sight import Sight

if TYPE_CHECKING:
    from bpy.types import Depsgraph

# A joint lies inside its limb, and a line of sight may meet the limb's surface at a slant: the largest
# distance in metres before the joint, by the depth of the joint. A surface farther away is another part of the body.
_SLACK, _PER_DEPTH, _FARTHEST = 0.03, 2.0, 0.25
_PIXELS = 2.0  # the mask is sampled at pixel centres and may miss parts thinner than a pixel


@dataclass(frozen=True)
class KeyPoints:
    """Key points of one person.

    Attributes:
        room: (17, 3) metres.
        pixels: (17, 2).
        tolerance: (17,) pixels, how far from the person's mask a visible joint may lie.
        visibility: COCO's v of each.
        occluded_by: the cause of occlusion of each.
    """

    room: np.ndarray
    pixels: np.ndarray
    tolerance: np.ndarray
    visibility: tuple[int, ...]
    occluded_by: tuple[str, ...]


def key_points_of(
    instance: BuiltInstance,
    person: Union[BuiltPerson, BuiltCharacter],
    vertices: np.ndarray,
    indices: PassIndices,
    sight: Sight,
    shown: np.ndarray,
) -> KeyPoints:
    """Project the joints of ``person``, the body of ``instance``, and find by rays the cause of occlusion of each.

    Args:
        vertices: (N, 3) metres, the person's in the room.
        shown: (H, W) int, the pass index of each pixel.
    """
    spec = sight.built.spec
    points = room_positions(person, sight.depsgraph)
    pixels = project(spec.camera, spec.size, points)
    inside = ((pixels >= 0) & (pixels < spec.size)).all(axis=1)  # False where NaN
    reach = _reach(points, vertices)
    tolerance = _tolerance(spec, points, reach)
    own = occluder_name(instance)
    occluded_by = []
    for point, pixel, limit, allowed, seen in zip(points, pixels, reach, tolerance, inside):
        cause = hidden_by(sight, indices, own, point, limit, pixel) if seen else "outside"
        if cause == "none" and pixels_away(shown == instance.id, pixel) > allowed:
            # Seen through a gap thinner than a pixel: the image shows the surfaces beside the gap.
            cause = indices.by_index[int(shown[int(pixel[1]), int(pixel[0])])]
        occluded_by.append(cause)
    visibility = tuple(_VISIBILITY.get(cause, keypoints.HIDDEN) for cause in occluded_by)
    return KeyPoints(points, pixels, tolerance, visibility, tuple(occluded_by))


def pixels_away(mask: np.ndarray, pixel: Sequence[float]) -> float:
    """From ``pixel`` (x, y) to the nearest pixel centre of an (H, W) bool mask; infinite where it is empty."""
    rows, columns = np.nonzero(mask)
    return float(np.hypot(columns + 0.5 - pixel[0], rows + 0.5 - pixel[1]).min()) if rows.size else np.inf


def _reach(joints: np.ndarray, vertices: np.ndarray) -> np.ndarray:
    """(17,) metres, from the depth of each joint below the nearest point of skin, cloth or hair."""
    columns = np.ascontiguousarray(vertices.T)
    depth = np.sqrt([np.min(sum((column - at) ** 2 for column, at in zip(columns, joint))) for joint in joints])
    return np.minimum(_SLACK + _PER_DEPTH * depth, _FARTHEST)


def _tolerance(spec: SceneSpec, joints: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """(17,) pixels: ``reach`` as the camera sees it."""
    focal = focal_length(intrinsics(spec.camera, spec.size))
    away = np.linalg.norm(joints - spec.camera.location, axis=1)
    return _PIXELS + 2.0 * focal * reach / away  # doubled, because a lens stretches towards its edge


_VISIBILITY = {"none": keypoints.VISIBLE, "outside": keypoints.NOT_IN_IMAGE}


def room_positions(person: Union[BuiltPerson, BuiltCharacter], depsgraph: Depsgraph) -> np.ndarray:
    """(17, 3) metres in the room: the joints as the evaluated armature carries them, whatever posed it."""
    if isinstance(person, BuiltCharacter):
        return person.joints(depsgraph)
    asset = model.load()
    armature = person.armature.evaluated_get(depsgraph)
    world = np.array(armature.matrix_world)
    posed = (np.array(armature.pose.bones[bone.name].matrix) for bone in asset.bones)
    at_rest = np.linalg.inv([armature.data.bones[bone.name].matrix_local for bone in asset.bones])
    transforms = np.stack([world @ now @ before for now, before in zip(posed, at_rest)])
    rows = np.unique(asset.keypoint_vertices)
    vertices = np.zeros_like(person.body.rest)
    vertices[rows] = skin(asset, person.body.rest, transforms, rows)
    return asset.joints(vertices)


def hidden_by(
    sight: Sight, indices: PassIndices, own: str, point: np.ndarray, limit: float, pixel: Sequence[float]
) -> str:
    """The first surface on the ray to ``point``: ``none``, ``self`` or an owner of ``indices``.

    The person's own surface within ``limit`` metres counts as the point. ``pixel`` (x, y) is its projection.
    """
    origin = np.asarray(sight.built.spec.camera.location)
    reach = float(np.linalg.norm(point - origin))
    hit = sight.first_hit((point - origin) / reach, reach, pixel)
    if hit is None:
        return "none"
    owner = indices.by_object.get(hit.item.name, UNKNOWN)
    if owner != own:
        return owner
    return "none" if (Vector(point) - hit.place).length <= limit else "self"
