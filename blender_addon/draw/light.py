"""Sampling the light: the hour, the ceiling, the sky and the sun through windows, lamps, screens, the camera's lamp.

The watts are chosen so that a room under full ceiling light needs almost no gain. Windows are not holes: an invisible
area light in front of each shines as the sky would, and a narrow one as the sun, which needs far fewer samples than
light that enters through openings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..body.plan_frame import PlanFrame
from .colour import temperature_rgb
from .rooms.walls import BAR, INWARDS, at_wall, window_bars
from .spec import CameraSpec, FurnitureSpec, LightSpec, OpeningSpec, RoomSpec
from .streams import RandomStream
from .value_types import Array, Colour, Config, Point3

_CEILING = {"off": (0.0, 0.0), "low": (1.4, 2.8), "high": (5.5, 10.0), "broken": (3.5, 8.0)}  # watts per m2 of floor
_SKY = {"none": (0.02, 0.25), "low": (8.0, 22.0), "high": (28.0, 70.0)}  # watts per m2 of window
_SKY_KELVIN = {"none": (3000.0, 9000.0), "low": (5000.0, 9000.0), "high": (5800.0, 7500.0)}
_SUN = {"low": (3.0, 20.0), "high": (15.0, 110.0)}  # watts per m2 across the beam
_DARK = 0.3  # watts of daylight per m2 of floor; below this, lamps are switched on
_SUN_ANGLE = 4.0  # degrees: angular size of the sun, larger than in nature (0.5) for softer shadows
_SUN_ANGLE_WITH_BARS = 0.6  # degrees: the shadow of a bar would be lost in a wider penumbra
_HOURS = {"none": (20.0, 29.5), "low": (6.5, 10.0), "high": (9.5, 16.5)}  # hours above 24 are of the next morning
_BEFORE_WALL = 0.14  # metres: far enough from the wall to be in front of the window's shade
_SHADE_LETS_THROUGH = {"none": 1.0, "roller": 0.12, "venetian": 0.3, "vertical": 0.25, "curtain": 0.08}
BEYOND = 1.6  # metres: depth of the corridor behind an open door
_CORRIDOR, _CORRIDOR_AT_NIGHT = (15.0, 45.0), (6.0, 30.0)  # watts of the corridor's lamp
_CORRIDOR_SHARE = 0.25  # fraction of the corridor's light that is added to the room's ambient light
_LitPanel = tuple[tuple[float, float, float, float], float]  # a ceiling panel, and its watts
_MOST_PANELS = 12  # area lights per ceiling; with more panels, each light stands for several

# Furniture that shines when it is dark: watts, kelvin, height of the light as a fraction of the lamp's, side in metres.
_LAMPS = {
    "table_lamp": ((4.0, 14.0), (2500.0, 3500.0), 0.75, 0.16),
    "floor_lamp": ((8.0, 25.0), (2500.0, 3500.0), 0.95, 0.25),
    "reading_lamp": ((4.0, 16.0), (2700.0, 4200.0), 0.4, 0.12),
    "exam_lamp": ((10.0, 40.0), (4000.0, 6000.0), 0.9, 0.2),
}
_SCREENS = {
    "monitor": (0.3, 1.2),
    "television": (1.5, 8.0),
    "wall_tv": (1.5, 8.0),
    "workstation": (0.5, 2.0),
    "computer": (0.5, 2.0),
}


def draw_hour(stream: RandomStream, sun: str) -> float:
    """The hour of the day, 0..24, at which the daylight is "none", "low" or "high"."""
    hour = stream.uniform(*_HOURS[sun])
    if sun == "low" and stream.unit() < 0.5:
        hour += 9.5  # in the evening instead of the morning
    return hour % 24.0


def draw_lights(
    config: Config,
    stream: RandomStream,
    ceiling: str,
    sun: str,
    hour: float,
    room: RoomSpec,
    furniture: Sequence[FurnitureSpec] = (),
) -> tuple[LightSpec, ...]:
    """Sample the lights of a room.

    Args:
        config: the resolved config.
        ceiling: "off", "low", "high" or "broken".
        sun: "none", "low" or "high".
        hour: of the day; where the sun stands.
        room: its windows, doors and ceiling panels shine.
        furniture: lamps and screens shine in dim rooms.
    """
    rgb = temperature_rgb(stream.uniform(*config["light.temperature_k"]))
    lights = list(_ceiling(stream, ceiling, rgb, room))
    daylight = list(_daylight(stream, sun, hour, room, config["light.sun_bars"]))
    # A room without windows, or with all its shades down, is as dark by day as by night.
    dark = sum(light.watts for light in daylight) < _DARK * room.width * room.depth
    lamp = stream.unit() < config["light.lamp_share"]
    lights += [*daylight, *_lamps(stream, furniture, lamp and (ceiling == "off" or (ceiling == "low" and dark)))]
    corridor = list(_corridor(stream, room, night=sun == "none" and ceiling in ("off", "low")))
    if dark and ceiling in ("off", "low"):
        lights += _night(stream, room, needed=ceiling == "off" and not corridor)
    inside = [replace(light, watts=_CORRIDOR_SHARE * light.watts) for light in corridor]
    return (*lights, *corridor, _ambient([*lights, *inside]))


def infrared_lights(
    stream: RandomStream, camera: CameraSpec, room: RoomSpec, furniture: Sequence[FurnitureSpec] = ()
) -> tuple[LightSpec, ...]:
    """Sample the lights of a dark room seen in infrared: the camera's lamp beside its lens, and little else."""
    forward = np.subtract(camera.target, camera.location)
    forward = forward / np.linalg.norm(forward)
    # Wide lenses come with wide lamps, which never reach the corners of the image.
    wide = 2 * math.degrees(camera.polynomial[0]) if camera.polynomial else camera.horizontal_fov
    lamp = LightSpec(
        kind="spot",
        name="camera lamp",
        watts=stream.uniform(120.0, 400.0),
        rgb=(1.0, 1.0, 1.0),
        location=_point(np.asarray(camera.location) + 0.03 * forward - (0.0, 0.0, 0.02)),
        direction=_point(forward),
        size=(0.03, 0.03),
        angle=min(wide * stream.uniform(0.85, 1.2) + 15.0, 165.0),
    )
    others = [
        *_lamps(stream, furniture, lit=False),
        *_corridor(stream, room, night=True),
        *_night(stream, room, needed=False),
    ]
    faint = tuple(replace(light, watts=0.4 * light.watts, rgb=_grey(light.rgb)) for light in others)
    return (lamp, *faint, _ambient((lamp,), share=0.0002))


def _ceiling(stream: RandomStream, level: str, rgb: Colour, room: RoomSpec) -> Iterator[LightSpec]:
    """An area light below every lit panel; in broken ceilings some are dark and the others differ in brightness."""
    panels = room.panels or ((0.0, 0.0, 0.35, 0.35),)
    watts = stream.uniform(*_CEILING[level]) * room.width * room.depth / len(panels)
    numbers = [(stream.unit(), stream.uniform(0.35, 1.0)) for _ in panels]
    if level == "off":
        return
    works = [level != "broken" or lot < 0.55 for lot, _ in numbers]
    if not any(works):
        works[-1] = True
    lit = [
        (panel, watts * (share if level == "broken" else 1.0))
        for panel, works_, (_, share) in zip(panels, works, numbers)
        if works_
    ]
    for panel, share in _few(lit):
        x, y, across, along = panel
        yield LightSpec(
            kind="area",
            name="panel",
            watts=share,
            rgb=rgb,
            location=(x, y, room.height - 0.03),
            size=(across, along),
            seen=True,
        )


def _few(lit: Sequence[_LitPanel]) -> list[_LitPanel]:
    """Replace many panels by every n-th one at the same total power, which needs fewer samples."""
    step = -(-len(lit) // _MOST_PANELS)
    kept = lit[::step]
    whole = sum(watts for _, watts in lit) / max(sum(watts for _, watts in kept), 1e-9)
    return [(panel, watts * whole) for panel, watts in kept]


def _daylight(stream: RandomStream, sun: str, hour: float, room: RoomSpec, bars: bool) -> Iterator[LightSpec]:
    windows = [opening for opening in room.openings if opening.kind == "window"]
    per_area, kelvin = stream.uniform(*_SKY[sun]), stream.uniform(*_SKY_KELVIN[sun])
    clear, strength = stream.unit() < 0.55, stream.uniform(*_SUN.get(sun, (0.0, 0.0)))
    facing, turn = stream.unit(), stream.uniform(-50.0, 50.0)
    height = _sun_height(hour) + stream.uniform(-4.0, 4.0)
    if not windows:
        return
    sunny_wall = windows[int(facing * len(windows))].wall
    for window in windows:
        open_share = 1.0 - window.shade_drop
        through = open_share + (1.0 - open_share) * _SHADE_LETS_THROUGH[window.shade]
        area = window.width * window.height
        yield LightSpec(
            kind="area",
            name="sky",
            watts=per_area * area * through,
            rgb=temperature_rgb(kelvin),
            location=_before(window, room, _BEFORE_WALL),
            direction=(*INWARDS[window.wall], -0.25),
            size=(window.width, window.height),
        )
        if sun != "none" and clear and window.wall == sunny_wall and window.outside != "frosted" and height > 4.0:
            beam = _beam(window, room, turn, height, strength, open_share)
            yield from _between_bars(beam, window, turn) if bars else (beam,)


def _beam(
    window: OpeningSpec, room: RoomSpec, turn: float, height: float, strength: float, open_share: float
) -> LightSpec:
    """The sun through the part of a window that is below its shade: a narrow light across the beam."""
    inwards = math.degrees(math.atan2(*reversed(INWARDS[window.wall]))) + turn
    level, down = math.cos(math.radians(height)), math.sin(math.radians(height))
    direction = (level * math.cos(math.radians(inwards)), level * math.sin(math.radians(inwards)), -down)
    across = window.width * math.cos(math.radians(turn))
    up = window.height * open_share * level
    lowered = replace(window, height=window.height * open_share)
    return LightSpec(
        kind="area",
        name="sun",
        watts=strength * across * up,
        rgb=temperature_rgb(2600.0 + 75.0 * min(height, 40.0)),
        location=_before(
            lowered, room, _BEFORE_WALL + 0.5 * across * abs(math.sin(math.radians(turn))) + 0.5 * up * down
        ),
        direction=direction,
        size=(across, max(up, 0.05)),
        angle=_SUN_ANGLE,
    )


def _between_bars(beam: LightSpec, window: OpeningSpec, turn: float) -> Iterator[LightSpec]:
    """A beam for every pane of the window, so that its bars cast their shadows."""
    panes = len(window_bars(window)) + 1
    across, up = beam.size
    width = across / panes - BAR * math.cos(math.radians(turn))
    level = math.hypot(beam.direction[0], beam.direction[1])
    sideways = (-beam.direction[1] / level, beam.direction[0] / level)
    for number in range(panes):
        offset = across * ((number + 0.5) / panes - 0.5)
        x, y, z = beam.location
        yield replace(
            beam,
            watts=beam.watts * width / across,
            location=(x + offset * sideways[0], y + offset * sideways[1], z),
            size=(width, up),
            angle=_SUN_ANGLE_WITH_BARS,
        )


def _sun_height(hour: float) -> float:
    """Degrees above the horizon, 0 at six and eighteen, 55 at noon."""
    return 55.0 * math.sin(math.pi * (hour - 6.0) / 12.0)


def _before(opening: OpeningSpec, room: RoomSpec, distance: float) -> Point3:
    """The point ``distance`` metres before the middle of ``opening``."""
    return (*at_wall(room, opening.wall, opening.along, distance), opening.bottom + opening.height / 2)


def _lamps(stream: RandomStream, furniture: Sequence[FurnitureSpec], lit: bool) -> Iterator[LightSpec]:
    """The lamps if they are ``lit``, and the screens, which are on at any time."""
    for piece in furniture:
        lot, share, warmth = stream.unit(), stream.unit(), stream.unit()
        ahead = np.radians(piece.heading - 90.0)
        if piece.kind in _LAMPS and lit and lot < 0.6:
            watts, kelvin, height, side = _LAMPS[piece.kind]
            z = piece.z + height * piece.shape.get("height", 0.4)
            shine = (
                (0.0, 0.0, -1.0) if piece.kind != "reading_lamp" else (np.cos(ahead) * 0.4, np.sin(ahead) * 0.4, -1.0)
            )
            yield LightSpec(
                kind="area",
                name="lamp",
                watts=_between(watts, share),
                rgb=temperature_rgb(_between(kelvin, warmth)),
                location=_in_front(piece, 0.12 if piece.kind == "reading_lamp" else 0.0, z),
                direction=_point(shine),
                size=(side, side),
                seen=True,
            )
        if piece.kind in _SCREENS and lot < 0.7 and piece.shape.get("style") != "off":
            z = piece.z + 0.8 * piece.shape.get("height", 0.4)
            yield LightSpec(
                kind="area",
                name="screen",
                watts=_between(_SCREENS[piece.kind], share),
                rgb=(0.55 + 0.2 * warmth, 0.75, 1.0),
                location=_in_front(piece, 0.5 * piece.shape.get("depth", 0.1) + 0.05, z),
                direction=(float(np.cos(ahead)), float(np.sin(ahead)), 0.0),
                size=(0.3, 0.2),
            )


def _corridor(stream: RandomStream, room: RoomSpec, night: bool) -> Iterator[LightSpec]:
    """A ceiling lamp behind every open door, and the light reflected by the corridor's walls; some are off."""
    kelvin, out = stream.uniform(2900.0, 5000.0), stream.unit() < 0.3
    watts = stream.uniform(*(_CORRIDOR_AT_NIGHT if night else _CORRIDOR))
    if night and out:
        return
    for door in (opening for opening in room.openings if opening.kind == "door" and opening.open_deg > 0):
        x, y, _ = _before(door, room, -0.2 - 0.45 * BEYOND)
        inwards = INWARDS[door.wall]
        yield LightSpec(
            kind="area",
            name="corridor",
            watts=watts,
            rgb=temperature_rgb(kelvin),
            location=(x, y, room.height - 0.06),
            direction=(0.5 * inwards[0], 0.5 * inwards[1], -1.0),
            size=(door.width, 0.4),
        )
        gap = math.sin(math.radians(door.open_deg))
        yield LightSpec(
            kind="area",
            name="corridor",
            watts=0.7 * gap * watts,
            rgb=temperature_rgb(kelvin),
            location=_before(door, room, 0.05),
            direction=(*inwards, -0.15),
            size=(0.9 * gap * door.width, 0.9 * door.height),
            angle=120.0,
        )


def _night(stream: RandomStream, room: RoomSpec, needed: bool) -> Iterator[LightSpec]:
    """A night light at the skirting board, sometimes or where it is ``needed``."""
    lit = stream.unit() < 0.45
    side, along = stream.choice(("-x", "+x")), stream.uniform(-0.8, 0.8) * room.depth / 2
    faint, amber = stream.uniform(3.0, 12.0), stream.uniform(2300.0, 3200.0)
    if lit or needed:
        yield LightSpec(
            kind="area",
            name="night light",
            watts=faint,
            rgb=temperature_rgb(amber),
            location=(*at_wall(room, side, along, 0.05), 0.35),
            direction=(*INWARDS[side], -0.3),
            size=(0.1, 0.06),
            seen=True,
        )


def _ambient(lights: Sequence[LightSpec], share: float = 0.0011) -> LightSpec:
    """Ambient light in place of multiple bounces: the lights' mean colour, in proportion to their total power."""
    total = sum(light.watts for light in lights) or 1.0
    red, green, blue = (sum(light.watts * light.rgb[n] for light in lights) / total for n in range(3))
    return LightSpec(kind="ambient", name="ambient", watts=share * total, rgb=(red, green, blue))


def _in_front(piece: FurnitureSpec, distance: float, z: float) -> Point3:
    return (*PlanFrame.at(piece.x, piece.y, piece.heading).ahead(distance), z)


def _between(limits: Sequence[float], share: float) -> float:
    return limits[0] + share * (limits[1] - limits[0])


def _grey(rgb: Colour) -> Colour:
    mean = sum(rgb) / len(rgb)
    return mean, mean, mean


def _point(vector: Sequence[float] | Array) -> Point3:
    x, y, z = (float(value) for value in vector)
    return x, y, z
