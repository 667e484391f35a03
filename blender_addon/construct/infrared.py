"""Turning a built scene into an infrared camera's view: colours become near-infrared albedos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..draw.colour import near_infrared, near_infrared_range
from .basic_materials import SURFACE

if TYPE_CHECKING:
    from bpy.types import Material, NodeSocket, NodeTree, Scene

_BY_WORD = {
    "skin": "skin",
    "hair": "hair",
    "beard": "hair",
    "eyebrows": "hair",
    "sclera": "eye",
    "iris": "eye",
    "pupil": "eye",
    "linen": "cloth",
    "pillow": "cloth",
    "blanket": "cloth",
    "curtain": "cloth",
    "cover": "cloth",
    "sheet": "cloth",
    "shade": "cloth",
    "wood": "wood",
    "chrome": "metal",
}
_GLOW = 0.08  # near-infrared emission of screens and lamps, relative to visible light


def to_near_infrared(scene: Scene, glow: float = _GLOW) -> None:
    """Change the materials of every mesh in ``scene``, in place; what shines keeps ``glow`` of its strength."""
    worn = set()
    materials: dict = {}
    for item in scene.objects:
        if item.type != "MESH":
            continue
        for material in item.data.materials:
            if material is not None and material.use_nodes:
                materials[material.name] = material
                if item.parent is not None and item.parent.type == "ARMATURE":
                    worn.add(material.name)
    for name, material in materials.items():
        _change(material, surface_of(material, worn=name in worn), glow)


def surface_of(material: Material, worn: bool) -> str:
    """The near-infrared surface class: the material's own property, else by its name; garments count as cloth."""
    declared: str = material.get(SURFACE, "")
    if declared:
        return _BY_WORD.get(declared.split()[0], declared.split()[0])
    classes = (_BY_WORD[word] for word in material.name.split(".")[0].split() if word in _BY_WORD)
    return next(classes, None) or ("cloth" if worn else "paint")


def _change(material: Material, surface: str, glow: float) -> None:
    tree = material.node_tree
    for node in list(tree.nodes):
        if node.type == "BSDF_PRINCIPLED":
            _whiten(tree, node.inputs["Base Color"], surface)
        elif node.type == "EMISSION":
            node.inputs["Strength"].default_value *= glow


def _whiten(tree: NodeTree, colour: NodeSocket, surface: str) -> None:
    if not colour.is_linked:
        albedo = near_infrared(colour.default_value[:3], surface)
        colour.default_value = (albedo, albedo, albedo, 1.0)
        return
    darkest, brightest = near_infrared_range(surface)
    grey = tree.nodes.new("ShaderNodeRGBToBW")
    reach = tree.nodes.new("ShaderNodeMapRange")
    reach.inputs["To Min"].default_value, reach.inputs["To Max"].default_value = darkest, brightest
    source = colour.links[0].from_socket
    tree.links.new(source, grey.inputs["Color"])
    tree.links.new(grey.outputs["Val"], reach.inputs["Value"])
    tree.links.new(reach.outputs["Result"], colour)
