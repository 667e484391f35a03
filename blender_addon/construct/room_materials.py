"""The large surfaces of rooms: painted, tiled and papered walls, floors, ceilings, the view through windows.

Patterns lie in the plane: walls are mapped by their own two axes, so ``upright`` says which way a wall faces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Optional

import bpy
from bpy.types import Image, Material, Node, NodeSocket, NodeTree

from ..draw.spec import WearSpec
from . import basic_materials, floor_wear, panorama
from .basic_materials import SURFACE, image_of, link_color_ramp, mapped

RGB = Sequence[float]  # linear
_UPRIGHT = {
    "x": (0.0, 1.5707963, 0.0),
    "y": (1.5707963, 0.0, 0.0),
    "z": (0.0, 0.0, 0.0),
}  # rotation that turns the plane's normal to z

_BY_DAY = 1.0  # W / m2 / sr: the view through a window is brighter by day, darker by night
_SEAMED = ("vinyl", "speckled")
_DIRT, _LOST_GLOSS = 0.6, 0.3  # of the dirtiest floor: the part of light that is lost, the added roughness
_NEAR_INFRARED = {"wood": "wood", "carpet": "cloth"}  # the others count as paint


def surface(
    name: str,
    style: str,
    rgb: Sequence[float],
    rgb2: Sequence[float],
    pitch: float,
    roughness: float,
    facing: str = "z",
    relief: bool = False,
) -> Material:
    """A material for a floor, wall or ceiling.

    Args:
        style: "paint", "vinyl", "speckled", "tile", "wood", "carpet", "wallpaper", "grid", "checker",
            "stripes" or "clouds".
        rgb2: the second colour of a pattern.
        pitch: metres between repeats.
        facing: the axis the surface is perpendicular to: "x", "y" or "z".
        relief: whether the joints of tiles and planks are lower and duller, and vinyl has seams.
    """
    material, shader = basic_materials.new(name)
    shader.inputs["Roughness"].default_value = roughness
    if style in _NEAR_INFRARED:
        material[SURFACE] = _NEAR_INFRARED[style]
    tree, turn = material.node_tree, _UPRIGHT[facing]
    joints = _PATTERNS[style](tree, shader, rgb, rgb2, pitch, turn)
    if relief and joints is not None:
        _sink_joints(tree, shader, joints, roughness)
    if relief and style in _SEAMED:
        _add_seams(tree, shader, rgb, turn)
    return material


def _sink_joints(tree: NodeTree, shader: Node, joints: NodeSocket, roughness: float) -> None:
    """Make what is 1 in ``joints`` lower by a millimetre, and dull."""
    bump = tree.nodes.new("ShaderNodeBump")
    bump.invert = True
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 0.8, 0.001
    dull = tree.nodes.new("ShaderNodeMapRange")
    dull.inputs["To Min"].default_value, dull.inputs["To Max"].default_value = roughness, 0.9
    tree.links.new(joints, bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    tree.links.new(joints, dull.inputs["Value"])
    tree.links.new(dull.outputs["Result"], shader.inputs["Roughness"])


def _add_seams(tree: NodeTree, shader: Node, rgb: RGB, turn: Sequence[float]) -> None:
    """Darken the welded seams between sheets of vinyl, which are two metres wide."""
    white = (1.0, 1.0, 1.0)
    sheets = _bricks(tree, white, white, (0.7, 0.7, 0.7), 9.0, 2.0, 0.004, 0.5, turn)
    _multiply(tree, shader.inputs["Base Color"], 1.0, sheets.outputs["Color"])


def _multiply(tree: NodeTree, colour: NodeSocket, amount: float, factor: NodeSocket) -> Node:
    """Multiply what is linked to the socket ``colour`` by ``factor``; returns the mixing node."""
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.blend_type = "MULTIPLY"
    mix.inputs["Fac"].default_value = amount
    tree.links.new(colour.links[0].from_socket, mix.inputs["Color1"])
    tree.links.new(factor, mix.inputs["Color2"])
    tree.links.new(mix.outputs["Color"], colour)
    return mix


def wear_down(material: Material, wear: WearSpec, width: float, depth: float) -> None:
    """Paint the wear of a floor of ``width`` x ``depth`` metres about the origin onto its material."""
    tree = material.node_tree
    shader = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    texture = mapped(tree, "ShaderNodeTexImage", (1.0 / width, 1.0 / depth, 1.0))
    texture.inputs["Vector"].links[0].from_node.inputs["Location"].default_value = (0.5, 0.5, 0.0)
    texture.image = image_of(f"floor wear {wear.seed}", floor_wear.paint(wear, width, depth), is_colour=False)
    texture.extension = "EXTEND"
    channels = tree.nodes.new("ShaderNodeSeparateColor")
    tree.links.new(texture.outputs["Color"], channels.inputs[0])
    clean = tree.nodes.new("ShaderNodeMapRange")
    clean.inputs["To Min"].default_value, clean.inputs["To Max"].default_value = 1.0, 1.0 - _DIRT
    tree.links.new(channels.outputs[0], clean.inputs["Value"])
    _multiply(tree, shader.inputs["Base Color"], 1.0, clean.outputs["Result"])
    dull = tree.nodes.new("ShaderNodeMath")
    dull.operation, dull.use_clamp = "MULTIPLY_ADD", True
    dull.inputs[1].default_value = _LOST_GLOSS
    roughness = shader.inputs["Roughness"]
    if roughness.is_linked:
        tree.links.new(roughness.links[0].from_socket, dull.inputs[2])
    else:
        dull.inputs[2].default_value = roughness.default_value
    tree.links.new(channels.outputs[1], dull.inputs[0])
    tree.links.new(dull.outputs["Value"], roughness)


def _shaded(rgb: Sequence[float], factor: float) -> tuple[float, ...]:
    return tuple(min(channel * factor, 1.0) for channel in rgb)


def _varied(depth: float, scale: float) -> _Pattern:
    """A pattern of one colour whose brightness varies by +-``depth``."""

    def pattern(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> None:
        noise = mapped(tree, "ShaderNodeTexNoise", (scale, scale, scale))
        noise.inputs["Scale"].default_value = 1.0
        noise.inputs["Detail"].default_value = 2.0
        shades = (_shaded(rgb, 1 - depth), _shaded(rgb, 1 + depth))
        link_color_ramp(tree, noise.outputs["Fac"], shades, shader.inputs["Base Color"])

    return pattern


def _speckled(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> None:
    """Terrazzo: chips of another colour."""
    cells = mapped(tree, "ShaderNodeTexVoronoi", (1.0, 1.0, 1.0))
    cells.inputs["Scale"].default_value = 30.0 / max(pitch, 0.3)
    link_color_ramp(tree, cells.outputs["Distance"], (rgb2, rgb), shader.inputs["Base Color"])


def _bricks(
    tree: NodeTree,
    rgb: RGB,
    rgb2: RGB,
    mortar: RGB,
    width: float,
    height: float,
    gap: float,
    offset: float,
    turn: Sequence[float],
) -> Node:
    node = mapped(tree, "ShaderNodeTexBrick", (1.0, 1.0, 1.0), turn)
    node.offset, node.squash = offset, 1.0
    for socket, colour in (("Color1", rgb), ("Color2", rgb2), ("Mortar", mortar)):
        node.inputs[socket].default_value = (*colour, 1.0)
    for socket, value in (
        ("Scale", 1.0),
        ("Mortar Size", gap),
        ("Mortar Smooth", 0.1),
        ("Bias", 0.0),
        ("Brick Width", width),
        ("Row Height", height),
    ):
        node.inputs[socket].default_value = value
    return node


def _tiles(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> NodeSocket:
    node = _bricks(tree, _shaded(rgb, 0.96), _shaded(rgb, 1.05), _shaded(rgb, 0.55), pitch, pitch, 0.003, 0.0, turn)
    tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    return node.outputs["Fac"]


def _planks(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> NodeSocket:
    node = _bricks(
        tree, _shaded(rgb, 0.78), _shaded(rgb, 1.18), _shaded(rgb, 0.4), 9.0 * pitch, pitch, 0.002, 0.37, turn
    )
    grain = mapped(tree, "ShaderNodeTexNoise", (1.5, 30.0, 1.0), turn)
    grain.inputs["Scale"].default_value = 1.0
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.blend_type = "MULTIPLY"
    mix.inputs["Fac"].default_value = 0.55
    tree.links.new(node.outputs["Color"], mix.inputs["Color1"])
    tree.links.new(grain.outputs["Fac"], mix.inputs["Color2"])
    tree.links.new(mix.outputs["Color"], shader.inputs["Base Color"])
    return node.outputs["Fac"]


def _checker(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> None:
    node = mapped(tree, "ShaderNodeTexChecker", (1.0, 1.0, 1.0), turn)
    node.inputs["Scale"].default_value = 1.0 / pitch
    node.inputs["Color1"].default_value, node.inputs["Color2"].default_value = (*rgb, 1.0), (*rgb2, 1.0)
    tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])


def _stripes(strength: float) -> _Pattern:
    def pattern(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> None:
        node = mapped(tree, "ShaderNodeTexWave", (1.0, 1.0, 1.0), turn)
        node.inputs["Scale"].default_value = 0.3 / max(pitch, 0.1)
        second = tuple(a + strength * (b - a) for a, b in zip(rgb, rgb2))
        link_color_ramp(tree, node.outputs["Fac"], (rgb, second), shader.inputs["Base Color"])

    return pattern


def _clouds(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> None:
    noise = mapped(tree, "ShaderNodeTexNoise", (2.0 / pitch,) * 3)
    noise.inputs["Scale"].default_value = 1.0
    noise.inputs["Detail"].default_value = 4.0
    link_color_ramp(tree, noise.outputs["Fac"], (rgb, rgb2), shader.inputs["Base Color"])


def _grid(tree: NodeTree, shader: Node, rgb: RGB, rgb2: RGB, pitch: float, turn: Sequence[float]) -> None:
    node = _bricks(tree, rgb, _shaded(rgb, 0.97), _shaded(rgb, 0.6), pitch, pitch, 0.012, 0.0, turn)
    tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])


# Each links a pattern to the base colour; it returns the socket that is 1 in the joints, if there are some.
_Pattern = Callable[[NodeTree, Node, RGB, RGB, float, Sequence[float]], Optional[NodeSocket]]

_PATTERNS: dict[str, _Pattern] = {
    "paint": _varied(0.03, 1.5),
    "vinyl": _varied(0.06, 2.5),
    "carpet": _varied(0.25, 60.0),
    "speckled": _speckled,
    "tile": _tiles,
    "wood": _planks,
    "checker": _checker,
    "stripes": _stripes(1.0),
    "wallpaper": _stripes(0.35),
    "clouds": _clouds,
    "grid": _grid,
}


def panorama_material(name: str, view: str, strength: float, rgb: Sequence[float], seed: int) -> Material:
    """The emissive view through a window, painted by ``panorama``, as far away as the sky: it moves with the camera."""
    night = strength < _BY_DAY
    material = basic_materials.glowing(name, rgb, strength)
    tree = material.node_tree
    emission = next(node for node in tree.nodes if node.type == "EMISSION")
    picture = tree.nodes.new("ShaderNodeTexEnvironment")
    picture.image = _panorama_image(seed, view, night)
    inwards = tree.nodes.new("ShaderNodeNewGeometry")
    outwards = tree.nodes.new("ShaderNodeVectorMath")
    outwards.operation = "SCALE"
    outwards.inputs["Scale"].default_value = -1.0
    tinted = tree.nodes.new("ShaderNodeVectorMath")
    tinted.operation = "MULTIPLY"
    tinted.inputs[1].default_value = tuple(rgb)
    tree.links.new(inwards.outputs["Incoming"], outwards.inputs[0])
    tree.links.new(outwards.outputs["Vector"], picture.inputs["Vector"])
    tree.links.new(picture.outputs["Color"], tinted.inputs[0])
    tree.links.new(tinted.outputs["Vector"], emission.inputs["Color"])
    return material


def _panorama_image(seed: int, view: str, night: bool) -> Image:
    """The painted view as an image of this Blender file; windows of a room share it."""
    name = f"panorama {seed} {view} {'night' if night else 'day'}"
    known = bpy.data.images.get(name)
    if known is not None:
        return known
    return image_of(name, panorama.paint(seed, view, night), is_float=True)


def outside(name: str, view: str, strength: float, rgb: Sequence[float], facing: str) -> Material:
    """The emissive view through a window: ``view`` is "sky", "buildings", "trees" or "frosted"."""
    material = basic_materials.glowing(name, rgb, strength)
    tree = material.node_tree
    emission = next(node for node in tree.nodes if node.type == "EMISSION")
    sky = tuple(min(channel, 1.0) for channel in rgb)
    if view == "buildings":
        node = _bricks(
            tree, _shaded(rgb, 0.28), _shaded(rgb, 0.42), _shaded(rgb, 0.75), 0.42, 0.34, 0.05, 0.5, _UPRIGHT[facing]
        )
        tree.links.new(node.outputs["Color"], emission.inputs["Color"])
        return material
    texture = mapped(tree, "ShaderNodeTexNoise", (4.0, 4.0, 4.0))
    texture.inputs["Scale"].default_value = 1.0
    texture.inputs["Detail"].default_value = 4.0
    green = (0.12 * rgb[0], 0.22 * rgb[1], 0.07 * rgb[2])
    pairs = {
        "trees": (green, _shaded(rgb, 0.8)),
        "sky": (_shaded(sky, 0.7), sky),
        "frosted": (_shaded(sky, 0.75), _shaded(sky, 0.9)),
    }
    link_color_ramp(tree, texture.outputs["Fac"], pairs[view], emission.inputs["Color"])
    return material
