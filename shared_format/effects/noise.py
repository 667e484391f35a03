"""The noise of a sensor."""

from __future__ import annotations

import numpy as np

from . import blur
from .pixels import Pixels

_FINEST = 0.35  # pixels: a smaller sigma has no effect
_DARKEST = np.float32(0.04)  # display value; below, sRGB's curve is straight
_MOST_READ_NOISE = np.float32(3.0)  # relative to that at middle grey
_OF_COLUMNS = 0.5  # of a fixed pattern's deviation, that of whole columns
_CHROMA_SIZE, _CHROMA_SHARE = 2.2, 0.3  # colour noise relative to grey noise: how much coarser, and how strong


def grain(
    display: Pixels, strength: float, size: float = 0.0, seed: int = 0, colour: bool = True, read: float = 0.0
) -> Pixels:
    """Noise as a video camera shows it: most in the dark, finer in brightness than in colour.

    Shot noise grows with the root of the light and read noise is the same everywhere; behind the tone curve, which is
    steep in the dark, that makes noise that falls by about a third from black to white.

    Args:
        strength: standard deviation at middle grey, display units; a sensor's grows with its gain.
        size: correlation length in pixels (the sigma of a bell), as demosaicing and denoising leave it.
        seed: chooses the pattern.
        colour: False gives the same to all channels: a monochrome sensor.
        read: 0..1, the fraction of the noise's power at middle grey that is read noise, which the tone curve, steep in
            the dark, makes strongest there. 0 is the noise of a sensor with plenty of light.
    """
    if strength <= 0:
        return display.copy()
    height, width = display.shape[:2]
    noise = _even(normal(seed, (height, width, 1)), size)
    if colour:
        half = (-(-height // 2), -(-width // 2), 3)
        tint = _even(normal(seed + 1, half), size * _CHROMA_SIZE / 2 + 0.4)
        tint = (tint - _grey(tint)).repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
        noise = noise + np.float32(_CHROMA_SHARE) * tint
    level = _grey(display)
    amount = np.float32(1.18) - np.float32(0.36) * level
    if read > 0:
        amount = np.sqrt(np.float32(1.0 - read) * amount**2 + np.float32(read) * _gain_of_read_noise(level) ** 2)
    return np.clip(display + np.float32(strength) * amount * noise, 0.0, 1.0)


def fixed_pattern(display: Pixels, strength: float, seed: int = 0) -> Pixels:
    """The pattern of a sensor whose columns and pixels differ a little: the same in every image of a camera.

    Args:
        strength: standard deviation at middle grey, display units; like read noise it is strongest in the dark.
        seed: of the camera.
    """
    if strength <= 0:
        return display.copy()
    height, width = display.shape[:2]
    columns, pixels = normal(seed, (1, width, 1)), normal(seed + 1, (height, width, 1))
    pattern = np.float32(_OF_COLUMNS) * columns + np.float32((1.0 - _OF_COLUMNS**2) ** 0.5) * pixels
    return np.clip(display + np.float32(strength) * _gain_of_read_noise(_grey(display)) * pattern, 0.0, 1.0)


def gained(strength: float, stops: float) -> float:
    """``strength`` of a sensor opened by ``stops``: the signal grows with the gain, shot noise with the gain's root."""
    return strength * 2.0 ** (0.5 * max(stops, 0.0))


def normal(seed: int, shape: tuple[int, ...]) -> Pixels:
    """Numbers of mean 0 and deviation 1, nearly normal: from the raw bits of Philox, which numpy never changes."""
    words = np.random.Philox(key=seed % 2**64).random_raw(int(np.prod(shape))).view(np.uint16)
    total = words[0::4].astype(np.int32) + words[1::4] + words[2::4] + words[3::4]  # four uniform numbers each
    return ((total.astype(np.float32) - np.float32(131070.0)) / np.float32(65536.0 / 3.0**0.5)).reshape(shape)


def _gain_of_read_noise(level: Pixels) -> Pixels:
    """How much larger read noise is at the display value ``level`` than at middle grey: the slopes of sRGB's curve.

    Below a display value of about 0.2 cameras hold it down by averaging.
    """
    return np.minimum(
        (np.float32(1.055 / (0.5 + 0.055)) * (np.maximum(level, _DARKEST) + 0.055) / 1.055) ** np.float32(-1.4),
        _MOST_READ_NOISE,
    )


def _grey(image: Pixels) -> Pixels:
    """(H, W, 1): the mean of the channels; ``mean`` over so short an axis takes far longer."""
    return (image[..., :1] + image[..., 1:2] + image[..., 2:]) / np.float32(3.0)


def _even(noise: Pixels, size: float) -> Pixels:
    """``noise`` correlated over ``size`` pixels, with deviation 1 again."""
    if size < _FINEST:
        return noise
    smooth = blur.gaussian(noise, size)
    return smooth / np.float32(max(float(smooth.std()), 1e-6))
