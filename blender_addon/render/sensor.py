"""From the light that falls on the sensor to the camera's JPEG: the effects in the order of a real camera.

Pure numpy except for the codec, which is passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Optional

import numpy as np

from ..dataset_format import effects
from ..draw.spec import SensorSpec

_MOST_LIGHT = 8.0  # in multiples of white: the blurs clip lamps in the image to this brightness
_MOST_STOPS = 8.0  # of an exposure that has to reach the least brightness: a dark scene has light enough for it
_MOST_NOISE = 0.06  # upper limit, because cameras lengthen the exposure or average frames instead
_GOLDEN = 0.6180339887  # multiples of it are evenly spread over the circle, so that people move in different directions
_LEAST_EYE = 0.7  # in sensor pixels: a smaller glow could fall between them


@dataclass(frozen=True)
class Codec:
    """A JPEG codec: ``encode((H, W, 3) uint8, quality) -> bytes`` and ``decode(bytes) -> (H, W, 3) uint8``."""

    encode: Callable[[np.ndarray, int], bytes]
    decode: Callable[[bytes], np.ndarray]


@dataclass(frozen=True)
class Subject:
    """The parts of the scene that the sensor treats specially.

    Attributes:
        people: (H, W) bool each: where the people who may move are seen.
        eyes: (N, 3) x, y and radius in pixels of the eyes that look into the camera.
        image_edge: x, y and radius in pixels of the edge of the lens's image; None where it is not known.
    """

    people: tuple = ()
    eyes: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))
    image_edge: Optional[tuple[float, float, float]] = None


def develop(light: np.ndarray, sensor: SensorSpec, subject: Subject, codec: Codec, best_quality: int) -> bytes:
    """The camera's image, as the bytes of a JPEG of the size of ``light``.

    Args:
        light: (H, W, 3) float32, linear, on any scale.
        sensor: the drawn sensor.
        subject: who is in the image.
        best_quality: of the file, 1..100. A camera that resolves the whole image writes the file itself, at its own
            quality if that is lower; the image of a coarser one is compressed, enlarged, and written at this one.
    """
    display = expose(light, sensor, subject)
    pixels = effects.to_bytes(display)
    if pixels.shape == light.shape:
        return codec.encode(pixels, min(sensor.jpeg_quality, best_quality))
    compressed = effects.from_bytes(codec.decode(codec.encode(pixels, sensor.jpeg_quality)))
    larger = effects.enlarged(compressed, light.shape[1], light.shape[0])
    return codec.encode(effects.to_bytes(larger), best_quality)


def expose(light: np.ndarray, sensor: SensorSpec, subject: Subject) -> np.ndarray:
    """The image before compression: display values, in the sensor's own resolution."""
    if sensor.edge_falloff > 0 and subject.image_edge is not None:
        light = effects.edge_falloff(light, sensor.edge_falloff, subject.image_edge)
    light, stops = _meter(light, sensor)
    if sensor.kind == "rgb":
        light = effects.fringe(light, sensor.fringe * light.shape[1])
    light = _focus(light, sensor, subject)
    if sensor.scale < 1.0:
        light = effects.low_resolution(light, sensor.scale)
    display = effects.to_display(light, sensor.contrast, sensor.black)
    if sensor.kind == "rgb":
        display = effects.saturated(display, sensor.saturation)
    return _process(display, sensor, subject, stops)


def _meter(light: np.ndarray, sensor: SensorSpec) -> tuple[np.ndarray, float]:
    """The light in multiples of the sensor's white, and the exposure in stops."""
    if sensor.kind != "rgb":
        light = effects.hot_spot(effects.monochrome(light), sensor.hot_spot)
    else:
        light = effects.cast_limited(effects.white_balanced(light, sensor.white_balance), sensor.most_cast)
    light = effects.haze(effects.vignette(light, sensor.vignette), sensor.haze)
    stops = effects.metered_stops(light, sensor.key, sensor.gain_limits, sensor.contrast) + sensor.bias
    if sensor.least_key > 0:
        limits = sensor.gain_limits[0], _MOST_STOPS
        stops = max(stops, effects.metered_stops(light, sensor.least_key, limits, sensor.contrast))
    return np.minimum(effects.exposed(light, stops), np.float32(_MOST_LIGHT)), stops


def _focus(light: np.ndarray, sensor: SensorSpec, subject: Subject) -> np.ndarray:
    """Motion blur and defocus, before the sensor's pixels."""
    width = light.shape[1]
    if sensor.motion > 0 and sensor.motion_of == "camera":
        light = effects.motion_blur(light, sensor.motion * width, sensor.motion_angle)
    elif sensor.motion > 0:
        light = light.copy()
        for number, mask in enumerate(subject.people):
            speed = 0.25 + 0.75 * (1.0 - number * _GOLDEN % 1.0)  # the first is the fastest
            _move(light, mask, speed * sensor.motion * width, sensor.motion_angle + 360.0 * number * _GOLDEN)
    return effects.defocus(light, sensor.defocus * width)


def _move(light: np.ndarray, mask: np.ndarray, length: float, angle: float) -> None:
    """Blur the pixels of ``mask``, in place."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return
    reach = int(length) + 2
    window = tuple(slice(max(int(found[0]) - reach, 0), int(found[-1]) + reach + 1) for found in (rows, columns))
    light[window] = effects.motion_blur(light[window], length, angle, mask[window])


def _process(display: np.ndarray, sensor: SensorSpec, subject: Subject, stops: float) -> np.ndarray:
    """The effects at the sensor's own resolution: glowing eyes, grain, halos, bands, text."""
    height = display.shape[0]
    if sensor.eye_shine > 0:
        for x, y, radius in subject.eyes * sensor.scale:
            display = effects.eye_shine(display, np.array([(x, y)]), max(radius, _LEAST_EYE), sensor.eye_shine)
    strength = min(effects.gained(sensor.noise, stops), _MOST_NOISE)
    display = effects.fixed_pattern(display, strength * sensor.fixed_pattern, sensor.camera_seed)
    colour = sensor.kind == "rgb"
    display = effects.grain(display, strength, sensor.grain_size, sensor.seed, colour, sensor.read_noise)
    sharpening = sensor.sharpening * (1.0 - strength / _MOST_NOISE)  # sharpen noisy images less
    display = effects.sharpened(display, sharpening, sensor.sharpening_radius)
    if sensor.flicker > 0:
        display = effects.bands(display, sensor.flicker, sensor.flicker_period * height, sensor.flicker_phase)
    if sensor.overlay:
        letters = sensor.overlay_height * height
        display = effects.overlay(display, sensor.overlay, sensor.overlay_corner, letters, sensor.overlay_style)
    return display
