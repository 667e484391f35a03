"""Building the room's shell: floor, walls with their openings, ceiling, lines along the walls, rails.

Inner faces are where the spec says. Every part is one object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..draw.rooms.walls import WALLS, wall_length
from ..draw.spec import LightSpec, OpeningSpec, RoomSpec
from .fixtures import build_fixtures
from .furniture_materials import Palette
from .mesh import Parts
from .openings import build_doors, build_windows
from .room_materials import surface, wear_down
from .solids import Solid, box, tube
from .walls import THICK, on_wall, openings_of

if TYPE_CHECKING:
    from bpy.types import Collection

_RAIL_HEIGHT = 2.06  # of curtains
_EDGES = (
    ((-0.5, -0.5), (0.5, -0.5)),
    ((-0.5, 0.5), (0.5, 0.5)),
    ((-0.5, -0.5), (-0.5, 0.5)),
    ((0.5, -0.5), (0.5, 0.5)),
)


def build_room(collection: Collection, spec: RoomSpec, palette: Palette, lights: Sequence[LightSpec] = ()) -> None:
    """Build the empty room around the origin; a window is as bright as its "sky" light."""
    _floor(collection, spec, palette)
    _ceiling(collection, spec, palette)
    _walls(collection, spec)
    _lines(collection, spec, palette)
    build_doors(collection, spec, palette)
    build_windows(collection, spec, palette, lights)
    build_fixtures(collection, spec, palette)
    if spec.rails:
        _rails(collection, spec, palette)


def _floor(collection: Collection, spec: RoomSpec, palette: Palette) -> None:
    x, y = spec.width / 2 + THICK, spec.depth / 2 + THICK
    parts = Parts()
    ground = surface(
        "floor",
        spec.floor,
        spec.floor_rgb,
        spec.floor_rgb2,
        spec.floor_pitch,
        spec.floor_roughness,
        relief=spec.wear is not None,
    )
    if spec.wear is not None:
        wear_down(ground, spec.wear, spec.width, spec.depth)
    parts.add(ground, box((-x, -y, -0.05), (x, y, 0.0)))
    if spec.stripe:
        x1, y1, x2, y2 = spec.stripe
        parts.add(palette.of("stripe", "plastic", (0.7, 0.35, 0.02)), box((x1, y1, 0.0), (x2, y2, 0.0012)))
    parts.build(collection, "floor")


def _ceiling(collection: Collection, spec: RoomSpec, palette: Palette) -> None:
    x, y, z = spec.width / 2 + THICK, spec.depth / 2 + THICK, spec.height
    parts = Parts()
    style = "grid" if spec.ceiling == "grid" else "paint"
    parts.add(
        surface("ceiling", style, spec.ceiling_rgb, spec.ceiling_rgb, 0.6, 0.9), box((-x, -y, z), (x, y, z + 0.05))
    )
    above = parts.build(collection, "ceiling")
    # Ambient light enters through the ceiling, so only camera rays see it.
    above.visible_shadow = above.visible_diffuse = above.visible_glossy = False
    lamps = Parts()
    white, frame = palette.of("panel", "plastic", (0.7, 0.7, 0.69)), palette.of("panel frame", "metal", (0.6, 0.6, 0.6))
    for px, py, across, along in spec.panels:
        lamps.add(white, box((px - across / 2, py - along / 2, z - 0.02), (px + across / 2, py + along / 2, z)))
        for low, high in _EDGES:
            corner = (px + low[0] * across - 0.015, py + low[1] * along - 0.015, z - 0.026)
            lamps.add(frame, box(corner, (px + high[0] * across + 0.015, py + high[1] * along + 0.015, z)))
    if spec.panels:
        panels = lamps.build(collection, "panels")
        panels.visible_shadow = panels.visible_diffuse = False


def _walls(collection: Collection, spec: RoomSpec) -> None:
    parts = Parts()
    for wall in WALLS:
        if wall == spec.accent_wall:
            paint = surface("accent wall", "paint", spec.accent_rgb, spec.accent_rgb, 1.0, 0.85, wall[1])
        else:
            roughness = 0.25 if spec.wall == "tile" else 0.85
            pitch = 0.2 if spec.wall == "tile" else 0.5
            paint = surface(
                "wall", spec.wall, spec.wall_rgb, spec.wall_rgb2, pitch, roughness, wall[1], spec.wear is not None
            )
        parts.add(paint, *_around_openings(spec, wall, 0.0, spec.height, 0.0, -THICK))
    parts.build(collection, "walls")


def _lines(collection: Collection, spec: RoomSpec, palette: Palette) -> None:
    """Wainscot, skirting and handrail, each interrupted by doors."""
    parts = Parts()
    skirting = palette.of("skirting", "plastic", tuple(0.5 * c for c in spec.wainscot_rgb))
    for wall in WALLS:
        if spec.wainscot_height > 0:
            paint = palette.of("wainscot", "plastic", spec.wainscot_rgb)
            parts.add(paint, *_around_openings(spec, wall, 0.0, spec.wainscot_height, 0.006, 0.0))
        parts.add(skirting, *_around_openings(spec, wall, 0.0, 0.09, 0.012, 0.0))
        if spec.handrail_height > 0:
            rail = palette.of("handrail", "plastic", spec.handrail_rgb)
            z = spec.handrail_height
            for low, high in _whole_stretches(spec, wall, z):
                if high - low > 0.6:
                    parts.add(rail, on_wall(spec, wall, low + 0.05, high - 0.05, z - 0.07, z + 0.07, 0.025, 0.0))
    parts.build(collection, "wainscot")


def _around_openings(spec: RoomSpec, wall: str, bottom: float, top: float, front: float, back: float) -> Iterator:
    """Boxes of a wall between two heights, doors and windows left out."""
    end = wall_length(spec, wall) / 2
    corner = THICK if back < 0 and wall[1] == "y" else 0.0  # the y walls close the corners
    start = -end - corner
    for opening in openings_of(spec, wall):
        left, right = opening.along - opening.width / 2, opening.along + opening.width / 2
        yield from _box(spec, wall, start, left, bottom, top, front, back)
        yield from _box(spec, wall, left, right, bottom, min(opening.bottom, top), front, back)
        yield from _box(spec, wall, left, right, max(opening.bottom + opening.height, bottom), top, front, back)
        start = right
    yield from _box(spec, wall, start, end + corner, bottom, top, front, back)


def _box(
    spec: RoomSpec, wall: str, low: float, high: float, bottom: float, top: float, front: float, back: float
) -> Iterator:
    if high - low > 1e-4 and top - bottom > 1e-4:
        yield on_wall(spec, wall, low, high, bottom, top, front, back)


def _whole_stretches(spec: RoomSpec, wall: str, z: float) -> Iterator:
    """Stretches of a wall without an opening at height ``z``."""
    end = wall_length(spec, wall) / 2
    start = -end
    for opening in openings_of(spec, wall):
        if _reaches(opening, z):
            yield start, opening.along - opening.width / 2 - 0.08
            start = opening.along + opening.width / 2 + 0.08
    yield start, end


def _reaches(opening: OpeningSpec, z: float) -> bool:
    return opening.bottom - 0.15 < z < opening.bottom + opening.height


def _rails(collection: Collection, spec: RoomSpec, palette: Palette) -> None:
    parts = Parts()
    metal = palette.of("curtain rail", "metal", (0.72, 0.72, 0.72))
    for x1, y1, x2, y2 in spec.rails:
        parts.add(metal, tube((x1, y1, _RAIL_HEIGHT), (x2, y2, _RAIL_HEIGHT), 0.014, 8))
        parts.add(metal, *_hangers(x1, y1, x2, y2, spec.height))
    parts.build(collection, "rails")


def _hangers(x1: float, y1: float, x2: float, y2: float, top: float) -> Iterator[Solid]:
    for fraction in (0.35, 0.98):
        x, y = x1 + fraction * (x2 - x1), y1 + fraction * (y2 - y1)
        yield tube((x, y, _RAIL_HEIGHT), (x, y, top), 0.008, 6)
