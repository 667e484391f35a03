"""Preparing a built scene for the solid viewport: material colours, and a lens that the viewport supports."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..draw.projection import angle_at
from ..draw.spec import CameraSpec
from .scene import BuiltScene

_WIDEST_VIEW = 120.0  # degrees: a viewport has no fisheye


def prepare_for_viewport(built: BuiltScene) -> None:
    """Give ``built`` viewport colours and a viewport lens; renders and labels do not change."""
    _show_colours(built.scene)
    built.scene.camera.data.lens = _lens(built.scene.camera.data, built.spec.camera)


def _show_colours(scene: Any) -> None:
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


def _colours(socket: Any, mesh: Any) -> list:
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


def _lens(camera: Any, spec: CameraSpec) -> float:
    """Focal length in millimetres of a pinhole about as wide as the camera: a viewport has no fisheye."""
    if not spec.polynomial:
        return camera.lens
    half = min(float(angle_at(spec, np.array(1.0))), math.radians(_WIDEST_VIEW) / 2)
    return camera.sensor_width / 2 / math.tan(half)
