"""Building doors and windows into their openings, and the shades before windows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional

import numpy as np

from ..draw.light import BEYOND
from ..draw.rooms.walls import BAR, HEADING, at_wall, window_bars
from ..draw.spec import LightSpec, OpeningSpec, RoomSpec
from .furniture.curtains import folded_cloth
from .furniture_materials import Palette
from .mesh import Parts
from .room_materials import outside, panorama_material
from .solids import Solid
from .walls import THICK, on_wall

if TYPE_CHECKING:
    from bpy.types import Collection, Material

_FRAME = (0.55, 0.55, 0.55)
_STEEL = (0.6, 0.6, 0.6)
_LEAF_BACK = 0.08  # metres from the inner wall face to the outer face of a closed leaf, where its hinge is
_BEYOND_SIDE = 0.5  # width of the corridor on each side of an open door, metres
_PANE_BACK = 0.14  # metres from the inner wall face to a window's pane
_NIGHT = 0.004  # radiance of a window without a sky light, W / m2 / sr


def build_doors(collection: Collection, spec: RoomSpec, palette: Palette) -> None:
    """Door leaves in their frames, with handles, some glazed; behind open doors a piece of corridor."""
    parts, ceilings = Parts(), Parts()
    for door in (opening for opening in spec.openings if opening.kind == "door"):
        _door_frame(parts, spec, palette, door)
        middles = (door.along,) if door.style == "double" else ()
        edges = (door.along - door.width / 2, *middles, door.along + door.width / 2)
        for k, (low, high) in enumerate(itertools.pairwise(edges)):
            _door_leaf(parts, spec, palette, door, low, high, hinged_low=k == 0)
        if middles and spec.fixtures and not door.open_deg:  # images of rooms without fixtures stay as they were
            _stop(parts, spec, palette, door)
        if door.open_deg:
            _beyond(parts, ceilings, spec, palette, door)
    parts.build(collection, "doors")
    if not ceilings.is_empty:
        above = ceilings.build(collection, "ceiling beyond")
        above.visible_shadow = above.visible_diffuse = above.visible_glossy = False  # the same surfaces as the room's


def _door_leaf(
    parts: Parts, spec: RoomSpec, palette: Palette, door: OpeningSpec, low: float, high: float, hinged_low: bool
) -> None:
    """A door leaf between two positions along the wall, turned outwards about its hinge."""
    leaf = palette.of("door leaf", "wood upright" if door.rgb[0] > 1.35 * door.rgb[2] else "plastic", door.rgb)
    steel = palette.of("door handle", "chrome", _STEEL)
    top, hinge = door.height, low if hinged_low else high
    about = (*at_wall(spec, door.wall, hinge, -_LEAF_BACK), 0.0)
    outwards = 1.0 if door.wall in ("+y", "-x") else -1.0
    turn = door.open_deg * outwards * (1.0 if hinged_low else -1.0)

    def add(material: Material, first: float, last: float, bottom: float, up: float, front: float, back: float) -> None:
        parts.add(material, on_wall(spec, door.wall, first, last, bottom, up, front, back).turned(turn, "z", about))

    add(leaf, low + 0.004, high - 0.004, 0.006, top - 0.004, -0.035, -_LEAF_BACK)
    if door.style in ("glazed", "double"):
        middle, half = (low + high) / 2, 0.09 if door.style == "glazed" else 0.14
        dark = palette.of("door pane", "glass", (0.06, 0.07, 0.08))
        add(dark, middle - half, middle + half, 1.0, min(1.75, top - 0.15), -0.034, -_LEAF_BACK - 0.001)
    handle, inwards = (high - 0.09, -0.11) if hinged_low else (low + 0.09, 0.11)
    add(steel, handle - 0.012, handle + 0.012, 0.95, 1.12, -0.033, -0.04)
    add(steel, min(handle, handle + inwards), max(handle, handle + inwards), 1.02, 1.042, 0.005, -0.013)
    add(steel, handle - 0.01, handle + 0.01, 1.02, 1.042, 0.005, -0.04)


def _stop(parts: Parts, spec: RoomSpec, palette: Palette, door: OpeningSpec) -> None:
    """The strip behind the gap between two closed leaves, through which nobody sees."""
    material = palette.of("door handle", "chrome", _STEEL)
    back = -_LEAF_BACK - 0.006
    strip = on_wall(
        spec, door.wall, door.along - 0.02, door.along + 0.02, 0.006, door.height - 0.004, -_LEAF_BACK, back
    )
    parts.add(material, strip)


def _door_frame(parts: Parts, spec: RoomSpec, palette: Palette, door: OpeningSpec) -> None:
    """The trim on the wall and the lining inside it."""
    frame = palette.of("door frame", "metal", _FRAME)
    left, right, top = door.along - door.width / 2, door.along + door.width / 2, door.height
    for low, high, bottom, up in (
        (left - 0.06, left, 0.0, top + 0.06),
        (right, right + 0.06, 0.0, top + 0.06),
        (left, right, top, top + 0.06),
    ):
        parts.add(frame, on_wall(spec, door.wall, low, high, bottom, up, 0.015, 0.0))
    for low, high, bottom, up in (
        (left, left + 0.02, 0.0, top),
        (right - 0.02, right, 0.0, top),
        (left, right, top - 0.02, top),
    ):
        parts.add(frame, on_wall(spec, door.wall, low, high, bottom, up, 0.0, -0.12))


def _beyond(parts: Parts, ceilings: Parts, spec: RoomSpec, palette: Palette, door: OpeningSpec) -> None:
    """A piece of corridor behind an open door: floor, three walls, ceiling."""
    half, near, far = door.width / 2 + _BEYOND_SIDE, -THICK, -THICK - BEYOND
    low, high = door.along - half, door.along + half
    wall = palette.of("wall beyond", "matt", spec.wall_rgb)
    ground = palette.of("floor beyond", "plastic", spec.floor_rgb)
    parts.add(ground, on_wall(spec, door.wall, low, high, -0.05, 0.0, near, far))
    for first, last, front, back in (
        (low, high, far, far - 0.05),
        (low - 0.05, low, near, far),
        (high, high + 0.05, near, far),
    ):
        parts.add(wall, on_wall(spec, door.wall, first, last, 0.0, spec.height, front, back))
    white = palette.of("ceiling beyond", "matt", spec.ceiling_rgb)
    ceilings.add(white, on_wall(spec, door.wall, low, high, spec.height, spec.height + 0.05, near, far))


def build_windows(collection: Collection, spec: RoomSpec, palette: Palette, lights: Sequence[LightSpec]) -> None:
    """Window frames and panes set back into the wall, sills and shades; the pane shows the sky."""
    windows = [opening for opening in spec.openings if opening.kind == "window"]
    if not windows:
        return
    frames, panes, shades = Parts(), Parts(), Parts()
    skies = [light for light in lights if light.name == "sky"]
    for number, window in enumerate(windows):
        strength, rgb = _brightness(window, skies[number] if number < len(skies) else None)
        left, right = window.along - window.width / 2, window.along + window.width / 2
        bottom, top = window.bottom, window.bottom + window.height
        if spec.panorama and window.outside != "frosted":
            view = panorama_material("window panorama", window.outside, strength, rgb, spec.panorama)
        else:
            view = outside("window view", window.outside, strength, rgb, window.wall[1])
        panes.add(view, on_wall(spec, window.wall, left, right, bottom, top, -_PANE_BACK, -_PANE_BACK - 0.01))
        _window_frame(frames, spec, palette, window, left, right, bottom, top)
        if window.shade != "none" and window.shade_drop > 0.02:
            cloth = palette.backlit("window shade", window.shade_rgb, 0.06 * strength)
            _SHADES[window.shade](shades, cloth, palette, spec, window)
    frames.build(collection, "windows")
    built = panes.build(collection, "window panes")
    built.visible_shadow = built.visible_diffuse = False
    if not shades.is_empty:
        shades.build(collection, "window shades")


def _brightness(window: OpeningSpec, sky: Optional[LightSpec]) -> tuple[float, tuple[float, ...]]:
    """(W / m2 / sr, colour) of the view: the radiance of the incoming light without any shade before it."""
    if sky is None:
        return _NIGHT, (0.5, 0.6, 1.0)
    through = max(1.0 - window.shade_drop, 0.2)
    return sky.watts / (np.pi * window.width * window.height * through), sky.rgb


def _window_frame(
    parts: Parts,
    spec: RoomSpec,
    palette: Palette,
    window: OpeningSpec,
    left: float,
    right: float,
    bottom: float,
    top: float,
) -> None:
    material = palette.of("window frame", "metal", window.rgb)
    middles = ((middle - BAR / 2, middle + BAR / 2) for middle in window_bars(window))
    bars = [(left, left + 0.05), (right - 0.05, right), *middles]
    for low, high in bars:
        parts.add(material, on_wall(spec, window.wall, low, high, bottom, top, -0.08, -_PANE_BACK))
    for low, high in ((bottom, bottom + 0.05), (top - 0.05, top)):
        parts.add(material, on_wall(spec, window.wall, left, right, low, high, -0.08, -_PANE_BACK))
    sill = palette.of("window sill", "plastic", (0.72, 0.72, 0.70))
    parts.add(sill, on_wall(spec, window.wall, left - 0.04, right + 0.04, bottom - 0.03, bottom, 0.05, -_PANE_BACK))


def _roller(parts: Parts, cloth: Material, palette: Palette, spec: RoomSpec, window: OpeningSpec) -> None:
    left, right = window.along - window.width / 2 - 0.03, window.along + window.width / 2 + 0.03
    top = window.bottom + window.height + 0.04
    low = top - 0.06 - window.shade_drop * window.height
    parts.add(cloth, on_wall(spec, window.wall, left, right, low, top - 0.05, 0.032, 0.029))
    parts.add(
        palette.of("shade box", "plastic", (0.72, 0.72, 0.7)),
        on_wall(spec, window.wall, left, right, top - 0.06, top + 0.01, 0.06, 0.0),
    )


def _venetian(parts: Parts, cloth: Material, palette: Palette, spec: RoomSpec, window: OpeningSpec) -> None:
    left, right = window.along - window.width / 2, window.along + window.width / 2
    top = window.bottom + window.height
    count = max(3, int(window.shade_drop * window.height / 0.05))
    for k in range(count):
        z = top - 0.03 - 0.05 * k
        parts.add(cloth, on_wall(spec, window.wall, left, right, z - 0.035, z - 0.031 + 0.003, -0.012, -0.045))
    parts.add(cloth, on_wall(spec, window.wall, left, right, top - 0.03, top, -0.005, -0.05))


def _vertical(parts: Parts, cloth: Material, palette: Palette, spec: RoomSpec, window: OpeningSpec) -> None:
    """Upright slats over a fraction of the window, from its lower end."""
    left = window.along - window.width / 2
    top = window.bottom + window.height + 0.03
    count = max(3, int(window.width * window.shade_drop / 0.1))
    for k in range(count):
        low = left + 0.1 * k
        parts.add(
            cloth,
            on_wall(
                spec,
                window.wall,
                low,
                low + 0.075,
                window.bottom - 0.08,
                top,
                0.03 + 0.012 * (k % 2),
                0.027 + 0.012 * (k % 2),
            ),
        )
    rail = palette.of("shade box", "plastic", (0.72, 0.72, 0.7))
    parts.add(rail, on_wall(spec, window.wall, left, left + window.width, top, top + 0.04, 0.06, 0.0))


def _curtains(parts: Parts, cloth: Material, palette: Palette, spec: RoomSpec, window: OpeningSpec) -> None:
    """Two curtains in folds on a rod, from below the sill up."""
    top, low = window.bottom + window.height + 0.12, window.bottom - 0.25
    half = window.width / 2 + 0.15
    width = max(0.22, window.shade_drop * half)
    for x1, x2 in ((-half, -half + width), (half - width, half)):
        pleated = folded_cloth(x1, x2, -0.07, low, top, 0.025, 9.0)
        parts.add(cloth, _at_wall(pleated, spec, window))
    rod = palette.of("curtain rod", "metal", (0.3, 0.3, 0.3))
    parts.add(
        rod, on_wall(spec, window.wall, window.along - half, window.along + half, top - 0.01, top + 0.012, 0.082, 0.06)
    )


def _at_wall(solid: Solid, spec: RoomSpec, window: OpeningSpec) -> Solid:
    """From a frame whose wall is y = 0 and whose x runs along it to the window's wall."""
    return solid.turned(HEADING[window.wall], "z").moved(*at_wall(spec, window.wall, window.along, 0.0))


_SHADES: dict = {"roller": _roller, "venetian": _venetian, "vertical": _vertical, "curtain": _curtains}
