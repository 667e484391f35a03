"""WardSynth's side of the contest: the poses of a .blend rendered with its renderer, boxes and masks to COCO."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "speed")]

import bpy  # noqa: E402
import numpy as np  # noqa: E402
from mathutils import Matrix  # noqa: E402
from rounds import answer  # noqa: E402

from blender_addon.dataset_format import boxes, coco, dataset, masks, record  # noqa: E402
from blender_addon.quiet import quiet_stdout  # noqa: E402
from blender_addon.render import cycles  # noqa: E402
from blender_addon.render.image_file import encode_jpeg  # noqa: E402
from blender_addon.render.label_maps import label_map_renderer  # noqa: E402

task = json.loads(sys.argv[1])
config = {"render.samples": task["samples"], "render.denoise": True}
poses = json.loads(Path(task["poses"]).read_text())


def image(scene: object, index: int, pose: list) -> tuple:
    """An image's record and bytes."""
    scene.camera.matrix_world = Matrix(pose)
    light = np.clip(cycles.light(scene, config), 0.0, 1.0) ** (1 / 2.2)
    with label_map_renderer(scene) as sharp:
        shown, _ = sharp.instance_and_depth_map()
    found = []
    for number in np.unique(shown[shown > 0]).tolist():
        visible = shown == number
        box = boxes.mask_extent(visible)
        found.append(record.Instance(number, f"thing {number}", {}, masks.encode(visible), box, box, box))
    height, width = shown.shape
    frame = record.Frame(dataset.image_file(index), width, height, 0, index, 0, index, None, {}, {}, tuple(found))
    return frame, encode_jpeg((light * 255).astype(np.uint8), 95)


def step() -> None:
    """All poses, written as a dataset with its coco.json."""
    with tempfile.TemporaryDirectory() as folder, quiet_stdout():
        out = Path(folder)
        dataset.write_info(out, info)
        for index, pose in enumerate(poses):
            dataset.write_frame(out, *image(scene, index, pose))
        coco.write(out / "coco.json", info, dataset.read_frames(out))


with quiet_stdout():
    bpy.ops.wm.open_mainfile(filepath=task["blend"])
    scene = bpy.context.scene
    cycles.prepare(scene, config, noise_seed=0)
    if task["prefilter"]:  # the same denoising as the other's
        scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = task["prefilter"], "HIGH"
    scene.render.threads_mode, scene.render.threads = "FIXED", task["threads"]
    names = [f"thing {item.pass_index}" for item in scene.objects if item.type == "MESH"]
    info = dataset.DatasetInfo("bench", 0, {}, tuple(dataset.Category(n, name) for n, name in enumerate(names, 1)))
answer({"blender": bpy.app.version_string}, step, len(poses))
