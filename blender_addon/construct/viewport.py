"""Preparing a built scene for the solid viewport: material colours, and a lens that the viewport supports."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np
from bpy.types import Camera, Mesh, NodeSocket, Object, Scene

from ..draw.projection import angle_at
from ..draw.spec import CameraSpec
from .scene import PERSON, BuiltScene

_PEOPLE, _FURNITURE, _BEDDING, _ROOM = "People", "Furniture and Objects", "Bedding", "Room"
_KINDS_BY_TYPE = {"LIGHT": "Lights", "CAMERA": "Camera"}
_KIND = "wardsynth_kind"  # custom property with a collection's kind, as Blender may add a number to its name
_WIDEST_VIEW = 120.0  # degrees: a viewport has no fisheye


def prepare_for_viewport(built: BuiltScene) -> None:
    """Give ``built`` viewport colours and a viewport lens, and select nothing; renders and labels do not change."""
    _show_colours(built.scene)
    for item in built.scene.objects:  # custom content was saved as it was selected
        item.select_set(False, view_layer=built.scene.view_layers[0])
    built.scene.camera.data.lens = _lens(built.scene.camera.data, built.spec.camera)


def sort_into_collections(built: BuiltScene) -> None:
    """Move the objects of the scene into one collection per kind."""
    collection = built.scene.collection
    kinds = _kinds_of_instances(built)
    for item in list(collection.objects):
        name = _KINDS_BY_TYPE.get(item.type) or _kind_of_family(item, kinds)
        child = next((child for child in collection.children if child[_KIND] == name), None)
        if child is None:
            child = bpy.data.collections.new(name)
            child[_KIND] = name
            collection.children.link(child)
        child.objects.link(item)
        collection.objects.unlink(item)


def _kinds_of_instances(built: BuiltScene) -> dict[Object, str]:
    kinds = {}
    for instance in built.instances:
        name = _PEOPLE if instance.category == PERSON else _FURNITURE
        kinds.update(dict.fromkeys(instance.objects, name))
        kinds.update(dict.fromkeys(instance.bedding, _BEDDING))
    return kinds


def _kind_of_family(item: Object, kinds: dict[Object, str]) -> str:
    """The kind of ``item``, or of an object that it is attached to or that is attached to it."""
    family = [item, *([item.parent] if item.parent else []), *item.children_recursive]
    armatures = [modifier.object for modifier in item.modifiers if modifier.type == "ARMATURE"]
    found = next((kinds[other] for other in (*family, *armatures) if other in kinds), None)
    return found or (_PEOPLE if item.type == "ARMATURE" or armatures else _ROOM)


def _show_colours(scene: Scene) -> None:
    """Set the colour that the solid viewport shows for each material."""
    for item in scene.objects:
        for material in getattr(item.data, "materials", ()):
            nodes = (
                material.node_tree.nodes if material and material.node_tree else ()
            )  # custom materials may have none
            shader = next((node for node in nodes if node.type == "BSDF_PRINCIPLED"), None)
            if shader is not None:
                base = shader.inputs["Base Color"]
                colours = _colours(base, item.data) or [base.default_value]
                material.diffuse_color = [sum(channel) / len(colours) for channel in zip(*colours)]


def _colours(socket: NodeSocket, mesh: Mesh) -> list[Sequence[float]]:
    """The constant RGBA colours, and the mean of vertex colours, that feed ``socket``."""
    if not socket.is_linked:
        return [socket.default_value] if socket.type == "RGBA" else []
    node = socket.links[0].from_node
    if node.type == "RGB":
        return [node.outputs[0].default_value]
    if node.type == "VALTORGB":
        return [element.color for element in node.color_ramp.elements]
    attribute = mesh.attributes.get(node.attribute_name) if node.type == "ATTRIBUTE" else None
    if attribute is not None and attribute.data_type in ("FLOAT_COLOR", "BYTE_COLOR"):
        found = np.empty(4 * len(attribute.data), dtype=np.float32)
        attribute.data.foreach_get("color", found)
        return [found.reshape(-1, 4).mean(axis=0).tolist()]
    return [colour for plug in node.inputs for colour in _colours(plug, mesh)]


def _lens(camera: Camera, spec: CameraSpec) -> float:
    """Focal length in millimetres of a pinhole about as wide as the camera: a viewport has no fisheye."""
    if not spec.polynomial:
        return camera.lens
    half = min(float(angle_at(spec, np.array(1.0))), math.radians(_WIDEST_VIEW) / 2)
    return camera.sensor_width / 2 / math.tan(half)
