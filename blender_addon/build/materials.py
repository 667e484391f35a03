"""Procedural materials on the Principled BSDF; no image textures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

from .. import compat


def plain(name: str, rgb: Sequence[float], roughness: float = 0.6, metallic: float = 0.0) -> Any:
    """One colour (linear RGB)."""
    material, shader = new(name)
    shader.inputs["Base Color"].default_value = (*rgb, 1.0)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    return material


def mottled(name: str, rgb: Sequence[float], roughness: float, scale: float, depth: float) -> Any:
    """One colour (linear RGB) whose brightness wanders by +-``depth``, ``scale`` times a metre: cloth, skin, vinyl."""
    material, shader = new(name)
    shader.inputs["Roughness"].default_value = roughness
    tree = material.node_tree
    coordinates = tree.nodes.new("ShaderNodeTexCoord")
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = 2.0
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    for element, factor in zip(ramp.color_ramp.elements, (1.0 - depth, 1.0 + depth)):
        element.color = (*(min(channel * factor, 1.0) for channel in rgb), 1.0)
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[1].position = 0.3, 0.7
    tree.links.new(coordinates.outputs["Object"], noise.inputs["Vector"])
    tree.links.new(noise.outputs["Fac"], ramp.inputs["Fac"])
    tree.links.new(ramp.outputs["Color"], shader.inputs["Base Color"])
    return material


def glowing(name: str, rgb: Sequence[float], strength: float) -> Any:
    """A surface that gives light."""
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


def new(name: str) -> tuple:
    """A new material and its Principled BSDF."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    compat.set_specular(shader, 0.3)
    return material, shader
