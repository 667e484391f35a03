"""What a background render leaves in memory, and what the File Output node writes, in this Blender.

Run as ``blender -b --factory-startup --python patches/measure.py`` or with a Python that has ``bpy``. A cube with pass
index 100 is rendered; the last line of standard output is a JSON object of what was found.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np

INDEX, WIDTH, HEIGHT = 100, 160, 120


def main() -> None:
    """Measure and print."""
    scene = _scene()
    with tempfile.TemporaryDirectory() as folder:
        _compositor(scene, folder)
        bpy.ops.render.render(write_still=False)
        image = bpy.data.images.load(str(next(Path(folder).glob("*.exr"))))
        image.colorspace_settings.name = "Non-Color"
        written = _pixels(image)[:, :, 0]
    rows, columns = np.nonzero(np.round(written[::-1]) == INDEX)
    viewer = bpy.data.images.get("Viewer Node")
    found = {
        "blender": ".".join(map(str, bpy.app.version)),
        "viewer_size": list(viewer.size) if viewer else None,
        "viewer_pixels_not_zero": int((_pixels(viewer)[:, :, :3] != 0).any(axis=-1).sum()) if viewer else None,
        "render_result_values": len(bpy.data.images["Render Result"].pixels),
        "file_output_pixels": len(rows),
        "file_output_box": [int(v) for v in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)],
    }
    print(json.dumps(found))
    sys.stdout.flush()


def _scene() -> Any:
    scene = bpy.context.scene
    for item in list(bpy.data.objects):
        bpy.data.objects.remove(item)
    bpy.ops.mesh.primitive_cube_add(size=2)
    bpy.context.object.pass_index = INDEX
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.location = (0.0, 0.0, 6.0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising = 1, False
    scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BOX", 0.01
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = WIDTH, HEIGHT, 100
    scene.view_layers[0].use_pass_object_index = True
    return scene


def _compositor(scene: Any, folder: str) -> None:
    """The index pass into a Viewer node and into a File Output node."""
    five = bpy.app.version >= (5, 0, 0)
    if five:
        tree = scene.compositing_node_group = bpy.data.node_groups.new("measure", "CompositorNodeTree")
    else:
        scene.use_nodes = True
        tree = scene.node_tree
        tree.nodes.clear()
    layers, viewer = tree.nodes.new("CompositorNodeRLayers"), tree.nodes.new("CompositorNodeViewer")
    output = tree.nodes.new("CompositorNodeOutputFile")
    index = layers.outputs["Object Index" if five else "IndexOB"]
    if five:
        output.directory, output.file_name, output.format.media_type = folder, "index", "IMAGE"
        output.file_output_items.new("FLOAT", "index")
    else:
        output.base_path, output.file_slots[0].path = folder, "index"
    output.format.file_format, output.format.color_depth = "OPEN_EXR", "32"
    tree.links.new(index, output.inputs[0])
    tree.links.new(index, viewer.inputs[0])


def _pixels(image: Any) -> np.ndarray:
    values = np.empty(image.size[0] * image.size[1] * image.channels, dtype=np.float32)
    image.pixels.foreach_get(values)
    return values.reshape(image.size[1], image.size[0], image.channels)


main()
