"""The kinds of values that settings take. Each kind checks a value and returns it in its plain, JSON-able form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional, Protocol, cast


class SettingKind(Protocol):
    """What all kinds have in common."""

    def check(self, value: Any) -> Any:  # values are those of JSON
        """Return ``value`` in its plain form. Raises ValueError: one phrase saying what was expected."""
        ...


@dataclass(frozen=True)
class Weights:
    """Weights of a choice, e.g. ``{"female": 1, "male": 1}``; a name that is left out has weight 0."""

    names: tuple[str, ...]

    def check(self, value: Any) -> dict[str, float]:
        """Return the weights in the order of ``names``. Raises ValueError."""
        if not isinstance(value, Mapping):
            raise ValueError(f'expected an object of weights such as {{"{self.names[0]}": 1}}')
        given = cast(Mapping[str, Any], value)
        unknown = [name for name in given if name not in self.names]
        if unknown:
            raise ValueError(f"unknown name {unknown[0]!r}; expected some of {', '.join(self.names)}")
        weights = {name: _number(given.get(name, 0)) for name in self.names}
        if min(weights.values()) < 0 or sum(weights.values()) <= 0:
            raise ValueError("expected weights of 0 or more, not all of them 0")
        return weights


@dataclass(frozen=True)
class Range:
    """An interval ``[low, high]`` inside ``limits`` from which numbers are sampled."""

    limits: tuple[float, float]

    def check(self, value: Any) -> list[float]:
        """Return ``[low, high]``; a single number stands for both. Raises ValueError."""
        pair = [value, value] if isinstance(value, (int, float)) else _items(value)
        if pair is None or len(pair) != 2:
            raise ValueError("expected [low, high]")
        low, high = _number(pair[0]), _number(pair[1])
        if not self.limits[0] <= low <= high <= self.limits[1]:
            raise ValueError(f"expected {self.limits[0]} <= low <= high <= {self.limits[1]}")
        return [low, high]


@dataclass(frozen=True)
class Number:
    """A number inside ``limits``, a whole number if ``integer``."""

    limits: tuple[float, float]
    integer: bool = False

    def check(self, value: Any) -> float:
        """Return the number. Raises ValueError."""
        number = _number(value)
        if self.integer and number != int(number):
            raise ValueError("expected a whole number")
        if not self.limits[0] <= number <= self.limits[1]:
            raise ValueError(f"expected {self.limits[0]} to {self.limits[1]}")
        return int(number) if self.integer else number


@dataclass(frozen=True)
class Size:
    """An image size ``[width, height]`` in pixels, each inside ``limits``."""

    limits: tuple[int, int] = (16, 8192)

    def check(self, value: Any) -> list[int]:
        """Return ``[width, height]``. Raises ValueError."""
        sides = _items(value)
        if sides is None or len(sides) != 2:
            raise ValueError("expected [width, height]")
        return [int(Number(self.limits, integer=True).check(side)) for side in sides]


@dataclass(frozen=True)
class Switch:
    """True or false."""

    def check(self, value: Any) -> bool:
        """Return the value. Raises ValueError."""
        if not isinstance(value, bool):
            raise ValueError("expected true or false")
        return value


@dataclass(frozen=True)
class Folder:
    """The path of a folder, "" for none."""

    def check(self, value: Any) -> str:
        """Return the path. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError('expected the path of a folder, "" for none')
        return value


@dataclass(frozen=True)
class File:
    """The path of a file, "" for none."""

    def check(self, value: Any) -> str:
        """Return the path. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError('expected the path of a file, "" for none')
        return value


@dataclass(frozen=True)
class FileList:
    """The files of a library folder, as ``library`` lists them; ``resolve`` fills the list in.

    ``unresolved`` lists are None until then: those of folders that the user does not name.
    """

    unresolved: bool = False

    def check(self, value: Any) -> Optional[list[dict[str, Any]]]:
        """Return the list. Raises ValueError."""
        if value is None and self.unresolved:
            return None
        entries = _items(value)
        if entries is None or not all(_is_file(entry) for entry in entries):
            raise ValueError("expected the list of files as a stored config has it; leave this setting out")
        return [dict(entry) for entry in entries]


@dataclass(frozen=True)
class Grid:
    """A factor grid ``{factor: {level: {KEY: VALUE}}}``: the settings of every level, which ``resolve`` checks."""

    def check(self, value: Any) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the grid. Raises ValueError."""
        factors = _object(value)
        levels_of = {factor: _object(levels) for factor, levels in (factors or {}).items()}
        settings_of = [_object(settings) for levels in levels_of.values() for settings in (levels or {}).values()]
        if factors is None or not all(levels_of.values()) or None in settings_of:
            raise ValueError('expected {"FACTOR": {"LEVEL": {"KEY": VALUE, ...}, ...}, ...}')
        return {
            factor: {level: dict(settings) for level, settings in (levels or {}).items()}
            for factor, levels in levels_of.items()
        }


@dataclass(frozen=True)
class CameraPlace:
    """A camera position ``[x, y, z]``, or ``[]`` for a random one.

    x and y go from -1 to 1 across the room's width and depth; z is the height in metres.
    """

    def check(self, value: Any) -> list[float]:
        """Return the position. Raises ValueError."""
        parts = _items(value)
        if parts is None or len(parts) not in (0, 3):
            raise ValueError("expected [x, y, z], or [] for a random position")
        position = [_number(part) for part in parts]
        if position and not (max(abs(position[0]), abs(position[1])) <= 1.0 and 0.2 <= position[2] <= 8.0):
            raise ValueError("expected x and y from -1 to 1, z from 0.2 to 8")
        return position


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        key: "section.name", by which config files and ``--set`` name it.
        default: its value where neither preset nor user gives another.
        kind: the values it takes.
        text: a description that stands alone: it is a tooltip, a line of the documentation, a help text.
        in_presets: the value that presets start from, where it is not ``default``. A setting that is added later keeps
            by its default the images of configs stored before, which lack it, and changes those of presets.
    """

    key: str
    default: Any  # whatever ``kind`` accepts
    kind: SettingKind
    text: str
    in_presets: Any = None

    @property
    def default_of_presets(self) -> Any:
        """Its value where neither preset nor user gives another, and no stored config is read."""
        return self.default if self.in_presets is None else self.in_presets


def _items(value: Any) -> Optional[Sequence[Any]]:
    """``value`` if it is a JSON array, else None."""
    return cast(Sequence[Any], value) if isinstance(value, Sequence) and not isinstance(value, str) else None


def _object(value: Any) -> Optional[Mapping[str, Any]]:
    """``value`` if it is a JSON object, else None."""
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else None


def _is_file(value: Any) -> bool:
    entry = _object(value)
    return entry is not None and {"file", "sha256"} <= set(entry)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("expected a number")
    if value != value or abs(value) == float("inf"):
        raise ValueError("expected a finite number")
    return float(value)
