"""Degraded images for testing a model: ``dark``, ``blur``, ``lowres`` and ``infrared``, on ladders of levels.

The default levels of the first three are those of keras-openpose-reproduce: brightness times 0.5, a horizontal box
kernel of 30 pixels, half the width and height.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from . import blur, detail, tone
from .pixels import Pixels


@dataclass(frozen=True)
class Degradation:
    """A way to degrade images.

    Attributes:
        effect: takes a display image and the level.
        level: the usual one.
        ladder: levels from mild to hard, the usual one among them.
        limits: the lowest and highest level that make sense.
        unit: what a level is.
    """

    effect: Callable[[Pixels, float], Pixels]
    level: float
    ladder: tuple[float, ...]
    limits: tuple[float, float]
    unit: str


DEGRADATIONS = {
    "dark": Degradation(tone.brightness, 0.5, (0.75, 0.5, 0.35, 0.25, 0.15), (0.0, 1.0), "factor of the brightness"),
    "blur": Degradation(blur.motion_blur, 30, (5, 10, 20, 30, 45), (1, 1000), "pixels of a horizontal box kernel"),
    "lowres": Degradation(
        detail.low_resolution, 0.5, (0.75, 0.5, 0.35, 0.25, 0.125), (0.01, 1.0), "factor of width and height"
    ),
    "infrared": Degradation(
        tone.infrared_look, 0.5, (1.0, 0.75, 0.5, 0.3, 0.15), (0.0, 1.0), "light in the corners, of the middle's"
    ),
}


def degrade(pixels: NDArray[np.uint8], name: str, level: Optional[float] = None) -> NDArray[np.uint8]:
    """Degrade ``pixels`` by the entry ``name`` of ``DEGRADATIONS``.

    Args:
        pixels: (H, W, 3) uint8.
        level: inside the way's limits; None is its usual one.

    Returns:
        uint8. Of ``lowres`` the image is smaller: boxes are scaled by new side / old side, along each axis.

    Raises:
        ValueError: no such way, or a level outside its limits.
    """
    if name not in DEGRADATIONS:
        raise ValueError(f"unknown degradation {name!r}; known are {', '.join(DEGRADATIONS)}")
    way = DEGRADATIONS[name]
    level = way.level if level is None else level
    if not way.limits[0] <= level <= way.limits[1]:
        raise ValueError(f"{name} is {level}; expected {way.limits[0]} to {way.limits[1]}, the {way.unit}")
    return to_bytes(way.effect(from_bytes(pixels), level))


def from_bytes(pixels: NDArray[np.uint8]) -> Pixels:
    """uint8 -> float32 display values."""
    return pixels.astype(np.float32) / np.float32(255.0)


def to_bytes(display: Pixels) -> NDArray[np.uint8]:
    """Display values -> uint8, rounded."""
    return (np.clip(display, 0.0, 1.0) * np.float32(255.0) + np.float32(0.5)).astype(np.uint8)
