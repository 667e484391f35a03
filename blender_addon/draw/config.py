"""Every knob of the generator, defined once: key, default, bounds, description.

A config is flat: ``{"camera.roll_deg": [-4, 4], ...}``. ``resolve`` lays a preset, a config file and
``--set`` pairs over the defaults and checks each value; the result holds every knob.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from . import library

PRESETS = Path(__file__).resolve().parents[1] / "presets"
DEFAULT_PRESET = "mixed"

ROOM_KINDS = ("single", "ward", "icu", "treatment", "waiting", "corridor", "desk", "bathroom", "bedroom")
MONK_TONES = tuple(f"monk-{n:02d}" for n in range(1, 11))


ROLES = ("patient", "staff", "visitor")
POSTURES = (
    "supine", "half-sitting", "sitting-in-bed", "lateral-left", "lateral-right", "prone", "sitting-edge",
    "sitting-chair", "sitting-wheelchair", "sitting-table", "standing", "walking", "leaning", "bending", "reaching",
    "crouching", "kneeling", "pushing", "supporting", "fallen", "crawling", "getting-up",
)  # fmt: skip
_COUNTS = {
    "0": 0.06, "1": 0.26, "2": 0.24, "3": 0.16, "4": 0.1, "5": 0.07, "6": 0.05, "8": 0.04, "10": 0.02, "12": 0.0,
    "16": 0.0,
}  # fmt: skip
_PATIENT = {
    "supine": 0.17, "half-sitting": 0.14, "lateral-left": 0.07, "lateral-right": 0.07, "prone": 0.03,
    "sitting-in-bed": 0.06, "sitting-edge": 0.1, "sitting-chair": 0.06, "sitting-wheelchair": 0.05,
    "sitting-table": 0.03, "standing": 0.06, "walking": 0.06, "leaning": 0.01, "fallen": 0.06, "crawling": 0.015,
    "getting-up": 0.015,
}  # fmt: skip
_STAFF = {
    "standing": 0.28, "walking": 0.22, "bending": 0.14, "leaning": 0.05, "reaching": 0.06, "pushing": 0.05,
    "supporting": 0.03, "crouching": 0.03, "kneeling": 0.02, "sitting-table": 0.08, "sitting-chair": 0.04,
}  # fmt: skip
_VISITOR = {
    "standing": 0.28, "walking": 0.2, "sitting-chair": 0.3, "leaning": 0.05, "bending": 0.03, "sitting-table": 0.06,
    "supporting": 0.03, "sitting-edge": 0.03, "pushing": 0.02,
}  # fmt: skip


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
class Folder:
    """The path of a folder, "" for none."""

    def check(self, value: Any) -> str:
        """Return the path. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError('expected the path of a folder, "" for none')
        return value


@dataclass(frozen=True)
class Listing:
    """What a library's folder holds, as ``library`` lists it; ``resolve`` fills it in."""

    def check(self, value: Any) -> list:
        """Return the list. Raises ValueError."""
        whole = isinstance(value, list) and all(
            isinstance(entry, Mapping) and {"file", "sha256"} <= set(entry) for entry in value
        )
        if not whole:
            raise ValueError("expected the list of files that resolving the library makes; leave it out")
        return [dict(entry) for entry in value]


@dataclass(frozen=True)
class Knob:
    """One setting: its key, its default, what values it takes and what it does."""

    key: str
    default: Any
    kind: Any
    text: str


def _shares(key: str, text: str, **weights: float) -> Knob:
    named = {name.replace("_", "-"): weight for name, weight in weights.items()}
    return Knob(f"people.{key}", named, Shares(tuple(named)), text)


_ATTACHED = {
    "iv_line": 0.4, "nasal_cannula": 0.15, "oxygen_mask": 0.08, "ecg_leads": 0.12, "pulse_oximeter": 0.25,
    "wristband": 0.6, "electrode_cap": 0.03, "head_bandage": 0.05, "arm_bandage": 0.08, "leg_bandage": 0.06,
    "arm_cast": 0.05, "leg_cast": 0.05,
}  # fmt: skip

LOOKS = (
    _shares(
        "hair_female", "hair of girls and women", bald=0.02, buzz=0.03, short=0.12,
        tousled=0.06, curly=0.1, afro=0.05, bob=0.14, long=0.14, long_wavy=0.1, ponytail=0.09, bun=0.08, high_bun=0.04,
        braids=0.03,
    ),
    _shares(
        "hair_male", "hair of boys and men; the bald and the receding are grown up", bald=0.1, buzz=0.14, receding=0.12,
        crown_bald=0.1, short=0.22, side_part=0.14, tousled=0.08, curly=0.06, afro=0.04,
    ),
    _shares(
        "beard", "beards of men", none=0.5, stubble=0.2, moustache=0.06, goatee=0.05, short_beard=0.12, full_beard=0.07
    ),
    _shares("glasses", "glasses", none=0.74, thin=0.16, thick=0.1),
    _shares(
        "outfit_patient", "what patients wear", gown=0.38, gown_trousers=0.1, pyjamas=0.22, own_clothes=0.2,
        own_top_shorts=0.1,
    ),
    _shares(
        "outfit_staff", "what staff wear", scrubs=0.34, tunic=0.12, scrubs_open_coat=0.12, open_coat=0.12,
        closed_coat=0.16, isolation_gown=0.08, apron=0.06,
    ),
    _shares(
        "outfit_visitor", "what visitors wear", t_shirt=0.22, shirt=0.2, jumper=0.16, cardigan=0.1, jacket=0.14,
        dress=0.08, tunic=0.1,
    ),
    _shares(
        "headwear_staff", "what staff wear on the head; head scarves are women's", none=0.56, surgical_cap=0.13,
        bouffant=0.11, hijab=0.2,
    ),
    _shares("headwear_visitor", "what visitors wear on the head", none=0.7, cap=0.08, knitted_hat=0.06, hijab=0.16),
    _shares(
        "headwear_patient", "what patients wear on the head", none=0.86, knitted_hat=0.03, bouffant=0.03, hijab=0.08
    ),
    _shares("face_mask_staff", "masks of staff", none=0.45, surgical_mask=0.43, respirator=0.12),
    _shares("face_mask_visitor", "masks of visitors", none=0.72, surgical_mask=0.24, respirator=0.04),
    _shares("face_mask_patient", "masks of patients", none=0.88, surgical_mask=0.12),
    Knob("people.gloves_share", 0.3, Number((0.0, 1.0)), "share of staff with gloves"),
    Knob("people.face_shield_share", 0.05, Number((0.0, 1.0)), "share of staff with a face shield"),
    Knob("people.pregnant_share", 0.05, Number((0.0, 1.0)), "share of women of 18 to 45 years who are far gone"),
    Knob("people.asleep_share", 0.45, Number((0.0, 1.0)), "share of the lying who have their eyes closed"),
    *(
        Knob(f"people.{name}_share", share, Number((0.0, 1.0)), f"share of patients with: {name.replace('_', ' ')}")
        for name, share in _ATTACHED.items()
    ),
)  # fmt: skip

KNOBS = (
    Knob("people.count", _COUNTS, Shares(tuple(_COUNTS)), "people in a picture, as far as they find a place"),
    Knob(
        "people.role",
        {"patient": 0.3, "staff": 0.45, "visitor": 0.25},
        Shares(ROLES),
        "who the people are; where there is a bed the first is a patient",
    ),
    Knob(
        "people.patient_posture", _PATIENT, Shares(POSTURES), "what patients do, as far as the room has a place for it"
    ),
    Knob("people.staff_posture", _STAFF, Shares(POSTURES), "what staff do, as far as the room has a place for it"),
    Knob(
        "people.visitor_posture", _VISITOR, Shares(POSTURES), "what visitors do, as far as the room has a place for it"
    ),
    Knob(
        "people.cover",
        {"uncovered": 0.3, "thin": 0.35, "thick": 0.35},
        Shares(("uncovered", "thin", "thick")),
        "what covers who lies in bed: nothing, a sheet, a blanket",
    ),
    Knob(
        "people.cover_to",
        {"feet": 0.08, "knees": 0.12, "waist": 0.3, "chest": 0.3, "chin": 0.2},
        Shares(("feet", "knees", "waist", "chest", "chin")),
        "how far up the cover is pulled",
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
    *LOOKS,
    Knob("people.library", "", Folder(), "folder of own characters that are used beside the built-in people"),
    Knob(
        "people.library_share", 0.3, Number((0.0, 1.0)), "share of people who are own characters, where there are any"
    ),
    Knob("people.library_files", [], Listing(), "what people.library holds; filled in when the config is resolved"),
    Knob("objects.library", "", Folder(), "folder of own objects; the sub-folder's name is their category"),
    Knob(
        "objects.per_picture",
        {"0": 0.1, "1": 0.4, "2": 0.3, "3": 0.2, "4": 0.0, "6": 0.0, "8": 0.0},
        Shares(("0", "1", "2", "3", "4", "6", "8")),
        "own objects in a picture, where there are any and they find a place",
    ),
    Knob("objects.library_files", [], Listing(), "what objects.library holds; filled in when the config is resolved"),
    Knob(
        "room.kind",
        {
            "single": 1.0,
            "ward": 0.0,
            "icu": 0.0,
            "treatment": 0.0,
            "waiting": 0.0,
            "corridor": 0.0,
            "desk": 0.0,
            "bathroom": 0.0,
            "bedroom": 0.0,
        },
        Shares(ROOM_KINDS),
        "what room it is",
    ),
    Knob("room.scale", [0.9, 1.15], Range((0.8, 2.0)), "size of the room, 1 is usual for its kind"),
    Knob("room.height_m", [2.5, 3.0], Range((2.3, 5.0)), "height of the ceiling in metres"),
    Knob("room.window_share", 0.7, Number((0.0, 1.0)), "share of rooms with windows, where the kind has any"),
    Knob("room.beds", [2, 6], Range((1, 8)), "beds in a ward"),
    Knob(
        "room.randomness",
        0.0,
        Number((0.0, 1.0)),
        "share of surfaces and furniture of any colour and texture; 1 also lets things fly",
    ),
    Knob(
        "furniture.bed_surface_m", [0.48, 0.72], Range((0.4, 0.9)), "height of a hospital bed's mattress top in metres"
    ),
    Knob("furniture.raised_back_share", 0.4, Number((0.0, 1.0)), "share of hospital beds with raised back section"),
    Knob("furniture.rails_share", 0.5, Number((0.0, 1.0)), "share of raised side rails (never where someone sits)"),
    Knob("clutter.amount", 0.6, Number((0.0, 1.0)), "how many of the places for small things are taken"),
    Knob(
        "clutter.negatives_share",
        0.4,
        Number((0.0, 1.0)),
        "share of rooms with a mannequin, a doll, coats or a poster of people",
    ),
    Knob("clutter.coat_share", 0.12, Number((0.0, 1.0)), "share of chairs with a coat over the back"),
    Knob(
        "clutter.wheelchair_blanket_share", 0.3, Number((0.0, 1.0)), "share of wheelchairs with a blanket on the seat"
    ),
    Knob(
        "camera.mount",
        {
            "ceiling-corner": 0.45,
            "wall": 0.2,
            "overhead": 0.08,
            "eye-level": 0.1,
            "hand-held": 0.09,
            "ceiling-fisheye": 0.08,
        },
        Shares(("ceiling-corner", "wall", "overhead", "eye-level", "hand-held", "ceiling-fisheye")),
        "where the camera is: in a corner below the ceiling, high on a wall, straight above the bed, on a stand, in a "
        "hand, or a fisheye in the ceiling",
    ),
    Knob(
        "camera.lens",
        {"pinhole": 0.5, "distorted": 0.5, "fisheye": 0.0},
        Shares(("pinhole", "distorted", "fisheye")),
        "the lens: without distortion, with barrel distortion, equidistant fisheye (always in ceiling-fisheye)",
    ),
    Knob("camera.distortion", [0.15, 0.7], Range((0.0, 1.0)), "a distorted lens: 0 is a pinhole, 1 a fisheye"),
    Knob(
        "camera.fisheye_fov_deg", [150.0, 185.0], Range((60.0, 220.0)), "a fisheye's angle across the picture, degrees"
    ),
    Knob("camera.height_m", [2.0, 3.4], Range((1.5, 8.0)), "height of ceiling and wall cameras, below the ceiling"),
    Knob("camera.eye_height_m", [0.7, 1.8], Range((0.3, 2.5)), "height of hand-held cameras and those on shelves"),
    Knob("camera.horizontal_fov_deg", [45.0, 120.0], Range((30.0, 120.0)), "horizontal angle of view in degrees"),
    Knob("camera.roll_deg", [-6.0, 6.0], Range((-20.0, 20.0)), "roll of the camera in degrees"),
    Knob(
        "camera.off_centre",
        [0.0, 0.02],
        Range((0.0, 0.2)),
        "how far the lens's axis is from the picture's middle, in picture widths",
    ),
    Knob(
        "camera.sensor",
        {"rgb": 0.8, "infrared": 0.2},
        Shares(("rgb", "infrared")),
        "colour, or monochrome by a lamp at the camera, in the dark",
    ),
    Knob(
        "light.ceiling",
        {"off": 0.2, "low": 0.2, "high": 0.5, "broken": 0.1},
        Shares(("off", "low", "high", "broken")),
        "the ceiling light of colour pictures; broken: some panels are dark",
    ),
    Knob(
        "light.sun",
        {"none": 0.35, "low": 0.35, "high": 0.3},
        Shares(("none", "low", "high")),
        "daylight of colour pictures: none at night, low at the day's ends or under clouds, high",
    ),
    Knob(
        "light.temperature_k", [2700.0, 6500.0], Range((1500.0, 12000.0)), "colour temperature of the light in kelvin"
    ),
    Knob("light.lamp_share", 0.6, Number((0.0, 1.0)), "share of dim rooms where a lamp at the bed is lit"),
    Knob(
        "sensor.exposure",
        {"under": 0.15, "normal": 0.7, "over": 0.15},
        Shares(("under", "normal", "over")),
        "by how much the automatic exposure misses",
    ),
    Knob(
        "sensor.noise",
        {"low": 0.55, "medium": 0.33, "high": 0.12},
        Shares(("low", "medium", "high")),
        "grain before gain",
    ),
    Knob(
        "sensor.blur",
        {"sharp": 0.65, "defocus": 0.17, "motion": 0.18},
        Shares(("sharp", "defocus", "motion")),
        "blur: none, out of focus, of moving people or a shaken camera",
    ),
    Knob(
        "sensor.resolution",
        {"full": 0.66, "reduced": 0.22, "low": 0.12},
        Shares(("full", "reduced", "low")),
        "what the sensor resolves of the picture: all, 0.55 to 0.85 or 0.28 to 0.55 of its width",
    ),
    Knob(
        "sensor.jpeg_quality",
        {"low": 0.15, "medium": 0.35, "high": 0.5},
        Shares(("low", "medium", "high")),
        "the camera's compression: JPEG quality 35 to 55, 55 to 80, 80 to 95",
    ),
    Knob("sensor.overlay_share", 0.5, Number((0.0, 1.0)), "share of pictures with a burnt-in clock or camera name"),
    Knob("sensor.haze_share", 0.2, Number((0.0, 1.0)), "share of pictures through a hazy lens"),
    Knob("sensor.halo_share", 0.5, Number((0.0, 1.0)), "share of pictures with sharpening halos"),
    Knob("sensor.flicker_share", 0.06, Number((0.0, 1.0)), "share of colour pictures with bands of flickering light"),
    Knob("sensor.eye_shine_share", 0.5, Number((0.0, 1.0)), "share of infrared pictures where eyes may glow"),
    Knob("sensor.warmth", [-0.12, 0.06], Range((-0.5, 0.5)), "white-balance error: the share red gains and blue loses"),
    Knob("render.size", [416, 416], Size(), "width and height of the pictures in pixels"),
    Knob("render.samples", 4, Number((1, 4096), integer=True), "Cycles samples a pixel"),
    Knob("render.denoise", True, Switch(), "denoise with OpenImageDenoise, fast prefilter"),
    Knob(
        "render.jpeg_quality", 95, Number((1, 100), integer=True), "JPEG quality of the files; a camera's may be lower"
    ),
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


# Attributes whose knob has another name than they; knobs of what the records call otherwise have none.
_ATTRIBUTES = {"people.count": "people", "room.kind": "room"}
_OF_SOME = re.compile(r"people\.(?:(?:patient|staff|visitor)_(posture)|(.+)_(?:patient|staff|visitor|female|male))")
_NO_ATTRIBUTES = ("objects.per_picture",)
_MORE_VALUES = {"cover_to": ("none",), "eyes": ("open", "closed")}


def vocabularies() -> dict:
    """The values of every attribute of the records that is one of a few words: ``{"sex": ["female", "male"], ...}``."""
    found: dict = {}
    for knob in KNOBS:
        if isinstance(knob.kind, Shares) and knob.key not in _NO_ATTRIBUTES:
            of_some = _OF_SOME.fullmatch(knob.key)
            plain = _ATTRIBUTES.get(knob.key, knob.key.split(".")[1])
            name = (of_some[1] or of_some[2]) if of_some else plain
            found.setdefault(name, {}).update(dict.fromkeys(knob.kind.names))
    for name, values in _MORE_VALUES.items():
        found.setdefault(name, {}).update(dict.fromkeys(values))
    del found["outfit"]  # the records list the garments
    return {name: list(values) for name, values in found.items()}


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
    for key, list_files in _LIBRARIES.items():
        _list_library(config, key, list_files)
    return config


_LIBRARIES = {"people.library": library.list_people, "objects.library": library.list_objects}


def _list_library(config: dict, key: str, list_files: Callable[[str], list]) -> None:
    """List the folder into the config; a config that has a list already must find the same files."""
    known = config[f"{key}_files"]
    try:
        found = list_files(config[key]) if config[key] else []
    except (OSError, ValueError) as error:
        raise ConfigError(f"{key}: {error}") from error
    differs = library.difference(known, found) if known else ""
    if differs:
        raise ConfigError(f"{key} {config[key]}: {differs}")
    config[f"{key}_files"] = found


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
