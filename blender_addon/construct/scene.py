"""``build_scene`` turns a SceneSpec into a new Blender scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

import bpy
import numpy as np
from bpy.types import Collection, Object, Scene
from numpy.typing import NDArray

from ..body import model
from ..body.posture import PosedBody
from ..draw.custom_models import with_attributes_of_file
from ..draw.furniture import KINDS, category
from ..draw.spec import CoverSpec, SceneSpec
from .background import build_background
from .bedding import build_cover
from .camera import build_camera
from .characters import BuiltCharacter, build_object, load_character, place_character
from .custom_room import LabelledThings, build_custom_room
from .furniture import build_furniture
from .furniture_materials import Palette
from .hand_objects import build_hand_object
from .infrared import to_near_infrared
from .library import Model
from .lights import build_light
from .people import BuiltPerson, build_person, pose_people, support_of
from .room import build_room

SCENE_NAME = "WardSynth"
PERSON = "person"


@dataclass(frozen=True)
class BuiltInstance:
    """A labelled person or thing.

    Attributes:
        id: counts from 1 within the image.
        category: "person", "bed" ...
        objects: the rendered objects it consists of.
        attributes: the attributes of its record.
        person: its body and armature, for people that have joints.
        bedding: the mesh objects of its cover; what they hide counts as covered, not as occluded.
    """

    id: int
    category: str
    objects: tuple[Object, ...]
    attributes: dict[str, str]
    person: Union[BuiltPerson, BuiltCharacter, None] = None
    bedding: tuple[Object, ...] = ()


@dataclass(frozen=True)
class BuiltScene:
    """The input of the labelling layer: the scene, and the instances in it, people first.

    ``view_objects`` are the lights and the camera of this view; the next view of the scene has others.
    """

    spec: SceneSpec
    scene: Scene
    instances: tuple[BuiltInstance, ...]
    view_objects: tuple[Object, ...] = ()


def build_scene(spec: SceneSpec) -> BuiltScene:
    """Build ``spec`` into a new scene, which becomes the window's scene; other scenes of the file stay unchanged.

    If it fails, everything built so far is removed.
    """
    scene = bpy.data.scenes.new(SCENE_NAME)
    try:
        _show(scene)
        return _build_contents(scene, spec)
    except BaseException:
        remove_scene(scene)
        raise


def next_view(built: BuiltScene, spec: SceneSpec) -> BuiltScene:
    """Replace the lights and the camera of ``built`` by those of ``spec``, another view of the same scene."""
    world = built.scene.world
    bpy.data.batch_remove([part for item in built.view_objects for part in (item, item.data)])
    keeps_world = spec.room.own is not None and all(light.kind != "ambient" for light in spec.lights)
    if world is not None and not keeps_world:  # a custom room that keeps its lights keeps its world
        bpy.data.worlds.remove(world)
    view_objects = _place_lights_and_camera(built.scene, spec)
    built.scene.view_layers[0].update()
    return BuiltScene(spec, built.scene, built.instances, view_objects)


def remove_scene(scene: Scene) -> None:
    """Remove a built scene and all data that only it uses."""
    other = next((other for other in bpy.data.scenes if other != scene), None)
    _show(other or bpy.data.scenes.new("Scene"))
    doomed = list(scene.collection.all_objects)
    world = scene.world
    bpy.data.scenes.remove(scene)
    bpy.data.batch_remove(doomed)
    if world is not None:
        bpy.data.worlds.remove(world)
    bpy.data.orphans_purge(do_local_ids=True, do_linked_ids=False, do_recursive=True)


def _build_contents(scene: Scene, spec: SceneSpec) -> BuiltScene:
    """Build everything ``spec`` describes, in the order in which objects enter the scene."""
    collection, view_layer = scene.collection, scene.view_layers[0]
    palette = Palette()
    room_things = _build_surroundings(scene, spec, palette)
    models = {p.id: load_character(collection, p.id, p.model, view_layer) for p in spec.people if p.model}
    bodies = pose_people(spec.people, spec.furniture, {number: loaded.height for number, loaded in models.items()})
    furniture = _build_furniture(collection, spec, bodies, palette)
    people = _build_people(scene, spec, bodies, models)
    view_objects = _place_lights_and_camera(scene, spec)
    if spec.background is not None:
        build_background(scene, spec.background)
    if spec.sensor.kind == "infrared":
        to_near_infrared(scene)
    elif spec.sensor.kind == "night-mode":
        to_near_infrared(scene, glow=1.0)
    view_layer.update()
    named = ((category(piece.kind), piece.id) for piece in spec.furniture)
    labelled: list[tuple[str, tuple[Object, ...], dict[str, str]]] = [
        (name, furniture[n], {}) for name, n in named if name
    ]
    first = max((person.id for person in spec.people), default=0) + 1
    for number, item in enumerate(spec.objects, start=first + len(labelled)):
        made = build_object(collection, f"object {number}", item, view_layer)
        labelled.append((item.model.category, made.objects, made.attributes))
    labelled += [(name, objects, {}) for name, objects in room_things]
    things = [BuiltInstance(number, *thing) for number, thing in enumerate(labelled, start=first)]
    return BuiltScene(spec, scene, (*people, *things), view_objects)


def _build_surroundings(scene: Scene, spec: SceneSpec, palette: Palette) -> LabelledThings:
    """Build the room, if there is one; returns the labelled objects of a custom room."""
    if spec.room.own:
        return build_custom_room(scene, spec)
    if spec.background is None:
        build_room(scene.collection, spec.room, palette, spec.lights)
    return ()


def _build_furniture(
    collection: Collection, spec: SceneSpec, bodies: Sequence[PosedBody], palette: Palette
) -> dict[int, tuple[Object, ...]]:
    """The mesh objects of each piece, by its id; that of a custom room already exists."""
    heads = _heads_on_pillows(spec, bodies)
    pieces = [piece for piece in spec.furniture if piece.kind in KINDS]
    return {piece.id: build_furniture(collection, piece, palette, heads.get(piece.id)) for piece in pieces}


def _build_people(
    scene: Scene, spec: SceneSpec, bodies: Sequence[PosedBody], models: Mapping[int, Model]
) -> list[BuiltInstance]:
    """The people by id: generated ones with their covers and held objects, then characters from a library."""
    collection, view_layer = scene.collection, scene.view_layers[0]
    both = list(zip(spec.people, bodies))
    generated = [build_person(collection, p, body, view_layer) for p, body in both if p.id not in models]
    characters = [
        (p, place_character(models[p.id], p, body, support_of(p, spec.furniture), view_layer))
        for p, body in both
        if p.id in models
    ]
    covers = {p.spec.id: _build_cover(collection, spec, p, p.spec.cover) for p in generated if p.spec.cover}
    for person in generated:
        for held in person.spec.held:
            build_hand_object(collection, f"{held.kind} {person.spec.id}", held, person.body)
    instances = [
        BuiltInstance(
            p.spec.id, PERSON, p.objects, dict(p.spec.attributes), person=p, bedding=covers.get(p.spec.id, ())
        )
        for p in generated
    ]
    for person, built in characters:
        loaded = models[person.id]
        attributes = with_attributes_of_file(person.attributes, loaded.attributes)
        instances.append(BuiltInstance(person.id, loaded.spec.category, loaded.objects, attributes, person=built))
    return sorted(instances, key=lambda instance: instance.id)


def _place_lights_and_camera(scene: Scene, spec: SceneSpec) -> tuple[Object, ...]:
    lights = [build_light(scene, light) for light in spec.lights]
    return (*(light for light in lights if light is not None), build_camera(scene, spec.camera, spec.size))


def _build_cover(collection: Collection, spec: SceneSpec, person: BuiltPerson, cover: CoverSpec) -> tuple[Object, ...]:
    bed = next(piece for piece in spec.furniture if piece.id == person.spec.furniture)
    return build_cover(collection, f"cover {person.spec.id}", cover, bed, person)


def _show(scene: Scene) -> None:
    for window in bpy.context.window_manager.windows:
        window.scene = scene


def _heads_on_pillows(spec: SceneSpec, bodies: Sequence[PosedBody]) -> dict[int, NDArray[np.float64]]:
    """(n, 3) points of the head that lies in each bed, by the bed's id; every fourth vertex."""
    return {person.furniture: _head_points(body) for person, body in zip(spec.people, bodies) if person.use == "bed"}


def _head_points(body: PosedBody) -> NDArray[np.float64]:
    asset = model.load()
    rows = asset.group_vertices("body")
    head = [i for i, bone in enumerate(asset.bones) if bone.name in ("head", "neck_01")]
    return body.vertices(asset, rows[np.isin(asset.bone_ids[rows, 0], head)][::4])
