"""Every knob of the generator, defined once: key, default, bounds, description.

A config is flat: ``{"camera.roll_deg": [-4, 4], ...}``. ``resolve`` lays a preset, a config file and
``--set`` pairs over the defaults and checks each value; the result holds every knob.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

PRESETS = Path(__file__).resolve().parents[1] / "presets"
DEFAULT_PRESET = "room"

MONK_TONES = tuple(f"monk-{n:02d}" for n in range(1, 11))


class ConfigError(ValueError):
    """A knob, preset or config file is not what it should be; the message is one line for the user."""


@dataclass(frozen=True)
class Shares:
    """Weights of named values, e.g. ``{"female": 1, "male": 1}``; values left out get weight 0."""

    names: tuple

    def check(self, value: Any) -> dict:
        """Return the weights in the order of ``names``. Raises ValueError."""
        if not isinstance(value, Mapping):
            raise ValueError(f'expected an object of weights such as {{"{self.names[0]}": 1}}')
        unknown = [name for name in value if name not in self.names]
        if unknown:
            raise ValueError(f"unknown value {unknown[0]!r}, known are {', '.join(self.names)}")
        weights = {name: _number(value.get(name, 0)) for name in self.names}
        if min(weights.values()) < 0 or sum(weights.values()) <= 0:
            raise ValueError("weights must not be negative and not all be zero")
        return weights


@dataclass(frozen=True)
class Range:
    """An interval ``[low, high]`` to draw from, inside ``limits``."""

    limits: tuple

    def check(self, value: Any) -> list:
        """Return ``[low, high]``; a single number means both. Raises ValueError."""
        pair = [value, value] if isinstance(value, (int, float)) else value
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise ValueError("expected [low, high]")
        low, high = _number(pair[0]), _number(pair[1])
        if not self.limits[0] <= low <= high <= self.limits[1]:
            raise ValueError(f"expected {self.limits[0]} <= low <= high <= {self.limits[1]}")
        return [low, high]


@dataclass(frozen=True)
class Number:
    """A number inside ``limits``, whole if ``integer``."""

    limits: tuple
    integer: bool = False

    def check(self, value: Any) -> float:
        """Return the number. Raises ValueError."""
        number = _number(value)
        if self.integer and number != int(number):
            raise ValueError("expected a whole number")
        if not self.limits[0] <= number <= self.limits[1]:
            raise ValueError(f"expected {self.limits[0]} to {self.limits[1]}")
        return int(number) if self.integer else number


@dataclass(frozen=True)
class Size:
    """A picture size ``[width, height]`` in pixels, each 16 to 8192."""

    def check(self, value: Any) -> list:
        """Return ``[width, height]``. Raises ValueError."""
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
            raise ValueError("expected [width, height]")
        return [Number((16, 8192), integer=True).check(side) for side in value]


@dataclass(frozen=True)
class Switch:
    """True or false."""

    def check(self, value: Any) -> bool:
        """Return the truth value. Raises ValueError."""
        if not isinstance(value, bool):
            raise ValueError("expected true or false")
        return value


@dataclass(frozen=True)
class Knob:
    """One setting: its key, its default, what values it takes and what it does."""

    key: str
    default: Any
    kind: Any
    text: str


KNOBS = (
    Knob(
        "people.count", {"0": 0.0, "1": 0.35, "2": 0.4, "3": 0.25}, Shares(("0", "1", "2", "3")), "people in a picture"
    ),
    Knob(
        "people.patient_posture",
        {"standing": 0.2, "sitting": 0.35, "supine": 0.45},
        Shares(("standing", "sitting", "supine")),
        "what the patient does: stand, sit on the edge of the bed, lie on the back",
    ),
    Knob(
        "people.companion_role",
        {"staff": 0.6, "visitor": 0.4},
        Shares(("staff", "visitor")),
        "who the others in the room are",
    ),
    Knob("people.sex", {"female": 0.5, "male": 0.5}, Shares(("female", "male")), "sex"),
    Knob(
        "people.age_group",
        {"child": 0.1, "adult": 0.5, "old": 0.4},
        Shares(("child", "adult", "old")),
        "age: child 5 to 15, adult 18 to 64, old 65 to 90 years; staff are adults",
    ),
    Knob(
        "people.bmi_group",
        {"low": 0.2, "normal": 0.5, "high": 0.3},
        Shares(("low", "normal", "high")),
        "body mass index: thin, normal, overweight to obese",
    ),
    Knob("people.skin_tone", dict.fromkeys(MONK_TONES, 0.1), Shares(MONK_TONES), "skin tone on the Monk scale"),
    Knob("room.width_m", [3.6, 5.2], Range((3.0, 12.0)), "width of the room in metres"),
    Knob(
        "room.depth_m", [4.0, 5.8], Range((3.6, 12.0)), "depth of the room in metres, from the door to the bed's head"
    ),
    Knob("room.height_m", [2.5, 3.0], Range((2.3, 5.0)), "height of the ceiling in metres"),
    Knob("room.window_share", 0.6, Number((0.0, 1.0)), "share of rooms with a window"),
    Knob("bed.surface_m", [0.48, 0.68], Range((0.4, 0.9)), "height of the mattress's top in metres"),
    Knob("bed.rails_share", 0.5, Number((0.0, 1.0)), "share of beds with raised side rails (never where someone sits)"),
    Knob(
        "camera.mount",
        {"ceiling-corner": 0.7, "ceiling-wall": 0.3},
        Shares(("ceiling-corner", "ceiling-wall")),
        "where the camera hangs: in a corner, or half-way along a wall",
    ),
    Knob(
        "camera.lens",
        {"pinhole": 1.0, "distorted": 0.0, "fisheye": 0.0},
        Shares(("pinhole", "distorted", "fisheye")),
        "the lens: without distortion, with barrel distortion, equidistant fisheye",
    ),
    Knob("camera.distortion", [0.2, 0.7], Range((0.0, 1.0)), "a distorted lens: 0 is a pinhole, 1 a fisheye"),
    Knob(
        "camera.fisheye_fov_deg", [130.0, 175.0], Range((60.0, 220.0)), "a fisheye's angle across the picture, degrees"
    ),
    Knob("camera.below_ceiling_m", [0.1, 0.35], Range((0.05, 1.0)), "how far the camera is below the ceiling, metres"),
    Knob("camera.horizontal_fov_deg", [64.0, 95.0], Range((30.0, 120.0)), "horizontal angle of view in degrees"),
    Knob("camera.roll_deg", [-4.0, 4.0], Range((-20.0, 20.0)), "roll of the camera in degrees"),
    Knob(
        "light.level",
        {"low": 0.25, "normal": 0.5, "high": 0.25},
        Shares(("low", "normal", "high")),
        "brightness of the ceiling light",
    ),
    Knob(
        "light.temperature_k", [2900.0, 6500.0], Range((1500.0, 12000.0)), "colour temperature of the light in kelvin"
    ),
    Knob("render.size", [416, 416], Size(), "width and height of the pictures in pixels"),
    Knob("render.samples", 4, Number((1, 4096), integer=True), "Cycles samples a pixel"),
    Knob("render.denoise", True, Switch(), "denoise with OpenImageDenoise, fast prefilter"),
    Knob("render.jpeg_quality", 90, Number((1, 100), integer=True), "JPEG quality of the pictures"),
    Knob(
        "labels.min_visible_px",
        64,
        Number((1, 10**6), integer=True),
        "instances with fewer visible pixels are kept in the record but marked `ignore`",
    ),
    Knob(
        "labels.min_visible_fraction",
        0.03,
        Number((0.0, 1.0)),
        "instances of which less than this share is seen or under bedding are kept but marked `ignore`",
    ),
    Knob("labels.depth", False, Switch(), "write depth/000123.png, 16-bit millimetres, 0 where farther than 65 m"),
    Knob("labels.masks", False, Switch(), "write masks/000123.png, 16-bit, the instance each pixel shows"),
    Knob("labels.parts", False, Switch(), "masks of head, torso, arms and legs in the records"),
)

_BY_KEY = {knob.key: knob for knob in KNOBS}


def vocabularies() -> dict:
    """The values of every attribute that has shares: ``{"sex": ["female", "male"], ...}``."""
    return {knob.key.split(".")[1]: list(knob.kind.names) for knob in KNOBS if isinstance(knob.kind, Shares)}


def preset_names() -> list:
    """The presets that can be asked for."""
    return sorted(path.stem for path in PRESETS.glob("*.json"))


def preset(name: str) -> dict:
    """A preset file's content: ``{"description": ..., "config": {...}}``. Raises ConfigError."""
    if name not in preset_names():
        raise ConfigError(
            f"unknown preset {name!r}{_close(name, preset_names())}; known are {', '.join(preset_names())}"
        )
    return json.loads((PRESETS / f"{name}.json").read_text(encoding="utf-8"))


def resolve(preset_name: Optional[str] = None, file: Optional[Path] = None, pairs: Sequence[str] = ()) -> dict:
    """Defaults < preset < config file < ``KEY=VALUE`` pairs -> the full config, every value checked.

    Raises:
        ConfigError: naming what was received, where, and what would be right.
    """
    config = {knob.key: knob.kind.check(knob.default) for knob in KNOBS}
    name = preset_name or DEFAULT_PRESET
    _lay_over(config, preset(name)["config"], f"preset {name}")
    if file is not None:
        _lay_over(config, _read(file), str(file))
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise ConfigError(f"--set {pair}: expected KEY=VALUE")
        _lay_over(config, {key.strip(): _value(text)}, "--set")
    return config


def _lay_over(config: dict, values: Mapping[str, Any], where: str) -> None:
    for key, value in values.items():
        if key not in _BY_KEY:
            raise ConfigError(f"{where}: unknown config key {key!r}{_close(key, list(_BY_KEY))}")
        try:
            config[key] = _BY_KEY[key].kind.check(value)
        except ValueError as error:
            raise ConfigError(f"{where}: {key} is {json.dumps(value)}: {error}") from error


def _read(file: Path) -> dict:
    try:
        value = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"config file {file}: cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ConfigError(f"config file {file}: holds {type(value).__name__}, expected an object of KEY: VALUE")
    if value.get("format") != "wardsynth":
        return value
    if not isinstance(value.get("config"), dict):
        raise ConfigError(f"config file {file}: a dataset.json whose config is no object")
    return value["config"]


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("expected a number")
    if value != value or abs(value) == float("inf"):
        raise ValueError("expected a finite number")
    return float(value)


def _close(name: str, known: Sequence[str]) -> str:
    matches = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {matches[0]!r}?" if matches else ""
