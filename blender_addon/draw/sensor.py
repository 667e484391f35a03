"""Sampling the sensor: what the camera does with the light, from exposure to the overlaid clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from .spec import LightSpec, SensorSpec
from .streams import RandomStream
from .value_types import Colour, Config, ImageAttributes

# The range of values from which each level of an attribute is sampled.
NOISE = {"low": (0.002, 0.006), "medium": (0.006, 0.016), "high": (0.016, 0.035)}
EXPOSURE = {"under": (-1.9, -0.7), "normal": (-0.35, 0.35), "over": (0.6, 1.3)}
RESOLUTION = {"full": (1.0, 1.0), "reduced": (0.55, 0.85), "low": (0.28, 0.55)}
JPEG_QUALITY = {"low": (35, 55), "medium": (55, 80), "high": (80, 95)}
_DEFOCUS = {"sharp": (0.0, 0.0006), "defocus": (0.002, 0.007), "motion": (0.0, 0.0006)}
_MOTION = (0.012, 0.045)

_BALANCED_SHARE = (0.85, 1.05)  # fraction of the light's colour cast that automatic white balance removes
_MOST_GAIN, _LEAST_GAIN = 4.0, 0.12  # limits of the gain of a colour channel
_CAMERAS = ("CAM {:02d}", "CH{:02d}", "CAMERA {}", "C{:d}", "IPC-{:03d}", "ROOM {}", "WARD CAM {}")
_CLOCKS = (
    "{h:02d}:{m:02d}:{s:02d}",
    "D{d:03d} {h:02d}:{m:02d}:{s:02d}",
    "DAY {d:d} {h:02d}.{m:02d}.{s:02d}",
    "{h:02d}:{m:02d}",
)


def draw_sensor(
    config: Config,
    streams: Callable[[str], RandomStream],
    shot: ImageAttributes,
    lights: Sequence[LightSpec],
    hour: float,
) -> SensorSpec:
    """Sample the sensor of a camera.

    Args:
        config: the resolved config.
        streams: the image's streams of random numbers by their aspect.
        shot: the attributes of ``camera_choice.draw_shot``.
        lights: the scene's; the white balance corrects their colour.
        hour: of the day, 0..24, as the overlaid clock shows it.
    """
    stream = streams("sensor")
    infrared = shot["sensor"] == "infrared"
    moves_itself = shot["mount"] == "hand-held"
    motion = stream.uniform(*_MOTION) if shot["blur"] == "motion" else 0.0
    shaken = moves_itself and stream.unit() < 0.6
    # Each optional effect samples its numbers whether it is on or off, so that its fraction never shifts the others.
    haze = _when(stream, config["sensor.haze_share"], 0.03, 0.22)
    sharpening = _when(stream, config["sensor.halo_share"], 0.3, 1.8)
    flicker = _when(stream, config["sensor.flicker_share"], 0.01, 0.05)
    eye_shine = _when(stream, config["sensor.eye_shine_share"], 0.35, 0.95)
    sensor = SensorSpec(
        kind=shot["sensor"],
        key=stream.uniform(0.32, 0.50) if infrared else stream.uniform(0.40, 0.60),
        bias=stream.uniform(*EXPOSURE[shot["exposure"]]),
        gain_limits=(-8.0, stream.uniform(2.5, 5.5)),
        white_balance=(1.0, 1.0, 1.0) if shot["sensor"] != "rgb" else _white_balance(config, stream, lights),
        saturation=stream.uniform(0.65, 1.5),
        contrast=stream.uniform(0.0, 1.0),
        black=max(stream.uniform(-0.05, 0.06), 0.0),
        vignette=stream.uniform(0.0, 0.35) + (0.2 if infrared else 0.0),
        hot_spot=stream.uniform(0.0, 1.2) if infrared else 0.0,
        haze=haze,
        defocus=stream.uniform(*_DEFOCUS[shot["blur"]]),
        motion=motion,
        motion_angle=stream.uniform(0.0, 180.0),
        motion_of="camera" if shaken else "people",
        noise=stream.uniform(*NOISE[shot["noise"]]),
        grain_size=stream.uniform(0.0, config["sensor.infrared_grain_size"] if infrared else 0.9),
        scale=stream.uniform(*RESOLUTION[shot["resolution"]]),
        sharpening=sharpening,
        sharpening_radius=stream.uniform(0.6, 1.5),
        flicker=0.0 if infrared else flicker,
        flicker_period=stream.uniform(0.12, 0.6),
        flicker_phase=stream.unit(),
        jpeg_quality=round(stream.uniform(*JPEG_QUALITY[shot["jpeg_quality"]])),
        eye_shine=eye_shine if infrared else 0.0,
        seed=int(stream.unit() * 2**32),
        **_overlay(config, stream, hour)._asdict(),  # sampled last, so that the numbers before it stay the same
    )
    return _with_flaws(config, streams("sensor-flaws"), sensor, shot["lens"])


def _with_flaws(config: Config, stream: RandomStream, sensor: SensorSpec, lens: str) -> SensorSpec:
    """The sensor with what cheap ones and their lenses do: read noise, a fixed pattern, coloured and dark edges."""
    read_noise, fixed_pattern = (stream.uniform(*config[f"sensor.{name}"]) for name in ("read_noise", "fixed_pattern"))
    fringe, falloff = (stream.uniform(*config[f"sensor.{name}"]) for name in ("fringe", "edge_falloff"))
    return replace(
        sensor,
        read_noise=read_noise,
        fixed_pattern=fixed_pattern,
        camera_seed=int(stream.unit() * 2**32) if fixed_pattern else 0,
        fringe=fringe,
        least_key=config["sensor.least_brightness"],
        most_cast=config["sensor.most_cast"],
        edge_falloff=0.0 if lens == "pinhole" else falloff,
    )


def _when(stream: RandomStream, share: float, low: float, high: float) -> float:
    """A number in [low, high) for a fraction ``share`` of the images, 0 for the others."""
    on, value = stream.unit() < share, stream.uniform(low, high)
    return value if on else 0.0


def _white_balance(config: Config, stream: RandomStream, lights: Sequence[LightSpec]) -> Colour:
    """Gains that remove most of the lights' mean colour cast, with the camera's random error."""
    placed = [light for light in lights if light.kind != "ambient"] or lights
    total = sum(light.watts for light in placed) or 1.0
    mean = [sum(light.watts * light.rgb[channel] for light in placed) / total for channel in range(3)]
    green_light = max(mean[1], 1e-3)
    share = stream.uniform(*_BALANCED_SHARE)
    warmth = stream.uniform(*config["sensor.warmth"])  # red against blue
    tint = stream.normal(0.0, 0.025)  # green against both
    errors = (1.0 + warmth, 1.0 + tint, 1.0 - warmth)
    gains = [(green_light / max(channel, 1e-3)) ** share * error for channel, error in zip(mean, errors)]
    red, green, blue = (min(max(gain, _LEAST_GAIN), _MOST_GAIN) for gain in gains)
    return red, green, blue


class _Overlay(NamedTuple):
    """Text drawn into an image, by the names of ``SensorSpec``."""

    overlay: tuple[str, ...]
    overlay_corner: str
    overlay_style: str
    overlay_height: float


def _overlay(config: Config, stream: RandomStream, hour: float) -> _Overlay:
    """Sample a clock and a made-up camera name, or one of them; days are numbered, so that no real date appears."""
    shown = stream.unit() < config["sensor.overlay_share"]
    name = str(stream.choice(_CAMERAS)).format(int(stream.uniform(1, 33)))
    minute = math.floor(hour * 60)
    clock = str(stream.choice(_CLOCKS)).format(
        d=int(stream.uniform(1, 400)), h=minute // 60 % 24, m=minute % 60, s=int(stream.uniform(0, 60))
    )
    lines = stream.choice(((clock, name), (name, clock), (f"{name}  {clock}",), (clock,), (name,)))
    corner = stream.choice(("top-left", "top-left", "top-right", "bottom-left", "bottom-right"))
    style = stream.choice(("outline", "outline", "plain", "box"))
    height = stream.uniform(0.014, 0.034)
    return _Overlay(tuple(lines) if shown else (), corner, style, height)
