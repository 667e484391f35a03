"""``sample``: the whole scene of one image."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from .camera import draw_camera
from .camera_choice import SENSOR_ATTRIBUTES, draw_shot, light_and_sensor
from .custom_models import draw_objects
from .custom_room import KIND as CUSTOM
from .custom_room import custom_attributes, custom_camera, custom_layout
from .grid import config_of
from .light import draw_hour
from .people import PeopleStratum, draw_people, middles
from .rooms import KINDS, Box, Layout, box_of, draw_room
from .sensor import draw_sensor
from .spec import CameraSpec, ObjectSpec, PersonSpec, SceneSpec, SceneView, rounded
from .streams import RandomStream, balanced, by_weight, stratum
from .studio import draw_studio
from .value_types import Config, ImageAttributes, Point3

_Streams = Callable[[str], RandomStream]
_OF_THE_VIEW = ("camera", "sensor", "sensor-flaws")  # the aspects that differ between the images of a scene
_IN_A_CAMERAS_WAY = 0.02  # m2, a quarter of the footprint: larger pieces on walls obstruct cameras, too
_WIDE = 16 / 9  # width / height
_LOOKED_AT = 0.9  # metres above the floor: where the camera looks in a room without people
_OBJECT_MIDDLE, _OBJECT_TOP = 0.3, 2.0  # metres above a custom object's foot: the target, the obstacle


def scene_and_view(config: Config, index: int) -> SceneView:
    """The scene that image ``index`` shows, and which view of it."""
    views = 1 if config["studio.alone"] else config["render.views_per_scene"]
    return SceneView(*divmod(index, views), views)


def sample(config: Config, seed: int, index: int) -> SceneSpec:
    """Sample the scene of image ``index`` of the dataset (config, seed); it depends on nothing else.

    Args:
        config: a config as ``draw.config.resolve`` returns it.
        seed: the dataset's seed, >= 0.
        index: the image, 0 <= index < 2**32.
    """

    shown = scene_and_view(config, index)
    scene = shown.scene
    config, combination = config_of(config, scene)
    if config["studio.alone"]:
        return _sample_studio(config, seed, index)
    config = {**config, "render.size": _image_size(config, seed, index)}

    def streams(aspect: str) -> RandomStream:
        return RandomStream(seed, index if aspect in _OF_THE_VIEW else scene, aspect)

    # People's attributes are balanced among the images with as many people in rooms of the same group.
    group, of_group, kind, layout = _draw_layout(config, streams, seed, scene)
    count, number = stratum(seed, of_group, f"people.count/{group}", config["people.count"])
    people, furniture = draw_people(config, seed, streams, PeopleStratum(int(count), number, group), layout)
    layout = replace(layout, furniture=furniture)  # as people use it: raised backs, tables moved away
    objects = draw_objects(config, seed, scene, streams("objects"), layout, people)
    shot = draw_shot(config, seed, index, scene)
    camera = _choose_camera(config, seed, index, streams, shot, layout, people, objects)
    lights, sensor = light_and_sensor(config, streams, shot, camera, layout.room, furniture)
    attributes = _attributes(shot, kind, len(people), camera, combination)
    width, height = config["render.size"]
    return rounded(
        SceneSpec(
            seed, index, (width, height), layout.room, furniture, people, camera, lights, sensor,
            {**attributes, **(custom_attributes(config, shot) if layout.room.own else {})}, objects, shown=shown,
        )
    )  # fmt: skip


def _image_size(config: Config, seed: int, index: int) -> tuple[int, int]:
    """Width and height in pixels: those of the config, or for a fraction of square images 16:9 of as many pixels."""
    width, height = config["render.size"]
    share = config["render.wide_share"]
    if width != height or by_weight(balanced(seed, index, "size"), {"wide": share, "square": 1.0 - share}) == "square":
        return width, height
    wide = 2 * round(width * math.sqrt(_WIDE) / 2)  # even sides, which video needs
    return wide, 2 * round(width * height / wide / 2)


def _choose_camera(
    config: Config,
    seed: int,
    index: int,
    streams: _Streams,
    shot: ImageAttributes,
    layout: Layout,
    people: Sequence[PersonSpec],
    objects: Sequence[ObjectSpec],
) -> CameraSpec:
    """One of a custom room's cameras, or a sampled one that sees people and objects."""
    if layout.room.own and config["room.own_files"][0]["cameras"]:
        return custom_camera(config, seed, index)
    targets = middles(people) + [(item.x, item.y, item.z + _OBJECT_MIDDLE) for item in objects]
    return draw_camera(
        config,
        streams("camera"),
        shot["mount"],
        shot["lens"],
        layout.room,
        targets or _where_people_might_be(layout),
        _obstacles(layout, objects),
        aim=by_weight(balanced(seed, index, "camera.aim"), config["camera.aim"]),
    )


def _attributes(shot: ImageAttributes, kind: str, people: int, camera: CameraSpec, combination: str) -> dict[str, str]:
    """The attributes in the image's record; mount and lens are those of the actual camera."""
    attributes = {"people": str(people), "room": kind, **shot, "mount": camera.mount, "lens": camera.lens}
    return {**attributes, "combination": combination} if combination else attributes


def _sample_studio(config: Config, seed: int, index: int) -> SceneSpec:
    """Sample image ``index`` of objects alone."""
    shot = draw_shot(config, seed, index)
    studio = draw_studio(config, seed, index, RandomStream(seed, index, "studio"))
    hour = draw_hour(RandomStream(seed, index, "hour"), shot["sun"])
    sensor = draw_sensor(config, partial(RandomStream, seed, index), shot, studio.lights, hour)
    of_sensor = {name: shot[name] for name in ("sensor", *SENSOR_ATTRIBUTES)}
    attributes: dict[str, str] = {
        "people": "0",
        "room": "studio",
        "mount": studio.camera.mount,
        "lens": studio.camera.lens,
        **of_sensor,
    }
    width, height = config["render.size"]
    return rounded(
        SceneSpec(
            seed, index, (width, height), studio.room, studio.furniture, (), studio.camera, studio.lights, sensor,
            attributes, studio.objects, studio.background, scene_and_view(config, index),
        )
    )  # fmt: skip


class _DrawnRoom(NamedTuple):
    """A room of a scene.

    Attributes:
        group: the group of rooms within which people's attributes are balanced; number: of the scene within it.
        kind: the kind of room; layout: the furnished room.
    """

    group: str
    number: int
    kind: str
    layout: Layout


def _draw_layout(config: Config, streams: _Streams, seed: int, scene: int) -> _DrawnRoom:
    if config["room.own_files"]:
        return _DrawnRoom(CUSTOM, scene, CUSTOM, custom_layout(config))
    group, of_group, kinds = _group_of_rooms(config["room.kind"], seed, scene)
    kind = by_weight(balanced(seed, of_group, f"room.kind/{group}"), kinds)
    return _DrawnRoom(group, of_group, kind, draw_room(config, streams, kind))


class _RoomGroup(NamedTuple):
    """A group of rooms, the number of a scene within it, and the weights of its kinds of rooms."""

    name: str
    number: int
    weights: dict[str, float]


def _group_of_rooms(weights: Mapping[str, float], seed: int, scene: int) -> _RoomGroup:
    """Choose between rooms with beds and rooms without, within which people's attributes are balanced."""
    groups: dict[str, dict[str, float]] = {"beds": {}, "no beds": {}}
    for kind, weight in weights.items():
        groups["beds" if KINDS[kind].has_beds else "no beds"][kind] = weight
    group, number = stratum(seed, scene, "room.group", {name: sum(of.values()) for name, of in groups.items()})
    return _RoomGroup(group, number, groups[group])


def _where_people_might_be(layout: Layout) -> list[Point3]:
    return [(spot.x, spot.y, _LOOKED_AT) for spot in layout.spots[:3]] or [(0.0, 0.0, _LOOKED_AT)]


def _obstacles(layout: Layout, objects: Sequence[ObjectSpec]) -> list[Box]:
    boxes = [box_of(piece) for piece in layout.furniture]
    own = [Box.turned(o.x, o.y, 0.0, o.radius, o.radius, o.z, o.z + _OBJECT_TOP) for o in objects]
    return own + [box for box in boxes if box.solid or box.half_x * box.half_y > _IN_A_CAMERAS_WAY]
