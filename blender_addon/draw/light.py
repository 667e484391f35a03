"""Drawing the light: a ceiling panel and what the walls give back."""

from __future__ import annotations

from collections.abc import Mapping

from .colour import temperature_rgb
from .spec import LightSpec, RoomSpec
from .streams import Stream

_WATTS_PER_M2 = {"low": (1.6, 3.0), "normal": (4.0, 7.0), "high": (8.0, 12.0)}


def draw_lights(config: Mapping, stream: Stream, level: str, room: RoomSpec) -> tuple:
    """An area light under the ceiling, by floor area so that rooms of any size are lit alike, and ambient light."""
    # A camera's white balance takes back about half of the light's colour.
    rgb = tuple(channel**0.5 for channel in temperature_rgb(stream.uniform(*config["light.temperature_k"])))
    watts = stream.uniform(*_WATTS_PER_M2[level]) * room.width * room.depth
    panel = LightSpec(
        kind="area",
        watts=watts,
        rgb=rgb,
        location=(stream.uniform(-0.5, 0.5), stream.uniform(-0.8, 0.5), room.height - 0.02),
        size=stream.uniform(0.6, 1.4),
    )
    return panel, LightSpec(kind="ambient", watts=watts * 0.0012, rgb=rgb)
