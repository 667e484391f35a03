"""Colours: linear RGB from display values and from a colour temperature."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .value_types import Colour, Interval


def linear_from_display(value: float) -> float:
    """One sRGB channel in 0..1 as displayed -> linear light in 0..1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def linear_from_hex(text: str) -> Colour:
    """``"f6ede4"`` -> linear RGB."""
    red, green, blue = (linear_from_display(int(text[i : i + 2], 16) / 255.0) for i in (0, 2, 4))
    return red, green, blue


def temperature_rgb(kelvin: float) -> Colour:
    """Linear RGB of a black body, largest channel 1 (T. Helland's fit of 2012, 1000 to 15000 K)."""
    t = kelvin / 100.0
    red = 255.0 if t <= 66 else 329.698727446 * (t - 60) ** -0.1332047592
    green = 99.4708025861 * math.log(t) - 161.1195681661 if t <= 66 else 288.1221695283 * (t - 60) ** -0.0755148492
    blue = 255.0 if t >= 66 else 0.0 if t <= 19 else 138.5177312231 * math.log(t - 10) - 305.0447927307
    display = [min(max(channel, 0.0), 255.0) / 255.0 for channel in (red, green, blue)]
    linear = [linear_from_display(channel) for channel in display]
    brightest = max(linear)
    return linear[0] / brightest, linear[1] / brightest, linear[2] / brightest


# Reflectance in the near infrared (850 nm), of the darkest and the brightest surface of a kind. Most dyes
# that look black are transparent there, so that cloth is bright; skin of every tone is similar; carbon stays black.
_NEAR_INFRARED = {
    "skin": (0.48, 0.66),
    "hair": (0.10, 0.45),
    "eye": (0.08, 0.60),
    "cloth": (0.20, 0.85),
    "leather": (0.25, 0.60),
    "wood": (0.35, 0.70),
    "leaf": (0.45, 0.75),
    "paint": (0.12, 0.82),
    "metal": (0.05, 0.90),
}


def near_infrared_range(surface: str) -> Interval:
    """The near-infrared reflectance of a ``surface`` ("skin", "cloth", "wood" ...) that looks black, and white."""
    return _NEAR_INFRARED.get(surface, _NEAR_INFRARED["paint"])


def near_infrared(rgb: Sequence[float], surface: str) -> float:
    """The reflectance 0..1 in the near infrared of a surface that is of linear ``rgb``."""
    darkest, brightest = near_infrared_range(surface)
    return darkest + (brightest - darkest) * min(max(luminance(rgb), 0.0), 1.0)


def luminance(rgb: Sequence[float]) -> float:
    """Linear RGB -> its luminance (Rec. 709)."""
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
