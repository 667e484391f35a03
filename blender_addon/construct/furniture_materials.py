"""Materials of furniture and fittings: one per finish and colour in a scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import basic_materials
from .basic_materials import SURFACE, lighter_and_darker, link_color_ramp, mapped
from .textiles import patterned

if TYPE_CHECKING:
    from bpy.types import Material

# finish: roughness, metallic, variation of brightness (fraction), features per metre along x, y and z.
_FINISHES = {
    "metal": (0.35, 0.0, 0.0, ()),
    "chrome": (0.22, 1.0, 0.0, ()),
    "plastic": (0.45, 0.0, 0.0, ()),
    "matt": (0.85, 0.0, 0.0, ()),
    "ceramic": (0.15, 0.0, 0.0, ()),
    "glass": (0.06, 0.0, 0.0, ()),
    "rubber": (0.7, 0.0, 0.0, ()),
    "leather": (0.42, 0.0, 0.05, (12.0, 12.0, 12.0)),
    "cloth": (0.95, 0.0, 0.07, (9.0, 9.0, 9.0)),
    "leaf": (0.5, 0.0, 0.35, (14.0, 14.0, 14.0)),
    "cardboard": (0.9, 0.0, 0.06, (5.0, 5.0, 5.0)),
    "wood": (0.42, 0.0, 0.22, (1.6, 22.0, 22.0)),
    "wood upright": (0.42, 0.0, 0.22, (22.0, 22.0, 1.6)),
}
# The near-infrared surface class of a finish; the others count as paint.
_NEAR_INFRARED = {
    "chrome": "metal",
    "leather": "leather",
    "cloth": "cloth",
    "leaf": "leaf",
    "wood": "wood",
    "wood upright": "wood",
}


class Palette:
    """The materials of one scene, each created once."""

    def __init__(self) -> None:
        self._materials: dict[tuple[object, ...], Material] = {}  # by finish, colour and strength

    def of(self, name: str, finish: str, rgb: Sequence[float]) -> Material:
        """The material of a finish and a linear RGB colour; a new one is called ``name``."""
        key = (finish, tuple(rgb))
        if key not in self._materials:
            self._materials[key] = _make(name, finish, rgb)
        return self._materials[key]

    def glow(self, name: str, rgb: Sequence[float], strength: float) -> Material:
        """An emissive material, ``strength`` in W / m2 / sr."""
        key = ("glow", strength, tuple(rgb))
        if key not in self._materials:
            self._materials[key] = basic_materials.glowing(name, rgb, strength)
        return self._materials[key]

    def patterned(self, name: str, rgb: Sequence[float], pattern: Sequence) -> Material:
        """Cloth with a ``pattern``: its name, the metres between its repeats, its second colour."""
        kind, pitch, other = pattern
        key = ("patterned", kind, pitch, tuple(rgb), tuple(other))
        if key not in self._materials:
            self._materials[key] = patterned(name, rgb, other, kind, pitch)
        return self._materials[key]

    def backlit(self, name: str, rgb: Sequence[float], strength: float) -> Material:
        """Cloth that light shines through, imitated by a weak emission."""
        key = ("backlit", strength, tuple(rgb))
        if key not in self._materials:
            material = _make(name, "cloth", rgb)
            tree = material.node_tree
            output = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
            emission, both = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeAddShader")
            emission.inputs["Color"].default_value = (*rgb, 1.0)
            emission.inputs["Strength"].default_value = strength
            tree.links.new(output.inputs["Surface"].links[0].from_socket, both.inputs[0])
            tree.links.new(emission.outputs["Emission"], both.inputs[1])
            tree.links.new(both.outputs["Shader"], output.inputs["Surface"])
            self._materials[key] = material
        return self._materials[key]


def _make(name: str, finish: str, rgb: Sequence[float]) -> Material:
    roughness, metallic, depth, scale = _FINISHES[finish]
    material = (
        _mottled(name, rgb, roughness, depth, scale) if depth else basic_materials.plain(name, rgb, roughness, metallic)
    )
    if finish in _NEAR_INFRARED:
        material[SURFACE] = _NEAR_INFRARED[finish]
    return material


def _mottled(name: str, rgb: Sequence[float], roughness: float, depth: float, scale: Sequence[float]) -> Material:
    """One colour whose brightness varies by +-``depth``, with ``scale`` features per metre along x, y and z."""
    material, shader = basic_materials.new(name)
    shader.inputs["Roughness"].default_value = roughness
    noise = mapped(material.node_tree, "ShaderNodeTexNoise", scale)
    noise.inputs["Scale"].default_value = 1.0
    noise.inputs["Detail"].default_value = 2.0
    shades = lighter_and_darker(rgb, depth)
    link_color_ramp(material.node_tree, noise.outputs["Fac"], shades, shader.inputs["Base Color"])
    return material
