"""Every setting, by the sections in which people meet them."""

from __future__ import annotations

from .custom import CUSTOM
from .kinds import Number, Size
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


def upper_limit(key: str) -> int:
    """The largest value of a whole number, or of each side of a size. Raises TypeError for settings of other kinds."""
    kind = BY_KEY[key].kind
    if not isinstance(kind, (Number, Size)):
        raise TypeError(f"{key} is a {type(kind).__name__}; expected a number or a size")
    return int(kind.limits[1])
