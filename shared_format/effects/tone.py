"""Exposure, colour and contrast."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .pixels import Pixels

LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)  # Rec. 709
# A silicon sensor in infrared light: cloth and skin reflect it about as they reflect red, hardly as blue.
INFRARED = np.array([0.6, 0.3, 0.1])
INFRARED_GAMMA = 0.75  # the flat tones of a night camera
_BRIGHTEST = 8.0  # brighter light is clipped to this
_CURVE_STEPS = 4096
_METER_PIXELS = 64  # along each side


def brightness(display: Pixels, factor: float) -> Pixels:
    """Display values times ``factor`` >= 0, cut at white."""
    return np.clip(display * np.float32(factor), 0.0, 1.0)


def exposed(light: Pixels, stops: float) -> Pixels:
    """``light`` doubled ``stops`` times; negative halves it."""
    return light * np.float32(2.0**stops)


def metered_stops(light: Pixels, key: float, limits: Sequence[float], contrast: float = 0.0) -> float:
    """The stops of an automatic exposure, which bring the mean display value of the luminance to ``key``.

    The mean is weighted towards the middle of the image, by a bell that is 0.3 high in the corners.

    Args:
        light: on any linear scale.
        key: the target mean, 0..1 exclusive.
        limits: the (lowest, highest) stops of the camera; between them the meter is right to 1/500 stop.
        contrast: of the tone curve that follows, as in ``to_display``.
    """
    rows, columns = (max(side // _METER_PIXELS, 1) for side in light.shape[:2])
    seen = np.minimum(light[rows // 2 :: rows, columns // 2 :: columns] @ LUMA, np.float32(1e6))
    weights = np.exp(-1.2 * _from_middle(seen.shape) ** 2)
    weights /= weights.sum()
    low, high = limits
    for _ in range(14):
        middle = (low + high) / 2
        if (weights * to_display(exposed(seen, middle), contrast)).sum() < key:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def white_balanced(image: Pixels, gains: Sequence[float]) -> Pixels:
    """Each channel times its gain; (1, 1, 1) is the colour as it is."""
    return image * np.asarray(gains, dtype=np.float32)


def cast_limited(light: Pixels, stops: float) -> Pixels:
    """White balance by the image: half of its pixels have red and blue within ``stops`` of green; 0 leaves it as it is.

    The median decides, so that neither a lamp in the image nor a coloured piece of furniture does.
    """
    if stops <= 0:
        return light.copy()
    rows, columns = (max(side // _METER_PIXELS, 1) for side in light.shape[:2])
    seen = np.maximum(light[rows // 2 :: rows, columns // 2 :: columns].reshape(-1, 3), np.float32(1e-6))
    ratios = np.log2(seen[:, ::2] / seen[:, 1:2])
    red, blue = (float(cast) for cast in np.median(ratios, axis=0))
    gains = [2.0 ** (min(max(cast, -stops), stops) - cast) for cast in (red, 0.0, blue)]
    return white_balanced(light, gains)


def haze(image: Pixels, density: float) -> Pixels:
    """Veiling light of a dirty or dazzled lens: a fraction ``density`` 0..1 of the image is replaced by its mean."""
    if density <= 0:
        return image.copy()
    veil = image.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
    return image * np.float32(1.0 - density) + veil * np.float32(density)


def vignette(light: Pixels, strength: float) -> Pixels:
    """Less light away from the middle: the corners lose a fraction ``strength`` 0..1, points between by the square."""
    return light * (1.0 - np.float32(strength) * _from_middle(light.shape) ** 2)[..., None]


def edge_falloff(light: Pixels, strength: float, edge: tuple[float, float, float]) -> Pixels:
    """Less light near the edge of a wide lens's image, by the fourth power of the distance, as of a fisheye's rim.

    Args:
        strength: 0..1, the fraction of the light lost at the edge and beyond.
        edge: x, y of the middle and radius of the edge, pixels.
    """
    x, y, radius = edge
    rows = (np.arange(light.shape[0], dtype=np.float32) + np.float32(0.5 - y)) / np.float32(radius)
    columns = (np.arange(light.shape[1], dtype=np.float32) + np.float32(0.5 - x)) / np.float32(radius)
    squared = np.minimum(rows[:, None] ** 2 + columns[None] ** 2, np.float32(1.0))
    return light * (1.0 - np.float32(strength) * squared**2)[..., None]


def hot_spot(light: Pixels, strength: float) -> Pixels:
    """The beam of a lamp at the camera: the middle is brighter by ``strength`` times, falling off like a bell."""
    bell = np.exp(-((_from_middle(light.shape) / np.float32(0.45)) ** 2))
    return light * (1.0 + np.float32(strength) * bell)[..., None]


def monochrome(image: Pixels, weights: Pixels = LUMA) -> Pixels:
    """All channels their luminance (Rec. 709), or the sum by other (3,) ``weights``."""
    return np.repeat((image @ weights.astype(image.dtype))[..., None], 3, axis=-1)


def infrared_look(display: Pixels, corners: float) -> Pixels:
    """A colour image as a night camera with its own lamp might show it: no colour, flat tones, dark corners.

    Args:
        corners: light in the corners, 0..1 of that in the middle; 1 is a lamp that lights everything alike.
    """
    grey = np.clip(monochrome(display, INFRARED), 0.0, 1.0) ** np.float32(INFRARED_GAMMA)
    return vignette(grey, 1.0 - corners)


def saturated(display: Pixels, factor: float) -> Pixels:
    """Colours ``factor`` times as far from grey; 0 is monochrome, 1 as it is."""
    grey = (display @ LUMA)[..., None]
    return np.clip(grey + (display - grey) * np.float32(factor), 0.0, 1.0)


def to_display(light: Pixels, contrast: float = 0.0, black: float = 0.0) -> Pixels:
    """The tone curve of a video camera: sRGB, with a knee that rolls the highlights off into white.

    Args:
        light: any shape.
        contrast: -1..1, how far the curve leans towards an S (or, negative, away from it).
        black: 0..1, the display value of no light.
    """
    steps = np.sqrt(np.clip(light, 0.0, _BRIGHTEST) * np.float32((_CURVE_STEPS - 1) ** 2 / _BRIGHTEST))
    return _curve(contrast, black)[(steps + np.float32(0.5)).astype(np.int32)]


def _curve(contrast: float, black: float) -> Pixels:
    """Display values at ``_CURVE_STEPS`` amounts of light, evenly spaced in their root."""
    light = np.linspace(0.0, 1.0, _CURVE_STEPS) ** 2 * _BRIGHTEST
    knee = 0.6  # from here on highlights are compressed; three times the sensor's white becomes white
    over = np.maximum(light - knee, 0.0) / (1.0 - knee)
    held = np.minimum(light, knee) + (1.0 - knee) * (1.0 - np.exp(-over * 0.9))
    display = np.where(held <= 0.0031308, held * 12.92, 1.055 * np.maximum(held, 1e-9) ** (1 / 2.4) - 0.055)
    leaning = display * display * (3.0 - 2.0 * display)
    display = display + contrast * (leaning - display)
    return np.clip(black + (1.0 - black) * display, 0.0, 1.0).astype(np.float32)


def bands(display: Pixels, amplitude: float, period: float, phase: float = 0.0) -> Pixels:
    """The rolling bands of a lamp that flickers under a rolling shutter.

    Args:
        amplitude: 0..1, how much brighter and darker the bands are.
        period: in pixels of height; ``phase`` in periods.
    """
    rows = np.arange(display.shape[0], dtype=np.float32) / np.float32(period) + np.float32(phase)
    wave = 1.0 + np.float32(amplitude) * np.sin(rows * np.float32(2 * math.pi))
    return np.clip(display * wave[:, None, None], 0.0, 1.0)


def _from_middle(shape: Sequence[int]) -> Pixels:
    """(H, W): the distance from the middle, 1 in the corners."""
    y, x = ((np.arange(side, dtype=np.float32) + 0.5) - side / 2 for side in shape[:2])
    return np.hypot(y[:, None], x[None]) / np.float32(np.hypot(shape[0], shape[1]) / 2)
