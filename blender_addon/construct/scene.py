"""``build_scene``: a SceneSpec as a Blender scene of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import bpy
import numpy as np

from ..body import model
from ..body.posture import PosedBody
from ..draw.custom_models import with_attributes_of_file
from ..draw.furniture import KINDS, category
from ..draw.spec import SceneSpec
from .background import build_background
from .bedding import build_cover
from .camera import build_camera
from .characters import BuiltCharacter, build_object, load_character, place_character
from .custom_room import build_custom_room
from .furniture import build_furniture
from .furniture_materials import Palette
from .hand_objects import build_hand_object
from .infrared import to_near_infrared
from .lights import build_light
from .people import BuiltPerson, build_person, pose_people, support_of
from .room import build_room

SCENE_NAME = "WardSynth"
PERSON = "person"


@dataclass(frozen=True)
class BuiltInstance:
    """A thing that is labelled.

    Attributes:
        id: counts from 1 within the image.
        category: "person", "bed" ...
        objects: the mesh objects it is made of.
        attributes: what the record says of it.
        person: its body and armature, for people that have joints.
        bedding: the mesh objects that lie over it as its cover; they hide it without being in its way.
    """

    id: int
    category: str
    objects: tuple
    attributes: dict
    person: Union[BuiltPerson, BuiltCharacter, None] = None
    bedding: tuple = ()


@dataclass(frozen=True)
class BuiltScene:
    """What the labelling layer reads: the scene, and the instances in it, people first.

    ``taking`` are the objects by which this view of the scene is taken: its lights and its camera.
    """

    spec: SceneSpec
    scene: Any
    instances: tuple
    taking: tuple = ()


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


def next_view(built: BuiltScene, spec: SceneSpec) -> BuiltScene:
    """``built``, where ``spec`` is another view of the same scene: its lights and its camera stand there instead."""
    world, built.scene.world = built.scene.world, None
    bpy.data.batch_remove([part for item in built.taking for part in (item, item.data)])
    if world is not None:
        bpy.data.worlds.remove(world)
    taking = _place_lights_and_camera(built.scene, spec)
    built.scene.view_layers[0].update()
    return BuiltScene(spec, built.scene, built.instances, taking)


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
    palette = Palette()
    labelled_things: tuple = ()
    if spec.room.own:
        labelled_things = build_custom_room(scene, spec)
    elif spec.background is None:
        build_room(collection, spec.room, palette, spec.lights)
    own = {p.id: load_character(collection, p, view_layer) for p in spec.people if p.model}
    bodies = pose_people(spec.people, spec.furniture, {number: loaded.height for number, loaded in own.items()})
    heads = _heads_on_pillows(spec, bodies)
    pieces = {
        piece.id: build_furniture(collection, piece, palette, heads.get(piece.id))
        for piece in spec.furniture
        if piece.kind in KINDS  # what stands in an own room is there already
    }
    people = [
        build_person(collection, person, body, view_layer)
        for person, body in zip(spec.people, bodies)
        if person.id not in own
    ]
    characters = {
        person.id: place_character(own[person.id], person, body, support_of(person, spec.furniture), view_layer)
        for person, body in zip(spec.people, bodies)
        if person.id in own
    }
    covers = {person.spec.id: _build_cover(collection, spec, person) for person in people if person.spec.cover}
    for person in people:
        for held in person.spec.held:
            build_hand_object(collection, f"{held.kind} {person.spec.id}", held, person.body)
    taking = _place_lights_and_camera(scene, spec)
    if spec.background is not None:
        build_background(scene, spec.background)
    if spec.sensor.kind == "infrared":
        to_near_infrared(scene)
    view_layer.update()
    instances = [
        BuiltInstance(
            p.spec.id, PERSON, p.objects, dict(p.spec.attributes), person=p, bedding=covers.get(p.spec.id, ())
        )
        for p in people
    ]
    for number, loaded in own.items():
        person = next(person for person in spec.people if person.id == number)
        attributes = with_attributes_of_file(person.attributes, loaded.attributes)
        built = characters[number]
        instances.append(BuiltInstance(number, loaded.spec.category, loaded.meshes, attributes, person=built))
    instances.sort(key=lambda instance: instance.id)
    labelled = [piece for piece in spec.furniture if category(piece.kind)]
    first = max((person.id for person in spec.people), default=0) + 1
    for number, piece in enumerate(labelled, start=first):
        instances.append(BuiltInstance(number, category(piece.kind), pieces[piece.id], {}))
    for number, item in enumerate(spec.objects, start=first + len(labelled)):
        meshes, attributes = build_object(collection, f"object {number}", item, view_layer)
        instances.append(BuiltInstance(number, item.model.category, meshes, attributes))
    first = len(instances) + 1
    for number, (category_of_it, meshes) in enumerate(labelled_things, start=first):
        instances.append(BuiltInstance(number, category_of_it, meshes, {}))
    return BuiltScene(spec, scene, tuple(instances), taking)


def _place_lights_and_camera(scene: Any, spec: SceneSpec) -> tuple:
    lights = [build_light(scene, light) for light in spec.lights]
    return (*(light for light in lights if light is not None), build_camera(scene, spec.camera, spec.size))


def _build_cover(collection: Any, spec: SceneSpec, person: BuiltPerson) -> tuple:
    bed = next(piece for piece in spec.furniture if piece.id == person.spec.furniture)
    return build_cover(collection, f"cover {person.spec.id}", person.spec.cover, bed, person)


def _show(scene: Any) -> None:
    for window in bpy.context.window_manager.windows:
        window.scene = scene


def _heads_on_pillows(spec: SceneSpec, bodies: list) -> dict:
    """Bed's id -> posed points of the head that lies in it, thinned out."""
    return {person.furniture: _head_points(body) for person, body in zip(spec.people, bodies) if person.use == "bed"}


def _head_points(body: PosedBody) -> np.ndarray:
    asset = model.load()
    rows = asset.group_vertices("body")
    head = [i for i, bone in enumerate(asset.bones) if bone.name in ("head", "neck_01")]
    return body.vertices(asset, rows[np.isin(asset.bone_ids[rows, 0], head)][::4])
