"""The identity of a custom room: the content of its scene, not the bytes of its file, which change with every save."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from bpy.types import ID, BlendData, Image, Key, Mesh, Object, Scene, bpy_prop_collection, bpy_struct

from ..draw.config import ConfigError
from ..draw.custom_room import FILE_DIGEST
from ..draw.library import digest

_REMEDY = "press Use This File as Room again"
_DIGITS = 16  # hexadecimal digits of the digest, as of the files of libraries
_DECIMALS = 5
_DEPTH = 6  # of nested structures inside a datablock
# The kinds of datablocks that determine how a scene looks.
_KINDS = (
    "collections", "objects", "meshes", "curves", "metaballs", "armatures", "lattices", "lights", "materials",
    "node_groups", "worlds", "images", "textures", "actions", "volumes", "particles", "cameras", "hair_curves",
    "pointclouds", "shape_keys",
)  # fmt: skip
# Properties that follow from others, or that only concern the user interface.
_IGNORED_NAMES = (
    "rna_type", "matrix_world", "matrix_local", "matrix_basis", "dimensions", "bound_box", "name_full", "select",
    "use_fake_user", "tag", "preview", "asset_data", "original", "library", "library_weak_reference", "id_data",
    "children", "all_objects", "packed_files", "packed_file", "internal_links", "session_uid", "pixels", "wardsynth",
    "node", "from_node", "to_node", "interface", "view_center", "particles", "child_particles",
)  # fmt: skip
_IGNORED_PREFIXES = (
    "bl_",
    "is_",
    "show_",
    "select_",
    "active",
    "use_preview",
    "users",
    "hide_viewport",
    "preview_",
)
# The property with the values of an attribute, and their number, by its data type; texts are left out.
_VALUES = {
    "FLOAT": ("value", 1), "INT": ("value", 1), "INT8": ("value", 1), "BOOLEAN": ("value", 1),
    "FLOAT_VECTOR": ("vector", 3), "FLOAT2": ("vector", 2), "FLOAT_COLOR": ("color", 4), "BYTE_COLOR": ("color", 4),
    "QUATERNION": ("value", 4), "FLOAT4X4": ("value", 16),
}  # fmt: skip
_READ_OTHERWISE = ("position", "material_index", "sharp_face")  # attributes of meshes that older Blenders do not have
_SCENE_NAMES = ("resolution_x", "resolution_y", "pixel_aspect_x", "pixel_aspect_y")


def room_digest(file: Path, scene_name: str) -> str:
    """The digest of the scene ``scene_name`` of the saved ``file``; equal for files without a visible difference.

    Raises:
        OSError, ValueError: the file cannot be read, or has no such scene.
    """
    content = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="wardsynth-") as folder, bpy.data.temp_data() as data:
        copy = Path(folder) / file.name  # Blender reads nothing from the file that is open
        shutil.copyfile(file, copy)
        with data.libraries.load(str(copy), link=False) as (there, wanted):
            if scene_name not in there.scenes:
                raise ValueError(f"{file}: has no scene {scene_name!r}")
            wanted.scenes = [scene_name]
        for line in _lines(data, data.scenes[scene_name]):
            content.update(line.encode() + b"\n")
    return content.hexdigest()[:_DIGITS]


def require_unchanged_room(config: Mapping[str, Any]) -> None:
    """Raise ConfigError where the custom room of ``config`` differs from what its markers were read from.

    A file that was saved again without a change is accepted: its content decides, which is read only where the bytes
    of the file differ.
    """
    for entry in config["room.own_files"]:
        file = Path(config["room.own"])
        markers = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        if markers.get(FILE_DIGEST) in (None, digest(file)):
            continue
        try:
            content = room_digest(file, entry["scene"])
        except (OSError, ValueError) as error:
            raise ConfigError(f"{error}; {_REMEDY}") from error
        if content != entry["sha256"]:
            raise ConfigError(f"{file}: its scene changed after its markers were read; {_REMEDY}")


def _lines(data: BlendData, scene: Scene) -> Iterator[str]:
    yield f"scene {scene.frame_current} {_text(scene.unit_settings.scale_length)}"
    yield " ".join(str(getattr(scene.render, name)) for name in _SCENE_NAMES)
    yield f"world {scene.world.name if scene.world else ''} camera {scene.camera.name if scene.camera else ''}"
    for kind in _KINDS:
        for item in sorted(getattr(data, kind, ()), key=lambda item: item.name):  # 3.4 lacks some kinds
            if item.library is None:
                yield f"{kind} {item.name}"
                yield from _custom_properties(item)
                yield from _LINES_OF_KIND.get(kind, _properties)(item)


def _properties(item: ID) -> Iterator[str]:
    yield from _struct_lines(item, "", _DEPTH)


def _object_lines(item: Object) -> Iterator[str]:
    yield from _properties(item)
    for system in item.particle_systems:
        if system.is_edited:  # combed hair; other particles follow from their settings
            for particle in system.particles:
                yield _array_text(particle.hair_keys, "co_local", 3)


def _image_lines(image: Image) -> Iterator[str]:
    for packed in image.packed_files:
        yield f"packed {hashlib.sha256(bytes(packed.data)).hexdigest()}"
    yield from _properties(image)


def _mesh_lines(mesh: Mesh) -> Iterator[str]:
    yield from _material_lines(mesh)
    yield _array_text(mesh.vertices, "co", 3)
    yield _array_text(mesh.edges, "vertices", 2)
    yield _array_text(mesh.loops, "vertex_index", 1)
    for name in ("loop_start", "material_index", "use_smooth"):
        yield _array_text(mesh.polygons, name, 1)
    for layer in mesh.uv_layers:
        yield f"uv {layer.name} {_array_text(layer.data, 'uv', 2)}"
    yield from _attribute_lines(mesh, (*_READ_OTHERWISE, *mesh.uv_layers.keys()))
    weights = hashlib.sha256()
    for vertex in mesh.vertices:
        for group in vertex.groups:
            weights.update(f"{vertex.index} {group.group} {_text(group.weight)}\n".encode())
    yield f"weights {weights.hexdigest()}"


def _strand_lines(strands: ID) -> Iterator[str]:
    """Of hair or a point cloud."""
    yield from _material_lines(strands)
    if hasattr(strands, "curve_offset_data"):
        yield _array_text(strands.curve_offset_data, "value", 1)
    yield from _attribute_lines(strands)


def _shape_key_lines(keys: Key) -> Iterator[str]:
    yield f"relative {keys.use_relative} {_text(keys.eval_time)}"
    for block in keys.key_blocks:
        yield f"{block.name} {_text(block.value)} {block.mute} {block.relative_key.name} {block.vertex_group}"
        yield _array_text(block.data, "co", 3)


def _material_lines(data: ID) -> Iterator[str]:
    yield " ".join(material.name if material else "-" for material in data.materials)


def _attribute_lines(data: ID, left_out: Collection[str] = ()) -> Iterator[str]:
    """The attributes of geometry; names that begin with a dot are of selections and of Blender itself."""
    for attribute in sorted(data.attributes, key=lambda attribute: attribute.name):
        if attribute.data_type in _VALUES and attribute.name[0] != "." and attribute.name not in left_out:
            yield f"{attribute.domain} {attribute.name} {_array_text(attribute.data, *_VALUES[attribute.data_type])}"


def _array_text(items: bpy_prop_collection, name: str, width: int) -> str:
    """The digest of the property ``name`` of all ``items``, ``width`` numbers each."""
    values = np.empty(len(items) * width, dtype=np.float64)
    items.foreach_get(name, values)
    return hashlib.sha256((np.round(values, _DECIMALS) + 0.0).tobytes()).hexdigest()


def _custom_properties(item: ID) -> Iterator[str]:
    for key in sorted(item.keys()):
        if isinstance(item[key], (str, int, float)) and not key.startswith("_"):
            yield f"[{key}] {_text(item[key])}"


def _struct_lines(struct: bpy_struct, path: str, depth: int) -> Iterator[str]:
    """One line per editable property, nested structures included; datablocks count by their names."""
    for prop in struct.bl_rna.properties:
        name = prop.identifier
        if name in _IGNORED_NAMES or name.startswith(_IGNORED_PREFIXES):
            continue
        if name in ("links", "parent") and isinstance(struct, (bpy.types.NodeSocket, bpy.types.Node)):
            continue  # the same as the links of the tree
        where = f"{path}.{name}"
        value = getattr(struct, name, None)
        if prop.type == "COLLECTION":
            yield from _collection_lines(value, where, depth)
        elif prop.type == "POINTER":
            yield from _pointer_lines(value, where, depth)
        elif not prop.is_readonly:
            yield f"{where} {_text(value)}"


def _collection_lines(items: bpy_prop_collection, where: str, depth: int) -> Iterator[str]:
    for number, item in enumerate(items or ()):
        yield from _pointer_lines(item, f"{where}[{number}]", depth)


def _pointer_lines(value: Any, where: str, depth: int) -> Iterator[str]:
    if isinstance(value, bpy.types.NodeLink):
        ends = ((value.from_node, value.from_socket), (value.to_node, value.to_socket))
        yield f"{where} {[(node.name, socket.identifier) for node, socket in ends]}"
    elif isinstance(value, bpy.types.ID) and not isinstance(value, bpy.types.NodeTree):
        yield f"{where} {value.name}"
    elif value is not None and depth:
        yield from _struct_lines(value, where, depth - 1)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.{_DECIMALS}f}"
    if isinstance(value, (str, int, bool)) or value is None:
        return str(value)
    if isinstance(value, (set, frozenset)):
        return str(sorted(value))
    try:
        return " ".join(_text(part) for part in value)
    except TypeError:
        return type(value).__name__


_LINES_OF_KIND = {
    "objects": _object_lines, "images": _image_lines, "meshes": _mesh_lines, "hair_curves": _strand_lines,
    "pointclouds": _strand_lines, "shape_keys": _shape_key_lines,
}  # fmt: skip
