"""Building blankets over people in bed: cloth simulated over the posed body (``body.drape``) becomes a mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..body import model
from ..body.drape import Cover, drape
from ..body.model import BodyModel
from ..body.plan_frame import PlanFrame
from ..body.skeleton import skin_with
from ..body.support import bed_profile
from ..body.vectors import cross
from ..dataset_format import keypoints
from ..draw.spec import CoverSpec, FurnitureSpec
from . import basic_materials
from .mesh import add_mesh
from .people import BuiltPerson
from .textiles import patterned

if TYPE_CHECKING:
    from bpy.types import Collection, Object

_ARM = ("upperarm", "lowerarm", "hand", "thumb", "index", "middle", "ring", "pinky")
_NOSE = [keypoints.NAMES.index("nose")]
_SHOULDERS, _HIPS, _KNEES, _ANKLES = (
    [keypoints.NAMES.index(f"{side}_{joint}") for side in ("left", "right")]
    for joint in ("shoulder", "hip", "knee", "ankle")
)
_BELOW_CHIN = 0.75  # fraction of the way from the shoulders to the nose where "chin" begins
_FOLD_LIES = 1.8  # height of the fold above the cloth below it, in thicknesses of the cloth


def build_cover(
    collection: Collection, name: str, spec: CoverSpec, bed: FurnitureSpec, person: BuiltPerson
) -> tuple[Object, ...]:
    """Drape the cover over ``person`` on ``bed`` and build it; returns its mesh objects."""
    asset, body = model.load(), person.body
    frame = PlanFrame.at(bed.x, bed.y, bed.heading)
    points, bones = _surface(asset, person)
    points = frame.points_to_frame(points, bed.z)
    arms = {side: np.isin(bones, _arm_bones(asset, side)) for side in ("l", "r")}
    top = bed_profile(bed.shape)
    cover = Cover(
        top=_top_edge(frame.points_to_frame(asset.joints(body.vertices(asset)), bed.z), spec),
        slope=spec.slope,
        bottom=top[0][0] - spec.foot,
        left=spec.left,
        right=spec.right,
        thickness=spec.thickness,
        arms_out=spec.arms_out,
        uneven=spec.uneven,
        crease=spec.crease,
    )
    trunk = ~(arms["l"] | arms["r"])
    cloth = drape(cover, bed.shape, top, points[trunk], {side: points[arms[side]] for side in arms})
    objects = [_add_cloth(collection, name, frame.points_to_room(cloth, bed.z), spec.rgb, spec.thickness, spec.pattern)]
    if spec.fold > 0:
        fold = frame.points_to_room(_folded_back(cloth, spec), bed.z)
        objects.append(_add_cloth(collection, f"{name} fold", fold, spec.fold_rgb, spec.thickness))
    return tuple(objects)


def _top_edge(joints: np.ndarray, spec: CoverSpec) -> float:
    """The y in the bed's frame up to which the cover is pulled; ``joints`` (17, 3) are the body's."""
    y = {
        name: float(joints[rows, 1].mean())
        for name, rows in (
            ("nose", _NOSE),
            ("shoulders", _SHOULDERS),
            ("hips", _HIPS),
            ("knees", _KNEES),
            ("feet", _ANKLES),
        )
    }
    trunk = y["shoulders"] - y["hips"]
    edge = {
        "chin": y["shoulders"] + _BELOW_CHIN * (y["nose"] - y["shoulders"]),
        "chest": y["hips"] + 0.72 * trunk,
        "waist": y["hips"] + 0.22 * trunk,
        "knees": y["knees"] + 0.3 * (y["hips"] - y["knees"]),
        "feet": y["feet"] + 0.25 * (y["knees"] - y["feet"]),
    }[spec.to]
    return edge + spec.shift


def _folded_back(cloth: np.ndarray, spec: CoverSpec) -> np.ndarray:
    """The folded-back strip along the upper edge, (rows, columns, 3), a little above the cloth."""
    lengths = np.linalg.norm(np.diff(cloth[:, cloth.shape[1] // 2], axis=0), axis=-1)
    rows = max(int(np.searchsorted(np.cumsum(lengths), spec.fold)), 2)
    strip = cloth[: rows + 1].copy()
    across, along = np.gradient(strip, axis=1), np.gradient(strip, axis=0)
    normal = cross(along, across)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    normal *= np.where(normal[..., 2:] < 0, -1.0, 1.0)
    # The fold starts on the cloth and rises steeply.
    rise = np.minimum(np.arange(rows + 1) / 0.6, 1.0)[:, None, None]
    return strip + normal * (_FOLD_LIES * spec.thickness + 0.003) * rise


def _add_cloth(
    collection: Collection, name: str, points: np.ndarray, rgb: tuple, thickness: float, pattern: tuple = ()
) -> Object:
    rows, columns = points.shape[:2]
    i, j = (index.ravel() for index in np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij"))
    corner = i * columns + j
    faces = np.stack([corner, corner + columns, corner + columns + 1, corner + 1], axis=1)
    if pattern:
        kind, pitch, other = pattern
        material = patterned(name, rgb, other, kind, pitch)
    else:
        material = basic_materials.mottled(name, rgb, 0.95, scale=9.0, depth=0.06)
    item = add_mesh(collection, name, points.reshape(-1, 3), faces, material, smooth=True)
    finer = item.modifiers.new("Smooth", "SUBSURF")
    finer.levels = finer.render_levels = 1
    solid = item.modifiers.new("Thickness", "SOLIDIFY")
    solid.thickness, solid.offset = thickness, 0.0
    return item


def _surface(asset: BodyModel, person: BuiltPerson) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3) points of skin and clothes in the room, dense, and (n,) the bone that moves each most."""
    rows = asset.group_vertices("body")
    points, bones = [person.body.vertices(asset, rows)], [asset.bone_ids[rows, 0]]
    for piece in person.worn:
        posed = skin_with(piece.bones, piece.weights, piece.rest, person.body.transforms)
        middles = posed[piece.faces].mean(axis=1)  # loose cloth has large faces
        points += [posed, middles]
        bones += [piece.bones[:, 0], piece.bones[piece.faces[:, 0], 0]]
    return np.concatenate(points), np.concatenate(bones)


def _arm_bones(asset: BodyModel, side: str) -> list[int]:
    return [i for i, bone in enumerate(asset.bones) if bone.name.startswith(_ARM) and bone.name.endswith(f"_{side}")]
