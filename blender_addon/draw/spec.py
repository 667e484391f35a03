"""The SceneSpec: everything drawn for one image, frozen and JSON-able.

Room coordinates: metres, origin on the floor in the middle of the room, z up. Angles in degrees,
colours linear RGB in 0..1. All numbers are rounded to 6 digits, so that a spec is the same on every
machine and survives JSON unchanged.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

DIGITS = 6


@dataclass(frozen=True)
class RoomSpec:
    """A box-shaped room: ``width`` along x, ``depth`` along y, ``height`` along z; the door is in the -y wall."""

    width: float
    depth: float
    height: float
    wall_rgb: tuple
    wainscot_rgb: tuple
    wainscot_height: float
    floor_rgb: tuple
    floor_roughness: float
    door_x: float
    window: bool
    window_y: float


@dataclass(frozen=True)
class BedSpec:
    """A hospital bed; its head end is at +y, against the wall. (x, y) is the middle of the mattress."""

    x: float
    y: float
    length: float
    width: float
    surface: float
    mattress: float
    frame_rgb: tuple
    panel_rgb: tuple
    linen_rgb: tuple
    rails: bool


@dataclass(frozen=True)
class GarmentSpec:
    """A piece of clothing: a ``kind`` that ``build.garments`` knows, and its colour."""

    kind: str
    rgb: tuple


@dataclass(frozen=True)
class PersonSpec:
    """One person. ``phenotype`` and ``pose`` are those of ``body``; the placement is ``body.posture``'s."""

    id: int
    role: str
    posture: str
    sex: str
    age_years: float
    phenotype: dict
    skin_tone: str
    skin_rgb: tuple
    hair: str
    hair_rgb: tuple
    eye_rgb: tuple
    garments: tuple
    pose: dict
    x: float
    y: float
    heading: float
    surface: float
    overhang: float
    attributes: dict


@dataclass(frozen=True)
class CameraSpec:
    """A camera at ``location`` looking at ``target``, rolled about its axis.

    ``polynomial`` is empty for a pinhole, else the four coefficients of ``camera``; ``horizontal_fov`` in
    degrees is a pinhole's and means nothing beside a polynomial.
    """

    mount: str
    lens: str
    location: tuple
    target: tuple
    roll: float
    horizontal_fov: float
    polynomial: tuple = ()


@dataclass(frozen=True)
class LightSpec:
    """An area light in watts, ``size`` metres square, facing down; or the room's faint ``ambient``."""

    kind: str
    watts: float
    rgb: tuple
    location: tuple = (0.0, 0.0, 0.0)
    size: float = 0.0


@dataclass(frozen=True)
class SceneSpec:
    """Everything drawn for image ``index`` of the dataset (config, seed)."""

    seed: int
    index: int
    size: tuple
    room: RoomSpec
    bed: BedSpec
    people: tuple
    camera: CameraSpec
    lights: tuple
    attributes: dict

    def to_json(self) -> dict:
        """A JSON-able dict of plain lists, dicts and numbers."""
        return _plain(asdict(self))


def rounded(value: Any) -> Any:
    """Round every float inside dataclasses, tuples and dicts to ``DIGITS``."""
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0  # + 0.0 turns -0.0 into 0.0
    if isinstance(value, (tuple, list)):
        return tuple(rounded(item) for item in value)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if is_dataclass(value):
        return type(value)(**{f.name: rounded(getattr(value, f.name)) for f in fields(value)})
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
