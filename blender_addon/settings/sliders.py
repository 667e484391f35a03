"""The panel's sliders and fields, made from the settings, so that no name, range or description is written twice.

A setting of weights becomes one slider per choice, every other setting one property. Blender stores numbers in 32 bits;
a value of a config with more digits is kept beside them, and returned unless its slider was moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import bpy
import numpy as np

from ..draw import config as draw_settings

_UNITS = {"deg": "degrees", "m": "metres", "k": "kelvin", "px": "pixels"}
_LABELS = {  # labels of settings whose key would read badly
    "room.own": "Custom room",
    "room.own_lights_kept": "Keep its lights",
    "people.library": "Custom people",
    "people.library_share": "Fraction of people",
    "objects.library": "Custom objects",
    "objects.per_picture": "Objects per image",
}


class Slider(NamedTuple):
    """A property of a setting; ``choice`` names its weight where the setting is one of weights, else it is ""."""

    identifier: str
    choice: str = ""


def sliders_of(setting: draw_settings.Setting) -> list[Slider]:
    """The properties of ``setting``; none for settings that are not set by hand."""
    plain = setting.key.replace(".", "_")
    if isinstance(setting.kind, draw_settings.Weights):
        return [Slider(f"{plain}__{name.replace('-', '_')}", name) for name in setting.kind.names]
    return [Slider(plain)] if type(setting.kind) in _PROPERTIES else []


def label_of(setting: draw_settings.Setting) -> str:
    """The setting's name in the panel: "camera.roll_deg" is "Roll (degrees)"."""
    if setting.key in _LABELS:
        return _LABELS[setting.key]
    name = setting.key.partition(".")[2].split("_")
    unit = f" ({_UNITS[name.pop()]})" if name[-1] in _UNITS else ""
    return " ".join(name).capitalize() + unit


def property_annotations() -> dict[str, Any]:  # Any: Blender's property definitions have no public type
    """{identifier: property} of all settings, their defaults those of the default preset."""
    config = draw_settings.resolve()
    return {
        identifier: _property(setting, identifier, name, config[setting.key])
        for setting in draw_settings.SETTINGS
        for identifier, name in sliders_of(setting)
    }


def write(group: bpy.types.PropertyGroup, config: Mapping[str, Any]) -> None:
    """Move every slider of ``group`` to its value in the resolved ``config``."""
    for setting in draw_settings.SETTINGS:
        for identifier, name in sliders_of(setting):
            setattr(group, identifier, config[setting.key][name] if name else config[setting.key])


def read(group: bpy.types.PropertyGroup, base: Mapping[str, Any]) -> dict[str, Any]:
    """The config that ``group`` shows: the value of ``base`` unless its slider shows another.

    Values are unchecked: a user can make all weights zero.
    """
    return {setting.key: _value(group, setting, base[setting.key]) for setting in draw_settings.SETTINGS}


def changed(group: bpy.types.PropertyGroup, base: Mapping[str, Any]) -> Iterator[draw_settings.Setting]:
    """The settings whose value in ``group`` differs from ``base``."""
    return (
        setting for setting in draw_settings.SETTINGS if _value(group, setting, base[setting.key]) != base[setting.key]
    )


def _value(group: bpy.types.PropertyGroup, setting: draw_settings.Setting, base: Any) -> Any:
    named = sliders_of(setting)
    if not named:
        return base
    if isinstance(setting.kind, draw_settings.Weights):
        return {name: _number(getattr(group, identifier), base[name]) for identifier, name in named}
    shown = getattr(group, named[0][0])
    if isinstance(base, list):
        return [_number(value, before) for value, before in zip(shown, base)]
    return _number(shown, base) if isinstance(base, float) else shown


def _number(shown: float, base: float) -> float:
    """``base`` where both are the same in 32 bits, else the shortest decimal of the 32 bits."""
    if isinstance(shown, int):
        return shown
    return base if np.float32(shown) == np.float32(base) else float(str(np.float32(shown)))


def _property(setting: draw_settings.Setting, identifier: str, name: str, default: Any) -> Any:
    common = {
        "name": name or label_of(setting),
        "description": f"{setting.text[:1].upper()}{setting.text[1:]} ({setting.key})",
        "options": set(),
    }
    if isinstance(setting.kind, draw_settings.Range):
        common["update"] = _in_order(identifier)
    return _PROPERTIES[type(setting.kind)](setting.kind, default[name] if name else default, common)


def _in_order(identifier: str) -> Callable[[Any, Any], None]:
    """Swap the ends of a range when the lower one is moved past the upper."""

    def update(group: bpy.types.PropertyGroup, _context: bpy.types.Context) -> None:
        low, high = getattr(group, identifier)
        if low > high:
            setattr(group, identifier, (high, low))

    return update


def _weight(_kind: draw_settings.Weights, default: float, common: dict[str, Any]) -> Any:
    return bpy.props.FloatProperty(default=default, min=0.0, soft_max=1.0, subtype="FACTOR", precision=3, **common)


def _range(kind: draw_settings.Range, default: list[float], common: dict[str, Any]) -> Any:
    low, high = kind.limits
    return bpy.props.FloatVectorProperty(size=2, default=default, min=low, max=high, precision=3, **common)


def _number_property(kind: draw_settings.Number, default: float, common: dict[str, Any]) -> Any:
    low, high = kind.limits
    if kind.integer:
        return bpy.props.IntProperty(default=default, min=low, max=high, **common)
    subtype = "FACTOR" if kind.limits == (0.0, 1.0) else "NONE"
    return bpy.props.FloatProperty(default=default, min=low, max=high, subtype=subtype, precision=3, **common)


def _size(kind: draw_settings.Size, default: list[float], common: dict[str, Any]) -> Any:
    low, high = kind.limits
    return bpy.props.IntVectorProperty(size=2, default=default, min=low, max=high, **common)


def _switch(_kind: draw_settings.Switch, default: bool, common: dict[str, Any]) -> Any:
    return bpy.props.BoolProperty(default=default, **common)


def _folder(_kind: draw_settings.Folder, default: str, common: dict[str, Any]) -> Any:
    return bpy.props.StringProperty(default=default, subtype="DIR_PATH", **common)


def _file(_kind: draw_settings.File, default: str, common: dict[str, Any]) -> Any:
    return bpy.props.StringProperty(default=default, subtype="FILE_PATH", **common)


_PROPERTIES = {
    draw_settings.Weights: _weight,
    draw_settings.Range: _range,
    draw_settings.Number: _number_property,
    draw_settings.Size: _size,
    draw_settings.Switch: _switch,
    draw_settings.Folder: _folder,
    draw_settings.File: _file,
}
