"""Building people: armature, skin, eyes, hair and clothes, posed by bones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import bpy
import numpy as np
from bpy.types import Collection, Material, Object, ViewLayer
from mathutils import Matrix

from .. import compat
from ..body import model, posture, support, wear
from ..body.model import BodyModel
from ..draw.spec import AttachmentSpec, FurnitureSpec, PersonSpec
from . import people_materials

_WEIGHT_STEPS = 64  # few distinct weights, because a vertex group is filled one weight at a time


@dataclass(frozen=True)
class BuiltPerson:
    """A person in the scene: its spec, its posed body, the armature and all mesh objects that are part of it.

    ``worn`` are the ``wear.MeshPart``s of clothes and other things on the body, at rest.
    """

    spec: PersonSpec
    body: posture.PosedBody
    armature: Object
    objects: tuple[Object, ...]
    worn: tuple[wear.MeshPart, ...] = ()


def pose_people(
    people: Sequence[PersonSpec],
    furniture: Sequence[FurnitureSpec],
    heights: Mapping[int, float] = MappingProxyType({}),
) -> list[posture.PosedBody]:
    """Pose the people's bodies on their supports, in the same order; numpy only.

    A person who holds another must come after them. ``heights`` in metres, by a person's id, are those of characters
    whose height differs from their phenotype's.
    """
    asset = model.load()
    bodies, joints = [], {}
    for person in people:
        rest = asset.shape(person.phenotype)
        if person.id in heights:
            rest = rest * (heights[person.id] / rest[asset.group_vertices("body"), 2].max())
        body = posture.pose_body(asset, rest, person.stance, support_of(person, furniture), joints)
        joints[person.id] = asset.joints(body.vertices(asset))
        bodies.append(body)
    return bodies


def support_of(person: PersonSpec, furniture: Sequence[FurnitureSpec]) -> support.Support:
    """The person's support, in the frame of their stance."""
    if not person.furniture:
        return support.floor()
    return _SUPPORTS[person.use](next(piece for piece in furniture if piece.id == person.furniture).shape)


_SUPPORTS = {"bed": support.bed, "side": support.bed_side, "seat": support.seat}


def build_person(
    collection: Collection, spec: PersonSpec, body: posture.PosedBody, view_layer: ViewLayer
) -> BuiltPerson:
    """Build the person into ``collection``and the lines away from the body, which are not part of the person."""
    asset = model.load()
    name = f"person {spec.id}"
    dressed = wear.dress(asset, body, spec.look, spec.garments, spec.attachments)
    armature = _armature(collection, name, asset, body, view_layer)

    def add(piece: wear.MeshPart, *slots: Material) -> Object:
        return _add_piece(collection, armature, f"{name} {piece.name}", asset, piece, slots)

    objects = [_add_skin(add, name, asset, body, spec, dressed), _add_eyes(add, name, spec, dressed)]
    curly = spec.look.hair in ("curly", "afro")
    if dressed.hair is not None:
        material = people_materials.hair(f"{name} hair", spec.look.hair_rgb, curly, spec.look.hair_locks)
        objects.append(add(dressed.hair, material))
    if dressed.beard is not None:
        objects.append(add(dressed.beard, people_materials.hair(f"{name} beard", spec.look.beard_rgb, True)))
    if dressed.brows is not None:
        objects.append(add(dressed.brows, people_materials.hair(f"{name} brows", spec.look.brow_rgb, False, True)))
    for worn in dressed.worn:
        objects.append(add(worn.part, *_materials_of(f"{name} {worn.part.name}", worn)))
    for n, (kind, path, radius, attachment) in enumerate(dressed.lines):
        nothing = np.zeros((len(path), 4), dtype=np.int64)
        line = wear.tube(f"{kind} {n}", path, radius, nothing, nothing.astype(float))
        material = people_materials.plastic(f"line {spec.id} {kind}", attachment.rgb)
        _fill(collection, f"line {spec.id} {kind} {n}", line, (material,))
    return BuiltPerson(spec, body, armature, tuple(objects), tuple(worn.part for worn in dressed.worn))


# The materials of garments and attachments that are not cloth, in the order of the piece's parts.
_RUBBERY = ("shoes", "boots", "clogs", "overshoes")


def _materials_of(name: str, worn: wear.Worn) -> tuple[Material, ...]:
    spec, kind = worn.spec, worn.spec.kind
    if kind in wear.SHOES:
        upper = (
            people_materials.plastic(name, spec.rgb, 0.45) if kind in _RUBBERY else people_materials.cloth(name, spec)
        )
        return upper, people_materials.plastic(f"{name} sole", spec.rgb if kind == "clogs" else spec.rgb2, 0.7)
    if kind == "face-shield":
        return people_materials.clear(name, spec.rgb, 0.12), people_materials.plastic(f"{name} band", spec.rgb2, 0.8)
    if kind == "oxygen-mask":
        clear = people_materials.clear(name, spec.rgb, 0.2)
        return (clear, *[people_materials.plastic(f"{name} band", spec.rgb)] * 4)
    if kind in ("lanyard", "stethoscope"):
        return people_materials.plastic(name, spec.rgb, 0.5), people_materials.plastic(f"{name} end", spec.rgb2, 0.3)
    if kind == "electrode-cap":
        return people_materials.plastic(name, spec.rgb, 0.8), people_materials.plastic(
            f"{name} electrodes", (0.05, 0.05, 0.06), 0.4
        )
    if kind == "iv-line":
        return (people_materials.plastic(name, (0.74, 0.72, 0.66), 0.6),)
    if kind.startswith("glasses-") or kind in ("gloves", "nasal-cannula", "ecg-leads", "pulse-oximeter", "wristband"):
        return (people_materials.plastic(name, spec.rgb),)
    if isinstance(spec, AttachmentSpec):
        return (people_materials.plastic(name, spec.rgb, 0.95),)
    return (people_materials.cloth(name, spec),)


def _armature(
    collection: Collection, name: str, asset: BodyModel, body: posture.PosedBody, view_layer: ViewLayer
) -> Object:
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


def _pose(armature: Object, asset: BodyModel, body: posture.PosedBody) -> None:
    """Set the bones so that Blender's deform transforms equal ``body.transforms``."""
    for i, bone in enumerate(asset.bones):
        rest = np.array(armature.data.bones[bone.name].matrix_local)
        parent = body.skeleton.parents[i]
        above = np.eye(4) if parent < 0 else body.transforms[parent]
        basis = np.linalg.inv(above @ rest) @ body.transforms[i] @ rest
        armature.pose.bones[bone.name].matrix_basis = Matrix(basis.tolist())


def _add_skin(
    add: Callable, name: str, asset: BodyModel, body: posture.PosedBody, spec: PersonSpec, dressed: wear.Dressed
) -> Object:
    """The whole skin; a Mask modifier hides what is under clothes, so that an artist can show it again."""
    rows = asset.group_vertices("body")
    faces = np.searchsorted(rows, asset.faces[asset.group_faces("body")])
    piece = wear.MeshPart(
        "body", body.rest[rows], faces, asset.bone_ids[rows], asset.bone_weights[rows], colour=dressed.skin
    )
    item = add(piece, people_materials.skin(f"{name} skin", spec.look.age_marks, even=spec.look.face_detail))
    covered = np.searchsorted(rows, dressed.hidden)
    item.vertex_groups.new(name="under clothes").add(covered.tolist(), 1.0, "REPLACE")
    mask = item.modifiers.new("Skin under clothes", "MASK")
    mask.vertex_group, mask.invert_vertex_group = "under clothes", True
    return item


def _add_eyes(add: Callable, name: str, spec: PersonSpec, dressed: wear.Dressed) -> Object:
    bright = (0.8, 0.78, 0.75) if spec.look.face_detail else (0.66, 0.62, 0.58)
    white = people_materials.eye(f"{name} sclera", bright, 0.25)
    iris = people_materials.eye(f"{name} iris", spec.look.eye_rgb, 0.2)
    return add(dressed.eyes, white, iris, people_materials.eye(f"{name} pupil", (0.003, 0.003, 0.003), 0.1))


def _add_piece(
    collection: Collection, armature: Object, name: str, asset: BodyModel, piece: wear.MeshPart, slots: Sequence
) -> Object:
    """A mesh that the armature deforms, with the bones' weights as vertex groups."""
    item = _fill(collection, name, piece, slots)
    item.parent = armature
    item.modifiers.new("Armature", "ARMATURE").object = armature
    groups: dict = {}
    for bone, step, rows in _by_bone_and_step(piece):
        if bone not in groups:
            groups[bone] = item.vertex_groups.new(name=asset.bones[bone].name)
        groups[bone].add(rows, step / _WEIGHT_STEPS, "REPLACE")
    return item


def _by_bone_and_step(piece: wear.MeshPart) -> Iterator[tuple]:
    """(bone, weight in steps, vertices) of all vertices with a weight, bone by bone; bones of a vertex that
    are named twice have the larger of their weights."""
    steps = np.round(piece.weights * _WEIGHT_STEPS).astype(np.int64)
    rows, places = np.nonzero(steps)
    bones, steps = piece.bones[rows, places], steps[rows, places]
    order = np.lexsort((steps, rows, bones))
    bones, steps, rows = bones[order], steps[order], rows[order]
    last = np.append((bones[1:] != bones[:-1]) | (rows[1:] != rows[:-1]), True)
    order = np.lexsort((rows[last], steps[last], bones[last]))
    bones, steps, rows = (values[last][order] for values in (bones, steps, rows))
    starts = np.flatnonzero(np.append(True, (bones[1:] != bones[:-1]) | (steps[1:] != steps[:-1])))
    ends = np.append(starts[1:], len(rows))
    listed = rows.tolist()
    for bone, step, start, end in zip(bones[starts].tolist(), steps[starts].tolist(), starts.tolist(), ends.tolist()):
        yield bone, step, listed[start:end]


def _fill(collection: Collection, name: str, piece: wear.MeshPart, slots: Sequence) -> Object:
    """A smooth mesh object of a piece; parts beyond the last of the materials ``slots`` use that one."""
    corners = np.ones(piece.faces.shape, dtype=bool)
    corners[:, 3] = piece.faces[:, 3] != piece.faces[:, 2]
    data = bpy.data.meshes.new(name)
    compat.fill_mesh(data, piece.rest, piece.faces[corners], corners.sum(axis=1))
    data.polygons.foreach_set("use_smooth", np.ones(len(piece.faces), dtype=bool))
    for material in slots:
        data.materials.append(material)
    if len(piece.material) and len(slots) > 1:
        data.polygons.foreach_set("material_index", np.minimum(piece.material, len(slots) - 1).astype(np.int32))
    if len(piece.uv):
        data.uv_layers.new(name="cloth").data.foreach_set("uv", piece.uv[corners].astype(np.float32).ravel())
    if len(piece.colour):
        rgba = np.concatenate([piece.colour, np.ones((len(piece.colour), 1))], axis=1).astype(np.float32)
        data.attributes.new(people_materials.VERTEX_COLOUR, "FLOAT_COLOR", "POINT").data.foreach_set(
            "color", rgba.ravel()
        )
    data.update(calc_edges=True)
    item = bpy.data.objects.new(name, data)
    collection.objects.link(item)
    return item
