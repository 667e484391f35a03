"""The differences between Blender 3.4, 4.x and 5.0: every version check of the add-on is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import bpy
import numpy
from bpy.types import ImageFormatSettings, Mesh, Node, Object, PropertyGroup, Scene, UILayout, bpy_struct

_FIVE = bpy.app.version >= (5, 0, 0)


# The sockets of the Render Layers node by our names for the passes: before 5.0, since 5.0.
_PASS_SOCKETS = {"index": ("IndexOB", "Object Index"), "depth": ("Depth", "Depth")}


def add_pass_outputs(scene: Scene, folder: Path, passes: Sequence[str]) -> None:
    """Let the compositor of ``scene`` write ``passes`` ("index", "depth") as 32-bit EXR ``folder/<pass>*``."""
    if _FIVE:
        tree = bpy.data.node_groups.new("WardSynth passes", "CompositorNodeTree")
        scene.compositing_node_group = tree
    else:
        scene.use_nodes = True
        tree = scene.node_tree
        tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    layers.scene = scene
    for name in passes:
        output = tree.nodes.new("CompositorNodeOutputFile")
        if _FIVE:
            output.directory = str(folder)
            output.file_name = name
            output.format.media_type = "IMAGE"
            output.file_output_items.new("FLOAT", name)
        else:
            output.base_path = str(folder)
            output.file_slots[0].path = name
        output.format.file_format = "OPEN_EXR"
        output.format.color_mode = "RGB"
        output.format.color_depth = "32"
        tree.links.new(layers.outputs[_PASS_SOCKETS[name][_FIVE]], output.inputs[0])


def remove_compositing(scene: Scene) -> None:
    """Undo ``add_pass_outputs``: renders of ``scene`` are plain again."""
    if _FIVE:
        tree = scene.compositing_node_group
        scene.compositing_node_group = None
        bpy.data.node_groups.remove(tree)
    else:
        scene.node_tree.nodes.clear()
        scene.use_nodes = False


def set_specular(shader: Node, value: float) -> None:
    """Set the specular level of a Principled BSDF; 4.0 renamed the socket."""
    name = "Specular IOR Level" if "Specular IOR Level" in shader.inputs else "Specular"
    shader.inputs[name].default_value = value


def prefer_speed(cycles: PropertyGroup) -> None:
    """Choose Cycles' faster options where the version has them: no light tree, the denoiser's small network.

    At 416 x 416 and 4 samples the tree costs 1.0 core seconds per image and lowers the error of the denoised light by
    a seventh, the large network costs 0.26 s and lowers it by a twentieth.
    """
    for name, value in (("use_light_tree", False), ("denoising_quality", "FAST")):
        if hasattr(cycles, name):
            setattr(cycles, name, value)


def filmic_look(name: str) -> str:
    """The identifier of a Filmic look; 4.0 to 4.5 and 5.0 differ in the prefix they give it."""
    looks = bpy.types.ColorManagedViewSettings.bl_rna.properties["look"].enum_items.keys()
    return next((look for look in (name, f"Filmic - {name}") if look in looks), name)


def register_command(name: str, run: Callable[[list[str]], int]) -> object:
    """Register ``blender --command NAME args...`` (from 4.2 on); returns the handle for ``unregister_command``."""
    if hasattr(bpy.utils, "register_cli_command"):
        return bpy.utils.register_cli_command(name, run)
    return None


def unregister_command(handle: object) -> None:
    """Undo ``register_command``."""
    if handle is not None:
        bpy.utils.unregister_cli_command(handle)


def set_polynomial_lens(camera: Object, coefficients: Sequence[float], fov: float) -> None:
    """Make ``camera`` (data) a panoramic one with angle = sum c_n r^n radians, n from 1, r in mm of sensor.

    Cycles writes the polynomial with the opposite sign. ``fov`` in radians limits the whole angle.
    """
    camera.type = "PANO"
    lens = camera if hasattr(camera, "panorama_type") else camera.cycles  # 3.4 keeps it with Cycles
    lens.panorama_type = "FISHEYE_LENS_POLYNOMIAL"
    lens.fisheye_fov = fov
    lens.fisheye_polynomial_k0 = 0.0
    for power, value in enumerate(coefficients, start=1):
        setattr(lens, f"fisheye_polynomial_k{power}", -value)


def fill_mesh(mesh: Mesh, vertices: numpy.ndarray, loops: numpy.ndarray, totals: numpy.ndarray) -> None:
    """Give the empty ``mesh`` its (n, 3) vertices and its faces: all corners in a row, and corners per face.

    From 4.1 on a face's corner count follows from where the next face begins, and cannot be written.
    """
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", vertices.astype("float32").reshape(-1))
    mesh.loops.add(len(loops))
    mesh.loops.foreach_set("vertex_index", loops.astype("int32"))
    mesh.polygons.add(len(totals))
    mesh.polygons.foreach_set("loop_start", (totals.cumsum() - totals).astype("int32"))
    if bpy.app.version < (4, 1, 0):
        mesh.polygons.foreach_set("loop_total", totals.astype("int32"))


def import_gltf(file: str) -> None:
    """Import a .glb or .gltf into the window's scene; without shapes for bones, which newer importers add."""
    options = bpy.ops.import_scene.gltf.get_rna_type().properties.keys()
    with _old_name_of_bool():
        bpy.ops.import_scene.gltf(
            filepath=file, **({"disable_bone_shape": True} if "disable_bone_shape" in options else {})
        )


@contextmanager
def _old_name_of_bool() -> Iterator[None]:
    """Provide ``numpy.bool``, which the glTF importer of 3.4 uses and NumPy 1.24 to 1.26 (Debian's) lack."""
    missing = "bool" not in vars(numpy)
    if missing:
        setattr(numpy, "bool", bool)  # noqa: B010 (type checkers know no such attribute)
    try:
        yield
    finally:
        if missing:
            delattr(numpy, "bool")


def import_obj(file: str) -> None:
    """Import a .obj into the window's scene with the file's own axes."""
    bpy.ops.wm.obj_import(filepath=file, forward_axis="Y", up_axis="Z")


def set_image_format(settings: ImageFormatSettings, name: str) -> None:
    """Let image ``settings`` write RGB images of the file format ``name``; 5.0 needs the media type first."""
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = name
    settings.color_mode = "RGB"


def draw_progress(layout: UILayout, factor: float, text: str, owner: bpy_struct, name: str) -> None:
    """A progress bar; before 4.0, which has none, the slider of the number ``name`` of ``owner``."""
    if hasattr(layout, "progress"):
        layout.progress(factor=factor, text=text)
    else:
        layout.prop(owner, name, text=text, slider=True)


def shader_name(name: str) -> str:
    """The built-in shader "UNIFORM_COLOR", "POLYLINE_UNIFORM_COLOR" or "IMAGE"; named with dimensions before 4.0."""
    if bpy.app.version >= (4, 0, 0):
        return name
    return f"{'3D' if name.startswith('POLYLINE') else '2D'}_{name}"
