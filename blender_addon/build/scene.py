"""``build_scene``: a SceneSpec as a Blender scene of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from ..body import model
from ..body.posture import PosedBody
from ..draw.camera import camera_axes
from ..draw.spec import CameraSpec, LightSpec, SceneSpec
from .bed import build_bed
from .people import build_person, pose_person
from .room import build_room

SCENE_NAME = "WardSynth"


@dataclass(frozen=True)
class BuiltScene:
    """What the labelling layer reads: the scene, its people and the bed's objects."""

    spec: SceneSpec
    scene: Any
    people: tuple
    bed: tuple
    bed_index: int

    @property
    def camera(self) -> Any:
        """The camera object."""
        return self.scene.camera


def build_scene(spec: SceneSpec) -> BuiltScene:
    """Build ``spec`` into a new scene, which becomes the window's scene; the file's other scenes stay as they are."""
    scene = bpy.data.scenes.new(SCENE_NAME)
    _show(scene)
    collection, view_layer = scene.collection, scene.view_layers[0]
    build_room(collection, spec.room)
    bodies = [pose_person(person) for person in spec.people]
    bed_index = len(spec.people) + 1
    bed = build_bed(collection, spec.bed, _lying_head(spec, bodies), bed_index)
    people = tuple(build_person(collection, person, body, view_layer) for person, body in zip(spec.people, bodies))
    for light in spec.lights:
        _build_light(scene, light)
    scene.camera = _build_camera(collection, spec.camera)
    scene.render.resolution_x, scene.render.resolution_y = spec.size
    scene.render.resolution_percentage = 100
    view_layer.update()
    return BuiltScene(spec, scene, people, bed, bed_index)


def remove_scene(built: BuiltScene) -> None:
    """Remove the scene and everything that was made for it; the memory is Blender's again."""
    other = next((scene for scene in bpy.data.scenes if scene != built.scene), None)
    if other is None:
        other = bpy.data.scenes.new("Scene")
    _show(other)
    doomed = list(built.scene.collection.all_objects)
    world = built.scene.world
    bpy.data.scenes.remove(built.scene)
    bpy.data.batch_remove(doomed)
    if world is not None:
        bpy.data.worlds.remove(world)
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)


def _show(scene: Any) -> None:
    for window in bpy.context.window_manager.windows:
        window.scene = scene


def _lying_head(spec: SceneSpec, bodies: list) -> Any:
    """Posed points of the head that lies on the pillow, thinned out; None where nobody lies."""
    for person, body in zip(spec.people, bodies):
        if person.posture == "supine":
            return _head_points(body)
    return None


def _head_points(body: PosedBody) -> np.ndarray:
    asset = model.load()
    rows = asset.group_vertices("body")
    head = [i for i, bone in enumerate(asset.bones) if bone.name in ("head", "neck_01")]
    return body.vertices(asset, rows[np.isin(asset.bone_ids[rows, 0], head)][::4])


def _build_light(scene: Any, spec: LightSpec) -> None:
    if spec.kind == "ambient":
        world = bpy.data.worlds.new("WardSynth ambient")
        world.use_nodes = True
        background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
        background.inputs["Color"].default_value = (*spec.rgb, 1.0)
        background.inputs["Strength"].default_value = spec.watts
        scene.world = world
        return
    light = bpy.data.lights.new("ceiling light", "AREA")
    light.energy, light.color, light.size = spec.watts, spec.rgb, spec.size
    item = bpy.data.objects.new("ceiling light", light)
    item.location = spec.location
    scene.collection.objects.link(item)


def _build_camera(collection: Any, spec: CameraSpec) -> Any:
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.lens_unit = "FOV"
    data.angle = np.radians(spec.horizontal_fov)
    data.clip_start = 0.02
    item = bpy.data.objects.new("camera", data)
    right, down, forward = camera_axes(spec)
    turn = np.eye(4)
    turn[:3, :3] = np.stack([right, -down, -forward], axis=1)
    turn[:3, 3] = spec.location
    item.matrix_world = Matrix(turn.tolist())
    collection.objects.link(item)
    return item
