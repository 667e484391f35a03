"""Built furniture: as large as the drawing layer says, resting where bodies rest, the same mesh for the same spec."""

import pytest

PROLOGUE = """
import bpy, numpy as np
from blender_addon.body import support
from blender_addon.construct.furniture_materials import Palette
from blender_addon.construct.furniture import build_furniture
from blender_addon.draw import config as knobs
from blender_addon.draw.furniture import KINDS, anchors, draw_furniture, extent
from blender_addon.draw.spec import FurnitureSpec
from blender_addon.draw.streams import RandomStream

CONFIG = knobs.resolve("mixed", pairs=["clutter.coat_share=1", "clutter.wheelchair_blanket_share=0.5"])

def draw(kind, n=0, like="", **given):
    shape, colours = draw_furniture(kind, RandomStream(n, 1, kind + like), CONFIG, like)
    return FurnitureSpec(n + 1, kind, 0.0, 0.0, 0.0, 0.0, {**shape, **given}, colours)

def points(spec, head=None):
    made = build_furniture(bpy.context.scene.collection, spec, Palette(), head)
    found = []
    for item in made:
        got = np.empty(3 * len(item.data.vertices), dtype=np.float32)
        item.data.vertices.foreach_get("co", got)
        found.append(got.reshape(-1, 3))
        assert item.data.validate() is False, item.name
    bpy.data.batch_remove(made)
    return np.concatenate(found), [len(part) for part in found]
"""


@pytest.fixture(scope="module")
def built(in_blender):
    def run(code):
        return in_blender(PROLOGUE + code)

    return run


def test_every_kind_stays_inside_what_the_layout_reserves(built):
    outside = built(
        """
outside = []
for kind in KINDS:
    for n in range(3):
        spec = draw(kind, n)
        box, (mesh, _) = extent(kind, spec.shape), points(spec)
        low, high = mesh.min(axis=0), mesh.max(axis=0)
        bottom = spec.shape.get("bottom", 0.0)
        below = (box.x1, box.y1, bottom) - low
        above = high - (box.x2, box.y2, bottom + box.height)
        over = max(*below, *above)
        if over > 0.012 or not np.isfinite(mesh).all():
            outside.append([kind, spec.shape.get("style", ""), round(float(over), 3)])
answer(outside)
"""
    )
    assert outside == []


def test_a_mattress_s_top_is_the_profile_that_bodies_rest_on(built):
    gaps = built(
        """
gaps = []
for n in range(12):
    style = ("hospital", "icu", "couch", "home")[n % 4]
    spec = draw("bed", n, style, pillows=0, blanket="none", rail_left=False, rail_right=False)
    mesh, _ = points(spec)
    nodes = np.asarray(support.bed_profile(spec.shape))
    middle = mesh[np.abs(mesh[:, 0]) < spec.shape["width"] / 2]
    inside = middle[(middle[:, 1] > nodes[0, 0] + 0.05) & (middle[:, 1] < nodes[-1, 0] - 0.05)]
    gaps.append(float((inside[:, 2] - np.interp(inside[:, 1], *nodes.T)).max()))
answer(gaps)
"""
    )
    assert all(-0.01 < gap < 0.005 for gap in gaps)


def test_seats_carry_at_the_height_that_bodies_sit_at(built):
    heights = built(
        """
heights = []
for kind in ("chair", "office_chair", "stool", "wheelchair", "toilet"):
    for n in range(4):
        spec = draw(kind, n, coat=False, blanket=False)
        mesh, _ = points(spec)
        shape = spec.shape
        inside = np.abs(mesh[:, :2]) < (0.49 * shape["seat_width"], 0.49 * shape["seat_depth"])
        seat = inside.all(axis=1) & (mesh[:, 2] < shape["seat_height"] + 0.1)  # not the arms and the back
        heights.append([shape["style"], float(mesh[seat][:, 2].max() - shape["seat_height"])])
answer(heights)
"""
    )
    assert [style for style, height in heights if abs(height) > 0.012] == []


def test_handles_are_where_hands_reach_for_them(built):
    away = built(
        """
away = []
for kind in ("wheelchair", "trolley", "workstation", "walker"):
    for n in range(4):
        spec = draw(kind, n)
        mesh, _ = points(spec)
        for name in ("handle_left", "handle_right"):
            away.append(float(np.linalg.norm(mesh - anchors(kind, spec.shape)[name], axis=1).min()))
answer(away)
"""
    )
    assert max(away) < 0.1


def test_a_pillow_gives_way_to_a_head_also_on_a_raised_back(built):
    results = built(
        """
results = []
for back in (0.0, 50.0):
    spec = draw("bed", 1, "hospital", pillows=1, blanket="none", back_deg=back, knee_deg=0.0)
    nodes = np.asarray(support.bed_profile(spec.shape))
    way = (nodes[-1] - nodes[-2]) / np.linalg.norm(nodes[-1] - nodes[-2])
    normal = np.array([-way[1], way[0]])
    place = nodes[-1] - 0.23 * way + 0.1 * normal  # a ball whose underside is 2 cm above the mattress
    angle = np.random.Generator(np.random.PCG64(1)).normal(size=(400, 3))
    ball = 0.08 * angle / np.linalg.norm(angle, axis=1)[:, None] + (0.0, *place)
    mesh, parts = points(spec, ball)
    pillow = mesh[parts[0]:]
    plain, plain_parts = points(spec)
    inside = np.linalg.norm(pillow - (0.0, *place), axis=1)
    before = np.linalg.norm(plain[plain_parts[0]:] - (0.0, *place), axis=1)
    results.append([float(before.min()), float(inside.min())])
answer(results)
"""
    )
    for before, pressed in results:
        assert before < 0.06 < 0.066 < pressed


def test_the_same_spec_gives_the_same_mesh_and_nothing_stays_behind(built):
    same, left = built(
        """
specs = [draw(kind, 2) for kind in ("bed", "wheelchair", "iv_pole", "plant")]
first = [points(spec)[0] for spec in specs]
bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)
before = [len(bpy.data.meshes), len(bpy.data.materials)]
again = [points(spec)[0] for spec in specs]
bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)
answer([all((a == b).all() for a, b in zip(first, again)), before == [len(bpy.data.meshes), len(bpy.data.materials)]])
"""
    )
    assert same
    assert left
