"""Colours: linear RGB from display values and from a colour temperature."""

from __future__ import annotations

import math


def linear_from_display(value: float) -> float:
    """One sRGB channel in 0..1 as displayed -> linear light in 0..1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def linear_from_hex(text: str) -> tuple:
    """``"f6ede4"`` -> linear RGB."""
    return tuple(linear_from_display(int(text[i : i + 2], 16) / 255.0) for i in (0, 2, 4))


def temperature_rgb(kelvin: float) -> tuple:
    """Linear RGB of a black body, largest channel 1 (T. Helland's fit of 2012, 1000 to 15000 K)."""
    t = kelvin / 100.0
    red = 255.0 if t <= 66 else 329.698727446 * (t - 60) ** -0.1332047592
    green = 99.4708025861 * math.log(t) - 161.1195681661 if t <= 66 else 288.1221695283 * (t - 60) ** -0.0755148492
    blue = 255.0 if t >= 66 else 0.0 if t <= 19 else 138.5177312231 * math.log(t - 10) - 305.0447927307
    display = [min(max(channel, 0.0), 255.0) / 255.0 for channel in (red, green, blue)]
    linear = [linear_from_display(channel) for channel in display]
    return tuple(channel / max(linear) for channel in linear)
