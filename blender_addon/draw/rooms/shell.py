"""The empty room: surfaces of its walls, doors, windows, ceiling panels."""

from __future__ import annotations

from collections.abc import Sequence

from ..palette import BRIGHT, CURTAINS, LAMINATES, METALS, WOODS, any_colour, tinted
from ..spec import OpeningSpec, RoomSpec
from ..streams import RandomStream
from ..value_types import Colour
from .plan import Plan

_WALLS = (
    (0.72, 0.71, 0.66), (0.62, 0.68, 0.66), (0.68, 0.64, 0.55), (0.60, 0.66, 0.72), (0.75, 0.75, 0.75),
    (0.78, 0.77, 0.74), (0.74, 0.70, 0.58), (0.55, 0.62, 0.55),
)  # fmt: skip
_HOME_WALLS = (
    *_WALLS, (0.10, 0.42, 0.55), (0.62, 0.42, 0.12), (0.30, 0.45, 0.30), (0.70, 0.45, 0.42), (0.45, 0.42, 0.60),
    (0.70, 0.62, 0.35), (0.45, 0.45, 0.46), (0.06, 0.48, 0.62), (0.12, 0.40, 0.24), (0.72, 0.30, 0.16),
    (0.50, 0.12, 0.10), (0.10, 0.20, 0.48),
)  # fmt: skip
_ACCENTS = (
    (0.20, 0.45, 0.50),
    (0.65, 0.42, 0.12),
    (0.30, 0.50, 0.25),
    (0.50, 0.22, 0.22),
    (0.22, 0.32, 0.55),
    (0.5, 0.4, 0.55),
)
_WAINSCOTS = (
    (0.35, 0.48, 0.45),
    (0.30, 0.38, 0.52),
    (0.55, 0.45, 0.32),
    (0.5, 0.5, 0.48),
    (0.42, 0.50, 0.34),
    (0.30, 0.18, 0.09),
)
_VINYLS = (
    (0.33, 0.31, 0.28), (0.20, 0.26, 0.32), (0.38, 0.34, 0.26), (0.22, 0.28, 0.24), (0.45, 0.44, 0.42),
    (0.52, 0.48, 0.40), (0.15, 0.24, 0.34), (0.30, 0.36, 0.30), (0.45, 0.32, 0.22),
)  # fmt: skip
_TILES = (
    (0.55, 0.53, 0.48),
    (0.65, 0.64, 0.62),
    (0.40, 0.38, 0.35),
    (0.30, 0.30, 0.31),
    (0.58, 0.48, 0.36),
    (0.70, 0.69, 0.66),
)
_CARPETS = ((0.14, 0.17, 0.24), (0.28, 0.25, 0.21), (0.12, 0.18, 0.14), (0.30, 0.10, 0.09), (0.22, 0.22, 0.23))
_WALL_TILES = ((0.72, 0.72, 0.70), (0.55, 0.66, 0.68), (0.66, 0.62, 0.52), (0.42, 0.58, 0.55), (0.75, 0.75, 0.76))
_CEILINGS = ((0.80, 0.80, 0.79), (0.74, 0.74, 0.72), (0.68, 0.67, 0.63))
_FLOORS = {
    "bathroom": ("tile", "tile", "vinyl"),
    "bedroom": ("wood", "wood", "wood", "carpet", "carpet", "tile", "speckled"),
    "waiting": ("vinyl", "vinyl", "speckled", "tile", "tile", "wood", "carpet"),
    "desk": ("vinyl", "speckled", "tile", "wood", "carpet"),
}
_SHADES = ("none", "none", "roller", "venetian", "vertical", "curtain")
_OUTSIDE = ("sky", "buildings", "buildings", "trees", "trees", "frosted")
HOME = ("bedroom", "bathroom")
_OPEN_DEG = (15.0, 88.0)


def add_door(
    plan: Plan, stream: RandomStream, wall: str = "-y", along: Sequence[float] = (), style: str = "", width: float = 0.0
) -> None:
    """A door at the first of ``along``, by default anywhere in the wall; some stand open."""
    width = width or (stream.uniform(0.85, 0.95) if plan.kind in HOME else stream.choice((1.0, 1.1, 1.2, 1.4)))
    reach = plan.wall_length(wall) / 2 - width / 2 - 0.12
    place = along[0] if along else stream.uniform(-reach, reach)
    if plan.kind in HOME:
        style = "plain"
    opened, angle = stream.unit() < plan.config["room.door_open_share"], stream.uniform(*_OPEN_DEG)
    plan.open(
        OpeningSpec(
            kind="door",
            wall=wall,
            along=min(max(place, -reach), reach),
            bottom=0.0,
            width=width,
            height=stream.uniform(2.0, 2.12),
            style=style or stream.choice(("plain", "plain", "glazed", "double" if width >= 1.2 else "glazed")),
            rgb=tinted(stream, (*WOODS, *LAMINATES, (0.2, 0.36, 0.42), (0.08, 0.30, 0.45))),
            open_deg=angle if opened else 0.0,
        )
    )


def add_windows(plan: Plan, stream: RandomStream, walls: Sequence[str], most: int = 2) -> None:
    """Add windows with shades to those of ``walls`` that have no door; rooms without daylight have none."""
    if stream.unit() >= plan.config["room.window_share"]:
        return
    shade, outside = stream.choice(_SHADES), stream.choice(_OUTSIDE)
    if plan.kind == "bathroom":
        shade, outside = "none", "frosted"
    if plan.kind == "bedroom":
        shade = stream.choice(("curtain", "curtain", "roller", "none"))
    rgb, drop = (
        tinted(stream, CURTAINS if shade == "curtain" else (*CURTAINS, (0.75, 0.75, 0.72))),
        stream.uniform(0.0, 0.85),
    )
    bottom, height = stream.uniform(0.85, 1.05), stream.uniform(1.0, 1.3)
    if plan.kind == "bathroom":
        bottom, height = 1.4, 0.55
    for wall in walls[: 1 + int(stream.unit() * most)]:
        length = plan.wall_length(wall)
        count = 1 if length < 4.0 else int(stream.choice((1, 2, 2)))
        width = min(stream.uniform(1.1, 2.2) if plan.kind != "bathroom" else 0.6, length / count - 0.6)
        for k in range(count):
            along = (k - (count - 1) / 2) * length / count + stream.uniform(-0.15, 0.15) * (count == 1) * length
            plan.open(
                OpeningSpec(
                    "window",
                    wall,
                    along,
                    bottom,
                    width,
                    min(height, plan.height - bottom - 0.25),
                    stream.choice(("plain", "barred")),
                    tinted(stream, ((0.75, 0.75, 0.73), (0.3, 0.3, 0.31), *WOODS[:1])),
                    shade,
                    min(max(drop + stream.normal(0.0, 0.1), 0.0), 1.0),
                    rgb,
                    outside,
                )
            )


def draw_shell(plan: Plan, stream: RandomStream, lamps: RandomStream) -> RoomSpec:
    """The room about the plan: surfaces and ceiling."""
    kind, wild = plan.kind, plan.config["room.randomness"]

    def colour(palette: Sequence[Colour]) -> Colour:
        drawn = tinted(stream, palette)
        return any_colour(stream) if stream.unit() < wild else drawn

    home = kind in HOME
    floor = stream.choice(_FLOORS.get(kind, ("vinyl", "vinyl", "vinyl", "speckled", "speckled", "tile", "wood")))
    wall = stream.choice(
        ("paint",) * 4 + ("tile" if kind in ("treatment", "icu") else "paint", "wallpaper" if home else "paint")
    )
    if kind == "bathroom":
        wall = stream.choice(("tile", "tile", "paint"))
    if stream.unit() < wild:
        wall = stream.choice(("checker", "clouds", "stripes"))
    if stream.unit() < wild:
        floor = stream.choice(("checker", "clouds", "stripes"))
    palettes = {"tile": _TILES, "wood": WOODS, "carpet": _CARPETS}
    pitch = {"tile": stream.choice((0.2, 0.3, 0.45, 0.6)), "wood": stream.uniform(0.09, 0.19)}.get(
        floor, stream.uniform(0.3, 1.0)
    )
    tall = not home and wall == "paint"
    base = colour(palettes.get(floor, _VINYLS))
    return RoomSpec(
        kind=kind,
        width=plan.width,
        depth=plan.depth,
        height=plan.height,
        wall=wall,
        wall_rgb=colour(_WALL_TILES if wall == "tile" else _HOME_WALLS if home else _WALLS),
        wall_rgb2=colour(_WALLS),
        accent_wall=stream.choice(("", "", "", "", "", "", "+y", "+x", "-x")) if wall == "paint" else "",
        accent_rgb=colour(_ACCENTS),
        wainscot_rgb=colour(_WAINSCOTS),
        wainscot_height=stream.choice((0.0, 0.0, 0.9, 1.1, 1.3)) if tall else 0.0,
        floor=floor,
        floor_rgb=base,
        floor_rgb2=_varied(stream, base) if wild == 0 else colour(_VINYLS),
        floor_pitch=pitch,
        floor_roughness={"tile": 0.22, "carpet": 0.95, "wood": 0.38}.get(floor, stream.uniform(0.22, 0.6)),
        ceiling="plain" if home else stream.choice(("grid", "grid", "plain")),
        ceiling_rgb=colour(_CEILINGS),
        handrail_height=stream.choice((0.0, 0.9))
        if kind in ("ward", "single", "waiting")
        else 0.9
        if kind == "corridor"
        else 0.0,
        handrail_rgb=colour((*WOODS, *METALS, *BRIGHT[2:4])),
        panels=_panels(plan, lamps),
        openings=tuple(plan.openings),
        rails=tuple(plan.rails),
        stripe=_stripe(plan, stream),
    )


def _varied(stream: RandomStream, base: Colour) -> Colour:
    red, green, blue = (min(channel * stream.uniform(0.65, 1.35), 0.85) for channel in base)
    return red, green, blue


def _panels(plan: Plan, stream: RandomStream) -> tuple[tuple[float, float, float, float], ...]:
    """Light panels in rows on the ceiling's grid of 0.6 m; a single lamp in homes."""
    if plan.kind in HOME:
        size = stream.uniform(0.25, 0.4)
        return ((stream.uniform(-0.2, 0.2), stream.uniform(-0.2, 0.2), size, size),)
    long, broad = stream.choice(((0.6, 0.6), (1.2, 0.6), (1.2, 0.3), (1.2, 0.6)))
    if stream.unit() < 0.5:
        long, broad = broad, long
    pitch = stream.uniform(1.9, 2.6)
    across, along = max(1, round(plan.width / pitch)), max(1, round(plan.depth / pitch))
    # Whole fields are lamps; older datasets have them half a field beside it.
    aside = [0.3 if plan.config["room.fixtures"] and size < 1.0 else 0.0 for size in (long, broad)]

    def middle(number: int, count: int, side: float, aside: float) -> float:
        place = 0.6 * round(((number + 0.5) / count - 0.5) * side / 0.6 - aside / 0.6) + aside
        return round(place, 6) if aside else place

    return tuple(
        (middle(i, across, plan.width, aside[0]), middle(j, along, plan.depth, aside[1]), long, broad)
        for i in range(across)
        for j in range(along)
    )


def _stripe(plan: Plan, stream: RandomStream) -> tuple[float, ...]:
    """Sometimes a path painted on the floor from the door through the room, as in clinics."""
    if plan.kind in HOME or stream.unit() > 0.15:
        return ()
    x = plan.openings[0].along + stream.uniform(-0.4, 0.4)
    x = min(max(x, -plan.width / 2 + 0.5), plan.width / 2 - 0.5)
    return (x - 0.03, -plan.depth / 2, x + 0.03, plan.depth / 2)
