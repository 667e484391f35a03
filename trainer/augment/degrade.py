"""Degradations by cameras and networks: defocus, motion blur, noise, compression. None moves a box."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from .limits import Augmentation


@dataclass(frozen=True)
class CameraDegradation:
    """Strengths of the degradations; 0 is none.

    Attributes:
        blur_sigma: sigma of a Gaussian blur, pixels.
        motion_length: length of the motion blur, pixels; motion_angle: degrees against the horizontal.
        noise_sigma: sigma of Gaussian noise, fraction of a channel's range; noise_seed: its random seed.
        jpeg_quality: 1..100 of libjpeg, or 0 for none.
    """

    blur_sigma: float = 0.0
    motion_length: float = 0.0
    motion_angle: float = 0.0
    noise_sigma: float = 0.0
    noise_seed: int = 0
    jpeg_quality: int = 0

    def strength(self) -> str:
        """A description for people."""
        parts = (
            f"blur {self.blur_sigma:.1f} px" if self.blur_sigma else "",
            f"motion {self.motion_length:.0f} px at {self.motion_angle:.0f} deg" if self.motion_length else "",
            f"noise {self.noise_sigma:.3f}" if self.noise_sigma else "",
            f"JPEG {self.jpeg_quality}" if self.jpeg_quality else "",
        )
        return ", ".join(part for part in parts if part)


def draw_degradation(limits: Augmentation, rng: np.random.Generator) -> CameraDegradation:
    """Sample a degradation within ``limits``."""
    blur, motion, noise, jpeg = rng.random(4) < (limits.blur, limits.motion, limits.noise, limits.jpeg)
    sigma, length, angle, grain, quality = rng.random(5).tolist()
    seed = int(rng.integers(2**32))
    return CameraDegradation(
        blur_sigma=limits.blur_sigma * sigma if blur else 0.0,
        motion_length=2 + (limits.motion_length - 2) * length if motion else 0.0,
        motion_angle=180 * angle if motion else 0.0,
        noise_sigma=limits.noise_sigma * grain if noise else 0.0,
        noise_seed=seed if noise else 0,
        jpeg_quality=round(limits.jpeg_quality + (95 - limits.jpeg_quality) * quality) if jpeg else 0,
    )


def degrade(pixels: np.ndarray, degradation: CameraDegradation) -> np.ndarray:
    """(H, W, 3) uint8 RGB -> the same degraded, in the order of a camera: lens, motion, sensor, file."""
    if degradation.blur_sigma:
        pixels = cv2.GaussianBlur(pixels, (0, 0), degradation.blur_sigma, borderType=cv2.BORDER_REPLICATE)
    if degradation.motion_length:
        kernel = line_kernel(degradation.motion_length, degradation.motion_angle)
        pixels = cv2.filter2D(pixels, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    if degradation.noise_sigma:
        pixels = _grain(pixels, degradation.noise_sigma, degradation.noise_seed)
    if degradation.jpeg_quality:
        pixels = _compressed(pixels, degradation.jpeg_quality)
    return pixels


def line_kernel(length: float, angle: float) -> np.ndarray:
    """(K, K) float32 kernel of a motion blur along a line of ``length`` pixels through its middle; sums to 1."""
    half = (length - 1) / 2
    reach = math.ceil(half)
    direction = np.array([math.cos(math.radians(angle)), -math.sin(math.radians(angle))])
    steps = np.linspace(-half, half, 4 * reach + 1)[:, None] * direction
    low = np.floor(steps)
    rest = steps - low
    kernel = np.zeros((2 * reach + 2, 2 * reach + 2), dtype=np.float32)
    for right in (0, 1):
        for lower in (0, 1):
            weight = np.abs(1 - right - rest[:, 0]) * np.abs(1 - lower - rest[:, 1])
            column, row = (low + reach + (right, lower)).astype(int).T
            np.add.at(kernel, (row, column), weight)
    # Sampling half-way between pixels needs one row and column more than the odd kernel; at its edge they are empty.
    return kernel[:-1, :-1] / kernel.sum()


def _grain(pixels: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal(pixels.shape, dtype=np.float32)
    return cv2.add(pixels, noise * np.float32(255 * sigma), dtype=cv2.CV_8U)


def _compressed(pixels: np.ndarray, quality: int) -> np.ndarray:
    _, content = cv2.imencode(".jpg", pixels[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, quality))
    return cv2.imdecode(content, cv2.IMREAD_COLOR)[..., ::-1]
