"""Every setting by section, and the vocabulary of the records: attributes and values derived from the settings."""

from __future__ import annotations

import re

from .custom import CUSTOM
from .kinds import Number, Size, Weights
from .output import LABELS, RENDER
from .people import BEDDING, LOOKS, PEOPLE, POSTURE
from .room import ROOM
from .shot import CAMERA, LIGHT, SENSOR
from .studio import STUDIO

SECTIONS = {
    "people": PEOPLE,
    "posture": POSTURE,
    "bedding": BEDDING,
    "looks": LOOKS,
    "own": CUSTOM,
    "room": ROOM,
    "light": LIGHT,
    "camera": CAMERA,
    "sensor": SENSOR,
    "studio": STUDIO,
    "pictures": RENDER,
    "labels": LABELS,
}
SETTINGS = tuple(setting for section in SECTIONS.values() for setting in section)
BY_KEY = {setting.key: setting for setting in SETTINGS}

# Attributes that are called otherwise than their settings.
_RENAMED = {"people.count": "people", "room.kind": "room"}
_OF_SOME_PEOPLE = re.compile(
    r"people\.(?:(?:patient|staff|visitor)_(posture)|(.+)_(?:patient|staff|visitor|female|male))"
)
_NOT_IN_RECORDS = ("camera.aim", "objects.per_picture", "people.hands", "studio.lamps", "studio.ring")
_MORE_VALUES = {
    "people": tuple(str(count) for count in range(17)),  # fewer than requested where the room has no place for more
    "lying": ("yes", "no"),
    "cover_to": ("none",),
    "eyes": ("open", "closed"),
    "darkness": ("none", "dim", "dark", "invisible"),
    "room": ("studio", "own"),
    "mount": ("studio", "own"),
    **dict.fromkeys(("ceiling", "sun"), ("own",)),
}


def upper_limit(key: str) -> int:
    """The largest value of a whole number, or of each side of a size. Raises TypeError for settings of other kinds."""
    kind = BY_KEY[key].kind
    if not isinstance(kind, (Number, Size)):
        raise TypeError(f"{key} is a {type(kind).__name__}; expected a number or a size")
    return int(kind.limits[1])


def vocabularies() -> dict[str, list[str]]:
    """The values of every categorical attribute of the records: ``{"sex": ["female", "male"], ...}``."""
    values_of: dict[str, dict[str, None]] = {}
    for setting in SETTINGS:
        if isinstance(setting.kind, Weights) and setting.key not in _NOT_IN_RECORDS:
            match = _OF_SOME_PEOPLE.fullmatch(setting.key)
            plain = _RENAMED.get(setting.key, setting.key.split(".")[1])
            name = (match[1] or match[2]) if match else plain
            values_of.setdefault(name, {}).update(dict.fromkeys(setting.kind.names))
    for name, values in _MORE_VALUES.items():
        values_of.setdefault(name, {}).update(dict.fromkeys(values))
    del values_of["outfit"]  # the records list the garments
    return {name: list(values) for name, values in values_of.items()}
