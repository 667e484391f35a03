"""Drawing the room and the bed in it."""

from __future__ import annotations

from collections.abc import Mapping

from .spec import BedSpec, RoomSpec
from .streams import Stream

_WALLS = ((0.72, 0.71, 0.66), (0.62, 0.68, 0.66), (0.68, 0.64, 0.55), (0.60, 0.66, 0.72), (0.75, 0.75, 0.75))
_WAINSCOTS = ((0.35, 0.48, 0.45), (0.30, 0.38, 0.52), (0.55, 0.45, 0.32), (0.5, 0.5, 0.48), (0.42, 0.50, 0.34))
_FLOORS = ((0.33, 0.31, 0.28), (0.20, 0.26, 0.32), (0.38, 0.34, 0.26), (0.22, 0.28, 0.24), (0.45, 0.44, 0.42))
_FRAMES = ((0.75, 0.75, 0.73), (0.35, 0.37, 0.40), (0.62, 0.60, 0.55))
_PANELS = ((0.45, 0.28, 0.14), (0.70, 0.68, 0.62), (0.25, 0.38, 0.50), (0.55, 0.42, 0.28))
_LINEN = ((0.80, 0.80, 0.80), (0.62, 0.74, 0.80), (0.66, 0.76, 0.66), (0.78, 0.74, 0.62))

WALL_MARGIN = 0.08  # between the bed's head board and the wall, metres
BED_WIDTH, BED_LENGTH, MATTRESS = 0.90, 2.0, 0.14
BOARD = 0.12  # head and foot board beyond the mattress, metres


def draw_room(config: Mapping, stream: Stream) -> RoomSpec:
    """The room's size, colours, door and window."""
    width = stream.uniform(*config["room.width_m"])
    depth = stream.uniform(*config["room.depth_m"])
    return RoomSpec(
        width=width,
        depth=depth,
        height=stream.uniform(*config["room.height_m"]),
        wall_rgb=_tinted(stream, _WALLS),
        wainscot_rgb=_tinted(stream, _WAINSCOTS),
        wainscot_height=stream.choice((0.0, 0.9, 1.1, 1.3)),
        floor_rgb=_tinted(stream, _FLOORS),
        floor_roughness=stream.uniform(0.25, 0.7),
        door_x=stream.uniform(-width / 2 + 0.7, width / 2 - 0.7),
        window=stream.unit() < config["room.window_share"],
        window_y=stream.uniform(-0.2, 0.2) * depth,
    )


def draw_bed(config: Mapping, stream: Stream, room: RoomSpec) -> BedSpec:
    """The bed: its head at the +y wall, its middle within a fifth of the room's width from the centre line."""
    return BedSpec(
        x=stream.uniform(-0.2, 0.2) * (room.width - BED_WIDTH),
        y=room.depth / 2 - WALL_MARGIN - BOARD - BED_LENGTH / 2,
        length=BED_LENGTH,
        width=BED_WIDTH,
        surface=stream.uniform(*config["bed.surface_m"]),
        mattress=MATTRESS,
        frame_rgb=_tinted(stream, _FRAMES),
        panel_rgb=_tinted(stream, _PANELS),
        linen_rgb=_tinted(stream, _LINEN),
        rails=stream.unit() < config["bed.rails_share"],
    )


def _tinted(stream: Stream, palette: tuple) -> tuple:
    base = stream.choice(palette)
    brightness = stream.uniform(0.85, 1.12)
    return tuple(min(channel * brightness * stream.uniform(0.96, 1.04), 0.95) for channel in base)
