"""The words that the records use for attributes, from the settings that draw them."""

from __future__ import annotations

import re

from .kinds import Weights
from .sections import SETTINGS

# Attributes whose setting has another name than they; settings of what the records call otherwise have none.
_ATTRIBUTES = {"people.count": "people", "room.kind": "room"}
_OF_SOME = re.compile(r"people\.(?:(?:patient|staff|visitor)_(posture)|(.+)_(?:patient|staff|visitor|female|male))")
_NO_ATTRIBUTES = ("objects.per_picture", "studio.lamps", "studio.ring")
_MORE_VALUES = {
    "people": tuple(str(count) for count in range(17)),  # fewer than were asked for where no more find a place
    "lying": ("yes", "no"),
    "cover_to": ("none",),
    "eyes": ("open", "closed"),
    "room": ("studio", "own"),
    "mount": ("studio", "own"),
    **dict.fromkeys(("ceiling", "sun"), ("own",)),
}


def vocabularies() -> dict:
    """The values of every attribute of the records that is one of a few words: ``{"sex": ["female", "male"], ...}``."""
    found: dict = {}
    for setting in SETTINGS:
        if isinstance(setting.kind, Weights) and setting.key not in _NO_ATTRIBUTES:
            of_some = _OF_SOME.fullmatch(setting.key)
            plain = _ATTRIBUTES.get(setting.key, setting.key.split(".")[1])
            name = (of_some[1] or of_some[2]) if of_some else plain
            found.setdefault(name, {}).update(dict.fromkeys(setting.kind.names))
    for name, values in _MORE_VALUES.items():
        found.setdefault(name, {}).update(dict.fromkeys(values))
    del found["outfit"]  # the records list the garments
    return {name: list(values) for name, values in found.items()}
