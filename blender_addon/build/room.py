"""Building the room: floor, walls, ceiling, door, window. Inner faces are where the spec says."""

from __future__ import annotations

from typing import Any

from ..draw.spec import RoomSpec
from . import materials
from .mesh import add_box, add_mesh

_THICK = 0.1  # walls, metres
_DOOR_WIDTH, _DOOR_HEIGHT = 1.1, 2.05
_WINDOW_WIDTH, _WINDOW_SILL, _WINDOW_HEIGHT = 1.4, 0.95, 1.1


def build_room(collection: Any, spec: RoomSpec) -> None:
    """Build the empty room around the origin."""
    x, y, z = spec.width / 2, spec.depth / 2, spec.height
    floor = materials.mottled("floor", spec.floor_rgb, spec.floor_roughness, scale=2.5, depth=0.06)
    wall = materials.mottled("wall", spec.wall_rgb, 0.85, scale=1.5, depth=0.03)
    add_mesh(collection, "floor", [(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0)], [(0, 1, 2, 3)], floor)
    ceiling = materials.plain("ceiling", (0.8, 0.8, 0.79), 0.9)
    above = add_mesh(collection, "ceiling", [(-x, -y, z), (-x, y, z), (x, y, z), (x, -y, z)], [(0, 1, 2, 3)], ceiling)
    # The room's ambient light comes in through the ceiling: only the camera sees it.
    above.visible_shadow = above.visible_diffuse = above.visible_glossy = False
    walls = {
        "wall left": ((-x - _THICK, -y, 0), (-x, y, z)),
        "wall right": ((x, -y, 0), (x + _THICK, y, z)),
        "wall head": ((-x, y, 0), (x, y + _THICK, z)),
        "wall door": ((-x, -y - _THICK, 0), (x, -y, z)),
    }
    for name, (low, high) in walls.items():
        add_box(collection, name, low, high, wall)
    if spec.wainscot_height > 0:
        _line_walls(collection, "wainscot", spec, 0.0, spec.wainscot_height, 0.012, spec.wainscot_rgb)
    _line_walls(collection, "skirting", spec, 0.0, 0.09, 0.02, tuple(0.5 * c for c in spec.wainscot_rgb))
    _door(collection, spec)
    if spec.window:
        _window(collection, spec)


def _line_walls(
    collection: Any, name: str, spec: RoomSpec, bottom: float, top: float, thick: float, rgb: tuple
) -> None:
    x, y = spec.width / 2, spec.depth / 2
    paint = materials.plain(name, rgb, 0.5)
    add_box(collection, f"{name} left", (-x, -y, bottom), (-x + thick, y, top), paint)
    add_box(collection, f"{name} right", (x - thick, -y, bottom), (x, y, top), paint)
    add_box(collection, f"{name} head", (-x, y - thick, bottom), (x, y, top), paint)
    add_box(collection, f"{name} door", (-x, -y, bottom), (x, -y + thick, top), paint)


def _door(collection: Any, spec: RoomSpec) -> None:
    y = -spec.depth / 2
    left, right = spec.door_x - _DOOR_WIDTH / 2, spec.door_x + _DOOR_WIDTH / 2
    frame = materials.plain("door frame", (0.55, 0.55, 0.55), 0.4)
    leaf = materials.plain("door leaf", (0.42, 0.27, 0.14), 0.4)
    add_box(collection, "door leaf", (left, y, 0.01), (right, y + 0.03, _DOOR_HEIGHT), leaf)
    for name, x1, x2 in (("left", left - 0.07, left), ("right", right, right + 0.07)):
        add_box(collection, f"door frame {name}", (x1, y, 0.0), (x2, y + 0.045, _DOOR_HEIGHT + 0.07), frame)
    add_box(collection, "door frame top", (left, y, _DOOR_HEIGHT), (right, y + 0.045, _DOOR_HEIGHT + 0.07), frame)
    steel = materials.plain("door handle", (0.6, 0.6, 0.6), 0.25, metallic=1.0)
    add_box(collection, "door handle", (right - 0.2, y + 0.03, 1.0), (right - 0.06, y + 0.07, 1.03), steel)


def _window(collection: Any, spec: RoomSpec) -> None:
    x = spec.width / 2
    low, high = spec.window_y - _WINDOW_WIDTH / 2, spec.window_y + _WINDOW_WIDTH / 2
    bottom, top = _WINDOW_SILL, _WINDOW_SILL + _WINDOW_HEIGHT
    sky = materials.glowing("window sky", (0.75, 0.87, 1.0), 1.6)
    frame = materials.plain("window frame", (0.7, 0.7, 0.7), 0.4)
    add_box(collection, "window pane", (x - 0.015, low, bottom), (x, high, top), sky)
    for name, y in (("low", low), ("middle", spec.window_y), ("high", high)):
        add_box(collection, f"window bar {name}", (x - 0.05, y - 0.03, bottom), (x, y + 0.03, top), frame)
    for name, z in (("bottom", bottom), ("top", top)):
        add_box(collection, f"window bar {name}", (x - 0.05, low - 0.03, z - 0.03), (x, high + 0.03, z + 0.03), frame)
