"""Materials of people: skin, eyes, hair, cloth, plastics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bpy.types import Material, Node, NodeSocket, NodeTree

from ..see_through import COUNTS_AS_SOLID
from . import basic_materials, textiles
from .basic_materials import new_node

VERTEX_COLOUR = "complexion"  # vertex attribute: the skin's colour, or how light a lock of hair is


def skin(name: str, age_marks: float, even: bool = False) -> Material:
    """Skin with a colour per vertex, blotches of strength ``age_marks`` (0..1), pores and a soft shine.

    The blotches of ``even`` skin are faint.
    """
    material, shader = basic_materials.new(name)
    material[basic_materials.SURFACE] = "skin"
    tree = material.node_tree
    colour = new_node(tree, "ShaderNodeAttribute", attribute_name=VERTEX_COLOUR)
    blotches = _noise(tree, 26.0, 3.0)
    light, dark = (1.02, 0.98 - 0.07 * age_marks) if even else (1.06, 0.92 - 0.14 * age_marks)
    mottle = _map(tree, blotches.outputs["Fac"], 0.35, 0.7, light, dark)
    mixed = _multiplied(tree, colour.outputs["Color"], mottle)
    tree.links.new(mixed, shader.inputs["Base Color"])
    shine = _map(tree, blotches.outputs["Fac"], 0.3, 0.7, 0.46, 0.62)
    tree.links.new(shine, shader.inputs["Roughness"])
    _bump(tree, shader, _noise(tree, 240.0, 1.0).outputs["Fac"], 0.10 + 0.12 * age_marks, 0.0012)
    return material


def hair(name: str, rgb: Sequence[float], curly: bool, in_locks: bool = False) -> Material:
    """Hair strands along the second texture coordinate, lighter and darker than ``rgb`` (linear).

    ``in_locks``, it is as much lighter as the vertices' colour says.
    """
    material, shader = basic_materials.new(name)
    material[basic_materials.SURFACE] = "hair"
    tree = material.node_tree
    shader.inputs["Roughness"].default_value = 0.62 if curly else 0.46
    place = new_node(tree, "ShaderNodeTexCoord")
    stretched = new_node(tree, "ShaderNodeMapping")
    stretched.inputs["Scale"].default_value = (420.0, 220.0, 1.0) if curly else (620.0, 14.0, 1.0)
    tree.links.new(place.outputs["UV"], stretched.inputs["Vector"])
    strands = _noise(tree, 1.0, 2.0)
    tree.links.new(stretched.outputs["Vector"], strands.inputs["Vector"])
    shade = _map(tree, strands.outputs["Fac"], 0.28, 0.72, 0.45, 1.5)
    colour = _multiplied(tree, _rgb(tree, rgb), shade)
    if in_locks:
        lightness = new_node(tree, "ShaderNodeAttribute", attribute_name=VERTEX_COLOUR)
        colour = _multiplied(tree, colour, lightness.outputs["Fac"])
    tree.links.new(colour, shader.inputs["Base Color"])
    _bump(tree, shader, strands.outputs["Fac"], 0.7, 0.003)
    return material


def cloth(name: str, spec: Any) -> Material:
    """The cloth of a ``GarmentSpec``: its pattern, uneven wear, creases."""
    material, shader = basic_materials.new(name)
    material[basic_materials.SURFACE] = "cloth"
    shader.inputs["Roughness"].default_value = 0.85
    tree = material.node_tree
    place = new_node(tree, "ShaderNodeTexCoord")
    base = _rgb(tree, spec.rgb)
    if spec.pattern != "plain":
        base = textiles.printed(tree, place.outputs["UV"], spec.pattern, spec.pitch, (spec.rgb, spec.rgb2))
    worn = _noise(tree, 9.0, 2.0)
    tree.links.new(place.outputs["UV"], worn.inputs["Vector"])
    shade = _map(tree, worn.outputs["Fac"], 0.3, 0.7, 0.88, 1.1)
    tree.links.new(_multiplied(tree, base, shade), shader.inputs["Base Color"])
    creases = _noise(tree, 1.0, 2.0)
    creases.inputs["Distortion"].default_value = 0.5
    drawn_out = new_node(tree, "ShaderNodeMapping")
    drawn_out.inputs["Scale"].default_value = (9.0, 9.0, 4.0)
    tree.links.new(place.outputs["Object"], drawn_out.inputs["Vector"])
    tree.links.new(drawn_out.outputs["Vector"], creases.inputs["Vector"])
    _bump(tree, shader, creases.outputs["Fac"], 0.4, 0.025)
    return material


def plastic(name: str, rgb: Sequence[float], roughness: float = 0.35) -> Material:
    """Leather, rubber, plastic of one colour."""
    material = basic_materials.plain(name, rgb, roughness)
    material[basic_materials.SURFACE] = "paint"
    return material


def clear(name: str, rgb: Sequence[float], opacity: float) -> Material:
    """Clear plastic: reflections, and its own colour with ``opacity`` (0..1)."""
    material, shader = basic_materials.new(name)
    shader.inputs["Base Color"].default_value = (*rgb, 1.0)
    shader.inputs["Roughness"].default_value = 0.12
    shader.inputs["Alpha"].default_value = opacity
    material[COUNTS_AS_SOLID] = True
    return material


def eye(name: str, rgb: Sequence[float], roughness: float) -> Material:
    """A part of an eyeball."""
    material = basic_materials.plain(name, rgb, roughness)
    material[basic_materials.SURFACE] = "eye"
    return material


def _noise(tree: NodeTree, scale: float, detail: float) -> Node:
    noise = new_node(tree, "ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = scale, detail
    return noise


def _map(tree: NodeTree, value: NodeSocket, low: float, high: float, to_low: float, to_high: float) -> NodeSocket:
    node = new_node(tree, "ShaderNodeMapRange")
    for name, number in zip(("From Min", "From Max", "To Min", "To Max"), (low, high, to_low, to_high)):
        node.inputs[name].default_value = number
    tree.links.new(value, node.inputs["Value"])
    return node.outputs["Result"]


def _rgb(tree: NodeTree, rgb: Sequence[float]) -> NodeSocket:
    node = new_node(tree, "ShaderNodeRGB")
    node.outputs[0].default_value = (*rgb, 1.0)
    return node.outputs[0]


def _multiplied(tree: NodeTree, colour: NodeSocket, factor: NodeSocket) -> NodeSocket:
    node = new_node(tree, "ShaderNodeVectorMath", operation="SCALE")
    tree.links.new(colour, node.inputs[0])
    tree.links.new(factor, node.inputs["Scale"])
    return node.outputs["Vector"]


def _bump(tree: NodeTree, shader: Node, height: NodeSocket, strength: float, distance: float) -> None:
    bump = new_node(tree, "ShaderNodeBump")
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = strength, distance
    tree.links.new(height, bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
