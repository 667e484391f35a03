"""How an image is taken: balanced attributes of camera, light and sensor; the lights and the sensor that follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Optional

from .custom_room import custom_lights
from .light import draw_hour, draw_lights, infrared_lights
from .sensor import draw_sensor
from .spec import CameraSpec, FurnitureSpec, LightSpec, RoomSpec, SensorSpec
from .streams import RandomStream, balanced, by_weight, stratum
from .value_types import Config, ImageAttributes

SENSOR_ATTRIBUTES = ("exposure", "noise", "blur", "resolution", "jpeg_quality")


def draw_shot(config: Config, seed: int, index: int, scene: Optional[int] = None) -> ImageAttributes:
    """Choose mount, lens, sensor, ceiling light, sun, exposure, noise and so on for image ``index``.

    Light and darkness belong to the ``scene`` if several images show one. Each attribute is balanced at every prefix
    of the dataset: lenses among the images of a mount, light among colour images (infrared ones are dark).
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
        **{name: pick(f"sensor.{name}", index) for name in SENSOR_ATTRIBUTES},
    }


class LightAndSensor(NamedTuple):
    """The lights of a scene and the sensor that sees them."""

    lights: tuple[LightSpec, ...]
    sensor: SensorSpec


def light_and_sensor(
    config: Config,
    streams: Callable[[str], RandomStream],
    shot: ImageAttributes,
    camera: CameraSpec,
    room: RoomSpec,
    furniture: Sequence[FurnitureSpec],
) -> LightAndSensor:
    """Sample the lights and the sensor of an image whose attributes are ``shot``."""
    hour = draw_hour(streams("hour"), shot["sun"])
    if shot["sensor"] == "infrared":
        lights = infrared_lights(streams("light"), camera, room, furniture)
    elif room.own:
        lights = custom_lights(config, streams("light"), shot["ceiling"])
    else:
        lights = draw_lights(config, streams("light"), shot["ceiling"], shot["sun"], hour, room, furniture)
    sensor = draw_sensor(config, streams, shot, lights, hour)
    return LightAndSensor(tuple(lights), sensor)
