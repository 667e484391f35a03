"""Contact measured on the meshes of what was built: bed, chair, floor, and other people."""

import bpy
import numpy as np
import pytest
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from blender_addon.body import model
from blender_addon.construct.furniture import build_furniture
from blender_addon.construct.furniture_materials import Palette
from blender_addon.construct.people import pose_people
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample

DEEPEST = 0.02  # metres
FOLDED = 0.001  # share of the skin: in the groin of bent legs skinning turns a few vertices inside out
IMAGES = 16
PAIRS = ['people.count={"2": 1, "3": 1, "4": 1, "6": 1}', 'room.kind={"single": 1, "ward": 1, "waiting": 1, "desk": 1}']


@pytest.fixture
def collection():
    scene = bpy.data.scenes.new("contact")
    yield scene.collection
    doomed = list(scene.collection.all_objects)
    bpy.data.scenes.remove(scene)
    bpy.data.batch_remove(doomed)
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)


def surface(item) -> tuple:
    """(vertices, faces) of an object in the room, modifiers left out."""
    return (
        [item.matrix_basis @ vertex.co for vertex in item.data.vertices],
        [tuple(polygon.vertices) for polygon in item.data.polygons],
    )


def depth_in(tree: BVHTree, points: np.ndarray, limit: float = 0.08) -> np.ndarray:
    """(n,) metres each point is inside the closed surfaces of ``tree``, 0 outside."""
    depth = np.zeros(len(points))
    for n, point in enumerate(map(Vector, points)):
        place, normal, _, distance = tree.find_nearest(point, limit)
        if place is not None and distance > 0.005 and (point - place).dot(normal) < 0 and _is_inside(tree, point):
            depth[n] = distance
    return depth


def _is_inside(tree: BVHTree, point: Vector) -> bool:
    """Whether rays in two directions both leave through an odd number of faces (one sheet alone says nothing)."""
    for direction in (Vector((0.31, 0.17, 0.93)), Vector((-0.45, 0.72, -0.53))):
        crossings, start = 0, point
        while crossings < 40:
            place, _, _, _ = tree.ray_cast(start, direction)
            if place is None:
                break
            crossings, start = crossings + 1, place + direction * 1e-5
        if crossings % 2 == 0:
            return False
    return True


def measure(index: int, collection) -> list:
    """[(what, metres)] of the deepest contacts of image ``index``."""
    spec = sample(draw_settings.resolve(pairs=PAIRS), 31, index)
    asset = model.load()
    rows = asset.group_vertices("body")
    bodies = pose_people(spec.people, spec.furniture)
    palette = Palette()
    found = []
    for person, body in zip(spec.people, bodies):
        points = body.vertices(asset, rows)
        found.append((f"{index}/{person.id} {person.posture} in the floor", float(max(-points[:, 2].min(), 0.0))))
        if person.furniture:
            piece = next(piece for piece in spec.furniture if piece.id == person.furniture)
            bare = build_furniture(collection, piece, palette)[0]  # without pillows, which give way
            tree = BVHTree.FromPolygons(*surface(bare))
            inside = depth_in(tree, points)
            bone = asset.bones[asset.bone_ids[rows[inside.argmax()], 0]].name
            found.append(
                (
                    f"{index}/{person.id} {person.posture}: {bone} in the {piece.kind}",
                    float(np.quantile(inside, 1 - FOLDED)),
                )
            )
    for n, (person, body) in enumerate(zip(spec.people, bodies)):
        faces = np.searchsorted(rows, asset.faces[asset.group_faces("body")])
        tree = BVHTree.FromPolygons([Vector(p) for p in body.vertices(asset, rows)], faces.tolist())
        for other, theirs in list(zip(spec.people, bodies))[n + 1 :]:
            inside = depth_in(tree, theirs.vertices(asset, rows)[::3])
            found.append((f"{index}: {person.posture} {person.id} in {other.posture} {other.id}", float(inside.max())))
    return found


@pytest.mark.parametrize(
    "index", [*range(IMAGES), *(pytest.param(n, marks=pytest.mark.slow) for n in range(IMAGES, 64))]
)
def test_no_part_is_deeper_than_two_centimetres_in_what_it_touches(index, collection):
    for what, metres in measure(index, collection):
        assert metres <= DEEPEST + 0.0005, f"{what}: {100 * metres:.1f} cm"
