"""The panel's sliders and fields, made from the knobs, so that no name, range or description is written twice.

A knob of shares becomes a slider for each of its names, every other knob one property. Blender keeps 32 bits of a
number: what a config gives with more is kept beside, and returned as long as its slider was not moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import bpy
import numpy as np

from ..draw import config as knobs

_UNITS = {"deg": "degrees", "m": "metres", "k": "kelvin", "px": "pixels"}


def identifiers(knob: knobs.Knob) -> list:
    """The properties of ``knob``: [(identifier, name in its shares or "")]; none for what nobody sets by hand."""
    plain = knob.key.replace(".", "_")
    if isinstance(knob.kind, knobs.Shares):
        return [(f"{plain}__{name.replace('-', '_')}", name) for name in knob.kind.names]
    return [(plain, "")] if type(knob.kind) in _MAKERS else []


def label_of(knob: knobs.Knob) -> str:
    """The knob in words: "camera.roll_deg" is "Roll (degrees)"."""
    section, _, name = knob.key.partition(".")
    words = name.split("_")
    unit = f" ({_UNITS[words.pop()]})" if words[-1] in _UNITS else ""
    if knob.key == "room.own":
        words = ["own", "room"]
    if name == "library":
        words = ["own", "characters" if section == "people" else section]
    return " ".join(words).capitalize() + unit


def annotations() -> dict:
    """{identifier: property} of all knobs, their defaults those of the default preset."""
    config = knobs.resolve()
    return {
        identifier: _property(knob, identifier, name, config[knob.key])
        for knob in knobs.KNOBS
        for identifier, name in identifiers(knob)
    }


def write(group: Any, config: Mapping) -> None:
    """Move every slider of ``group`` to its value in the resolved ``config``."""
    for knob in knobs.KNOBS:
        for identifier, name in identifiers(knob):
            setattr(group, identifier, config[knob.key][name] if name else config[knob.key])


def read(group: Any, base: Mapping) -> dict:
    """The config that ``group`` shows: of ``base`` what its sliders cannot be told from, else what they say.

    Values are unchecked: a user can make all shares zero.
    """
    return {knob.key: _value(group, knob, base[knob.key]) for knob in knobs.KNOBS}


def changed(group: Any, base: Mapping) -> Iterator:
    """The knobs of which ``group`` shows something else than ``base``."""
    return (knob for knob in knobs.KNOBS if _value(group, knob, base[knob.key]) != base[knob.key])


def _value(group: Any, knob: knobs.Knob, base: Any) -> Any:
    named = identifiers(knob)
    if not named:
        return base
    if isinstance(knob.kind, knobs.Shares):
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


def _property(knob: knobs.Knob, identifier: str, name: str, default: Any) -> Any:
    common = {"name": name or label_of(knob), "description": f"{knob.text} ({knob.key})", "options": set()}
    if isinstance(knob.kind, knobs.Range):
        common["update"] = _in_order(identifier)
    return _MAKERS[type(knob.kind)](knob.kind, default[name] if name else default, common)


def _in_order(identifier: str) -> Callable:
    """Swaps the ends of a range where the lower one was moved past the upper."""

    def update(group: Any, _context: Any) -> None:
        low, high = getattr(group, identifier)
        if low > high:
            setattr(group, identifier, (high, low))

    return update


def _shares(_kind: knobs.Shares, default: float, common: dict) -> Any:
    return bpy.props.FloatProperty(default=default, min=0.0, soft_max=1.0, subtype="FACTOR", precision=3, **common)


def _range(kind: knobs.Range, default: list, common: dict) -> Any:
    low, high = kind.limits
    return bpy.props.FloatVectorProperty(size=2, default=default, min=low, max=high, precision=3, **common)


def _number_property(kind: knobs.Number, default: float, common: dict) -> Any:
    low, high = kind.limits
    if kind.integer:
        return bpy.props.IntProperty(default=default, min=low, max=high, **common)
    subtype = "FACTOR" if kind.limits == (0.0, 1.0) else "NONE"
    return bpy.props.FloatProperty(default=default, min=low, max=high, subtype=subtype, precision=3, **common)


def _size(kind: knobs.Size, default: list, common: dict) -> Any:
    low, high = kind.limits
    return bpy.props.IntVectorProperty(size=2, default=default, min=low, max=high, **common)


def _switch(_kind: knobs.Switch, default: bool, common: dict) -> Any:
    return bpy.props.BoolProperty(default=default, **common)


def _folder(_kind: knobs.Folder, default: str, common: dict) -> Any:
    return bpy.props.StringProperty(default=default, subtype="DIR_PATH", **common)


def _file(_kind: knobs.File, default: str, common: dict) -> Any:
    return bpy.props.StringProperty(default=default, subtype="FILE_PATH", **common)


_MAKERS = {
    knobs.Shares: _shares,
    knobs.Range: _range,
    knobs.Number: _number_property,
    knobs.Size: _size,
    knobs.Switch: _switch,
    knobs.Folder: _folder,
    knobs.File: _file,
}
