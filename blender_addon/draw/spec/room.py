"""The static parts of a scene: the room with its openings, furniture, and the background of studio images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from ..value_types import Colour, Point2, Point3


@dataclass(frozen=True)
class OpeningSpec:
    """A door or window in a wall.

    Attributes:
        kind: "door" or "window".
        wall: the wall it is in, by its direction from the room's middle: "-x", "+x", "-y" or "+y".
        along: its middle along the wall: y for the x walls, x for the y walls, metres.
        bottom, width, height: metres; a door's bottom is 0.
        style: a door's "plain", "glazed" or "double"; a window's "plain" or "barred" (panes side by side).
        rgb: a door's leaf.
        shade: what hangs before a window: "none", "roller", "venetian", "vertical" or "curtain".
        shade_drop: how much of the window the shade covers, 0..1.
        shade_rgb: its colour.
        outside: what a window shows: "sky", "buildings", "trees" or "frosted".
        open_deg: how far a door's leaves stand open, outwards; 0 is closed.
    """

    kind: str
    wall: str
    along: float
    bottom: float
    width: float
    height: float
    style: str
    rgb: Colour = (0.4, 0.4, 0.4)
    shade: str = "none"
    shade_drop: float = 0.0
    shade_rgb: Colour = (0.7, 0.7, 0.7)
    outside: str = "sky"
    open_deg: float = 0.0


@dataclass(frozen=True)
class CustomRoomSpec:
    """An artist's custom room.

    Attributes:
        file: the .blend; scene: the scene in it.
        origin: the point of that scene, metres, that is the origin of the room.
        things: ((object's name, category), ...) of its labelled objects.
    """

    file: str
    scene: str
    origin: Point3
    things: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WearSpec:
    """How worn a floor is.

    Attributes:
        seed: places scuff marks and stains.
        amount: 0 (new) to 1.
        paths: where people walk, straight: ((x1, y1, x2, y2), ...), metres.
    """

    seed: int
    amount: float
    paths: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class FixtureSpec:
    """Something small that is built into the ceiling or a wall.

    Attributes:
        kind: "vent", "smoke_detector", "sprinkler" or "speaker" in the ceiling, "switch", "radiator" or "exit_sign"
            on a wall.
        x, y: where it is on the floor plan, metres; on a wall it is flush with it.
        z: the height of its middle; the room's height for those in the ceiling.
        heading: as of furniture on that wall; 0 in the ceiling.
        width, height: of a radiator, metres; those of other kinds are always the same.
    """

    kind: str
    x: float
    y: float
    z: float
    heading: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class RoomSpec:
    """A box-shaped room: ``width`` along x, ``depth`` along y, ``height`` along z; its main door is in the -y wall.

    Attributes:
        kind: one of ``draw.rooms.KINDS``, "own" or "studio".
        wall: the walls' surface: "paint", "tile" or "wallpaper", or at random "checker", "clouds" or "stripes"; of
            wall_rgb and, for patterns, wall_rgb2.
        accent_wall: the wall painted in accent_rgb ("" none).
        wainscot_height: metres, 0 none.
        floor: "vinyl", "speckled", "tile", "wood" or "carpet", or as the walls at random; of floor_rgb and, for
            patterns, floor_rgb2.
        floor_pitch: the size of a tile or the width of a plank, metres.
        ceiling: "plain" or "grid" (panels of 0.6 m).
        handrail_height: metres, 0 none.
        panels: light panels in the ceiling: ((x, y, size along x, size along y), ...), metres.
        openings: doors and windows, the main door first.
        rails: ceiling rails of curtains: ((x1, y1, x2, y2), ...).
        stripe: a painted line on the floor (x1, y1, x2, y2), or () for none.
        panorama: the seed of the painted view outside its windows; 0 shows patterns.
        wear: of the floor, in rooms whose surfaces have relief; None is a new floor and flat surfaces.
        fixtures: what is built into ceiling and walls.
        own: the custom room that replaces all of this, of kind "own"; else None.
    """

    kind: str
    width: float
    depth: float
    height: float
    wall: str
    wall_rgb: Colour
    wall_rgb2: Colour
    accent_wall: str
    accent_rgb: Colour
    wainscot_rgb: Colour
    wainscot_height: float
    floor: str
    floor_rgb: Colour
    floor_rgb2: Colour
    floor_pitch: float
    floor_roughness: float
    ceiling: str
    ceiling_rgb: Colour
    handrail_height: float
    handrail_rgb: Colour
    panels: tuple[tuple[float, float, float, float], ...]
    openings: tuple[OpeningSpec, ...]
    rails: tuple[tuple[float, float, float, float], ...]
    stripe: tuple[float, ...]
    own: Optional[CustomRoomSpec] = None
    panorama: int = 0
    wear: Optional[WearSpec] = None
    fixtures: tuple[FixtureSpec, ...] = ()


@dataclass(frozen=True)
class FurnitureSpec:
    """A piece of furniture or equipment.

    Attributes:
        id: counts from 1 within the image; people refer to what they lie or sit on by it.
        kind: what it is, one of ``draw.furniture.KINDS``: "bed", "chair", "wheelchair" ...
        x, y, z: the middle of what carries (mattress, seat, top) on the floor plan, of what hangs at a wall the place
            at the wall; and the height of its foot (0 stands on the floor).
        heading: degrees about z; at 0 its front (a bed's foot end) is towards -y.
        shape: the kind's own sizes in metres, angles in degrees and switches.
        colours: linear RGB by part, e.g. {"frame": (...), "linen": (...)}.
    """

    id: int
    kind: str
    x: float
    y: float
    z: float
    heading: float
    shape: dict[str, Any]
    colours: dict[str, Colour]


@dataclass(frozen=True)
class BackgroundSpec:
    """The background of a studio image.

    Attributes:
        file: an image's path, or "" for a pattern: "clouds", "cells" or "stripes" in two ``colours`` (linear RGB),
            repeated ``pitch`` times across the film.
        corner, scale: the part of it that fills the film: where it begins, and how wide it is, as fractions of it.
        strength: W / m2 / sr where it is white.
    """

    file: str
    pattern: str
    corner: Point2
    scale: float
    colours: tuple[Colour, ...]
    pitch: float
    strength: float
