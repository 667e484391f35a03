"""The background of a studio scene: an image or a procedural pattern that only the camera sees."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.types import Image, Node, NodeSocket, NodeTree, Scene

from ..draw.spec import BackgroundSpec
from .basic_materials import link_color_ramp
from .library import LibraryError


def build_background(scene: Scene, spec: BackgroundSpec) -> None:
    """Show the background to camera rays only; it fills the image, and the world still lights the subject.

    Raises:
        LibraryError: the image cannot be read.
    """
    tree = scene.world.node_tree
    output = next(node for node in tree.nodes if node.type == "OUTPUT_WORLD")
    lights = output.inputs["Surface"].links[0].from_socket
    window = tree.nodes.new("ShaderNodeTexCoord")
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Location"].default_value = (*spec.corner, 0.0)
    mapping.inputs["Scale"].default_value = (spec.scale, spec.scale, 1.0)
    shown = tree.nodes.new("ShaderNodeBackground")
    shown.inputs["Strength"].default_value = spec.strength
    tree.links.new(window.outputs["Window"], mapping.inputs["Vector"])
    if spec.file:
        texture = tree.nodes.new("ShaderNodeTexImage")
        texture.image = _image(spec.file)
        wide, high = texture.image.size
        film = scene.render.resolution_x / scene.render.resolution_y
        shape = film * high / wide  # below 1: the image is wider than the film and is cropped at its sides
        scale = (spec.scale * min(shape, 1.0), spec.scale * min(1.0 / shape, 1.0), 1.0)
        mapping.inputs["Scale"].default_value = scale
        tree.links.new(texture.outputs["Color"], shown.inputs["Color"])
    else:
        texture, factor = _PATTERNS[spec.pattern](tree)
        texture.inputs["Scale"].default_value = spec.pitch
        link_color_ramp(tree, factor, spec.colours, shown.inputs["Color"])
    tree.links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    path, both = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMixShader")
    tree.links.new(path.outputs["Is Camera Ray"], both.inputs["Fac"])
    tree.links.new(lights, both.inputs[1])
    tree.links.new(shown.outputs["Background"], both.inputs[2])
    tree.links.new(both.outputs["Shader"], output.inputs["Surface"])


def _image(file: str) -> Image:
    if not Path(file).is_file():
        raise LibraryError(f"{file}: file not found; this config was made on a machine that has it")
    image = bpy.data.images.load(file)
    if not image.size[0]:
        bpy.data.images.remove(image)
        raise LibraryError(f"{file}: cannot be read as an image")
    return image


def _clouds(tree: NodeTree) -> tuple[Node, NodeSocket]:
    node = tree.nodes.new("ShaderNodeTexNoise")
    return node, node.outputs["Fac"]


def _cells(tree: NodeTree) -> tuple[Node, NodeSocket]:
    node = tree.nodes.new("ShaderNodeTexVoronoi")
    return node, node.outputs["Distance"]


def _stripes(tree: NodeTree) -> tuple[Node, NodeSocket]:
    node = tree.nodes.new("ShaderNodeTexWave")
    node.inputs["Distortion"].default_value = 3.0
    return node, node.outputs["Fac"]


_PATTERNS = {"clouds": _clouds, "cells": _cells, "stripes": _stripes}
