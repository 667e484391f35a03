"""Resolving a config: presets, config files and ``KEY=VALUE`` pairs over the defaults, with every value checked."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional, TypedDict, cast

from .. import library
from ..furniture import pack
from .kinds import Weights
from .sections import BY_KEY, SETTINGS

Config = dict[str, Any]  # the value of every setting by its key, in the plain form of its kind
PRESETS = Path(__file__).resolve().parents[2] / "presets"
DEFAULT_PRESET = "mixed"


class ConfigError(ValueError):
    """A setting, preset or config file is wrong; the message is one line for the user."""


def preset_names() -> list[str]:
    """The names of all presets, sorted."""
    return sorted(path.stem for path in PRESETS.glob("*.json"))


class Preset(TypedDict):
    """The content of a preset file."""

    description: str
    config: Config


def preset(name: str) -> Preset:
    """Read a preset. Raises ConfigError for an unknown name."""
    if name not in preset_names():
        raise ConfigError(
            f"unknown preset {name!r}{_close(name, preset_names())}; expected one of {', '.join(preset_names())}"
        )
    return json.loads((PRESETS / f"{name}.json").read_text(encoding="utf-8"))


def resolve(preset_name: Optional[str] = None, file: Optional[Path] = None, pairs: Sequence[str] = ()) -> Config:
    """Return the full config: a preset, overridden by a config file and ``KEY=VALUE`` pairs, in this order.

    A ``dataset.json`` holds a full config, to which the preset adds nothing.

    Raises:
        ConfigError: one line naming the value received, where it came from and what was expected.
    """
    config: Config = {setting.key: setting.kind.check(setting.default_of_presets) for setting in SETTINGS}
    name = preset_name or DEFAULT_PRESET
    of_preset = preset(name)["config"]
    _lay_over(config, of_preset, f"preset {name}")
    _keep_size(config, of_preset)
    if file is not None:
        read = _read(file)
        config = completed({}) if read.is_stored else config
        _lay_over(config, read.values, str(file))
        _keep_size(config, read.values)
    return _with_pairs(config, pairs)


def completed(stored: Mapping[str, Any]) -> Config:
    """A stored config with every setting, and weights with every value, that were added since it was stored.

    Settings have their defaults and values the weight 0, as in its images.
    """
    config: Config = {setting.key: setting.kind.check(setting.default) for setting in SETTINGS}
    for key, value in stored.items():
        weighted = key in BY_KEY and isinstance(BY_KEY[key].kind, Weights)
        config[key] = BY_KEY[key].kind.check(value) if weighted else value
    return config


def resolve_values(values: Mapping[str, Any], where: str, pairs: Sequence[str] = ()) -> Config:
    """Return the full config of stored ``values``, read from ``where``, overridden by ``KEY=VALUE`` pairs.

    Raises:
        ConfigError: as ``resolve``.
    """
    config = completed({})
    _lay_over(config, values, where)
    return _with_pairs(config, pairs)


def _keep_size(config: Config, given: Collection[str]) -> None:
    """A size that is asked for is that of every image, unless ``given`` asks for wide ones, too."""
    if "render.size" in given and "render.wide_share" not in given:
        config["render.wide_share"] = 0.0


def _with_pairs(config: Config, pairs: Sequence[str]) -> Config:
    """Lay the pairs over the config, check the factor grid and list the files of libraries."""
    _keep_size(config, {pair.partition("=")[0].strip() for pair in pairs})
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


def _list_room(file: str) -> list[dict[str, Any]]:
    from ..custom_room import list_room  # which reads settings itself

    return list_room(file)


_SAME_FOR_ALL = ("render", "labels", "grid")  # sections whose settings all images of a dataset share
_LIBRARIES: dict[str, Callable[[str], list[dict[str, Any]]]] = {
    "people.library": library.list_people,
    "objects.library": library.list_objects,
    "background.library": library.list_images,
    "room.own": _list_room,
}


def _list_library(config: Config, key: str, list_files: Callable[[str], list[dict[str, Any]]]) -> None:
    """List the library's files into the config; files that a stored config lists must be unchanged."""
    known = config[f"{key}_files"]
    try:
        found = list_files(config[key]) if config[key] else []
    except (OSError, ValueError) as error:
        raise ConfigError(f"{key}: {error}") from error
    problem = library.difference(known, found) if known else None
    if problem is not None:
        raise ConfigError(f"{key} {config[key]}: {problem}")
    config[f"{key}_files"] = found


def _check_grid(factors: Mapping[str, Mapping[str, Config]]) -> None:
    """Check the settings of every level and replace them by their plain form."""
    for factor, levels in factors.items():
        for level, settings in levels.items():
            where = f"grid.factors: {factor} {level}"
            fixed = next((key for key in settings if key.split(".")[0] in _SAME_FOR_ALL), None)
            if fixed is not None:
                raise ConfigError(
                    f"{where}: {fixed} is the same for all images of a dataset; a factor cannot change it"
                )
            _lay_over(settings, dict(settings), where)


def _lay_over(config: Config, values: Mapping[str, Any], where: str) -> None:
    for key, value in values.items():
        if key not in BY_KEY:
            raise ConfigError(f"{where}: unknown setting {key!r}{_close(key, list(BY_KEY))}")
        try:
            config[key] = BY_KEY[key].kind.check(value)
        except ValueError as error:
            raise ConfigError(f"{where}: {key} is {json.dumps(value)}: {error}") from error


class _ConfigFile(NamedTuple):
    """The settings of a config file, and whether it is the ``dataset.json`` of a dataset, which holds all of them."""

    values: Config
    is_stored: bool


def _read(file: Path) -> _ConfigFile:
    try:
        value = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"config file {file}: cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ConfigError(f"config file {file}: expected an object of KEY: VALUE, found a JSON {type(value).__name__}")
    content = cast(Config, value)
    if content.get("format") != "wardsynth":
        return _ConfigFile(content, False)
    if not isinstance(content.get("config"), dict):
        raise ConfigError(f"config file {file}: expected an object as 'config' of this dataset.json")
    return _ConfigFile(content["config"], True)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _close(name: str, known: Sequence[str]) -> str:
    matches = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {matches[0]!r}?" if matches else ""
