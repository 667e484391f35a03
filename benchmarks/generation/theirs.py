"""BlenderProc's side of the contest, on the bpy module: the same poses, boxes and masks to COCO.

It is written to be started by its own launcher, which fetches a Blender; this takes the bpy of its environment.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["OUTSIDE_OF_THE_INTERNAL_BLENDER_PYTHON_ENVIRONMENT_BUT_IN_RUN_SCRIPT"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "speed"))
real = os.fdopen(os.dup(1), "w")  # the answers; what Blender and BlenderProc print goes nowhere
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

import bpy  # noqa: E402
import numpy as np  # noqa: E402
from blenderproc.api import camera, renderer, utility, writer  # noqa: E402
from blenderproc.python.types.MeshObjectUtility import get_all_mesh_objects  # noqa: E402
from blenderproc.python.utility.GlobalStorage import GlobalStorage  # noqa: E402
from blenderproc.python.utility.Initializer import _Initializer  # noqa: E402
from blenderproc.python.utility.SetupUtility import SetupUtility  # noqa: E402
from rounds import answer  # noqa: E402

task = json.loads(sys.argv[1])
poses = [np.array(pose) for pose in json.loads(Path(task["poses"]).read_text())]


def step() -> None:
    """All poses in one go, as it is meant to be used, written as COCO."""
    utility.reset_keyframes()
    for pose in poses:
        camera.add_camera_pose(pose)
    data = renderer.render()
    with tempfile.TemporaryDirectory() as folder:
        writer.write_coco_annotations(
            folder,
            instance_segmaps=data["instance_segmaps"],
            instance_attribute_maps=data["instance_attribute_maps"],
            colors=data["colors"],
            color_file_format="JPEG",
        )


scratch = tempfile.mkdtemp()
SetupUtility.setup_utility_paths(scratch)
bpy.ops.wm.open_mainfile(filepath=task["blend"])
angle = bpy.context.scene.camera.data.angle_x
# Its init without the interface language, which the module cannot set, and without emptying the scene.
bpy.context.scene.render.engine = "CYCLES"
renderer.set_render_devices()
_Initializer.set_default_parameters()
GlobalStorage.add("bproc_init_complete", True)
camera.set_intrinsics_from_blender_params(angle, task["size"], task["size"], lens_unit="FOV")
renderer.set_max_amount_of_samples(task["samples"])
renderer.set_noise_threshold(0)
renderer.set_cpu_threads(task["threads"])
renderer.enable_segmentation_output(map_by=["category_id", "instance", "name"])
if task["prefilter"]:  # it denoises in the compositor, not in Cycles
    (denoise,) = (node for node in bpy.context.scene.node_tree.nodes if node.type == "DENOISE")
    denoise.prefilter = task["prefilter"]
for item in get_all_mesh_objects():
    item.set_cp("category_id", int(item.blender_obj.pass_index))
sys.stdout = real
answer({"blender": bpy.app.version_string}, step, len(poses))
real.flush()
os._exit(0)  # the module build ends in an error code of its own otherwise
