"""One room of ours as a plain .blend, and camera poses in it: what both programs of the contest render.

    python blend_scene.py '{"out": "scene.blend", "poses": "poses.json", "index": 4, "count": 8, "size": 416}'

Run by the older Blender of the two, so that both open the file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import bpy  # noqa: E402
import numpy as np  # noqa: E402
from mathutils import Matrix  # noqa: E402

from blender_addon.construct.scene import build_scene  # noqa: E402
from blender_addon.draw import config as draw_settings  # noqa: E402
from blender_addon.draw import sample  # noqa: E402

_SHIFT_M, _TURN_DEG = 0.15, 4.0  # of the camera from pose to pose


def write(out: str, poses: str, index: int, count: int, size: int) -> dict:
    """Write both files; returns how many mesh objects there are."""
    config = draw_settings.resolve("room", None, [f"render.size=[{size},{size}]", 'camera.lens={"pinhole": 1}'])
    built = build_scene(sample(config, 0, index))
    scene = built.scene
    depsgraph = bpy.context.evaluated_depsgraph_get()
    meshes = [item for item in scene.objects if item.type == "MESH"]
    for number, item in enumerate(meshes, start=1):  # as it is evaluated: posed, without modifiers
        item.data = bpy.data.meshes.new_from_object(item.evaluated_get(depsgraph))
        place = item.matrix_world.copy()
        item.modifiers.clear()
        item.parent, item.matrix_world = None, place
        item["category_id"] = item.pass_index = number
    for item in [item for item in scene.objects if item.type == "ARMATURE"]:
        bpy.data.objects.remove(item)
    scene.render.resolution_x = scene.render.resolution_y = size
    for other in [other for other in bpy.data.scenes if other != scene]:
        bpy.data.scenes.remove(other)
    random = np.random.default_rng(0)
    base = scene.camera.matrix_world
    moved = []
    for _ in range(count):
        turn = Matrix.Rotation(np.radians(random.uniform(-_TURN_DEG, _TURN_DEG)), 4, "Y")
        shift = Matrix.Translation(random.uniform(-_SHIFT_M, _SHIFT_M, 3).tolist())
        moved.append([list(row) for row in shift @ base @ turn])
    Path(poses).write_text(json.dumps(moved))
    bpy.ops.wm.save_as_mainfile(filepath=out)
    return {"meshes": len(meshes)}


if __name__ == "__main__":
    print(json.dumps(write(**json.loads(sys.argv[1]))))
