"""Materials of people: skin, eyes, hair, cloth, plastics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

import bpy
from bpy.types import Material, Node, NodeSocket, NodeTree

from ..see_through import COUNTS_AS_SOLID
from . import basic_materials

VERTEX_COLOUR = "complexion"  # vertex attribute: the skin's colour, or how light a lock of hair is


def skin(name: str, age_marks: float, even: bool = False) -> Material:
    """Skin with a colour per vertex, blotches of strength ``age_marks`` (0..1), pores and a soft shine.

    The blotches of ``even`` skin are faint.
    """
    material, shader = basic_materials.new(name)
    material[basic_materials.SURFACE] = "skin"
    tree = material.node_tree
    colour = _node(tree, "ShaderNodeAttribute", attribute_name=VERTEX_COLOUR)
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
    place = _node(tree, "ShaderNodeTexCoord")
    stretched = _node(tree, "ShaderNodeMapping")
    stretched.inputs["Scale"].default_value = (420.0, 220.0, 1.0) if curly else (620.0, 14.0, 1.0)
    tree.links.new(place.outputs["UV"], stretched.inputs["Vector"])
    strands = _noise(tree, 1.0, 2.0)
    tree.links.new(stretched.outputs["Vector"], strands.inputs["Vector"])
    shade = _map(tree, strands.outputs["Fac"], 0.28, 0.72, 0.45, 1.5)
    colour = _multiplied(tree, _rgb(tree, rgb), shade)
    if in_locks:
        lightness = _node(tree, "ShaderNodeAttribute", attribute_name=VERTEX_COLOUR)
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
    place = _node(tree, "ShaderNodeTexCoord")
    base = _rgb(tree, spec.rgb)
    if spec.pattern != "plain":
        print_ = _PATTERNS[spec.pattern](tree, place.outputs["UV"], spec.pitch)
        base = _blended(tree, print_, spec.rgb, spec.rgb2)
    worn = _noise(tree, 9.0, 2.0)
    tree.links.new(place.outputs["UV"], worn.inputs["Vector"])
    shade = _map(tree, worn.outputs["Fac"], 0.3, 0.7, 0.88, 1.1)
    tree.links.new(_multiplied(tree, base, shade), shader.inputs["Base Color"])
    creases = _noise(tree, 1.0, 2.0)
    creases.inputs["Distortion"].default_value = 0.5
    drawn_out = _node(tree, "ShaderNodeMapping")
    drawn_out.inputs["Scale"].default_value = (9.0, 9.0, 4.0)
    tree.links.new(place.outputs["Object"], drawn_out.inputs["Vector"])
    tree.links.new(drawn_out.outputs["Vector"], creases.inputs["Vector"])
    _bump(tree, shader, creases.outputs["Fac"], 0.4, 0.025)
    return material


def patterned(name: str, rgb: Sequence[float], rgb2: Sequence[float], pattern: str, pitch: float) -> Material:
    """Bed linen, rugs and curtains of two linear colours: a pattern of ``_PATTERNS``, repeated every ``pitch`` metres.

    It runs along the object's x, and along y + z, so that it lies on what is level and on what hangs down.
    """
    material, shader = basic_materials.new(name)
    material[basic_materials.SURFACE] = "cloth"
    shader.inputs["Roughness"].default_value = 0.92
    tree = material.node_tree
    place = _node(tree, "ShaderNodeTexCoord")
    apart, across = _node(tree, "ShaderNodeSeparateXYZ"), _node(tree, "ShaderNodeCombineXYZ")
    tree.links.new(place.outputs["Object"], apart.inputs[0])
    tree.links.new(apart.outputs["X"], across.inputs["X"])
    along = _math(tree, "ADD", apart.outputs["Y"], apart.outputs["Z"])
    tree.links.new(along, across.inputs["Y"])
    print_ = _PATTERNS[pattern](tree, across.outputs[0], pitch)
    tree.links.new(_blended(tree, print_, rgb, rgb2), shader.inputs["Base Color"])
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


def _stripes(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    return _lines(tree, uv, pitch, "X")


def _hoops(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    return _lines(tree, uv, pitch, "Y")


def _lines(tree: NodeTree, uv: NodeSocket, pitch: float, axis: str) -> NodeSocket:
    """1 on lines every ``pitch`` metres across an axis, each a third of the pitch wide."""
    apart = _node(tree, "ShaderNodeSeparateXYZ")
    tree.links.new(uv, apart.inputs[0])
    return _math(tree, "LESS_THAN", _fraction(tree, apart.outputs[axis], pitch), 0.34)


def _checks(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    both = _math(tree, "ADD", _lines(tree, uv, pitch, "X"), _lines(tree, uv, pitch, "Y"))
    return _math(tree, "MULTIPLY", both, 0.5)


def _dots(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    apart = _node(tree, "ShaderNodeSeparateXYZ")
    tree.links.new(uv, apart.inputs[0])
    squares = []
    for axis in ("X", "Y"):
        offset = _math(tree, "SUBTRACT", _fraction(tree, apart.outputs[axis], pitch), 0.5)
        squares.append(_math(tree, "MULTIPLY", offset, offset))
    return _math(tree, "LESS_THAN", _math(tree, "ADD", *squares), 0.045)


_PATTERNS = {"stripes": _stripes, "hoops": _hoops, "checks": _checks, "dots": _dots}


def _fraction(tree: NodeTree, value: NodeSocket, pitch: float) -> NodeSocket:
    return _math(tree, "FRACT", _math(tree, "MULTIPLY", value, 1.0 / pitch))


def _node(tree: NodeTree, kind: str, **settings: Any) -> Any:
    node = tree.nodes.new(kind)
    for name, value in settings.items():
        setattr(node, name, value)
    return node


def _noise(tree: NodeTree, scale: float, detail: float) -> Node:
    noise = _node(tree, "ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = scale, detail
    return noise


def _math(tree: NodeTree, operation: str, *values: Union[float, NodeSocket]) -> NodeSocket:
    node = _node(tree, "ShaderNodeMath", operation=operation)
    for socket, value in zip(node.inputs, values):
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, socket)
        else:
            socket.default_value = value
    return node.outputs[0]


def _map(tree: NodeTree, value: NodeSocket, low: float, high: float, to_low: float, to_high: float) -> NodeSocket:
    node = _node(tree, "ShaderNodeMapRange")
    for name, number in zip(("From Min", "From Max", "To Min", "To Max"), (low, high, to_low, to_high)):
        node.inputs[name].default_value = number
    tree.links.new(value, node.inputs["Value"])
    return node.outputs["Result"]


def _rgb(tree: NodeTree, rgb: Sequence[float]) -> NodeSocket:
    node = _node(tree, "ShaderNodeRGB")
    node.outputs[0].default_value = (*rgb, 1.0)
    return node.outputs[0]


def _multiplied(tree: NodeTree, colour: NodeSocket, factor: NodeSocket) -> NodeSocket:
    node = _node(tree, "ShaderNodeVectorMath", operation="SCALE")
    tree.links.new(colour, node.inputs[0])
    tree.links.new(factor, node.inputs["Scale"])
    return node.outputs["Vector"]


def _blended(tree: NodeTree, factor: NodeSocket, first: Sequence[float], second: Sequence[float]) -> NodeSocket:
    """The colour ``first`` where ``factor`` is 0, ``second`` where it is 1."""
    ramp = _node(tree, "ShaderNodeValToRGB")
    for element, rgb in zip(ramp.color_ramp.elements, (first, second)):
        element.color = (*rgb, 1.0)
    tree.links.new(factor, ramp.inputs["Fac"])
    return ramp.outputs["Color"]


def _bump(tree: NodeTree, shader: Node, height: NodeSocket, strength: float, distance: float) -> None:
    bump = _node(tree, "ShaderNodeBump")
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = strength, distance
    tree.links.new(height, bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
