"""Building custom characters and objects: rigged characters are posed, everything else stays as modelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Optional

import numpy as np
from mathutils import Matrix

from ..body import model, retarget, rigs
from ..body.posture import PosedBody, frame_of
from ..body.support import Support
from ..draw.spec import ModelSpec, ObjectSpec, PersonSpec
from .library import LibraryError, Model, load_model, world_points

if TYPE_CHECKING:
    from bpy.types import Bone, Collection, Depsgraph, Object, ViewLayer

_DEEPEST, _REST_AT, _FLOATING = 0.02, 0.012, 0.02  # metres inside the support: too deep; as intended; above it
_PASSES = 3


@dataclass(frozen=True)
class BuiltCharacter:
    """A custom character that was posed.

    Attributes:
        key_bones: the armature's bone that each of COCO's joints moves with.
        key_points: (17, 4) the joints in the frames of those bones, as homogeneous coordinates.
        part_bones: the bone of our skeleton that each of the armature's bones belongs to, by its name.
    """

    spec: PersonSpec
    armature: Object
    objects: tuple[Object, ...]
    key_bones: tuple[str, ...]
    key_points: np.ndarray
    part_bones: dict[str, str]

    def joints(self, depsgraph: Depsgraph) -> np.ndarray:
        """(17, 3) metres in the room, moved by the evaluated armature."""
        armature = self.armature.evaluated_get(depsgraph)
        world = np.array(armature.matrix_world)
        posed = {name: world @ np.array(armature.pose.bones[name].matrix) for name in set(self.key_bones)}
        return np.array([posed[name] @ point for name, point in zip(self.key_bones, self.key_points)])[:, :3]


def load_character(collection: Collection, person_id: int, model: ModelSpec, view_layer: ViewLayer) -> Model:
    """Load the file of a person into the scene, at rest.

    Raises:
        LibraryError: it cannot be read, or should have a rig and has none with bones of known names.
    """
    loaded = load_model(collection, f"person {person_id}", model, view_layer)
    if model.rigged:
        names = [bone.name for bone in loaded.armature.data.bones] if loaded.armature else []
        if not rigs.our_bones(names):
            found = f"bones {', '.join(names[:3])} ..." if names else "no armature"
            raise LibraryError(
                f'{model.file}: has {found}, expected the bones of MPFB, Mixamo or Unreal; "rigged": false '
                f"in a JSON file beside it places it unposed"
            )
    return loaded


def place_character(
    loaded: Model, person: PersonSpec, body: PosedBody, on: Support, view_layer: ViewLayer
) -> Optional[BuiltCharacter]:
    """Pose the character as ``body``, which is of its height, and rest it on ``on``; None where it has no rig.

    Without a rig it stands at the stance's place, as modelled.
    """
    if loaded.armature is None:
        _put(loaded, person.stance.x, person.stance.y, 0.0, person.stance.heading, view_layer)
        return None
    armature = loaded.armature
    bones = _parents_first(armature)
    rig = _rig(armature, bones, loaded.height)
    transforms = retarget.retarget(rig, body)
    _pose(armature, bones, transforms, view_layer)
    lift = _rest_on(loaded, person, on, view_layer)
    asset = model.load()
    top = float(body.rest[asset.group_vertices("body"), 2].max())
    points = retarget.keypoints(rig, body, transforms, asset.joints(body.vertices(asset)), top)
    world = np.array(armature.matrix_world)
    frames = [world @ np.array(armature.pose.bones[bones[rig.ours.index(bone)].name].matrix) for bone, _ in points]
    key_points = [np.linalg.inv(frame) @ [x, y, z + lift, 1.0] for frame, (_, (x, y, z)) in zip(frames, points)]
    names = tuple(bones[rig.ours.index(bone)].name for bone, _ in points)
    return BuiltCharacter(person, armature, loaded.objects, names, np.array(key_points), _part_bones(bones, rig))


class BuiltObject(NamedTuple):
    """A custom object that was built: its objects in the scene, and its attributes."""

    objects: tuple[Object, ...]
    attributes: dict[str, str]


def build_object(collection: Collection, name: str, spec: ObjectSpec, view_layer: ViewLayer) -> BuiltObject:
    """Build a custom object at its place."""
    loaded = load_model(collection, name, spec.model, view_layer)
    _put(loaded, spec.x, spec.y, spec.z, spec.heading, view_layer)
    return BuiltObject(loaded.objects, {**spec.attributes, **loaded.attributes})


def _put(loaded: Model, x: float, y: float, z: float, heading: float, view_layer: ViewLayer) -> None:
    turn = Matrix.Translation((x, y, z)) @ Matrix.Rotation(np.radians(heading), 4, "Z")
    loaded.root.matrix_world = turn @ loaded.root.matrix_world
    view_layer.update()


def _parents_first(armature: Object) -> list[Bone]:
    return sorted(armature.data.bones, key=lambda bone: len(bone.parent_recursive))


def _rig(armature: Object, bones: list, height: float) -> retarget.Rig:
    world = np.array(armature.matrix_world)
    names = [bone.name for bone in bones]
    ours = rigs.our_bones(names)
    heads = np.array([world @ [*bone.head_local, 1.0] for bone in bones])[:, :3]
    parents = tuple(names.index(bone.parent.name) if bone.parent else -1 for bone in bones)
    rig = retarget.Rig(tuple(ours.get(name, "") for name in names), parents, heads, height)
    if rig.head("thigh_l")[0] > rig.head("thigh_r")[0]:
        return rig
    # It faces -y, yet its left is at -x: a mirrored character, whose left limbs are on the right side.
    return replace(rig, ours=tuple(_other_side(bone) for bone in rig.ours))


def _other_side(bone: str) -> str:
    sides = {"_l": "_r", "_r": "_l"}
    return bone[:-2] + sides.get(bone[-2:], bone[-2:])


def _pose(armature: Object, bones: list, transforms: np.ndarray, view_layer: ViewLayer) -> None:
    """Set every bone's own transform so that its rest, moved by its deform transform in the room, is its pose."""
    armature.data.pose_position = "POSE"
    world = np.array(armature.matrix_world)
    moved = {bone.name: np.linalg.inv(world) @ t @ world for bone, t in zip(bones, transforms)}
    for bone in bones:
        pose_bone = armature.pose.bones[bone.name]
        for constraint in list(pose_bone.constraints):
            pose_bone.constraints.remove(constraint)
        bone.use_inherit_rotation, bone.inherit_scale = True, "FULL"
        rest = np.array(bone.matrix_local)
        above = moved[bone.parent.name] if bone.parent else np.eye(4)
        basis = np.linalg.inv(above @ rest) @ moved[bone.name] @ rest
        pose_bone.matrix_basis = Matrix(basis.tolist())
    view_layer.update()


def _rest_on(loaded: Model, person: PersonSpec, on: Support, view_layer: ViewLayer) -> float:
    """Lift or lower the character until it neither sinks into its support nor floats; returns by how much."""
    to_frame = np.linalg.inv(frame_of(person.stance))
    points = world_points(loaded.meshes, view_layer) @ to_frame[:3, :3].T + to_frame[:3, 3]
    lift = 0.0
    for _ in range(_PASSES):
        clearance = float(on.clearance(points + np.array([0.0, 0.0, lift])).min())
        if -_DEEPEST <= clearance <= _FLOATING:
            break
        lift += -_REST_AT - clearance
    loaded.root.matrix_world = Matrix.Translation((0.0, 0.0, lift)) @ loaded.root.matrix_world
    view_layer.update()
    return lift


def _part_bones(bones: Sequence[Bone], rig: retarget.Rig) -> dict[str, str]:
    """The bone of our skeleton for each bone, by its name; other bones count as their parent's."""
    ours: list[str] = []
    for bone, parent in zip(rig.ours, rig.parents):
        ours.append(bone or (ours[parent] if parent >= 0 else "pelvis"))
    return {bone.name: ours_of_it for bone, ours_of_it in zip(bones, ours)}
