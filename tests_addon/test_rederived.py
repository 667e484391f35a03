"""Every label of random full scenes against the second derivation of ``rederive``."""

import json

import numpy as np
import pytest
import rederive

from shared_format import keypoints, masks

_EXPORT = """
import sys; sys.path.insert(0, "tests_addon")
import numpy as np
from blender_scenes import scene_triangles
from blender_addon.construct.scene import build_scene, remove_scene
from blender_addon.draw import config, sample
from blender_addon.label.frame import _depsgraph, label
from blender_addon.render import cycles
from shared_format.record import frame_to_json
c = config.resolve(pairs={pairs!r})
records = []
for index in {indices}:
    built = build_scene(sample(c, {seed}, index))
    cycles.prepare(built.scene, c, 0)
    labels = label(built, c)
    of = {{item.name: instance.id for instance in built.instances for item in instance.objects}}
    triangles, owners = scene_triangles(built.scene, _depsgraph(built), of)
    np.savez({folder!r} + f"/{{index}}.npz", triangles=triangles, owners=owners)
    remove_scene(built.scene)
    records.append(frame_to_json(labels.frame))
answer(records)
"""


def _check(in_blender, folder, indices, seed, size, lens="pinhole"):
    """Compare every label; returns how many joints there were."""
    people, lenses = '{"1": 1, "2": 1, "3": 2}', json.dumps({lens: 1.0})
    pairs = [f"render.size=[{size},{size}]", f"people.count={people}", f"camera.lens={lenses}"]
    records = in_blender(_EXPORT.format(pairs=pairs, indices=list(indices), seed=seed, folder=str(folder)))
    joints, disagreeing, unexplained = 0, 0, []
    for frame in records:
        with np.load(folder / f"{frame['index']}.npz") as scene:
            triangles, owners = scene["triangles"], scene["owners"]
        fragments = rederive.fragments(frame["camera"], triangles, owners)
        shown, rays = fragments.nearest(), rederive.Rays(_eye(frame["camera"]), triangles)
        for instance in frame["instances"]:
            where = (frame["index"], instance["id"])
            mask, again = masks.decode(instance["mask"]), shown == instance["id"]
            silhouette = fragments.of(instance["id"]).nearest() == instance["id"]
            for name, box in (("bbox_visible", again), ("bbox_amodal", silhouette)):
                if box.sum() > 3:
                    x, y, w, h = instance[name]
                    assert np.abs(rederive.extent(box) - [x, y, x + w, y + h]).max() <= 1.0, (where, name)
            if instance["category"] != "person":
                continue
            if mask.sum() > 400:
                assert (mask & again).sum() / (mask | again).sum() >= 0.99, where
                assert instance["visible_fraction"] == pytest.approx(again.sum() / silhouette.sum(), abs=0.01), where
            sight = _Sight(frame["camera"], rays, owners, instance["id"])
            for name, point, labelled in zip(keypoints.NAMES, instance["keypoints_3d"], instance["keypoints"]):
                joints += 1
                if sight.v(np.array(point)) != labelled[2]:
                    disagreeing += 1
                    if sight.explanation(np.array(point), labelled[2]) is None:
                        unexplained.append((*where, name, labelled))
                elif labelled[2]:
                    assert np.abs(sight.pixel(np.array(point)) - labelled[:2]).max() <= 0.1, (where, name)
    assert joints > 0
    assert disagreeing <= 0.02 * joints, (disagreeing, joints)
    assert not unexplained
    return joints


def _eye(camera):
    matrix = np.array(camera["extrinsics"])
    return -matrix[:, :3].T @ matrix[:, 3]


class _Sight:
    """How a camera sees the joints of one person, whose triangles are those of ``own``."""

    PIXEL, DEPTH = 1.0, 0.001  # how near to an outline, and to the limit of what counts as skin, explains a difference

    def __init__(self, camera, rays, owners, own):
        self.camera, self.rays, self.owners, self.own = camera, rays, owners, own
        self.rotation, self.eye = np.array(camera["extrinsics"])[:, :3], rays.origin
        self.surface = np.unique(rays.triangles[owners == own].reshape(-1, 3), axis=0)

    def pixel(self, point):
        """Where the camera sees a joint given in its own coordinates."""
        return rederive.pixels(self.camera, point[None])[0]

    def v(self, point):
        """COCO's v of a joint given in camera coordinates."""
        if not self._margin(point) >= 0:  # NaN: where the camera cannot look
            return keypoints.NOT_IN_IMAGE
        own, before, reach = self._meets(point)
        return keypoints.VISIBLE if own and before <= reach else keypoints.HIDDEN

    def explanation(self, point, labelled):
        """Why the label may say another v than ``v`` does; None where there is no reason."""
        if keypoints.NOT_IN_IMAGE in (labelled, self.v(point)):
            return "border" if abs(self._margin(point)) <= self.PIXEL else None
        own, before, reach = self._meets(point)
        if own and abs(before - reach) <= self.DEPTH:
            return "depth"
        for step in np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]) * self.PIXEL:
            if self.v(self._beside(point, step)) == labelled:
                return "outline"
        return None

    def _margin(self, point):
        """Pixels to the image's border, below 0 outside."""
        x, y = self.pixel(point)
        return min(x, y, self.camera["width"] - x, self.camera["height"] - y)

    def _beside(self, point, step):
        """The joint moved by ``step`` pixels across the line of sight."""
        small = 1e-4 * np.linalg.norm(point)
        moved = np.array([self.pixel(point + shift) - self.pixel(point) for shift in np.eye(3)[:2] * small]).T / small
        return point + np.append(np.linalg.solve(moved, step), 0.0)

    def _meets(self, point):
        """Whether the line of sight meets the own body first, how far before the joint, and how far is allowed.

        Seen is what the own surface is before by no more than 3 cm and twice the joint's depth below it.
        """
        joint = self.eye + self.rotation.T @ point
        hit = self.rays.first_hit(joint)
        reach = min(0.03 + 2 * np.linalg.norm(self.surface - joint, axis=1).min(), 0.25)
        if hit is None:
            return True, 0.0, reach
        return self.owners[hit[0]] == self.own, np.linalg.norm(joint - self.eye) - hit[1], reach


def _plate(middle, side):
    """Two triangles that face a camera at the origin which looks along z."""
    x, y, z = middle
    a, b = side / 2, -side / 2
    corners = [[x + b, y + b, z], [x + a, y + b, z], [x + a, y + a, z], [x + b, y + a, z]]
    return np.array([[corners[0], corners[1], corners[2]], [corners[0], corners[2], corners[3]]])


@pytest.mark.parametrize(
    ("joint", "said", "cause"),
    [
        ((0.0, 0.0, 4.1), keypoints.VISIBLE, "agrees"),  # 10 cm behind the own surface, where 25 are allowed
        ((0.5, 0.0, 4.06), keypoints.HIDDEN, "agrees"),  # behind the other's plate
        ((0.5, 0.0, 4.06), keypoints.VISIBLE, None),
        ((0.0, 0.0, 4.06), keypoints.HIDDEN, None),
        ((0.281, 0.0, 4.06), keypoints.HIDDEN, "outline"),  # half a pixel beside the other's plate
        ((0.0, 0.0, 4.2499), keypoints.HIDDEN, "depth"),
        ((2.305, 0.0, 4.0), keypoints.NOT_IN_IMAGE, "border"),
        ((0.0, 0.0, 4.0), keypoints.NOT_IN_IMAGE, None),
    ],
)
def test_only_what_is_near_a_limit_explains_another_label(joint, said, cause):
    """The referee's own referee: the person is a plate of 1.2 m at 4 m, before it one of 0.4 m at 2 m, to the right."""
    focal = 50 / np.tan(np.radians(30.0))
    camera = {"model": "pinhole", "width": 100, "height": 80, "extrinsics": np.eye(3, 4).tolist()}
    camera["intrinsics"] = {"fx": focal, "fy": focal, "cx": 50.0, "cy": 40.0}
    triangles = np.concatenate([_plate((0.0, 0.0, 4.0), 1.2), _plate((0.35, 0.0, 2.0), 0.4)])
    sight = _Sight(camera, rederive.Rays(np.zeros(3), triangles), np.array([1, 1, 2, 2]), own=1)
    found = "agrees" if sight.v(np.array(joint)) == said else sight.explanation(np.array(joint), said)
    assert found == cause


def test_rays_meet_what_they_meet_when_every_triangle_is_asked():
    chance = np.random.RandomState(3)
    triangles = chance.uniform(-4.0, 4.0, (400, 1, 3)) + chance.uniform(-1.5, 1.5, (400, 3, 3))  # some around the eye
    rays, targets = rederive.Rays(np.zeros(3), triangles), chance.uniform(-5.0, 5.0, (200, 3))
    found = [rays.first_hit(target) for target in targets]
    assert found == [rederive.first_hit(np.zeros(3), target, triangles) for target in targets]
    assert 0 < sum(hit is None for hit in found) < 180


@pytest.mark.parametrize(("lens", "count"), [("pinhole", 3), ("distorted", 2), ("fisheye", 2)])
def test_random_scenes(in_blender, tmp_path, lens, count):
    _check(in_blender, tmp_path, range(count), seed=101, size=208, lens=lens)


@pytest.mark.slow
@pytest.mark.parametrize(("lens", "first", "last"), [("pinhole", 0, 30), ("distorted", 30, 40), ("fisheye", 40, 50)])
def test_fifty_random_scenes(in_blender, tmp_path, lens, first, last):
    for start in range(first, last, 10):
        _check(in_blender, tmp_path, range(start, start + 10), seed=102, size=320, lens=lens)
