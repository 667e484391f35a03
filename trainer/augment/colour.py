"""Changes of colour, sampled as a small value and then applied. None moves a box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from shared_format.effects import tone

from .limits import Augmentation

# Luma of ITU-R BT.601, the weights of JPEG and of Pillow's "L".
LUMA = np.array([0.299, 0.587, 0.114])
_CORNER_LIGHT = (0.35, 0.8)  # range of ``InfraredLamp.corner_light``


class InfraredLamp(NamedTuple):
    """The lamp of a night camera.

    Attributes:
        x, y: where it points, fractions of the image's sides.
        corner_light: light at the far corner, as a fraction of the light where the lamp points.
    """

    x: float
    y: float
    corner_light: float


@dataclass(frozen=True)
class ColourChange:
    """A change of colour.

    Attributes:
        brightness, contrast, saturation, tint: factors around 1; ``tint`` has one per channel.
        hue: rotation as a fraction of a full turn.
        grey: whether the image becomes greyscale. lamp: the infrared lamp, if any.
    """

    brightness: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    hue: float = 0.0
    grey: bool = False
    lamp: Optional[InfraredLamp] = None

    def strength(self) -> str:
        """A description for people."""
        parts = [
            f"{name} {value:.2f}"
            for name, value in (
                ("brightness", self.brightness),
                ("contrast", self.contrast),
                ("saturation", self.saturation),
            )
            if value != 1
        ]
        if self.tint != (1.0, 1.0, 1.0):
            parts.append("tint " + " ".join(f"{value:.2f}" for value in self.tint))
        if self.hue:
            parts.append(f"hue {360 * self.hue:+.0f} deg")
        if self.lamp:
            parts.append(f"infrared, corner light {self.lamp.corner_light:.2f}")
        elif self.grey:
            parts.append("grey")
        return ", ".join(parts)

    def matrix(self) -> NDArray[np.float64]:
        """(3, 3) matrix of colours: all but contrast, which needs the image's mean, is linear."""
        if self.lamp:
            colours = np.tile(tone.INFRARED, (3, 1))
        elif self.grey:
            colours = np.tile(LUMA, (3, 1))
        else:
            to_grey = np.tile(LUMA, (3, 1))
            saturate = to_grey + self.saturation * (np.eye(3) - to_grey)
            colours = np.diag(self.tint) @ saturate @ hue_rotation(self.hue)
        return self.brightness * colours


def draw_colour(limits: Augmentation, rng: np.random.Generator) -> ColourChange:
    """Sample a change of colour within ``limits``."""
    brightness, contrast, saturation = (
        float(1 + rng.uniform(-limit, limit)) for limit in (limits.brightness, limits.contrast, limits.saturation)
    )
    red, green, blue = (1 + rng.uniform(-limits.tint, limits.tint, 3)).tolist()
    hue = float(rng.uniform(-limits.hue, limits.hue))
    grey, infrared = rng.random(2) < (limits.grey, limits.infrared)
    x, y = rng.uniform(0.2, 0.8, 2).tolist()
    lamp = InfraredLamp(x, y, rng.uniform(*_CORNER_LIGHT))
    tint = (red, green, blue)
    return ColourChange(brightness, contrast, saturation, tint, hue, bool(grey), lamp if infrared else None)


def change_colour(pixels: np.ndarray, change: ColourChange) -> np.ndarray:
    """(H, W, 3) uint8 RGB -> the same, changed."""
    matrix = change.matrix()
    # Contrast stretches around the mean of the image as it is after the other changes.
    mean = matrix @ pixels[::8, ::8].reshape(-1, 3).mean(axis=0)
    affine = np.concatenate([change.contrast * matrix, ((1 - change.contrast) * mean)[:, None]], axis=1)
    if not np.array_equal(affine, np.eye(3, 4)):
        pixels = cv2.transform(pixels, affine)
    return pixels if change.lamp is None else _under_lamp(pixels, change.lamp)


def hue_rotation(turn: float) -> NDArray[np.float64]:
    """(3, 3) rotation of RGB about the grey axis by a fraction of a full turn; at a third, red becomes green."""
    angle = 2 * math.pi * turn
    cosine, sine = math.cos(angle), math.sin(angle)
    axis = np.full((3, 3), (1 - cosine) / 3, dtype=np.float64)
    side = sine / math.sqrt(3)
    return axis + np.array([[cosine, -side, side], [side, cosine, -side], [-side, side, cosine]])


def _under_lamp(pixels: np.ndarray, lamp: InfraredLamp) -> np.ndarray:
    """Brighter where the lamp points, darker towards the corners, with the flat tones of a night camera."""
    x, y, edge = lamp
    height, width = pixels.shape[:2]
    across = ((np.arange(width, dtype=np.float32) + 0.5) / width - np.float32(x)) ** 2
    down = ((np.arange(height, dtype=np.float32) + 0.5) / height - np.float32(y)) ** 2
    farthest = max(x, 1 - x) ** 2 + max(y, 1 - y) ** 2
    light = 1 - np.float32((1 - edge) / farthest) * (across + down[:, None])
    tones = (255 * (np.arange(256) / 255) ** tone.INFRARED_GAMMA).astype(np.float32)
    lit = cv2.LUT(pixels, tones) * light[..., None]
    return cv2.convertScaleAbs(lit)
