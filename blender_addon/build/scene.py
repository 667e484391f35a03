"""``build_scene``: a SceneSpec as a Blender scene of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import bpy
import numpy as np
from mathutils import Matrix

from .. import compat
from ..body import model
from ..body.posture import PosedBody
from ..draw.camera import camera_axes, widest_angle
from ..draw.spec import CameraSpec, LightSpec, SceneSpec
from .bed import build_bed
from .people import BuiltPerson, build_person, pose_person
from .room import build_room

SCENE_NAME = "WardSynth"
PERSON, BED = "person", "bed"
_WIDEST_FILM = 4.5  # half picture widths: the labels look that far beyond the picture
_SENSOR_MM = 36.0  # any width will do: the lens is given by angles


@dataclass(frozen=True)
class BuiltInstance:
    """A thing that is labelled.

    Attributes:
        id: counts from 1 within the picture.
        category: "person", "bed" ...
        objects: the mesh objects it is made of.
        attributes: what the record says of it.
        person: its body and armature, for people.
        bedding: the mesh objects that lie over it as its cover; they hide it without being in its way.
    """

    id: int
    category: str
    objects: tuple
    attributes: dict
    person: Optional[BuiltPerson] = None
    bedding: tuple = ()


@dataclass(frozen=True)
class BuiltScene:
    """What the labelling layer reads: the scene, and the instances in it, people first."""

    spec: SceneSpec
    scene: Any
    instances: tuple


def build_scene(spec: SceneSpec) -> BuiltScene:
    """Build ``spec`` into a new scene, which becomes the window's scene; the file's other scenes stay as they are.

    What fails half-way is taken away again.
    """
    scene = bpy.data.scenes.new(SCENE_NAME)
    try:
        _show(scene)
        return _fill(scene, spec)
    except BaseException:
        remove_scene(scene)
        raise


def remove_scene(scene: Any) -> None:
    """Remove a built scene and everything that was made for it; the memory is Blender's again."""
    other = next((other for other in bpy.data.scenes if other != scene), None)
    _show(other or bpy.data.scenes.new("Scene"))
    doomed = list(scene.collection.all_objects)
    world = scene.world
    bpy.data.scenes.remove(scene)
    bpy.data.batch_remove(doomed)
    if world is not None:
        bpy.data.worlds.remove(world)
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)


def _fill(scene: Any, spec: SceneSpec) -> BuiltScene:
    collection, view_layer = scene.collection, scene.view_layers[0]
    build_room(collection, spec.room)
    bodies = [pose_person(person) for person in spec.people]
    bed = build_bed(collection, spec.bed, _lying_head(spec, bodies))
    people = [build_person(collection, person, body, view_layer) for person, body in zip(spec.people, bodies)]
    for light in spec.lights:
        _build_light(scene, light)
    scene.camera = _build_camera(collection, spec.camera)
    scene.render.resolution_x, scene.render.resolution_y = spec.size
    scene.render.resolution_percentage = 100
    view_layer.update()
    instances = [BuiltInstance(p.spec.id, PERSON, p.objects, dict(p.spec.attributes), person=p) for p in people]
    instances.append(BuiltInstance(len(people) + 1, BED, bed, {}))
    return BuiltScene(spec, scene, tuple(instances))


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
    data.sensor_fit, data.sensor_width = "HORIZONTAL", _SENSOR_MM
    if spec.polynomial:
        half = _SENSOR_MM / 2
        in_mm = [value / half**power for power, value in enumerate(spec.polynomial, start=1)]
        compat.set_polynomial_lens(data, in_mm, fov=2 * widest_angle(spec, _WIDEST_FILM))
    else:
        data.lens = _SENSOR_MM / 2 / np.tan(np.radians(spec.horizontal_fov) / 2)
    data.clip_start = 0.02
    item = bpy.data.objects.new("camera", data)
    right, down, forward = camera_axes(spec)
    turn = np.eye(4)
    turn[:3, :3] = np.stack([right, -down, -forward], axis=1)
    turn[:3, 3] = spec.location
    item.matrix_world = Matrix(turn.tolist())
    collection.objects.link(item)
    return item
