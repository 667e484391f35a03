"""Building models of the asset pack; their arrays are cached between images."""

from __future__ import annotations

import functools
import hashlib
import io
import json
from dataclasses import dataclass

import bpy
import numpy as np
from bpy.types import Collection, Image, Material, Object

from ... import compat
from ...draw.furniture.pack import FOLDER
from ...draw.spec import FurnitureSpec
from .. import basic_materials
from ..basic_materials import SURFACE
from ..furniture_materials import Palette
from ..library import LibraryError
from .assembly import place

_KEPT_MODELS = 96
_LEAVES = 0.75  # red and blue of a leaf are at most this fraction of its green


@dataclass(frozen=True)
class PackModel:
    """The content of a model file, as ``packaging.asset_pack`` wrote it."""

    vertices: np.ndarray
    triangles: np.ndarray
    uvs: np.ndarray
    slots: np.ndarray
    smooth: np.ndarray
    materials: tuple
    images: tuple


def build_model(collection: Collection, spec: FurnitureSpec, palette: Palette) -> Object:
    """Build a piece from its model in the pack; a spec with a colour for its "body" colours the whole piece.

    Raises:
        LibraryError: the pack lacks the model, or has a different one of that name.
    """
    model = load_model(spec.shape["model"], spec.shape["sha256"])
    mesh = bpy.data.meshes.new(f"{spec.kind} {spec.id}")
    compat.fill_mesh(mesh, model.vertices, model.triangles.reshape(-1), np.full(len(model.triangles), 3))
    mesh.polygons.foreach_set("use_smooth", model.smooth)
    if "body" in spec.colours:
        mesh.materials.append(palette.of(f"{spec.kind} body", "plastic", spec.colours["body"]))
    else:
        mesh.polygons.foreach_set("material_index", model.slots.astype(np.int32))
        mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", model.uvs.reshape(-1))
        for number in range(len(model.materials)):
            mesh.materials.append(_material(spec, model, number))
    mesh.update(calc_edges=True)
    item = bpy.data.objects.new(mesh.name, mesh)
    collection.objects.link(item)
    place(item, spec)
    return item


@functools.lru_cache(maxsize=_KEPT_MODELS)
def load_model(file: str, sha256: str) -> PackModel:
    """The model in ``file`` of the pack, whose digest begins with ``sha256``. Raises LibraryError."""
    path = FOLDER / file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LibraryError(
            f"{path}: cannot be read ({error.strerror}); the config uses it; `make assets` builds the pack"
        ) from error
    if not hashlib.sha256(content).hexdigest().startswith(sha256):
        raise LibraryError(f"{path}: differs from the model that the config uses; `make assets` rebuilds the pack")
    with np.load(io.BytesIO(content)) as arrays:
        about = json.loads(arrays["about"].tobytes())
        images = sorted((name for name in arrays.files if name.startswith("picture")), key=lambda name: int(name[7:]))
        return PackModel(
            *(arrays[name] for name in ("vertices", "triangles", "uvs", "slots", "smooth")),
            materials=tuple(about["materials"]),
            images=tuple(arrays[name].tobytes() for name in images),
        )


def _material(spec: FurnitureSpec, model: PackModel, number: int) -> Material:
    about = model.materials[number]
    rgb = [min(channel, 0.85) for channel in about["rgb"]]
    name = f"{spec.kind} {spec.shape['model'].removesuffix('.npz')} {number}"
    material, shader = basic_materials.new(name)
    shader.inputs["Base Color"].default_value = (*rgb, 1.0)
    shader.inputs["Roughness"].default_value = 0.06 if about["glass"] else about["roughness"]
    if about["picture"] is not None:
        nodes, links = material.node_tree.nodes, material.node_tree.links
        texture = nodes.new("ShaderNodeTexImage")
        texture.image = _image(name, model.images[about["picture"]])
        links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    elif rgb[1] > 0 and max(rgb[0], rgb[2]) < _LEAVES * rgb[1] and spec.kind in ("plant", "cups"):
        material[SURFACE] = "leaf"
    return material


def _image(name: str, data: bytes) -> Image:
    """An image read from the bytes of a JPEG; no file is needed."""
    image = bpy.data.images.new(name, 8, 8)
    image.pack(data=data, data_len=len(data))
    image.source = "FILE"
    return image
