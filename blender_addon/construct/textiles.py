"""Patterns of cloth in two colours: stripes, hoops, checks, dots; on clothes, and on textiles of rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import bpy
from bpy.types import Material, NodeSocket, NodeTree

from . import basic_materials
from .basic_materials import new_node


def patterned(name: str, rgb: Sequence[float], rgb2: Sequence[float], pattern: str, pitch: float) -> Material:
    """Bed linen, rugs and curtains of two linear colours: a pattern of ``_PATTERNS``, repeated every ``pitch`` metres.

    It runs along the object's x, and along y + z, so that it lies on what is level and on what hangs down.
    """
    material, shader = basic_materials.new(name)
    material[basic_materials.SURFACE] = "cloth"
    shader.inputs["Roughness"].default_value = 0.92
    tree = material.node_tree
    place = new_node(tree, "ShaderNodeTexCoord")
    apart, across = new_node(tree, "ShaderNodeSeparateXYZ"), new_node(tree, "ShaderNodeCombineXYZ")
    tree.links.new(place.outputs["Object"], apart.inputs[0])
    tree.links.new(apart.outputs["X"], across.inputs["X"])
    along = _math(tree, "ADD", apart.outputs["Y"], apart.outputs["Z"])
    tree.links.new(along, across.inputs["Y"])
    tree.links.new(printed(tree, across.outputs[0], pattern, pitch, (rgb, rgb2)), shader.inputs["Base Color"])
    return material


def printed(
    tree: NodeTree, uv: NodeSocket, pattern: str, pitch: float, colours: tuple[Sequence[float], Sequence[float]]
) -> NodeSocket:
    """The colour of a pattern of ``_PATTERNS`` in two linear colours, repeated every ``pitch`` metres of ``uv``."""
    return _blended(tree, _PATTERNS[pattern](tree, uv, pitch), *colours)


def _stripes(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    return _lines(tree, uv, pitch, "X")


def _hoops(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    return _lines(tree, uv, pitch, "Y")


def _lines(tree: NodeTree, uv: NodeSocket, pitch: float, axis: str) -> NodeSocket:
    """1 on lines every ``pitch`` metres across an axis, each a third of the pitch wide."""
    apart = new_node(tree, "ShaderNodeSeparateXYZ")
    tree.links.new(uv, apart.inputs[0])
    return _math(tree, "LESS_THAN", _fraction(tree, apart.outputs[axis], pitch), 0.34)


def _checks(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    both = _math(tree, "ADD", _lines(tree, uv, pitch, "X"), _lines(tree, uv, pitch, "Y"))
    return _math(tree, "MULTIPLY", both, 0.5)


def _dots(tree: NodeTree, uv: NodeSocket, pitch: float) -> NodeSocket:
    apart = new_node(tree, "ShaderNodeSeparateXYZ")
    tree.links.new(uv, apart.inputs[0])
    squares = []
    for axis in ("X", "Y"):
        offset = _math(tree, "SUBTRACT", _fraction(tree, apart.outputs[axis], pitch), 0.5)
        squares.append(_math(tree, "MULTIPLY", offset, offset))
    return _math(tree, "LESS_THAN", _math(tree, "ADD", *squares), 0.045)


_PATTERNS = {"stripes": _stripes, "hoops": _hoops, "checks": _checks, "dots": _dots}


def _fraction(tree: NodeTree, value: NodeSocket, pitch: float) -> NodeSocket:
    return _math(tree, "FRACT", _math(tree, "MULTIPLY", value, 1.0 / pitch))


def _math(tree: NodeTree, operation: str, *values: Union[float, NodeSocket]) -> NodeSocket:
    made = new_node(tree, "ShaderNodeMath", operation=operation)
    for socket, value in zip(made.inputs, values):
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, socket)
        else:
            socket.default_value = value
    return made.outputs[0]


def _blended(tree: NodeTree, factor: NodeSocket, first: Sequence[float], second: Sequence[float]) -> NodeSocket:
    """The colour ``first`` where ``factor`` is 0, ``second`` where it is 1."""
    ramp = new_node(tree, "ShaderNodeValToRGB")
    for element, rgb in zip(ramp.color_ramp.elements, (first, second)):
        element.color = (*rgb, 1.0)
    tree.links.new(factor, ramp.inputs["Fac"])
    return ramp.outputs["Color"]
