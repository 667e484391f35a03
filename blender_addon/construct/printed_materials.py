"""Materials of printed and painted pages: an image of ``wall_art`` on a rectangle of a piece of furniture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import basic_materials, wall_art
from .basic_materials import image_of, mapped

if TYPE_CHECKING:
    from bpy.types import Material


class Page(NamedTuple):
    """The rectangle of a page in the xz plane of its object's frame, metres."""

    x1: float
    z1: float
    x2: float
    z2: float


_ROUGHNESS = {"paper": 0.8, "plastic": 0.45, "enamel": 0.2}
_TO_XZ = (-1.5707963, 0.0, 0.0)  # the rotation after which an image, which lies in xy, stands in xz


def printed(name: str, seed: int, page: Page, finish: str) -> Material:
    """The material of the drawing ``name``, stretched over ``page``; ``finish`` is "paper", "plastic" or "enamel"."""
    wide, tall = page.x2 - page.x1, page.z2 - page.z1
    material, shader = basic_materials.new(f"print {name}")
    shader.inputs["Roughness"].default_value = _ROUGHNESS[finish]
    tree = material.node_tree
    texture = mapped(tree, "ShaderNodeTexImage", (1.0 / wide, 1.0, 1.0 / tall), _TO_XZ)
    mapping = texture.inputs["Vector"].links[0].from_node
    mapping.inputs["Location"].default_value = (-page.x1 / wide, -page.z1 / tall, 0.0)
    texture.image = image_of(f"drawing {name}", wall_art.paint(name, seed, wide / tall))
    texture.extension = "EXTEND"
    tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    return material
