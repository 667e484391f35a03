"""Every label of random full scenes against the second derivation of ``rederive``."""

import numpy as np
import pytest
import rederive

from shared_format import masks

_EXPORT = """
import numpy as np
from blender_addon.build.scene import build_scene, remove_scene
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
    depsgraph = _depsgraph(built)
    of = {{item.name: instance.id for instance in built.instances for item in instance.objects}}
    triangles, owners = [], []
    for item in built.scene.objects:
        if item.type != "MESH":
            continue
        evaluated = item.evaluated_get(depsgraph)
        mesh = evaluated.to_mesh()
        mesh.calc_loop_triangles()
        points = np.empty(len(mesh.vertices) * 3); mesh.vertices.foreach_get("co", points)
        corners = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", corners)
        world = np.array(evaluated.matrix_world)
        points = points.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3]
        triangles.append(points[corners.reshape(-1, 3)])
        owners.append(np.full(len(corners) // 3, of.get(item.name, 0)))
    np.savez({folder!r} + f"/{{index}}.npz", triangles=np.concatenate(triangles), owners=np.concatenate(owners))
    remove_scene(built.scene)
    records.append(frame_to_json(labels.frame))
answer(records)
"""


def _check(in_blender, folder, indices, seed, size):
    pairs = [f"render.size=[{size},{size}]", 'people.count={"1": 1, "2": 1, "3": 2}']
    records = in_blender(_EXPORT.format(pairs=pairs, indices=list(indices), seed=seed, folder=str(folder)))
    joints = agree = 0
    for frame in records:
        with np.load(folder / f"{frame['index']}.npz") as scene:
            triangles, owners = scene["triangles"], scene["owners"]
        shown = rederive.owner_map(frame["camera"], triangles, owners)
        for instance in frame["instances"]:
            where = (frame["index"], instance["id"])
            mask, again = masks.decode(instance["mask"]), shown == instance["id"]
            alone = owners == instance["id"]
            silhouette = rederive.owner_map(frame["camera"], triangles[alone], owners[alone]) == instance["id"]
            for name, box in (("bbox_visible", again), ("bbox_amodal", silhouette)):
                if box.sum() > 3:
                    x, y, w, h = instance[name]
                    assert np.abs(rederive.extent(box) - [x, y, x + w, y + h]).max() <= 1.0, (where, name)
            if instance["category"] != "person":
                continue
            if mask.sum() > 400:
                assert (mask & again).sum() / (mask | again).sum() >= 0.99, where
                assert instance["visible_fraction"] == pytest.approx(again.sum() / silhouette.sum(), abs=0.01), where
            eye = -np.array(frame["camera"]["extrinsics"])[:, :3].T @ np.array(frame["camera"]["extrinsics"])[:, 3]
            rotation = np.array(frame["camera"]["extrinsics"])[:, :3]
            surface = np.unique(triangles[alone].reshape(-1, 3), axis=0)
            for point, (_, _, v) in zip(instance["keypoints_3d"], instance["keypoints"]):
                if v == 0:
                    continue
                joints += 1
                joint = eye + rotation.T @ point
                agree += (v == 2) == _visible(eye, joint, surface, triangles, owners, instance["id"])
    assert joints > 0
    assert agree / joints >= 0.98, (agree, joints)
    return joints


def _visible(eye, joint, surface, triangles, owners, own):
    """Seen unless something else, or the own body farther before it than twice its depth and 3 cm, comes first."""
    hit = rederive.first_hit(eye, joint, triangles)
    if hit is None:
        return True
    index, distance = hit
    deep = np.linalg.norm(surface - joint, axis=1).min()
    return owners[index] == own and np.linalg.norm(joint - eye) - distance <= min(0.03 + 2 * deep, 0.25)


def test_four_random_scenes(in_blender, tmp_path):
    _check(in_blender, tmp_path, range(4), seed=101, size=208)


@pytest.mark.slow
def test_fifty_random_scenes(in_blender, tmp_path):
    for start in range(0, 50, 10):
        _check(in_blender, tmp_path, range(start, start + 10), seed=102, size=320)
