"""How an image is taken: the balanced attributes of its camera, light and sensor, and lights and sensor from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Optional

from .custom_room import custom_lights
from .light import draw_hour, draw_lights, infrared_lights
from .sensor import draw_sensor
from .spec import CameraSpec, FurnitureSpec, RoomSpec
from .streams import RandomStream, balanced, by_weight, stratum
from .value_types import Config

OF_THE_SENSOR = ("exposure", "noise", "blur", "resolution", "jpeg_quality")  # attributes that say how the sensor did


def draw_shot(config: Config, seed: int, index: int, scene: Optional[int] = None) -> dict:
    """The attributes of how image ``index`` is taken: mount, lens, sensor, ceiling, sun, exposure, noise ...

    Light, and whether it is dark, are of ``scene``, where several images show one; else every image has its own.
    Each follows its shares at every prefix of the dataset. Lenses are counted among the images of a mount, light
    among those in colour: infrared cameras switch over in the dark.
    """
    mount, of_mount = stratum(seed, index, "camera.mount", config["camera.mount"])
    scene = index if scene is None else scene
    sensor, of_kind = stratum(seed, scene, "camera.sensor", config["camera.sensor"])

    def pick(setting: str, number: int) -> str:
        return by_weight(balanced(seed, number, setting), config[setting])

    lens = (
        "fisheye"
        if mount == "ceiling-fisheye"
        else by_weight(balanced(seed, of_mount, f"camera.lens/{mount}"), config["camera.lens"])
    )
    dark = sensor == "infrared"
    return {
        "mount": mount,
        "lens": lens,
        "sensor": sensor,
        "ceiling": "off" if dark else pick("light.ceiling", of_kind),
        "sun": "none" if dark else pick("light.sun", of_kind),
        **{name: pick(f"sensor.{name}", index) for name in OF_THE_SENSOR},
    }


def light_and_sensor(
    config: Config,
    streams: Callable[[str], RandomStream],
    shot: Mapping,
    camera: CameraSpec,
    room: RoomSpec,
    furniture: Sequence[FurnitureSpec],
) -> tuple:
    """(lights, sensor) of an image whose attributes are ``shot``."""
    hour = draw_hour(streams("hour"), shot["sun"])
    if shot["sensor"] == "infrared":
        lights = infrared_lights(streams("light"), camera, room, furniture)
    elif room.own:
        lights = custom_lights(config, streams("light"), shot["ceiling"])
    else:
        lights = draw_lights(config, streams("light"), shot["ceiling"], shot["sun"], hour, room, furniture)
    sensor = draw_sensor(config, streams("sensor"), shot, lights, hour)
    return lights, sensor
