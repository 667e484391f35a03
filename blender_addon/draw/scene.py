"""``sample``: the whole scene of one image, drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .camera import draw_camera
from .camera_choice import OF_THE_SENSOR, draw_shot, light_and_sensor
from .custom_models import draw_objects
from .custom_room import KIND as CUSTOM
from .custom_room import custom_attributes, custom_camera, custom_layout
from .grid import config_of
from .light import draw_hour
from .people import PeopleStratum, draw_people, middles
from .rooms import KINDS, Box, Layout, box_of, draw_room
from .sensor import draw_sensor
from .spec import ObjectSpec, SceneSpec, SceneView, rounded
from .streams import RandomStream, balanced, by_weight, stratum
from .studio import draw_studio
from .value_types import Config

_OF_THE_VIEW = ("camera", "sensor")  # the aspects that are drawn anew for every image of a scene
_IN_A_CAMERAS_WAY = 0.02  # m2, a quarter of the footprint: nobody walks into an air conditioner, cameras do
_LOOKED_AT = 0.9  # metres above the floor, where nobody is
_OBJECT_MIDDLE, _OBJECT_TOP = 0.3, 2.0  # metres above the foot of own objects: what is looked at, what a camera avoids


def scene_and_view(config: Config, index: int) -> SceneView:
    """The scene that image ``index`` shows, and which view of it."""
    views = 1 if config["studio.alone"] else config["render.views_per_scene"]
    return SceneView(*divmod(index, views), views)


def sample(config: Config, seed: int, index: int) -> SceneSpec:
    """Draw image ``index`` of the dataset (config, seed); nothing else plays a part.

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

    def streams(aspect: str) -> RandomStream:
        return RandomStream(seed, index if aspect in _OF_THE_VIEW else scene, aspect)

    # People's attributes are counted among the images with as many people in rooms with beds, or in others:
    # shares hold within each of these.
    group, of_group, kind, layout = _draw_layout(config, streams, seed, scene)
    count, number = stratum(seed, of_group, f"people.count/{group}", config["people.count"])
    people, furniture = draw_people(config, seed, streams, PeopleStratum(int(count), number, group), layout)
    layout = replace(layout, furniture=furniture)  # as people use it: raised backs, tables moved away
    objects = draw_objects(config, seed, scene, streams("objects"), layout, people)
    shot = draw_shot(config, seed, index, scene)
    if layout.room.own and config["room.own_files"][0]["cameras"]:
        camera = custom_camera(config, seed, index)
    else:
        camera = draw_camera(
            config,
            streams("camera"),
            shot["mount"],
            shot["lens"],
            layout.room,
            middles(people) + [(item.x, item.y, item.z + _OBJECT_MIDDLE) for item in objects]
            or _where_people_might_be(layout),
            _obstacles(layout, objects),
        )
    lights, sensor = light_and_sensor(config, streams, shot, camera, layout.room, furniture)
    attributes = {"people": str(len(people)), "room": kind, **shot, "mount": camera.mount, "lens": camera.lens}
    if combination:
        attributes["combination"] = combination
    if layout.room.own:
        attributes.update(custom_attributes(config, shot))
    size = tuple(config["render.size"])
    return rounded(
        SceneSpec(
            seed, index, size, layout.room, furniture, people, camera, lights, sensor, attributes, objects, shown=shown
        )
    )


def _sample_studio(config: Config, seed: int, index: int) -> SceneSpec:
    """Image ``index`` of objects alone."""
    shot = draw_shot(config, seed, index)
    drawn = draw_studio(config, seed, index, RandomStream(seed, index, "studio"))
    hour = draw_hour(RandomStream(seed, index, "hour"), shot["sun"])
    sensor = draw_sensor(config, RandomStream(seed, index, "sensor"), shot, drawn.lights, hour)
    of_sensor = {name: shot[name] for name in ("sensor", *OF_THE_SENSOR)}
    attributes = {"people": "0", "room": "studio", "mount": drawn.camera.mount, "lens": drawn.camera.lens, **of_sensor}
    size = tuple(config["render.size"])
    return rounded(
        SceneSpec(
            seed, index, size, drawn.room, drawn.furniture, (), drawn.camera, drawn.lights, sensor, attributes,
            drawn.objects, drawn.background, scene_and_view(config, index),
        )
    )  # fmt: skip


def _draw_layout(config: Config, streams: Callable[[str], RandomStream], seed: int, scene: int) -> tuple:
    """(group of rooms, the scene's number in it, kind of room, layout)."""
    if config["room.own_files"]:
        return CUSTOM, scene, CUSTOM, custom_layout(config)
    group, of_group, kinds = _rooms_like(config["room.kind"], seed, scene)
    kind = by_weight(balanced(seed, of_group, f"room.kind/{group}"), kinds)
    return group, of_group, kind, draw_room(config, streams, kind)


def _rooms_like(weights: Mapping[str, float], seed: int, scene: int) -> tuple:
    """The group of rooms ``scene`` is of, its number among those of the group, and their shares."""
    groups: dict = {"beds": {}, "no beds": {}}
    for kind, share in weights.items():
        groups["beds" if KINDS[kind].has_beds else "no beds"][kind] = share
    group, number = stratum(seed, scene, "room.group", {name: sum(of.values()) for name, of in groups.items()})
    return group, number, groups[group]


def _where_people_might_be(layout: Layout) -> list:
    return [(spot.x, spot.y, _LOOKED_AT) for spot in layout.spots[:3]] or [(0.0, 0.0, _LOOKED_AT)]


def _obstacles(layout: Layout, objects: Sequence[ObjectSpec]) -> list:
    boxes = [box_of(piece) for piece in layout.furniture]
    own = [Box.turned(o.x, o.y, 0.0, o.radius, o.radius, o.z, o.z + _OBJECT_TOP) for o in objects]
    return own + [box for box in boxes if box.solid or box.half_x * box.half_y > _IN_A_CAMERAS_WAY]
