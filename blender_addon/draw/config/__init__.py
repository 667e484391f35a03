"""Every setting of the generator, defined once: key, default, bounds, description.

A config is flat: ``{"camera.roll_deg": [-4, 4], ...}``. ``resolve`` lays a preset, a config file and
``--set`` pairs over the defaults and checks each value; the result holds every setting. ``people``, ``room``,
``shot``, ``studio``, ``custom`` and ``output`` hold the settings, ``kinds`` the kinds of their values. ``sections``
puts them into the order of Blender's panel and derives from them the vocabulary of the records.
"""

from .kinds import CameraPlace, File, FileList, Folder, Grid, Number, Range, Setting, Size, Switch, Weights
from .people import MONK_TONES, POSTURE_NAMES, ROLES
from .resolve import DEFAULT_PRESET, PRESETS, ConfigError, completed, preset, preset_names, resolve, resolve_values
from .room import ROOM_KINDS
from .sections import BY_KEY, SECTIONS, SETTINGS, upper_limit, vocabularies

__all__ = [
    "BY_KEY",
    "DEFAULT_PRESET",
    "MONK_TONES",
    "POSTURE_NAMES",
    "PRESETS",
    "ROLES",
    "ROOM_KINDS",
    "SECTIONS",
    "SETTINGS",
    "CameraPlace",
    "ConfigError",
    "File",
    "FileList",
    "Folder",
    "Grid",
    "Number",
    "Range",
    "Setting",
    "Size",
    "Switch",
    "Weights",
    "completed",
    "preset",
    "preset_names",
    "resolve",
    "resolve_values",
    "upper_limit",
    "vocabularies",
]
