"""Presets, config files and ``KEY=VALUE`` pairs laid over the defaults, every value checked."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from .. import library
from ..furniture import pack
from .sections import BY_KEY, SETTINGS

PRESETS = Path(__file__).resolve().parents[2] / "presets"
DEFAULT_PRESET = "mixed"


class ConfigError(ValueError):
    """A setting, preset or config file is not what it should be; the message is one line for the user."""


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
    config = {setting.key: setting.kind.check(setting.default) for setting in SETTINGS}
    name = preset_name or DEFAULT_PRESET
    _lay_over(config, preset(name)["config"], f"preset {name}")
    if file is not None:
        _lay_over(config, _read(file), str(file))
    return _finished(config, pairs)


def resolve_values(values: Mapping[str, Any], where: str, pairs: Sequence[str] = ()) -> dict:
    """``values`` of every setting, read from ``where``, and ``KEY=VALUE`` pairs over them -> the full config.

    Raises:
        ConfigError: as ``resolve``.
    """
    config: dict = {}
    _lay_over(config, values, where)
    return _finished(config, pairs)


def _finished(config: dict, pairs: Sequence[str]) -> dict:
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise ConfigError(f"--set {pair}: expected KEY=VALUE")
        _lay_over(config, {key.strip(): _value(text)}, "--set")
    _check_grid(config["grid.factors"])
    for key, list_files in _LIBRARIES.items():
        _list_library(config, key, list_files)
    try:
        config["furniture.pack_files"] = pack.settle(config["furniture.pack_files"], config["furniture.pack_share"])
    except ValueError as error:
        raise ConfigError(f"furniture.pack_files: {error}") from error
    return config


def _list_room(file: str) -> list:
    from ..custom_room import list_room  # which reads settings itself

    return list_room(file)


_NOT_BY_IMAGE = ("render", "labels", "grid")  # sections of which all images have the same
_LIBRARIES = {
    "people.library": library.list_people,
    "objects.library": library.list_objects,
    "background.library": library.list_images,
    "room.own": _list_room,
}


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


def _check_grid(factors: dict) -> None:
    """Check the settings of every level, and put them into their plain form."""
    for factor, levels in factors.items():
        for level, settings in levels.items():
            where = f"grid.factors: {factor} {level}"
            fixed = next((key for key in settings if key.split(".")[0] in _NOT_BY_IMAGE), None)
            if fixed is not None:
                raise ConfigError(f"{where}: {fixed} is the same for all images; expected settings of what is drawn")
            _lay_over(settings, dict(settings), where)


def _lay_over(config: dict, values: Mapping[str, Any], where: str) -> None:
    for key, value in values.items():
        if key not in BY_KEY:
            raise ConfigError(f"{where}: unknown config key {key!r}{_close(key, list(BY_KEY))}")
        try:
            config[key] = BY_KEY[key].kind.check(value)
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


def _close(name: str, known: Sequence[str]) -> str:
    matches = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {matches[0]!r}?" if matches else ""
