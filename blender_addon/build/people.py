"""Building people: armature, skin, eyes, hair and clothes, posed by bones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..body import garments, model, posture
from ..body.model import BodyModel
from ..draw.spec import PersonSpec
from . import materials
from .mesh import add_mesh


@dataclass(frozen=True)
class BuiltPerson:
    """A person in the scene: its spec, its posed body, the armature and all mesh objects that are part of it."""

    spec: PersonSpec
    body: posture.PosedBody
    armature: Any
    objects: tuple


def pose_person(spec: PersonSpec) -> posture.PosedBody:
    """The person's body, posed and resting on its support; numpy only."""
    placement = posture.Placement(spec.posture, spec.x, spec.y, spec.heading, spec.surface, spec.overhang)
    return posture.pose_body(model.load(), spec.phenotype, spec.pose, placement)


def build_person(collection: Any, spec: PersonSpec, body: posture.PosedBody, view_layer: Any) -> BuiltPerson:
    """Build the person into ``collection``."""
    asset = model.load()
    name = f"person {spec.id}"
    armature = _armature(collection, name, asset, body, view_layer)

    def add(piece: garments.Piece, material: Any) -> Any:
        return _add_piece(collection, armature, f"{name} {piece.name}", asset, piece, material)

    objects = [_add_skin(add, name, asset, body, spec)]
    for garment in spec.garments:
        piece = garments.garment(asset, body.rest, body.skeleton, garment.kind)
        roughness = 0.5 if garment.kind == "shoes" else 0.9
        cloth = materials.mottled(f"{name} {garment.kind}", garment.rgb, roughness, scale=14.0, depth=0.12)
        objects.append(add(piece, cloth))
    hair = garments.hair(asset, body.rest, body.skeleton, spec.hair)
    if hair is not None:
        objects.append(add(hair, materials.mottled(f"{name} hair", spec.hair_rgb, 0.6, scale=60.0, depth=0.18)))
    objects.append(_add_eyes(add, name, asset, body, spec))
    return BuiltPerson(spec, body, armature, tuple(objects))


def _armature(collection: Any, name: str, asset: BodyModel, body: posture.PosedBody, view_layer: Any) -> Any:
    data = bpy.data.armatures.new(name)
    armature = bpy.data.objects.new(name, data)
    collection.objects.link(armature)
    view_layer.update()
    with bpy.context.temp_override(active_object=armature, object=armature, selected_objects=[armature]):
        view_layer.objects.active = armature
        bpy.ops.object.mode_set(mode="EDIT")
        for i, bone in enumerate(asset.bones):
            edit = data.edit_bones.new(bone.name)
            edit.head, edit.tail, edit.roll = body.skeleton.heads[i], body.skeleton.tails[i], bone.roll
            if bone.parent:
                edit.parent = data.edit_bones[bone.parent]
        bpy.ops.object.mode_set(mode="OBJECT")
    _pose(armature, asset, body)
    return armature


def _pose(armature: Any, asset: BodyModel, body: posture.PosedBody) -> None:
    """Set the bones so that Blender's deform transforms equal ``body.transforms``."""
    for i, bone in enumerate(asset.bones):
        rest = np.array(armature.data.bones[bone.name].matrix_local)
        parent = body.skeleton.parents[i]
        above = np.eye(4) if parent < 0 else body.transforms[parent]
        basis = np.linalg.inv(above @ rest) @ body.transforms[i] @ rest
        armature.pose.bones[bone.name].matrix_basis = Matrix(basis.tolist())


def _add_skin(add: Callable, name: str, asset: BodyModel, body: posture.PosedBody, spec: PersonSpec) -> Any:
    """The whole skin; a Mask modifier takes away what is under clothes, so an artist can have it back."""
    rows = asset.group_vertices("body")
    faces = np.searchsorted(rows, asset.faces[asset.group_faces("body")])
    skin = materials.mottled(f"{name} skin", spec.skin_rgb, 0.55, scale=9.0, depth=0.07)
    item = add(garments.Piece("body", rows, body.rest[rows], faces), skin)
    kinds = tuple(garment.kind for garment in spec.garments)
    covered = np.searchsorted(rows, garments.covered_skin(asset, body.rest, body.skeleton, kinds))
    item.vertex_groups.new(name="under clothes").add(covered.tolist(), 1.0, "REPLACE")
    mask = item.modifiers.new("Skin under clothes", "MASK")
    mask.vertex_group, mask.invert_vertex_group = "under clothes", True
    return item


def _add_eyes(add: Callable, name: str, asset: BodyModel, body: posture.PosedBody, spec: PersonSpec) -> Any:
    piece, kinds = garments.eyes(asset, body.rest)
    item = add(piece, materials.plain(f"{name} sclera", (0.75, 0.72, 0.68), 0.2))
    item.data.materials.append(materials.plain(f"{name} iris", spec.eye_rgb, 0.2))
    item.data.materials.append(materials.plain(f"{name} pupil", (0.003, 0.003, 0.003), 0.1))
    item.data.polygons.foreach_set("material_index", kinds)
    return item


def _add_piece(
    collection: Any, armature: Any, name: str, asset: BodyModel, piece: garments.Piece, material: Any
) -> Any:
    """A mesh that the armature deforms, with the bones' weights as vertex groups."""
    item = add_mesh(collection, name, piece.rest, piece.faces, material, smooth=True)
    item.parent = armature
    item.modifiers.new("Armature", "ARMATURE").object = armature
    ids, steps = asset.bone_ids[piece.rows], asset.bone_steps[piece.rows]
    for bone in np.unique(ids[steps > 0]):
        group = item.vertex_groups.new(name=asset.bones[bone].name)
        weight = np.where(ids == bone, steps, 0).max(axis=1)
        for step in np.unique(weight[weight > 0]):
            group.add(np.flatnonzero(weight == step).tolist(), float(step) / asset.bone_steps.max(), "REPLACE")
    return item
