"""Labels against an independent derivation: the posed meshes projected with numpy, no Blender."""

import numpy as np
import pytest
import rederive

from blender_addon.body import model, posture, support, wear
from blender_addon.body.wear import mesh
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from shared_format import boxes, dataset, keypoints, masks

_SUPPORTS = {"bed": support.bed, "side": support.bed_side, "seat": support.seat}


def _posed(spec):
    """The people's bodies in the room, as ``build.people`` poses them (which needs bpy)."""
    asset = model.load()
    pieces = {piece.id: piece for piece in spec.furniture}
    bodies, joints = [], {}
    for person in spec.people:
        on = _SUPPORTS[person.use](pieces[person.furniture].shape) if person.furniture else support.floor()
        bodies.append(posture.pose_body(asset, asset.shape(person.phenotype), person.stance, on, joints))
        joints[person.id] = asset.joints(bodies[-1].vertices(asset))
    return bodies


def _silhouette_points(person, body):
    """Every vertex of the person as it is posed: skin that is not hidden, clothes, hair, what hangs on it."""
    asset = model.load()
    dressed = wear.dress(asset, body, person.look, person.garments, person.attachments)
    points = [body.vertices(asset, np.setdiff1d(asset.group_vertices("body"), dressed.hidden))]
    for piece in (dressed.hair, dressed.beard, dressed.eyes, *(worn.part for worn in dressed.worn)):
        if piece is not None:
            weights = np.round(piece.weights * 64)
            points.append(mesh.moved(piece.rest, mesh.blended(body.transforms, piece.bones, weights)))
    return np.concatenate(points)


def _project(camera, points):
    camera = {name: getattr(camera, name) for name in ("model", "width", "height", "intrinsics", "extrinsics")}
    return rederive.pixels(camera, rederive.to_camera(camera, points))


def test_boxes_and_key_points_agree_with_the_projected_meshes(small_dataset):
    config = draw_settings.resolve(pairs=["render.size=[96,96]", "render.samples=1"])
    people = tight = 0
    for frame in dataset.read_frames(small_dataset):
        spec = sample(config, 7, frame.index)
        for person, body, instance in zip(spec.people, _posed(spec), frame.instances):
            joints = _project(frame.camera, model.load().joints(body.vertices(model.load())))
            for (x, y, v), joint in zip(instance.keypoints, joints):
                if v:
                    assert np.allclose([x, y], joint, atol=0.05)
                else:
                    assert not (joint >= 0).all() or not (joint < 96).all()
            pixels = _project(frame.camera, _silhouette_points(person, body))
            if instance.bbox_amodal is None or np.isnan(pixels).any():
                continue
            people += 1
            low = np.clip(pixels.min(axis=0), 0, 96)
            high = np.clip(pixels.max(axis=0), 0, 96)
            x1, y1, x2, y2 = boxes.xywh_to_xyxy(np.array(instance.bbox_amodal))
            assert x1 > low[0] - 1.01
            assert y1 > low[1] - 1.01
            assert x2 < high[0] + 1.01
            assert y2 < high[1] + 1.01
            tight += np.abs([x1 - low[0], y1 - low[1], x2 - high[0], y2 - high[1]]).max() < 1.51
    assert people >= 4
    assert tight >= people - 1  # what is thinner than a pixel may be missed


def test_what_hides_a_key_point_is_in_the_image_at_that_point(small_dataset):
    """A joint hidden by another person lies on that person's mask, one hidden by a bed on a bed's."""
    checked = 0
    for frame in dataset.read_frames(small_dataset):
        shown = np.zeros((frame.height, frame.width), dtype=int)
        called: dict = {}
        for instance in frame.instances:
            shown[masks.decode(instance.mask)] = instance.id
            person = instance.category == "person"
            name = f"person:{instance.id}" if person else f"object:{instance.category}"
            called.setdefault(name, set()).add(instance.id)
        for instance in frame.instances:
            for (x, y, _), hidden_by in zip(instance.keypoints or [], instance.occluded_by or []):
                if hidden_by in called:
                    around = shown[max(int(y) - 1, 0) : int(y) + 2, max(int(x) - 1, 0) : int(x) + 2]
                    assert called[hidden_by] & set(around.ravel().tolist())
                    checked += 1
    assert checked >= 1


def test_visibility_agrees_with_what_is_said_to_hide(small_dataset):
    for frame in dataset.read_frames(small_dataset):
        for instance in frame.instances:
            for (x, y, v), hidden_by in zip(instance.keypoints or [], instance.occluded_by or []):
                assert (v == keypoints.VISIBLE) == (hidden_by == "none")
                assert (v == keypoints.NOT_IN_IMAGE) == (hidden_by == "outside")
                if v == keypoints.NOT_IN_IMAGE:
                    assert (x, y) == (0, 0)


_CHECKS = """
import numpy as np
from dataclasses import replace
from blender_addon.draw import config, sample
from blender_addon.construct.scene import build_scene
from blender_addon.render import cycles
from blender_addon.render.label_maps import label_map_renderer
from blender_addon.label import frame as labels
from blender_addon.label.checks import LabelError, check_frame
from blender_addon.label.geometry import evaluated_surface
from blender_addon.label.keypoints import key_points_of
from blender_addon.label.pass_indices import assign_pass_indices
from blender_addon.label.sight import Sight
from blender_addon.label.visibility import measure_all
c = config.resolve(pairs=["render.size=[64,64]", "render.samples=1"])
built = build_scene(sample(c, 7, 1))
cycles.prepare(built.scene, c, 0)
good = labels.label(built, c).frame
depsgraph, owners = labels._depsgraph(built), assign_pass_indices(built)
with label_map_renderer(built.scene) as sharp:
    shown, depth = sharp.instance_and_depth_map()
surfaces = [evaluated_surface(i.objects, depsgraph) for i in built.instances]
seen = measure_all(built, shown, depth, owners, surfaces)
sight = Sight(built, depsgraph, frozenset(), depth)
joints = [
    key_points_of(i, i.person, s.vertices, owners, sight, shown) if i.person else None
    for i, s in zip(built.instances, surfaces)
]
person = good.instances[0]
moved = [[(x + 40) % 64, y, v] for x, y, v in person.keypoints]
x, y, w, h = person.bbox_visible
breaks = {
    "mask-size": replace(person, mask={**person.mask, "size": [32, 128]}),
    "box-is-extent": replace(person, bbox_visible=[0.0, 0.0, 5.0, 5.0]),
    "boxes-nest": replace(person, bbox_amodal=[x + 1, y, w - 1, h]),
    "fraction-in-range": replace(person, in_frame_fraction=1.5),
    "fractions-nest": replace(person, covered_fraction=0.1),
    "fractions-add-up": replace(person, hidden_by={"object:floor": 0.3}),
    "visible-on-mask": replace(person, keypoints=moved),
}
said = {}
check_frame(good, seen, joints)
for name, wrong in breaks.items():
    try:
        check_frame(replace(good, instances=(wrong, *good.instances[1:])), seen, joints)
        said[name] = "passed"
    except LabelError as error:
        said[name] = str(error)
grown = replace(seen[0], visible=np.ones_like(seen[0].visible))
try:
    check_frame(good, [grown, *seen[1:]], joints)
    said["masks-nest"] = "passed"
except LabelError as error:
    said["masks-nest"] = str(error)
answer(said)
"""


def test_every_check_refuses_the_wrong_label(in_blender):
    said = in_blender(_CHECKS)
    assert len(said) == 8
    for name, message in said.items():
        assert message.startswith(f"{name}: "), (name, message)


_BEHIND_A_GAP = """
import numpy as np
from blender_addon.draw import config, sample
from blender_addon.construct.scene import build_scene
from blender_addon.label import frame as labels
from blender_addon.label.geometry import evaluated_surface
from blender_addon.label.keypoints import key_points_of
from blender_addon.label.pass_indices import assign_pass_indices
from blender_addon.label.sight import Sight
from blender_addon.render import cycles
from blender_addon.render.label_maps import label_map_renderer
one = {"people.count": "1", "room.kind": "single", "people.patient_posture": "standing", "camera.mount": "eye-level"}
c = config.resolve(pairs=["render.size=[64,64]", *(f'{setting}={{"{value}": 1}}' for setting, value in one.items())])
built = build_scene(sample(c, 7, 0))
cycles.prepare(built.scene, c, 0)
person, bed = built.instances[0], next(i for i in built.instances if i.category == "bed")
depsgraph, owners = labels._depsgraph(built), assign_pass_indices(built)
with label_map_renderer(built.scene) as sharp:
    shown, depth = sharp.instance_and_depth_map()
points = evaluated_surface(person.objects, depsgraph).vertices
hidden = np.where(shown == person.id, bed.id, shown)
sight = Sight(built, depsgraph, frozenset(), depth)
found = [key_points_of(person, person.person, points, owners, sight, map) for map in (shown, hidden)]
own = [bool(0 <= x < 64 and 0 <= y < 64 and shown[int(y), int(x)] == person.id) for x, y in found[0].pixels]
answer([[f.occluded_by, f.visibility] for f in found] + [own])
"""


def test_a_joint_is_hidden_when_no_pixel_shows_its_person(in_blender):
    """As behind a fence whose gaps are thinner than the pixels: the sight line is free, the image shows the fence."""
    (before, v_before), (after, v_after), own = in_blender(_BEHIND_A_GAP)
    assert v_before.count(keypoints.VISIBLE) >= 3
    assert keypoints.VISIBLE not in v_after
    for was, now, on_own in zip(before, after, own):
        if was != "none":
            assert now == was
        elif on_own:
            assert now == "object:bed"


_NAMES = """
from blender_addon.label.pass_indices import _plain
answer([_plain(name) for name in ("cup 3", "curtain.001", "line 2 iv-line 0", "wall -x", "7")])
"""


def test_what_hides_is_called_by_a_plain_name(in_blender):
    assert in_blender(_NAMES) == ["cup", "curtain", "line iv-line", "wall -x", "7"]


_LEFT_BEHIND = """
import bpy
from blender_addon.draw import config
from blender_addon.image_renderer import render_image
c = config.resolve(pairs=["render.size=[32,32]", "render.samples=1"])
kinds = "objects meshes materials armatures images node_groups worlds lights cameras scenes".split()
def count(): return {kind: len(getattr(bpy.data, kind)) for kind in kinds}
render_image(c, 7, 0)
before = count()
for index in range(1, 5): render_image(c, 7, index)
answer([before, count()])
"""


def test_no_datablock_is_left_behind(in_blender):
    before, after = in_blender(_LEFT_BEHIND)
    assert before == after


_LABELS_WITHOUT_NOISE = """
from blender_addon.draw import config
from blender_addon.image_renderer import render_image
from shared_format.record import frame_to_json
def record(*pairs):
    frame = frame_to_json(render_image(config.resolve(pairs=["render.size=[64,64]", *pairs]), 7, 2).frame)
    return frame["instances"]
plain = record("render.samples=1", "render.denoise=false")
answer(plain == record("render.samples=6", "render.jpeg_quality=20"))
"""


def test_samples_denoising_and_jpeg_never_change_a_label(in_blender):
    assert in_blender(_LABELS_WITHOUT_NOISE)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["96x96", "32x32"])  # the smallest are where pixels miss what a ray sees
def test_two_hundred_images_pass_their_checks(wardsynth, tmp_path, size):
    words = ["--count", 200, "--size", size, "--samples", 1, "--workers", 2, "--seed", 5]
    done = wardsynth("generate", "--out", tmp_path / "many", *words)
    assert done.returncode == 0, done.stderr
