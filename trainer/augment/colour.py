"""Changes of colour. None moves a box. What is drawn is a small value that says what it is and is then applied."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np

from shared_format.effects import tone

from .limits import Augmentation

# Luma of ITU-R BT.601, the weights of JPEG and of Pillow's "L".
LUMA = np.array([0.299, 0.587, 0.114])
_LAMP_EDGE = (0.35, 0.8)  # light at the far corner, as a share of the light where the lamp points


@dataclass(frozen=True)
class ColourChange:
    """Factors around 1, a ``hue`` as a share of a full turn, and whether all colour goes.

    ``lamp``: None, or the infrared lamp: centre x, y (shares of the sides) and the light at the far corner.
    """

    brightness: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    tint: tuple = (1.0, 1.0, 1.0)
    hue: float = 0.0
    grey: bool = False
    lamp: Optional[tuple] = None

    def strength(self) -> str:
        """In words."""
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
            parts.append(f"infrared, corner light {self.lamp[2]:.2f}")
        elif self.grey:
            parts.append("grey")
        return ", ".join(parts)

    def matrix(self) -> np.ndarray:
        """(3, 3) map of colours: all but contrast, which needs the image's mean, is linear in the channels."""
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
    """A change of colour within ``limits``."""
    brightness, contrast, saturation = (
        float(1 + rng.uniform(-limit, limit)) for limit in (limits.brightness, limits.contrast, limits.saturation)
    )
    tint = tuple((1 + rng.uniform(-limits.tint, limits.tint, 3)).tolist())
    hue = float(rng.uniform(-limits.hue, limits.hue))
    grey, infrared = rng.random(2) < (limits.grey, limits.infrared)
    lamp = (*rng.uniform(0.2, 0.8, 2).tolist(), float(rng.uniform(*_LAMP_EDGE)))
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


def hue_rotation(turn: float) -> np.ndarray:
    """(3, 3) rotation of RGB about the grey axis by a share of a full turn; at a third, red becomes green."""
    angle = 2 * math.pi * turn
    cosine, sine = math.cos(angle), math.sin(angle)
    axis = np.full((3, 3), (1 - cosine) / 3)
    side = sine / math.sqrt(3)
    return axis + np.array([[cosine, -side, side], [side, cosine, -side], [-side, side, cosine]])


def _under_lamp(pixels: np.ndarray, lamp: tuple) -> np.ndarray:
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
