"""Images of objects without a room: a subject, lamps around it, a camera on a ring, a background behind.

The distributions are those of the photogrammetry pipeline (PeerJ Computer Science 5:e222, 2019): lamps on a sphere,
cameras on rings about the three axes, distances in units in which the subject has a volume of 8. The image is then
moved so that the subject is anywhere in a frame a tenth larger than the image.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .colour import temperature_rgb
from .custom_models import model_of
from .furniture import draw_furniture, extent
from .spec import BackgroundSpec, CameraSpec, FurnitureSpec, LightSpec, ObjectSpec, RoomSpec
from .streams import RandomStream, balanced, by_weight
from .value_types import Array, Colour, Config, Point3

_KINDS = ("bin", "plant", "box", "bag", "doll", "table_lamp", "television", "computer", "telephone", "books")
_SIDE = 2.0  # side of the cube of volume 8
_FOV = 49.1  # degrees: the angle of view of a 35 mm lens
_FACING = 7.0 * math.pi  # watts per squared metre of distance: about as bright as a room under its ceiling light
_FRAME = 0.1  # the subject lies in a frame larger than the image by this fraction
_AXES = {"x": (1, 2, 0), "y": (2, 0, 1), "z": (0, 1, 2)}  # ring -> the two axes of its plane, and the axis across it
_BACKGROUND_KEY = 0.18  # mean reflectance of background images
_FILL, _BRIGHTNESS = 0.35, 0.55  # ambient light and background, as fractions of the light that a white surface reflects
_PATTERNS = ("clouds", "cells", "stripes")


@dataclass(frozen=True)
class Studio:
    """A studio scene: an empty space, the subjects in it, camera, lights and background."""

    room: RoomSpec
    furniture: tuple[FurnitureSpec, ...]
    objects: tuple[ObjectSpec, ...]
    camera: CameraSpec
    lights: tuple[LightSpec, ...]
    background: BackgroundSpec


def draw_studio(config: Config, seed: int, index: int, stream: RandomStream) -> Studio:
    """Sample a studio scene; the subjects are of ``objects.library``, or without one a piece of built-in clutter."""
    furniture, objects, size = _subjects(config, seed, index, stream)
    unit = float(np.prod(size)) ** (1 / 3) / _SIDE  # metres
    middle = np.array([0.0, 0.0, size[2] / 2])
    count = int(by_weight(balanced(seed, index, "studio.lamps"), config["studio.lamps"]))
    lamps = [_lamp(config, stream, middle, unit) for _ in range(count)]
    camera = _camera(config, seed, index, stream, middle, unit)
    lit = sum(light.watts / (math.pi * float(np.square(np.subtract(light.location, middle)).sum())) for light in lamps)
    fill = LightSpec(kind="ambient", name="ambient", watts=_FILL * lit / math.pi, rgb=lamps[0].rgb)
    background = _background(config, stream, _BRIGHTNESS * lit / math.pi)
    return Studio(_nowhere(unit), furniture, objects, camera, (*lamps, fill), background)


class _Subjects(NamedTuple):
    """The subjects of a studio image, pieces or objects, and the width, depth and height of all in metres."""

    furniture: tuple[FurnitureSpec, ...]
    objects: tuple[ObjectSpec, ...]
    size: Point3


def _subjects(config: Config, seed: int, index: int, stream: RandomStream) -> _Subjects:
    """Sample the subjects, side by side along x."""
    entries = config["objects.library_files"]
    count = (
        int(by_weight(balanced(seed, index, "objects.per_picture"), config["objects.per_picture"])) if entries else 1
    )
    if not entries:
        kind = str(stream.choice(_KINDS))
        shape, colours = draw_furniture(kind, stream, config)
        box = extent(kind, shape)
        x, y = -(box.x1 + box.x2) / 2, -(box.y1 + box.y2) / 2
        piece = FurnitureSpec(1, kind, x, y, 0.0, 0.0, shape, colours)
        return _Subjects((piece,), (), (box.x2 - box.x1, box.y2 - box.y1, box.height))
    chosen = [stream.choice(entries) for _ in range(count)]
    width = sum(2 * entry["radius_m"] for entry in chosen)
    objects: list[ObjectSpec] = []
    left = -width / 2
    for entry in chosen:
        radius = float(entry["radius_m"])
        model = model_of(config["objects.library"], entry)
        heading = stream.uniform(-180.0, 180.0)
        objects.append(ObjectSpec(model, dict(entry["attributes"]), left + radius, 0.0, 0.0, heading, radius))
        left += 2 * radius
    deep = max((2 * entry["radius_m"] for entry in chosen), default=1.0)
    high = max((entry["height_m"] or 2 * entry["radius_m"] for entry in chosen), default=1.0)
    return _Subjects((), tuple(objects), (max(width, deep), deep, high))


def _lamp(config: Config, stream: RandomStream, middle: Array, unit: float) -> LightSpec:
    """A square lamp that faces the subject from a sphere around it, mostly at the subject's height."""
    around = stream.uniform(0.0, 2 * math.pi)
    down = math.radians(min(max(stream.normal(90.0, 30.0), 0.0), 180.0))
    away = max(config["studio.lamp_distance"], 2.0) * unit
    energy = max(stream.normal(1.0, config["studio.lamp_energy_spread"]), 0.05)
    side = max(stream.normal(5.0, 5.0 * config["studio.lamp_size_spread"]), 0.2) * unit / 2
    way = np.array([math.sin(down) * math.cos(around), math.sin(down) * math.sin(around), math.cos(down)])
    return LightSpec(
        kind="area",
        name="lamp",
        watts=_FACING * away**2 * energy,
        rgb=temperature_rgb(stream.uniform(*config["light.temperature_k"])),
        location=_point(middle + away * way),
        direction=_point(-way),
        size=(side, side),
    )


def _camera(config: Config, seed: int, index: int, stream: RandomStream, middle: Array, unit: float) -> CameraSpec:
    """A camera on a ring around one of the axes, near its plane, with any roll."""
    ring = by_weight(balanced(seed, index, "studio.ring"), config["studio.ring"])
    around, off = stream.uniform(0.0, 2 * math.pi), math.radians(stream.normal(0.0, config["studio.ring_spread_deg"]))
    mean = config["studio.camera_distance"]
    away = max(stream.normal(mean, mean * config["studio.camera_spread"]), 2.0) * unit
    first, second, across = _AXES[ring]
    way = np.zeros(3)
    way[[first, second, across]] = math.cos(off) * math.cos(around), math.cos(off) * math.sin(around), math.sin(off)
    if math.hypot(way[0], way[1]) < 0.01:  # a camera that looks straight down has no defined horizon
        way[0] = 0.01
    # The subject's middle lies in a frame a tenth larger than the image; near that frame's edge the subject is cut off.
    reach = 0.5 * (1.0 + _FRAME) - 1.0 / (away / unit) / (2 * math.tan(math.radians(_FOV) / 2))
    shift = [stream.uniform(-1.0, 1.0) * max(reach, 0.0) for _ in range(2)]
    return CameraSpec(
        mount="studio",
        lens="pinhole",
        location=_point(middle + away * way),
        target=_point(middle),
        roll=stream.uniform(-180.0, 180.0),
        horizontal_fov=_FOV,
        off_centre=(shift[0], shift[1] * config["render.size"][1] / config["render.size"][0]),
    )


def _background(config: Config, stream: RandomStream, lit: float) -> BackgroundSpec:
    """A part of an image, or a pattern; between half and one and a half times as bright as what is ``lit``."""
    files = config["background.library_files"]
    strength = lit * stream.uniform(0.5, 1.5)
    pattern = not files or stream.unit() < config["background.pattern_share"]
    chosen = stream.choice(files)["file"] if files else ""
    scale = stream.uniform(0.5, 1.0)
    corner = (stream.unit() * (1.0 - scale), stream.unit() * (1.0 - scale))
    colours = (_any_grey_or_colour(stream), _any_grey_or_colour(stream))
    style, pitch = str(stream.choice(_PATTERNS)), stream.uniform(2.0, 25.0)
    if pattern:
        return BackgroundSpec("", style, corner, scale, colours, pitch, strength)
    file = f"{config['background.library'].rstrip('/')}/{chosen}"
    return BackgroundSpec(file, "", corner, scale, (), 0.0, strength)


def _any_grey_or_colour(stream: RandomStream) -> Colour:
    red, green, blue = (stream.uniform(0.02, 2 * _BACKGROUND_KEY) for _ in range(3))
    return red, green, blue


def _point(vector: Array) -> Point3:
    x, y, z = (float(value) for value in vector)
    return x, y, z


def _nowhere(unit: float) -> RoomSpec:
    """No room is built; its measures are those of the space the subject is in."""
    side, grey = round(20 * unit, 3), (0.5, 0.5, 0.5)
    return RoomSpec(
        kind="studio", width=side, depth=side, height=side, wall="paint", wall_rgb=grey, wall_rgb2=grey, accent_wall="",
        accent_rgb=grey, wainscot_rgb=grey, wainscot_height=0.0, floor="vinyl", floor_rgb=grey, floor_rgb2=grey,
        floor_pitch=1.0, floor_roughness=1.0, ceiling="plain", ceiling_rgb=grey, handrail_height=0.0,
        handrail_rgb=grey, panels=(), openings=(), rails=(), stripe=(),
    )  # fmt: skip
