"""Building the room's lights and the camera's lamp as Blender lights."""

from __future__ import annotations

import math
from typing import Optional

import bpy
import numpy as np
from bpy.types import Object, Scene, World
from mathutils import Matrix

from ..body.vectors import cross
from ..draw.custom_room import KIND
from ..draw.spec import LightSpec
from .custom_room import NAME_THERE

_SPOT_SOFTNESS = 0.9  # fraction of a spot's cone over which its edge fades


def build_light(scene: Scene, spec: LightSpec) -> Optional[Object]:
    """Add the light of ``spec`` to ``scene``; ambient light becomes its world. Returns the new object, if any."""
    if spec.kind == "ambient":
        scene.world = _world(spec)
        return None
    if spec.kind == KIND:
        item = next(item for item in scene.objects if item.get(NAME_THERE) == spec.name)
        item.data.energy, item.data.color = spec.watts, spec.rgb
        return None
    light = bpy.data.lights.new(spec.name, spec.kind.upper())
    light.energy, light.color = spec.watts, spec.rgb
    if spec.kind == "area":
        light.shape, light.size, light.size_y = "RECTANGLE", *spec.size
        light.spread = math.radians(spec.angle)
    else:
        light.shadow_soft_size = spec.size[0]
        light.spot_size, light.spot_blend = math.radians(spec.angle), _SPOT_SOFTNESS
    item = bpy.data.objects.new(spec.name, light)
    item.matrix_world = _shining(spec)
    item.visible_camera = spec.seen
    scene.collection.objects.link(item)
    return item


def _world(spec: LightSpec) -> World:
    world = bpy.data.worlds.new("WardSynth ambient")
    world.use_nodes = True
    background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = (*spec.rgb, 1.0)
    background.inputs["Strength"].default_value = spec.watts
    return world


def _shining(spec: LightSpec) -> Matrix:
    """The pose of a light: Blender's lights shine along -z; x stays horizontal."""
    forward = np.asarray(spec.direction, dtype=np.float64)
    forward = forward / np.linalg.norm(forward)
    across = cross(forward, [0.0, 0.0, 1.0] if abs(forward[2]) < 0.999 else [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    turn = np.eye(4)
    turn[:3, :3] = np.stack([across, cross(across, forward), -forward], axis=1)
    turn[:3, 3] = spec.location
    return Matrix(turn.tolist())
