"""Building blocks of materials on the Principled BSDF, and images of Blender from painted arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from bpy.types import Image, Material, Node, NodeSocket, NodeTree
from numpy.typing import NDArray

from .. import compat

SURFACE = "surface"  # custom property of a material: its near-infrared surface class


def plain(name: str, rgb: Sequence[float], roughness: float = 0.6, metallic: float = 0.0) -> Material:
    """One colour (linear RGB)."""
    material, shader = new(name)
    shader.inputs["Base Color"].default_value = (*rgb, 1.0)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    return material


def mottled(name: str, rgb: Sequence[float], roughness: float, scale: float, depth: float) -> Material:
    """One colour (linear RGB) whose brightness varies by +-``depth``, with ``scale`` features per metre."""
    material, shader = new(name)
    shader.inputs["Roughness"].default_value = roughness
    tree = material.node_tree
    coordinates = tree.nodes.new("ShaderNodeTexCoord")
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = 2.0
    tree.links.new(coordinates.outputs["Object"], noise.inputs["Vector"])
    link_color_ramp(tree, noise.outputs["Fac"], lighter_and_darker(rgb, depth), shader.inputs["Base Color"])
    return material


def glowing(name: str, rgb: Sequence[float], strength: float) -> Material:
    """An emissive material, ``strength`` in W / m2 / sr."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    emission = tree.nodes.new("ShaderNodeEmission")
    emission.inputs["Color"].default_value = (*rgb, 1.0)
    emission.inputs["Strength"].default_value = strength
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(emission.outputs["Emission"], output.inputs["Surface"])
    return material


def new(name: str) -> tuple[Material, Node]:
    """A new material and its Principled BSDF node."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    compat.set_specular(shader, 0.3)
    return material, shader


def mapped(tree: NodeTree, texture: str, scale: Sequence[float], rotation: Sequence[float] = (0.0, 0.0, 0.0)) -> Node:
    """A texture node that reads object coordinates times ``scale``."""
    coordinates = tree.nodes.new("ShaderNodeTexCoord")
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = scale
    mapping.inputs["Rotation"].default_value = rotation
    node = tree.nodes.new(texture)
    tree.links.new(coordinates.outputs["Object"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], node.inputs["Vector"])
    return node


def image_of(name: str, painted: NDArray[np.float32], is_float: bool = False, is_colour: bool = True) -> Image:
    """A new image of (H, W, 3) pixels, row 0 at the bottom: sRGB in 8 bits, or linear if ``is_float``.

    ``is_colour`` False is for values that are no colours and are read as they are.
    """
    rows, columns = painted.shape[:2]
    image = bpy.data.images.new(name, columns, rows, float_buffer=is_float, is_data=not is_colour)
    image.pixels.foreach_set(np.dstack([painted, np.ones((rows, columns), np.float32)]).ravel())
    image.update()
    return image


def link_color_ramp(tree: NodeTree, factor: NodeSocket, colours: Sequence[Sequence[float]], target: NodeSocket) -> None:
    """Link to ``target`` a ramp between two linear RGB ``colours``, while ``factor`` rises from 0.3 to 0.7."""
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    for element, rgb, position in zip(ramp.color_ramp.elements, colours, (0.3, 0.7)):
        element.color, element.position = (*rgb, 1.0), position
    tree.links.new(factor, ramp.inputs["Fac"])
    tree.links.new(ramp.outputs["Color"], target)


def lighter_and_darker(rgb: Sequence[float], depth: float) -> list[tuple[float, ...]]:
    """Two colours: ``rgb`` darker and lighter by the fraction ``depth``."""
    return [tuple(min(channel * factor, 1.0) for channel in rgb) for factor in (1.0 - depth, 1.0 + depth)]


def new_node(tree: NodeTree, kind: str, **settings: Any) -> Any:
    """A new node with its settings."""
    made = tree.nodes.new(kind)
    for name, value in settings.items():
        setattr(made, name, value)
    return made
