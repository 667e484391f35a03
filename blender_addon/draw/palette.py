"""Palettes of rooms and furniture (linear RGB), and sampling from them."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

from .streams import RandomStream
from .value_types import Colour

METALS = ((0.75, 0.75, 0.73), (0.62, 0.60, 0.55), (0.35, 0.37, 0.40), (0.80, 0.80, 0.80), (0.10, 0.10, 0.11))
WOODS = ((0.45, 0.27, 0.13), (0.30, 0.16, 0.07), (0.60, 0.42, 0.24), (0.70, 0.55, 0.36), (0.16, 0.08, 0.04))
LAMINATES = (*WOODS, (0.75, 0.74, 0.70), (0.62, 0.62, 0.60), (0.35, 0.45, 0.50), (0.80, 0.78, 0.72))
LINEN = ((0.80, 0.80, 0.80), (0.62, 0.74, 0.80), (0.66, 0.76, 0.66), (0.78, 0.74, 0.62), (0.85, 0.84, 0.80))
BLANKETS = (
    (0.10, 0.22, 0.45), (0.55, 0.68, 0.74), (0.70, 0.66, 0.52), (0.34, 0.50, 0.40), (0.75, 0.75, 0.72),
    (0.45, 0.12, 0.14), (0.20, 0.35, 0.38), (0.62, 0.44, 0.30),
)  # fmt: skip
HOME_CLOTH = (
    (0.55, 0.12, 0.12), (0.15, 0.20, 0.42), (0.60, 0.50, 0.35), (0.25, 0.36, 0.22), (0.65, 0.62, 0.58),
    (0.40, 0.25, 0.42), (0.72, 0.55, 0.45), (0.10, 0.10, 0.12),
)  # fmt: skip
UPHOLSTERY = (
    (0.05, 0.12, 0.32), (0.03, 0.05, 0.12), (0.10, 0.28, 0.30), (0.30, 0.05, 0.07), (0.12, 0.12, 0.13),
    (0.28, 0.34, 0.16), (0.40, 0.24, 0.12), (0.46, 0.47, 0.48),
)  # fmt: skip
PLASTICS = ((0.70, 0.70, 0.68), (0.80, 0.78, 0.72), (0.30, 0.42, 0.52), (0.45, 0.47, 0.50), (0.75, 0.80, 0.82))
BRIGHT = (
    (0.70, 0.45, 0.03), (0.60, 0.05, 0.04), (0.05, 0.20, 0.55), (0.06, 0.32, 0.14), (0.75, 0.74, 0.70),
    (0.04, 0.04, 0.05), (0.55, 0.20, 0.45), (0.85, 0.60, 0.10),
)  # fmt: skip
CURTAINS = (
    (0.45, 0.60, 0.70), (0.35, 0.52, 0.45), (0.72, 0.62, 0.44), (0.62, 0.50, 0.56), (0.20, 0.34, 0.52),
    (0.66, 0.68, 0.62), (0.74, 0.70, 0.62),
)  # fmt: skip


def tinted(stream: RandomStream, palette: Sequence[Colour]) -> Colour:
    """A colour of ``palette``, slightly varied in brightness and hue."""
    base = stream.choice(palette)
    brightness = stream.uniform(0.85, 1.12)
    red, green, blue = (min(channel * brightness * stream.uniform(0.96, 1.04), 0.92) for channel in base)
    return red, green, blue


def any_colour(stream: RandomStream) -> Colour:
    """A colour of any hue, for domain randomisation."""
    return colorsys.hsv_to_rgb(stream.unit(), stream.uniform(0.0, 0.9), stream.uniform(0.08, 0.85))
