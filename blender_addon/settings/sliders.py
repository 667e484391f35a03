"""The panel's sliders and fields, made from the settings, so that no name, range or description is written twice.

A setting of shares becomes a slider for each of its names, every other setting one property. Blender keeps 32 bits of a
number: what a config gives with more is kept beside, and returned as long as its slider was not moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import bpy
import numpy as np

from ..draw import config as draw_settings

_UNITS = {"deg": "degrees", "m": "metres", "k": "kelvin", "px": "pixels"}


def identifiers(setting: draw_settings.Setting) -> list:
    """The properties of ``setting``: [(identifier, name in its shares or "")]; none for what nobody sets by hand."""
    plain = setting.key.replace(".", "_")
    if isinstance(setting.kind, draw_settings.Weights):
        return [(f"{plain}__{name.replace('-', '_')}", name) for name in setting.kind.names]
    return [(plain, "")] if type(setting.kind) in _MAKERS else []


def label_of(setting: draw_settings.Setting) -> str:
    """The setting in words: "camera.roll_deg" is "Roll (degrees)"."""
    section, _, name = setting.key.partition(".")
    words = name.split("_")
    unit = f" ({_UNITS[words.pop()]})" if words[-1] in _UNITS else ""
    if setting.key == "room.own":
        words = ["own", "room"]
    if name == "library":
        words = ["own", "characters" if section == "people" else section]
    return " ".join(words).capitalize() + unit


def annotations() -> dict:
    """{identifier: property} of all settings, their defaults those of the default preset."""
    config = draw_settings.resolve()
    return {
        identifier: _property(setting, identifier, name, config[setting.key])
        for setting in draw_settings.SETTINGS
        for identifier, name in identifiers(setting)
    }


def write(group: Any, config: Mapping) -> None:
    """Move every slider of ``group`` to its value in the resolved ``config``."""
    for setting in draw_settings.SETTINGS:
        for identifier, name in identifiers(setting):
            setattr(group, identifier, config[setting.key][name] if name else config[setting.key])


def read(group: Any, base: Mapping) -> dict:
    """The config that ``group`` shows: of ``base`` what its sliders cannot be told from, else what they say.

    Values are unchecked: a user can make all shares zero.
    """
    return {setting.key: _value(group, setting, base[setting.key]) for setting in draw_settings.SETTINGS}


def changed(group: Any, base: Mapping) -> Iterator:
    """The settings of which ``group`` shows something else than ``base``."""
    return (
        setting for setting in draw_settings.SETTINGS if _value(group, setting, base[setting.key]) != base[setting.key]
    )


def _value(group: Any, setting: draw_settings.Setting, base: Any) -> Any:
    named = identifiers(setting)
    if not named:
        return base
    if isinstance(setting.kind, draw_settings.Weights):
        return {name: _number(getattr(group, identifier), base[name]) for identifier, name in named}
    shown = getattr(group, named[0][0])
    if isinstance(base, list):
        return [_number(value, was) for value, was in zip(shown, base)]
    return _number(shown, base) if isinstance(base, float) else shown


def _number(shown: float, base: float) -> float:
    """``base`` where 32 bits cannot tell the two apart, else the shortest decimal that the 32 bits are."""
    if isinstance(shown, int):
        return shown
    return base if np.float32(shown) == np.float32(base) else float(str(np.float32(shown)))


def _property(setting: draw_settings.Setting, identifier: str, name: str, default: Any) -> Any:
    common = {"name": name or label_of(setting), "description": f"{setting.text} ({setting.key})", "options": set()}
    if isinstance(setting.kind, draw_settings.Range):
        common["update"] = _in_order(identifier)
    return _MAKERS[type(setting.kind)](setting.kind, default[name] if name else default, common)


def _in_order(identifier: str) -> Callable:
    """Swaps the ends of a range where the lower one was moved past the upper."""

    def update(group: Any, _context: Any) -> None:
        low, high = getattr(group, identifier)
        if low > high:
            setattr(group, identifier, (high, low))

    return update


def _shares(_kind: draw_settings.Weights, default: float, common: dict) -> Any:
    return bpy.props.FloatProperty(default=default, min=0.0, soft_max=1.0, subtype="FACTOR", precision=3, **common)


def _range(kind: draw_settings.Range, default: list, common: dict) -> Any:
    low, high = kind.limits
    return bpy.props.FloatVectorProperty(size=2, default=default, min=low, max=high, precision=3, **common)


def _number_property(kind: draw_settings.Number, default: float, common: dict) -> Any:
    low, high = kind.limits
    if kind.integer:
        return bpy.props.IntProperty(default=default, min=low, max=high, **common)
    subtype = "FACTOR" if kind.limits == (0.0, 1.0) else "NONE"
    return bpy.props.FloatProperty(default=default, min=low, max=high, subtype=subtype, precision=3, **common)


def _size(kind: draw_settings.Size, default: list, common: dict) -> Any:
    low, high = kind.limits
    return bpy.props.IntVectorProperty(size=2, default=default, min=low, max=high, **common)


def _switch(_kind: draw_settings.Switch, default: bool, common: dict) -> Any:
    return bpy.props.BoolProperty(default=default, **common)


def _folder(_kind: draw_settings.Folder, default: str, common: dict) -> Any:
    return bpy.props.StringProperty(default=default, subtype="DIR_PATH", **common)


def _file(_kind: draw_settings.File, default: str, common: dict) -> Any:
    return bpy.props.StringProperty(default=default, subtype="FILE_PATH", **common)


_MAKERS = {
    draw_settings.Weights: _shares,
    draw_settings.Range: _range,
    draw_settings.Number: _number_property,
    draw_settings.Size: _size,
    draw_settings.Switch: _switch,
    draw_settings.Folder: _folder,
    draw_settings.File: _file,
}
